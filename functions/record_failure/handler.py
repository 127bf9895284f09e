"""Record failure: counts a video as failed, or defers it if a service that it depends on may be the cause."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.events import VideoEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.spending import Spending
from skimlist.jobs.videos import Videos
from skimlist.log import logger, step
from skimlist.steps.record_failure import RecordFailure


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table = aws.table(settings().table_name)
    RecordFailure(
        batches=Batches(table),
        preflights=Preflights(table),
        videos=Videos(table),
        outages=Outages(table),
        spending=Spending(table, usd_a_day=settings().usd_a_day, usd_a_month=settings().usd_a_month),
        log=logger,
    ).run(VideoEvent.from_dict(event))
