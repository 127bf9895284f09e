"""A circuit breaker for batches: decides whether a failed video fails for good, is retried later, or pauses its batch.

A timeout does not show its cause: the service may be down, or this video may always time out. If another video
succeeds with that service meanwhile, this video is the cause. So the video is retried after the others, and
the batch pauses only if a second video fails in the same way. `blast_radius` decides which other batches an outage
pauses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from skimlist.blast_radius import Radius, Witness, blast_radius
from skimlist.errors import SkimlistError, service_of
from skimlist.models.batch import Batch, Pause
from skimlist.models.outage import Dependency, OutageReport, RecentFailure

# The maximum attempts of a video while nothing shows that the service works.
MAX_ATTEMPTS = 6
# A playlist that holds up other videos gets only this many attempts: 50 minutes with their pauses (5 + 15 + 30).
_MAX_ATTEMPTS_BEFORE_OTHERS = 4
# The batches that reported an outage retry first; the others wait this much longer for their result.
_OTHERS_RETRY_AFTER = timedelta(minutes=2)
# Enough to see that two videos failed in the same way, and few enough to keep the record of a batch small.
_FAILURES_KEPT = 8


class FailureDecision(NamedTuple):
    """Whether the video fails (otherwise it stays in the queue), and whether the batch pauses before going on."""

    video_fails: bool
    batch_pauses: bool


def decide_on_failure(
    radius: Radius, *, transient_failures: int, has_answered_since: bool, others_would_wait: bool
) -> FailureDecision:
    """Decides what to do after a failure that a service may have caused.

    `transient_failures` counts the earlier failures of this video for such a reason. `has_answered_since` is true if
    the service has answered since its last failure, `others_would_wait` if a pause would make other videos wait.
    """
    fails = (transient_failures > 0 and has_answered_since) or transient_failures + 1 >= MAX_ATTEMPTS
    if others_would_wait:
        return FailureDecision(fails, batch_pauses=radius >= Radius.BATCH)
    return FailureDecision(fails, batch_pauses=not has_answered_since and not fails)


def playlist_fails(radius: Radius, *, pauses_in_a_row: int, others_would_wait: bool) -> bool:
    """Whether to give up on an unreadable playlist; otherwise the batch pauses and reads it again.

    Its position in the queue is fixed, so it cannot be retried after the others. If nothing else has failed, it fails
    at once; if others have failed too, the batch pauses, but not as often as for a video. If no video waits behind it,
    it gets as many attempts as a video.
    """
    if not others_would_wait:
        return pauses_in_a_row + 1 >= MAX_ATTEMPTS
    return radius is Radius.VIDEO or pauses_in_a_row + 1 >= _MAX_ATTEMPTS_BEFORE_OTHERS


def failures_including(batch: Batch, error: SkimlistError, source: str) -> tuple[RecentFailure, ...]:
    """Returns the failures of the error's service since it last answered, including this one."""
    recent = batch.execution.recent_failures.get(error.service, ()) if error.service else ()
    latest = RecentFailure(code=error.code, source=source)
    return (*(failure for failure in recent if failure != latest), latest)[-_FAILURES_KEPT:]


def sources_failing_with(batch: Batch, error: SkimlistError, source: str) -> tuple[str, ...]:
    """Returns the videos and playlists of the batch that failed with this error since the service last answered."""
    return tuple(failure.source for failure in failures_including(batch, error, source) if failure.code == error.code)


def radius_in_batch(error: SkimlistError, batch: Batch, source: str) -> Radius:
    """Returns how far a failure of `source` reaches, judged by its own batch alone."""
    failed = [Witness(batch.user_id, batch.id, each) for each in sources_failing_with(batch, error, source)]
    return blast_radius(error.service, error.code, failed)


# --- Reports of outages to other batches ---------------------------------------------------------------------------


def shared_cause(service: Dependency | None, batch: Batch) -> str | None:
    """Returns the key under which batches that depend on the same service report an outage; None if they share none."""
    match service:
        case Dependency.YOUTUBE:
            return str(service)
        case Dependency.MODEL:
            return f"{service}#{batch.model}"
        case _:
            return None


def pseudonym(name: str) -> str:
    """Hashes the id of a user or batch for reports, because batches of other users read them."""
    return sha256(name.encode()).hexdigest()[:16]


def report_of(error: SkimlistError, batch: Batch, pause: Pause, source: str) -> OutageReport | None:
    """Returns the report of a batch that has paused because `source` failed; None if that concerns this batch alone."""
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
        sources=sources_failing_with(batch, error, source),
        reported_at=pause.since,
        until=pause.until,
    )


def find_outage(reports: Iterable[OutageReport], batch: Batch, now: datetime) -> OutageReport | None:
    """Returns the outage that this batch has to wait for, ignoring reports from before its user resumed it."""
    causes = {shared_cause(service, batch) for service in Dependency}
    resumed_at = batch.execution.resumed_by_user_at
    open_reports: dict[tuple[str, str], list[OutageReport]] = defaultdict(list)
    for report in reports:
        is_open = now < report.until + _OTHERS_RETRY_AFTER
        is_current = resumed_at is None or report.reported_at >= resumed_at
        if report.cause in causes and is_open and is_current:
            open_reports[report.cause, report.code].append(report)
    outages = [of_one_error for of_one_error in open_reports.values() if _affects(batch, of_one_error)]
    return min(chain.from_iterable(outages), key=lambda report: report.until, default=None)


def _affects(batch: Batch, reports: Sequence[OutageReport]) -> bool:
    """Whether reports of one error, taken together, mean that this batch would fail too."""
    user = pseudonym(batch.user_id)
    of_user = [report for report in reports if report.user == user]
    return _radius_of(reports) is Radius.EVERYBODY or (bool(of_user) and _radius_of(of_user) >= Radius.USER)


def _radius_of(reports: Sequence[OutageReport]) -> Radius:
    code = reports[0].code
    witnesses = [Witness(report.user, report.batch, source) for report in reports for source in report.sources]
    return blast_radius(service_of(code), code, witnesses)


def pause_for_outage(outage: OutageReport, batch: Batch, now: datetime) -> Pause:
    """Returns the pause of a batch that waits for an outage reported by others."""
    return Pause(
        code=outage.code,
        message=outage.message,
        advice=outage.advice,
        since=now,
        until=outage.until + _OTHERS_RETRY_AFTER,
        times=batch.execution.pauses_in_a_row + 1,
    )
