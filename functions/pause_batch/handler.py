"""Pause batch: keeps what is in hand and all behind it in the queue: what stopped it would stop the rest too."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import WorkflowFailed, WrongState
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.drafts import Drafts
from skimlist.jobs.outages import Outages
from skimlist.log import logger, step
from skimlist.models import BatchStatus


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event)
    batches = Batches(aws.table(settings().table_name))
    batch = batches.get(work.user_id, work.batch_id)
    if batch.run != work.run:
        logger.info("another execution drives the batch")
        return
    error = work.error or WorkflowFailed()
    if batch.status is BatchStatus.DRAFT:
        # Nothing of a draft runs that could wait: its owner sees what went wrong, and may ask again.
        Drafts(aws.table(settings().table_name)).give_up(batch, error, datetime.now(UTC))
        logger.warning("draft not prepared", code=error.code)
        return
    # Paused, cancelled or ended meanwhile: there is nothing left to pause.
    with suppress(WrongState):
        paused = batches.pause_by_itself(batch, error, datetime.now(UTC))
        logger.warning("batch paused", code=error.code)
        Outages(aws.table(settings().table_name)).note(batch, error.service, paused.pause)
