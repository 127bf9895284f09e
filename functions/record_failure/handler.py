"""Record failure: counts a video as failed, with a reason that a person understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import UnexpectedFailure
from skimlist.events import VideoEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.videos import Videos
from skimlist.models import Item

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> None:
    work = VideoEvent.from_dict(event)
    logger.append_keys(batch_id=work.batch_id, run=work.run, video_id=work.video_id)
    table = aws.table(settings().table_name)
    item = _failed_item(work, Batches(table))
    counted = Videos(table).fail(work.user_id, work.batch_id, item, datetime.now(UTC))
    logger.warning("video failed", code=item.error and item.error.code, counted=counted)


def _failed_item(work: VideoEvent, batches: Batches) -> Item:
    """The item with its error, and with what was known of the video when it was in hand."""
    error = (work.error or UnexpectedFailure()).as_video_error()
    current = batches.get(work.user_id, work.batch_id).current
    if current is None or current.item_id != work.item_id:
        return Item(id=work.item_id, video_id=work.video_id, error=error)
    return Item(
        id=work.item_id, video_id=work.video_id, error=error, title=current.title, started_at=current.started_at
    )
