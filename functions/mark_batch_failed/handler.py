"""Mark batch failed: ends a batch whose workflow has failed, so that its owner sees why."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.preflights import Preflights
from skimlist.log import logger, step
from skimlist.steps.mark_batch_failed import MarkBatchFailed


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, str]:
    table = aws.table(settings().table_name)
    mark = MarkBatchFailed(batches=Batches(table), preflights=Preflights(table), log=logger)
    return mark.run(BatchEvent.from_dict(event), error_name=event["error"]["Error"])
