"""What a batch does when a video fails for a reason that may lie outside of it.

A timeout tells nothing of its cause: the service may be down, or the video may be one that always times out. What
tells them apart is another video that passes the same service in between. So a video that failed so is tried again
behind the others, and the batch waits only when the same happens to a second video. What batches tell each other of
it, and whom that stops, is decided by the rule of `blast_radius`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from skimlist.blast_radius import Radius, Witness, blast_radius
from skimlist.errors import SkimlistError, service_of
from skimlist.models.batch import Batch, Pause
from skimlist.models.outage import Dependency, OutageReport, RecentFailure

# Where no other video can show that the service works, this many tries decide. All but the first two have a wait before
# them, and a video has its turn again only when every other one of its page had as many.
MOST_TRIES = 6
# Of a playlist that everything behind it waits for: 50 minutes.
_MOST_TRIES_BEFORE_OTHERS = 4
# The batches that reported an outage try again first; the others learn from them how that went.
_FOLLOW_AFTER = timedelta(minutes=2)
# Enough to see that two videos failed alike, and a batch stays one small record.
_FAILURES_KEPT = 8


class FailureDecision(NamedTuple):
    """Whether the video fails; if not, it stays in the queue. Whether the batch waits before the next try."""

    fails: bool
    pauses: bool


def decide_on_failure(
    radius: Radius, *, transient_failures: int, has_just_worked: bool, others_left: bool
) -> FailureDecision:
    """What a failure means that may lie with a service.

    `transient_failures`: how often this video failed so before. `has_just_worked`: the service has answered since its
    last failure. `others_left`: whether anything else would wait in a batch that pauses; where nothing would, the wait
    is for the video alone.
    """
    fails = (transient_failures > 0 and has_just_worked) or transient_failures + 1 >= MOST_TRIES
    if others_left:
        return FailureDecision(fails, pauses=radius >= Radius.BATCH)
    return FailureDecision(fails, pauses=not has_just_worked and not fails)


def playlist_fails(radius: Radius, *, pauses_in_a_row: int, others_left: bool) -> bool:
    """Whether a playlist fails that could not be read; if not, the batch waits and tries it again.

    It has a fixed place in the queue, so it cannot be tried again behind the others: what happened to it alone fails
    it at once, and what happened to others too makes them wait for less long. Where nothing would wait, it has all its
    tries.
    """
    if not others_left:
        return pauses_in_a_row + 1 >= MOST_TRIES
    return radius is Radius.VIDEO or pauses_in_a_row + 1 >= _MOST_TRIES_BEFORE_OTHERS


def with_failure(batch: Batch, error: SkimlistError, source: str) -> tuple[RecentFailure, ...]:
    """What has failed of the error's service since it last answered, with this failure."""
    recent = batch.execution.recent_failures.get(error.service, ()) if error.service else ()
    latest = RecentFailure(code=error.code, source=source)
    return (*(failure for failure in recent if failure != latest), latest)[-_FAILURES_KEPT:]


def failed_alike(batch: Batch, error: SkimlistError, source: str) -> tuple[str, ...]:
    """The videos and playlists of the batch that failed as `source` did now since the service last answered."""
    return tuple(failure.source for failure in with_failure(batch, error, source) if failure.code == error.code)


def radius_in_batch(error: SkimlistError, batch: Batch, source: str) -> Radius:
    """How far a failure at `source` reaches, as far as its own batch can tell."""
    met = [Witness(batch.user_id, batch.id, each) for each in failed_alike(batch, error, source)]
    return blast_radius(error.service, error.code, met)


# --- What batches tell each other ---------------------------------------------------------------------------------


def shared_cause(service: Dependency | None, batch: Batch) -> str | None:
    """Under which name the batch and others that need the same report an outage; None if they share nothing."""
    match service:
        case Dependency.YOUTUBE:
            return str(service)
        case Dependency.MODEL:
            return f"{service}#{batch.settings.model}"
        case _:
            return None


def pseudonym(name: str) -> str:
    """What stands for a user or a batch in a report that every batch reads."""
    return sha256(name.encode()).hexdigest()[:16]


def report_of(error: SkimlistError, batch: Batch, pause: Pause, source: str) -> OutageReport | None:
    """What a batch that has paused when `source` failed tells the others; None if that concerns it alone."""
    cause = shared_cause(error.service, batch)
    if cause is None or pause.until is None or radius_in_batch(error, batch, source) < Radius.BATCH:
        return None
    return OutageReport(
        cause=cause,
        code=pause.code,
        message=pause.message,
        advice=pause.advice,
        user=pseudonym(batch.user_id),
        batch=pseudonym(batch.id),
        sources=failed_alike(batch, error, source),
        reported_at=pause.since,
        until=pause.until,
    )


def find_outage(reports: Iterable[OutageReport], batch: Batch, now: datetime) -> OutageReport | None:
    """The report that this batch waits for; none that was made before its user had it go on."""
    causes = {shared_cause(service, batch) for service in Dependency}
    heard: dict[tuple[str, str], list[OutageReport]] = defaultdict(list)
    for report in reports:
        is_open = now < report.until + _FOLLOW_AFTER
        if (
            report.cause in causes
            and is_open
            and (batch.execution.resumed_by_user_at or report.reported_at) <= report.reported_at
        ):
            heard[report.cause, report.code].append(report)
    met = [report for alike in heard.values() if _concerns(batch, alike) for report in alike]
    return min(met, key=lambda report: report.until, default=None)


def _concerns(batch: Batch, alike: Sequence[OutageReport]) -> bool:
    user = pseudonym(batch.user_id)
    own = [report for report in alike if report.user == user]
    return _radius(alike) is Radius.EVERYBODY or (bool(own) and _radius(own) >= Radius.USER)


def _radius(alike: Sequence[OutageReport]) -> Radius:
    code = alike[0].code
    witnesses = [Witness(report.user, report.batch, source) for report in alike for source in report.sources]
    return blast_radius(service_of(code), code, witnesses)


def pause_before(outage: OutageReport, batch: Batch, now: datetime) -> Pause:
    """The pause of a batch that does not even ask."""
    return Pause(
        code=outage.code,
        message=outage.message,
        advice=outage.advice,
        since=now,
        until=outage.until + _FOLLOW_AFTER,
        times=batch.execution.pauses_in_a_row + 1,
    )
