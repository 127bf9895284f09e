"""Mark batch failed: brings a batch whose workflow cannot go on to a true end."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import SkimlistError, WorkflowFailed, WrongState
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.preflights import Preflights
from skimlist.log import logger, step
from skimlist.models.batch import Batch, BatchStatus


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, str]:
    """The error as the execution then shows it, in words for a person.

    It keeps its name, unless Step Functions reserves that: no Fail state may end with a name that begins with
    `States.` (Amazon States Language, "Errors").
    """
    work = BatchEvent.from_dict(event)
    error = work.error or WorkflowFailed()
    _mark_failed(work, error)
    name = event["error"]["Error"]
    return {"Error": type(error).__name__ if name.startswith("States.") else name, "Cause": f"{error} {error.advice}"}


def _mark_failed(work: BatchEvent, error: SkimlistError) -> None:
    batches = Batches(aws.table(settings().table_name))
    batch = batches.get_driven(work.user_id, work.batch_id, work.run)
    if batch is None:
        logger.info("another execution drives the batch")
        return
    if batch.status is BatchStatus.DRAFT:
        batches.park(_abort_preparation(batch, error), datetime.now(UTC))
        return
    # It may have ended already: then only its archive or its email failed, and it keeps its status.
    with suppress(WrongState):
        batches.fail(batch, error, datetime.now(UTC))
        logger.error("batch failed", code=error.code)


def _abort_preparation(batch: Batch, error: SkimlistError) -> Batch:
    """A draft stays one: its owner sees what could not be prepared, and may ask again."""
    logger.error("draft not prepared", code=error.code)
    return Preflights(aws.table(settings().table_name)).abort_preparation(batch, error, datetime.now(UTC))
