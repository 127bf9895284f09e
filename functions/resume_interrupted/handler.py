"""Resume interrupted: gives an execution to every batch that lost its own, and finishes deletions that were cut off."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.errors import BatchNotFound
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.workflow import Workflow

logger = Logger()


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: Any) -> None:
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    _drive(Batches(table), Workflow(aws.client("stepfunctions"), settings().state_machine_arn))
    _finish(Deletions(table, archive))


def _drive(batches: Batches, workflow: Workflow) -> None:
    for user_id, batch_id in batches.list_active():
        # A batch that was deleted since the index was read needs nobody any more.
        with suppress(BatchNotFound):
            batch = batches.get(user_id, batch_id)
            workflow.drive(batch, batch.run)
            logger.info("driven", batch_id=batch_id, run=batch.run)


def _finish(deletions: Deletions) -> None:
    for user_id, batch_id in deletions.list_unfinished():
        deletions.finish(user_id, batch_id, datetime.now(UTC))
        logger.info("deleted", batch_id=batch_id)
