"""How far a batch is, when it will be done, and how long it waits after it paused by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from skimlist.errors import DailySpendingReached, DigestNeedsTwo, MonthlySpendingReached, SkimlistError
from skimlist.models.batch import Batch, BatchStatus, Pause, PreflightStatus
from skimlist.models.digest import DigestState, DigestStatus
from skimlist.periods import next_day, next_month
from skimlist.transitions import OPEN

# Minutes until the next try, by the number of pauses in a row: YouTube blocks an address for minutes to hours.
_WAITS = (5, 15, 30, 60, 120, 240)

# When a limit starts again; no earlier try would succeed.
_RENEWED: Mapping[type[SkimlistError], Callable[[datetime], datetime]] = {
    DailySpendingReached: next_day,
    MonthlySpendingReached: next_month,
}

# A single summary has nothing to compare it with.
FEWEST_SUMMARIES = 2


def next_try(pauses_in_a_row: int, now: datetime) -> datetime:
    """At a full second: a Wait state of the workflow ignores fractions and would wake too early."""
    return now.replace(microsecond=0) + timedelta(minutes=_WAITS[min(pauses_in_a_row, len(_WAITS)) - 1])


def pause_because(error: SkimlistError, batch: Batch, now: datetime) -> Pause:
    """The pause of a batch that pauses by itself; each one in a row is longer."""
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
        # The batch was changed just before the refusal: if that was at the end of a day, it need not wait a day longer.
        return renewed(batch.updated_at)
    return next_try(times, now)


def skipped(batch: Batch) -> int:
    """How many videos will not be processed: in a cancelled batch, all but the one that may still be under way."""
    if batch.status is not BatchStatus.CANCELLED:
        return batch.skipped
    under_way = 1 if batch.current and not batch.has_no_execution else 0
    return max(batch.total - batch.completed - batch.failed - under_way, 0)


def left(batch: Batch) -> int:
    return batch.total - batch.completed - batch.failed - skipped(batch)


def preflight_status(batch: Batch) -> PreflightStatus | None:
    """The status of the check; stopped once a batch is started or cancelled, because nobody continues it."""
    if batch.preflight is None:
        return None
    is_over = batch.preflight.status is PreflightStatus.CHECKING and batch.status is not BatchStatus.DRAFT
    return PreflightStatus.STOPPED if is_over else batch.preflight.status


def videos_to_check(batch: Batch) -> int:
    """How many videos of a draft a new check would check, without those that a running one is to check."""
    if batch.status is not BatchStatus.DRAFT:
        return 0
    if batch.preflight is None:
        return left(batch)
    is_checking = batch.preflight.status is PreflightStatus.CHECKING
    passed = min(batch.preflight.up_to - len(batch.queue.page), batch.total) if is_checking else batch.total
    return max(passed - batch.preflight.checked - batch.failed - batch.skipped, 0)


def percent(batch: Batch) -> int:
    """0…100; the current video counts in part."""
    if batch.total == 0:
        return 0
    under_way = batch.current.percent / 100 if batch.current else 0.0
    return min(100, int(100 * (batch.total - left(batch) + under_way) / batch.total))


def estimated_completion(batch: Batch, now: datetime) -> datetime | None:
    """When the batch will be done, if the rest takes as long as the average so far; None before a video has ended.

    Counted from the start of the current video, so that the estimate does not move while all goes as expected.
    """
    if batch.status is not BatchStatus.PROCESSING or not batch.timed_videos or not left(batch):
        return None
    average = timedelta(seconds=float(batch.processing_seconds) / batch.timed_videos)
    begun = batch.current.started_at if batch.current else batch.updated_at
    return max(begun + average * left(batch), now)


def digest_is_due(batch: Batch) -> bool:
    """Whether a digest is wanted and none was tried since the last video was summarized.

    A summarized video keeps its summary, so their number shows which videos a digest covers.
    """
    is_wanted = batch.settings.options.digest and batch.completed >= FEWEST_SUMMARIES
    return is_wanted and (batch.digest is None or batch.digest.videos != batch.completed)


def digest_state(batch: Batch) -> DigestState | None:
    """The state of a batch's digest; None if none was asked for, or the batch was cancelled before it had one."""
    if not batch.settings.options.digest:
        return None
    if batch.digest and not digest_is_due(batch):
        return batch.digest
    if batch.status in OPEN:
        return DigestState(status=DigestStatus.PENDING)
    if batch.completed < FEWEST_SUMMARIES:
        return DigestState(status=DigestStatus.FAILED, error=DigestNeedsTwo().as_video_error())
    # The workflow could not go on: the error that stopped the batch stopped its digest too.
    return DigestState(status=DigestStatus.FAILED, error=batch.error) if batch.error else batch.digest
