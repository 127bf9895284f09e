"""Resume interrupted: gives an execution to every batch that lost its own, and finishes deletions that were cut off.

It runs every few minutes, and as soon as an execution is known to have ended before its time.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.errors import BatchNotFound, SkimlistError, WorkflowStuck, WrongState
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.models import Batch, BatchStatus
from skimlist.workflow import Workflow

logger = Logger()
# So many executions may be lost in a row without anything having changed.
_RESTARTS_IN_VAIN = 3
_LOST = "The executions of this batch ended one after the other before any of them got on."


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: Any) -> None:
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    _drive(Batches(table), Workflow(aws.client("stepfunctions"), settings().state_machine_arn))
    _finish(Deletions(table, archive))


def _drive(batches: Batches, workflow: Workflow) -> None:
    for user_id, batch_id in batches.list_active():
        try:
            batch = batches.get(user_id, batch_id)
            if workflow.drive(batch, batch.run):
                logger.info("driven", batch_id=batch_id, run=batch.run)
                _count(batch, batches)
        except BatchNotFound:
            logger.info("deleted since the index was read", batch_id=batch_id)
        except SkimlistError:
            # It must not keep the others from being driven.
            logger.exception("not driven", batch_id=batch_id)


def _count(batch: Batch, batches: Batches) -> None:
    """Ends a batch that loses one execution after the other without getting on; one that is paused only waits."""
    now = datetime.now(UTC)
    counted = batches.count_restart(batch, now)
    if counted is None or counted.restarts <= _RESTARTS_IN_VAIN or counted.status is BatchStatus.PAUSED:
        return
    logger.error("given up", batch_id=batch.id, status=counted.status)
    if counted.status in {BatchStatus.COMPLETED, BatchStatus.FAILED}:
        batches.leave_untold(counted)
    else:
        with suppress(WrongState):
            batches.fail(counted, WorkflowStuck(_LOST), now)


def _finish(deletions: Deletions) -> None:
    for user_id, batch_id in deletions.list_unfinished():
        deletions.finish(user_id, batch_id, datetime.now(UTC))
        logger.info("deleted", batch_id=batch_id)
