"""What a batch does when a video fails because of an error that a service may have caused.

A timeout does not show its cause: the service may be down, or this video may always time out. Another video that
succeeds with the same service in between shows which of the two it is. So the video is tried again after the others,
and the batch waits only if a second video fails in the same way. `blast_radius` decides what batches report to each
other, and whom that stops.
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

# If no other video can show that the service works, a video fails after this many tries. All but the first two have a
# wait before them, and a video is tried again only when all others of its page have had as many tries.
MOST_TRIES = 6
# For a playlist that everything after it waits for: 50 minutes.
_MOST_TRIES_BEFORE_OTHERS = 4
# The batches that reported an outage try again first; the others wait for their result.
_FOLLOW_AFTER = timedelta(minutes=2)
# Enough to see that two videos failed in the same way, and few enough for the record of a batch to stay small.
_FAILURES_KEPT = 8


class FailureDecision(NamedTuple):
    """Whether the video fails (otherwise it stays in the queue), and whether the batch waits before the next try."""

    fails: bool
    pauses: bool


def decide_on_failure(
    radius: Radius, *, transient_failures: int, has_just_worked: bool, others_left: bool
) -> FailureDecision:
    """What follows from a failure that a service may have caused.

    `transient_failures`: how often this video has failed so before. `has_just_worked`: the service has answered since
    its last failure. `others_left`: whether a pause would make other videos wait; if not, the wait is only for this
    one.
    """
    fails = (transient_failures > 0 and has_just_worked) or transient_failures + 1 >= MOST_TRIES
    if others_left:
        return FailureDecision(fails, pauses=radius >= Radius.BATCH)
    return FailureDecision(fails, pauses=not has_just_worked and not fails)


def playlist_fails(radius: Radius, *, pauses_in_a_row: int, others_left: bool) -> bool:
    """Whether a playlist that could not be read fails; if not, the batch waits and tries it again.

    Its place in the queue is fixed, so it cannot be tried again after the others. If nothing else failed, it fails at
    once; if others failed too, the batch waits, but not as long as for a video. If nothing would wait for it, it has
    all its tries.
    """
    if not others_left:
        return pauses_in_a_row + 1 >= MOST_TRIES
    return radius is Radius.VIDEO or pauses_in_a_row + 1 >= _MOST_TRIES_BEFORE_OTHERS


def with_failure(batch: Batch, error: SkimlistError, source: str) -> tuple[RecentFailure, ...]:
    """The failures of the error's service since it last answered, including this one."""
    recent = batch.execution.recent_failures.get(error.service, ()) if error.service else ()
    latest = RecentFailure(code=error.code, source=source)
    return (*(failure for failure in recent if failure != latest), latest)[-_FAILURES_KEPT:]


def failed_alike(batch: Batch, error: SkimlistError, source: str) -> tuple[str, ...]:
    """The videos and playlists of the batch that have failed with this error since the service last answered."""
    return tuple(failure.source for failure in with_failure(batch, error, source) if failure.code == error.code)


def radius_in_batch(error: SkimlistError, batch: Batch, source: str) -> Radius:
    """How far a failure at `source` reaches, judged by its own batch alone."""
    failed = [Witness(batch.user_id, batch.id, each) for each in failed_alike(batch, error, source)]
    return blast_radius(error.service, error.code, failed)


# --- What batches report to each other -----------------------------------------------------------------------------


def shared_cause(service: Dependency | None, batch: Batch) -> str | None:
    """The name under which batches that depend on the same thing report an outage; None if they share nothing."""
    match service:
        case Dependency.YOUTUBE:
            return str(service)
        case Dependency.MODEL:
            return f"{service}#{batch.settings.model}"
        case _:
            return None


def pseudonym(name: str) -> str:
    """The pseudonym of a user or a batch in a report, which every batch reads."""
    return sha256(name.encode()).hexdigest()[:16]


def report_of(error: SkimlistError, batch: Batch, pause: Pause, source: str) -> OutageReport | None:
    """The report of a batch that has paused because `source` failed; None if that concerns this batch alone."""
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
    """The outage that this batch has to wait for, ignoring reports from before its user resumed it."""
    causes = {shared_cause(service, batch) for service in Dependency}
    open_reports: dict[tuple[str, str], list[OutageReport]] = defaultdict(list)
    for report in reports:
        is_open = now < report.until + _FOLLOW_AFTER
        if (
            report.cause in causes
            and is_open
            and (batch.execution.resumed_by_user_at or report.reported_at) <= report.reported_at
        ):
            open_reports[report.cause, report.code].append(report)
    concerning = [report for alike in open_reports.values() if _concerns(batch, alike) for report in alike]
    return min(concerning, key=lambda report: report.until, default=None)


def _concerns(batch: Batch, alike: Sequence[OutageReport]) -> bool:
    user = pseudonym(batch.user_id)
    own = [report for report in alike if report.user == user]
    return _radius(alike) is Radius.EVERYBODY or (bool(own) and _radius(own) >= Radius.USER)


def _radius(alike: Sequence[OutageReport]) -> Radius:
    code = alike[0].code
    witnesses = [Witness(report.user, report.batch, source) for report in alike for source in report.sources]
    return blast_radius(service_of(code), code, witnesses)


def pause_before(outage: OutageReport, batch: Batch, now: datetime) -> Pause:
    """The pause of a batch that waits for an outage reported by others."""
    return Pause(
        code=outage.code,
        message=outage.message,
        advice=outage.advice,
        since=now,
        until=outage.until + _FOLLOW_AFTER,
        times=batch.execution.pauses_in_a_row + 1,
    )
