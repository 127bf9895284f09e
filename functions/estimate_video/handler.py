"""Estimate video: forecasts tokens, cost and time of one summary of a draft, without asking a model."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.events import VideoEvent
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.results import Results
from skimlist.jobs.videos import Videos
from skimlist.log import logger, step
from skimlist.steps.estimate_video import EstimateVideo


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table, archive = aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name)
    EstimateVideo(
        videos=Videos(table),
        preflights=Preflights(table),
        results=Results(table, archive),
        archive=archive,
        endpoint=settings().endpoint,
        log=logger,
    ).run(VideoEvent.from_dict(event))
