"""Load next videos: decides what the workflow does next with a batch, and takes the next page from its queue."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.halts import Halts
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.log import logger, step
from skimlist.models.settings import CaptionRequest
from skimlist.steps.clock import utc_now
from skimlist.steps.load_next_videos import LoadNextVideos


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    table = aws.table(settings().table_name)
    decision = LoadNextVideos(
        batches=Batches(table),
        queue=Preflights(table),
        halts=Halts(table),
        outages=Outages(table),
        needs_no_youtube=_needs_no_youtube,
        log=logger,
    ).decide(BatchEvent.from_dict(event))
    logger.info("next action decided", action=decision.action, videos=len(decision.videos))
    return decision.to_dict()


def _needs_no_youtube(user_id: str, video_id: str, wanted: CaptionRequest) -> bool:
    # Imported late: few batches have to wait for YouTube.
    from skimlist.bucket import Bucket  # noqa: PLC0415

    bucket = Bucket(aws.client("s3"), settings().bucket_name)
    stored = bucket.stored_transcripts(user_id, video_id)
    return stored.serves(video_id, wanted) or stored.has_none(video_id, utc_now())
