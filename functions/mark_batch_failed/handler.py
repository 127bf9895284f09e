"""Mark batch failed: brings a batch whose workflow cannot go on to a true end."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import WorkflowFailed, WrongState
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event)
    logger.append_keys(batch_id=work.batch_id, run=work.run)
    batches = Batches(aws.table(settings().table_name))
    batch = batches.get(work.user_id, work.batch_id)
    if batch.run != work.run:
        return
    error = work.error or WorkflowFailed()
    # It may have ended already: then only its archive or its email failed, and it keeps its status.
    with suppress(WrongState):
        batches.fail(batch, error, datetime.now(UTC))
        logger.error("batch failed", code=error.code)
