"""Estimate video: forecasts tokens, cost and time of one summary of a draft, without asking a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from skimlist.bucket import Bucket
from skimlist.errors import UnexpectedFailure
from skimlist.events import VideoEvent
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.records import Record
from skimlist.jobs.results import Results
from skimlist.jobs.videos import Videos
from skimlist.llm.catalogue import offered_model, offered_models
from skimlist.models.batch import Batch
from skimlist.models.endpoint import Endpoint
from skimlist.models.transcript import Transcript
from skimlist.models.video import Forecast, Item
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log
from skimlist.summarizing.estimate import estimate, estimates
from skimlist.summarizing.fingerprint import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateVideo:
    videos: Videos
    preflights: Preflights
    results: Results
    archive: Bucket
    endpoint: Endpoint
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: VideoEvent) -> None:
        batch, _, stored_summary = self.videos.get_work(work.user_id, work.batch_id, work.item_id)
        if batch.current is None or batch.current.item_id != work.item_id:
            self.log.info("video is no longer the current one")
            return
        wanted = batch.settings.options.captions
        transcript = self.archive.find_transcript_to_use(work.user_id, work.video_id, wanted)
        if transcript is None:
            raise UnexpectedFailure("The transcript that was fetched for this video is gone.")
        forecast = self._forecast(work, batch, transcript, stored_summary)
        item = _item(work, transcript, forecast)
        noted = self.preflights.note_forecast(work.user_id, work.batch_id, item, self.now())
        self.log.info("video estimated", reused=forecast.reused, noted=noted)

    def _forecast(
        self, work: VideoEvent, batch: Batch, transcript: Transcript, stored_summary: Record | None
    ) -> Forecast:
        captions: dict[str, Any] = {
            "language": transcript.language,
            "language_code": transcript.language_code,
            "caption_kind": transcript.caption_kind,
            "duration_seconds": Decimal(str(transcript.end_seconds)),
            "version": batch.preflight.version if batch.preflight else 0,
        }
        spec = offered_model(batch.settings.model, self.endpoint)
        summary_fingerprint = fingerprint(transcript, batch.settings, spec)
        has_sums_by_model = batch.preflight is not None and batch.preflight.cost_by_model is not None
        by_model = estimates(transcript, batch.settings, offered_models(self.endpoint)) if has_sums_by_model else {}
        menu: dict[str, Any] = {
            "cost_by_model": {alias: each.cost_usd for alias, each in by_model.items()},
            "seconds_by_model": {alias: Decimal(str(each.seconds)) for alias, each in by_model.items()},
        }
        if found := self.results.find(work.user_id, summary_fingerprint, (work.batch_id, work.item_id), stored_summary):
            nothing = {batch.settings.model: Decimal(0)} if by_model else {}
            menu = {name: {**numbers, **nothing} for name, numbers in menu.items()}
            return Forecast(**captions, **menu, saved_usd=found.summary.cost_usd, reused=True)
        likely = by_model.get(batch.settings.model) or estimate(transcript, batch.settings, spec)
        return Forecast(
            **captions,
            **menu,
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
        channel_id=transcript.channel_id,
        duration_seconds=forecast.duration_seconds,
        published_at=transcript.published_at,
        forecast=forecast,
    )
