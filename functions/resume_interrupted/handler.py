"""Resume interrupted, the sweep: restarts batches whose execution was lost, and finishes interrupted deletions.

It runs every five minutes, and whenever an execution has failed, timed out or been aborted.
"""

from __future__ import annotations

import json
from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.halts import Halts
from skimlist.jobs.preflights import Preflights
from skimlist.log import logger, step
from skimlist.models.batch import Batch
from skimlist.steps.resume_interrupted import ResumeInterrupted
from skimlist.users import Users
from skimlist.workflow import Workflow


@step
def handler(_event: dict[str, Any], _context: Any) -> None:
    table, archive = aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name)
    ResumeInterrupted(
        batches=Batches(table),
        preflights=Preflights(table),
        halts=Halts(table),
        users=Users(aws.client("cognito-idp"), settings().user_pool_id),
        deletions=Deletions(table, archive),
        workflow=Workflow(aws.client("stepfunctions"), settings().state_machine_arn),
        notify_owner=_notify_owner,
        spending_limits=settings().spending_limits,
        log=logger,
    ).run()


def _notify_owner(batch: Batch) -> None:
    """Invokes Notify owner, which sends only one email even if an execution of the batch does run after all."""
    event = {"user_id": batch.user_id, "batch_id": batch.id, "run": batch.execution.run}
    with aws.storage_errors():
        aws.client("lambda").invoke(
            FunctionName=settings().notify_owner_function, InvocationType="Event", Payload=json.dumps(event)
        )
