"""Calculates the progress of a batch, its estimated completion, and the length of its automatic pauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from skimlist.errors import DailySpendingReached, DigestNeedsTwo, MonthlySpendingReached, SkimlistError
from skimlist.models.batch import Batch, BatchStatus, DigestState, DigestStatus, Pause, PreflightStatus
from skimlist.periods import next_day, next_month
from skimlist.transitions import OPEN

# Minutes until the next attempt, by the number of pauses in a row: YouTube blocks an address for minutes to hours.
_WAITS = (5, 15, 30, 60, 120, 240)

# The errors of limits, and the time at which each limit resets; no earlier attempt would succeed.
_RENEWED: Mapping[type[SkimlistError], Callable[[datetime], datetime]] = {
    DailySpendingReached: next_day,
    MonthlySpendingReached: next_month,
}

# A digest compares summaries, so it needs at least two. The digest of a follow's run also compares them with earlier
# ones.
MIN_SUMMARIES = 2
_MIN_SUMMARIES_OF_A_RUN = 1


def next_try(pauses_in_a_row: int, now: datetime) -> datetime:
    """Returns the time of the next attempt, in full seconds: a Wait state ignores fractions and would end too early."""
    return now.replace(microsecond=0) + timedelta(minutes=_WAITS[min(pauses_in_a_row, len(_WAITS)) - 1])


def pause_because(error: SkimlistError, batch: Batch, now: datetime) -> Pause:
    """Returns the pause of a batch that pauses by itself; each one in a row is longer."""
    times = batch.execution.pauses_in_a_row + 1
    return Pause(
        code=error.code,
        message=str(error),
        advice=error.advice,
        since=now,
        until=_resumes_at(error, batch, times, now),
        times=times,
    )


def _resumes_at(error: SkimlistError, batch: Batch, times: int, now: datetime) -> datetime | None:
    if not getattr(error, "resumes_by_itself", True):
        return None
    if renewed := _RENEWED.get(type(error)):
        # Counted from before the refusal, because `now` may be in the next period. If even the refusal was in it, the
        # batch tries again at once. A digest has no video, but a round of its own.
        began_at = batch.current.started_at if batch.current else batch.execution.round_began_at
        return renewed(began_at or batch.updated_at)
    return next_try(times, now)


def skipped(batch: Batch) -> int:
    """Counts the videos that will not be processed: in a cancelled batch, all but the one that may still be running."""
    if batch.status is not BatchStatus.CANCELLED:
        return batch.skipped
    under_way = 1 if batch.current and not batch.has_no_execution else 0
    return max(batch.total - batch.completed - batch.failed - under_way, 0)


def remaining(batch: Batch) -> int:
    """Counts the videos that are still to be processed."""
    return batch.total - batch.completed - batch.failed - skipped(batch)


def preflight_status(batch: Batch) -> PreflightStatus | None:
    """Returns the status of the check, which counts as stopped once the batch is started or cancelled."""
    if batch.preflight is None:
        return None
    is_over = batch.preflight.status is PreflightStatus.CHECKING and batch.status is not BatchStatus.DRAFT
    return PreflightStatus.STOPPED if is_over else batch.preflight.status


def videos_to_check(batch: Batch) -> int:
    """Counts the videos of a draft that a new check would check, without those that a running one will check."""
    if batch.status is not BatchStatus.DRAFT:
        return 0
    if batch.preflight is None:
        return remaining(batch)
    is_checking = batch.preflight.status is PreflightStatus.CHECKING
    passed = min(batch.preflight.up_to - len(batch.queue.page), batch.total) if is_checking else batch.total
    return max(passed - batch.preflight.checked - batch.failed - batch.skipped, 0)


def percent(batch: Batch) -> int:
    """Returns the percentage that is done, from 0 to 100; the current video counts in part.

    It is rounded, but is 100 only once everything is done.
    """
    if batch.total == 0:
        return 0
    left = remaining(batch)
    under_way = batch.current.percent if batch.current else 0
    return min(100 if left == 0 else 99, round((100 * (batch.total - left) + under_way) / batch.total))


def estimated_completion(batch: Batch, now: datetime) -> datetime | None:
    """Estimates when the batch will be done, by the average time so far; None before a video has ended.

    The estimate is based on the start of the current video, so that it does not change as long as videos take the
    expected time.
    """
    if batch.status is not BatchStatus.PROCESSING or not batch.timed_videos or not remaining(batch):
        return None
    average = timedelta(seconds=float(batch.processing_seconds) / batch.timed_videos)
    begun = batch.current.started_at if batch.current else batch.updated_at
    return max(begun + average * remaining(batch), now)


def digest_is_due(batch: Batch) -> bool:
    """Whether a digest is requested and none has been attempted since the last video was summarized.

    A summarized video keeps its summary, so their number shows which videos a digest covers.
    """
    is_wanted = batch.settings.options.digest and batch.completed >= _min_summaries(batch)
    return is_wanted and (batch.digest is None or batch.digest.videos != batch.completed)


def _min_summaries(batch: Batch) -> int:
    return _MIN_SUMMARIES_OF_A_RUN if batch.follow_id else MIN_SUMMARIES


def digest_state(batch: Batch) -> DigestState | None:
    """Returns the state of a batch's digest; None if it has none because of its settings or its cancellation.

    While a digest is pending, its `videos` are those of the earlier one, which can be read until then.
    """
    if not batch.settings.options.digest:
        return None
    if batch.digest and not digest_is_due(batch):
        return batch.digest
    earlier = batch.digest.covered if batch.digest else 0
    if batch.status in OPEN:
        return DigestState(status=DigestStatus.PENDING, videos=earlier)
    if batch.completed < _min_summaries(batch):
        return DigestState(status=DigestStatus.FAILED, error=DigestNeedsTwo().as_problem())
    # The error that stopped the workflow prevented the digest too.
    if batch.error:
        return DigestState(status=DigestStatus.FAILED, error=batch.error, earlier=earlier)
    return batch.digest
