"""Resume interrupted: gives an execution to every batch that should have one and has none."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from skimlist import aws
from skimlist.config import settings
from skimlist.jobs.batches import Batches
from skimlist.workflow import Workflow

logger = Logger()


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: Any) -> None:
    batches = Batches(aws.table(settings().table_name))
    workflow = Workflow(aws.client("stepfunctions"), settings().state_machine_arn)
    for user_id, batch_id in batches.list_active():
        batch = batches.get(user_id, batch_id)
        workflow.drive(batch, batch.run)
        logger.info("driven", batch_id=batch_id, run=batch.run)
