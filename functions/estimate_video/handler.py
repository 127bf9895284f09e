"""Estimate video: forecasts what the summary of one video of a draft will take; no model is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.errors import UnexpectedFailure
from skimlist.events import VideoEvent
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.records import Record
from skimlist.jobs.results import Results
from skimlist.jobs.videos import Videos
from skimlist.llm.catalogue import offered_model
from skimlist.log import logger, step
from skimlist.models.batch import Batch
from skimlist.models.transcript import Transcript
from skimlist.models.video import Forecast, Item
from skimlist.summarizing.estimate import estimate
from skimlist.summarizing.fingerprint import fingerprint


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = VideoEvent.from_dict(event)
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    batch, _, stored = Videos(table).get_work(work.user_id, work.batch_id, work.item_id)
    if batch.current is None or batch.current.item_id != work.item_id:
        logger.info("not the current video any more")
        return
    transcript = archive.find_transcript(work.user_id, work.video_id, batch.settings.options.language)
    if transcript is None:
        raise UnexpectedFailure("The transcript that was fetched for this video is gone.")
    forecast = _forecast(work, batch, transcript, Results(table, archive), stored)
    item = _item(work, transcript, forecast)
    noted = Preflights(table).note_forecast(work.user_id, work.batch_id, item, datetime.now(UTC))
    logger.info("video estimated", reused=forecast.reused, noted=noted)


def _forecast(
    work: VideoEvent, batch: Batch, transcript: Transcript, results: Results, stored: Record | None
) -> Forecast:
    captions: dict[str, Any] = {
        "language": transcript.language,
        "language_code": transcript.language_code,
        "caption_kind": transcript.caption_kind,
        "duration_seconds": Decimal(str(transcript.end_seconds)),
    }
    spec = offered_model(batch.settings.model, settings().endpoint)
    wanted = fingerprint(transcript, batch.settings, spec)
    if found := results.find(work.user_id, wanted, (work.batch_id, work.item_id), stored):
        return Forecast(**captions, saved_usd=found.summary.cost_usd, reused=True)
    likely = estimate(transcript, batch.settings, spec)
    return Forecast(
        **captions,
        tokens_in=likely.tokens_in,
        tokens_out=likely.tokens_out,
        cost_usd=likely.cost_usd,
        seconds=Decimal(str(likely.seconds)),
    )


def _item(work: VideoEvent, transcript: Transcript, forecast: Forecast) -> Item:
    return Item(
        id=work.item_id,
        video_id=work.video_id,
        title=transcript.title,
        channel=transcript.channel,
        duration_seconds=forecast.duration_seconds,
        forecast=forecast,
    )
