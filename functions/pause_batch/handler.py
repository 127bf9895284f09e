"""Pause batch: pauses a batch for an error that would stop all its videos; they stay in the queue."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.log import logger, step
from skimlist.steps.pause_batch import PauseBatch


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table = aws.table(settings().table_name)
    pause = PauseBatch(
        batches=Batches(table),
        queue=Preflights(table),
        outages=Outages(table),
        spending_limits=settings().spending_limits,
        log=logger,
    )
    pause.run(BatchEvent.from_dict(event), video_id=event["video"]["video_id"] if "video" in event else None)
