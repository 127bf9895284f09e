"""Summarize video: finds or makes the summary of one video, stores it, and only then counts the video as completed."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.events import VideoEvent
from skimlist.jobs.outages import Outages
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Spending
from skimlist.jobs.videos import Videos
from skimlist.log import logger, step
from skimlist.model_access import model_access
from skimlist.steps.summarize_video import SummarizeVideo


@step
def handler(event: dict[str, Any], context: Any) -> None:
    table, archive = aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name)
    SummarizeVideo(
        videos=Videos(table),
        results=Results(table, archive),
        archive=archive,
        outages=Outages(table),
        spending=Spending(table, usd_a_day=settings().usd_a_day, usd_a_month=settings().usd_a_month),
        models=model_access(context),
        log=logger,
    ).run(VideoEvent.from_dict(event))
