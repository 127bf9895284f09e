"""Pause batch: keeps the video and all behind it in the queue, because what stopped it would stop the others too."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import UnexpectedFailure, WrongState
from skimlist.events import VideoEvent
from skimlist.jobs.batches import Batches

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> None:
    work = VideoEvent.from_dict(event)
    logger.append_keys(batch_id=work.batch_id, run=work.run, video_id=work.video_id)
    batches = Batches(aws.table(settings().table_name))
    batch = batches.get(work.user_id, work.batch_id)
    if batch.run != work.run:
        return
    error = work.error or UnexpectedFailure()
    # Paused, cancelled or ended meanwhile: there is nothing left to pause.
    with suppress(WrongState):
        batches.pause_by_itself(batch, error, datetime.now(UTC))
        logger.warning("batch paused", code=error.code)
