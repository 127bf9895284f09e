"""Pause batch: keeps the current video and all behind it in the queue: what stopped it would stop the rest too."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from skimlist import aws
from skimlist.circuit_breaker import playlist_fails, radius_in_batch
from skimlist.config import settings
from skimlist.errors import BatchBlocked, SkimlistError, WorkflowFailed, WrongState
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.order import Order
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.log import logger, step
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.video import VideoError
from skimlist.progress import left
from skimlist.transitions import OPEN


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event)
    table = aws.table(settings().table_name)
    batches, queue_editor = Batches(table), QueueEditor(table)
    batch = batches.get_driven(work.user_id, work.batch_id, work.run)
    if batch is None:
        logger.info("another execution drives the batch")
        return
    error, order = work.error or WorkflowFailed(), queue_editor.order(batch.id)
    source = _failed_at(event, order)
    if "video" not in event and source and _playlist_fails(batch, order, error, source):
        queue_editor.drop_playlist(batch, order.unread_playlists[0], _reason(error), datetime.now(UTC))
        logger.warning("playlist failed", playlist_id=source, code=error.code)
        return
    if batch.status is BatchStatus.DRAFT:
        # Nothing of a draft runs that could wait: its owner sees what went wrong, and may ask again.
        Preflights(table).abort_preparation(batch, error, datetime.now(UTC))
        logger.warning("draft not prepared", code=error.code)
        return
    # Paused, cancelled or ended meanwhile: there is nothing left to pause.
    with suppress(WrongState):
        paused = batches.pause_by_itself(batch, error, datetime.now(UTC))
        logger.warning("batch paused", code=error.code)
        if source:
            Outages(table).report(batch, error, paused.pause, source)


def _failed_at(event: Mapping[str, Any], order: Order) -> str | None:
    """The video, or else the first playlist that is still to be read: those before it were. None at the digest."""
    if "video" in event:
        return str(event["video"]["video_id"])
    return order.playlists[order.unread_playlists[0]].id if order.unread_playlists else None


def _playlist_fails(batch: Batch, order: Order, error: SkimlistError, playlist_id: str) -> bool:
    """Whether the error is held against the playlist, so that the rest of the batch goes on."""
    if batch.status not in OPEN or error.service is None or isinstance(error, BatchBlocked):
        return False
    return playlist_fails(
        radius_in_batch(error, batch, playlist_id),
        pauses_in_a_row=batch.pauses_in_a_row,
        others_left=len(order.unread_playlists) > 1 or left(batch) > 0,
    )


def _reason(error: SkimlistError) -> VideoError:
    return replace(error.as_video_error(), advice="Add the playlist to the batch again in a few minutes.")
