"""Pause batch: pauses a batch for an error that would stop all its videos; they stay in the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from skimlist.circuit_breaker import playlist_fails, radius_in_batch
from skimlist.errors import BatchBlocked, SkimlistError, WorkflowFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.order import Order
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.problem import Problem
from skimlist.progress import remaining
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log
from skimlist.transitions import OPEN, sources

# If the batch changes while it is paused, the pause is tried again with the new state.
_MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseBatch:
    """`spending_limits` are the deployment's limits in USD, by the code of the error that reports one as reached."""

    batches: Batches
    queue: Preflights
    outages: Outages
    spending_limits: Mapping[str, Decimal]
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent, video_id: str | None) -> None:
        """`video_id` is the video that failed; if it is None, a playlist or the digest failed."""
        pause = partial(self._pause, work=work, video_id=video_id)
        self.batches.carry_out(work.user_id, work.batch_id, pause, max_attempts=_MAX_ATTEMPTS)

    def _pause(self, batch: Batch, *, work: BatchEvent, video_id: str | None) -> None:
        """Raises BatchChanged if the batch has changed since it was read."""
        if batch.execution.run != work.run:
            self.log.info("another execution drives the batch")
            return
        error, order = work.error or WorkflowFailed(), self.queue.order(batch.id)
        source = video_id or _first_unread(order)
        if video_id is None and source and _playlist_fails(batch, order, error, source):
            self.queue.mark_playlist_failed(batch, order.unread_playlists[0], _reason(error), self.now())
            self.log.warning("playlist failed", playlist_id=source, code=error.code)
            return
        if batch.status is BatchStatus.DRAFT:
            # A draft has nothing to pause: its owner sees what went wrong and can try again.
            self.queue.abort_preparation(batch, error, self.now())
            self.log.warning("draft could not be prepared", code=error.code)
            return
        if batch.status not in sources(BatchStatus.PAUSED):
            self.log.info("batch was paused or cancelled or has ended in the meantime", status=batch.status)
            return
        paused = self.batches.pause_for(batch, error, self.now(), limit_usd=self.spending_limits.get(error.code))
        self.log.warning("batch paused", code=error.code)
        if source:
            self.outages.report(batch, error, paused.pause, source)


def _first_unread(order: Order) -> str | None:
    """The first unread playlist, which is the one that failed; None if the digest failed."""
    return order.playlists[order.unread_playlists[0]].id if order.unread_playlists else None


def _playlist_fails(batch: Batch, order: Order, error: SkimlistError, playlist_id: str) -> bool:
    """Whether only the playlist fails, so that the rest of the batch continues."""
    if batch.status not in OPEN or error.service is None or isinstance(error, BatchBlocked):
        return False
    return playlist_fails(
        radius_in_batch(error, batch, playlist_id),
        pauses_in_a_row=batch.execution.pauses_in_a_row,
        others_would_wait=len(order.unread_playlists) > 1 or remaining(batch) > 0,
    )


def _reason(error: SkimlistError) -> Problem:
    return replace(error.as_problem(), advice="Add the playlist to the batch again in a few minutes.")
