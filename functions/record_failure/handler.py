"""Record failure: counts a video as failed, with a reason that a person understands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import UnexpectedFailure
from skimlist.events import VideoEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.videos import Videos
from skimlist.models import Batch, BatchStatus, Item, VideoError

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> None:
    work = VideoEvent.from_dict(event)
    logger.append_keys(batch_id=work.batch_id, run=work.run, video_id=work.video_id)
    table = aws.table(settings().table_name)
    batch = Batches(table).get(work.user_id, work.batch_id)
    error = (work.error or UnexpectedFailure()).as_video_error()
    if batch.status is BatchStatus.DRAFT and error.retryable:
        # It has not had its turn yet, and may well pass when it comes.
        logger.warning("video left unchecked", code=error.code)
        return
    counted = Videos(table).fail(work.user_id, work.batch_id, _failed_item(work, batch, error), datetime.now(UTC))
    logger.warning("video failed", code=error.code, counted=counted)


def _failed_item(work: VideoEvent, batch: Batch, error: VideoError) -> Item:
    """The item with its error, and with what was known of the video when it was in hand."""
    failed = Item(id=work.item_id, video_id=work.video_id, error=error)
    current = batch.current
    if current is None or current.item_id != work.item_id:
        return failed
    # Looking at a video of a draft is no work on it, whose time would tell how long the others take.
    started_at = None if batch.status is BatchStatus.DRAFT else current.started_at
    return replace(failed, title=current.title, started_at=started_at)
