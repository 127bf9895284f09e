"""Summarize video: finds or makes the summary of one video, stores it, and only then counts the video as completed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.errors import BudgetReached, UnexpectedFailure
from skimlist.events import VideoEvent
from skimlist.formatting import beginning_of
from skimlist.jobs.outages import Outages
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Reservation, Spending
from skimlist.jobs.videos import Videos
from skimlist.llm.catalogue import ModelSpec, Usage, offered_model
from skimlist.log import logger, step
from skimlist.models.batch import Batch, CurrentVideo
from skimlist.models.outage import Dependency
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item, Stage, VideoStatus
from skimlist.secrets import Secrets
from skimlist.summarizing.drafts import Model
from skimlist.summarizing.estimate import estimate
from skimlist.summarizing.fingerprint import fingerprint
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video

# What a list of videos shows of a summary. An item stays below a kilobyte with it, beyond which each write costs twice.
_TLDR_BYTES = 360
_TAGS = 5


@step
def handler(event: dict[str, Any], context: Any) -> None:
    work = VideoEvent.from_dict(event)
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    videos, results = Videos(table), Results(table, archive)
    batch, known, stored = videos.get_work(work.user_id, work.batch_id, work.item_id)
    transcript = archive.find_transcript(work.user_id, work.video_id, batch.settings.options.language)
    is_waiting = known is not None and known.status is VideoStatus.PENDING
    current = _show_summarizing(work, batch, transcript, videos, is_made=stored is not None) if is_waiting else None
    if known is None or current is None:
        logger.info("not the current video any more")
        return
    if transcript is None:
        raise UnexpectedFailure("The transcript that was fetched for this video is gone.")

    spec = offered_model(batch.settings.model, settings().endpoint)
    wanted = fingerprint(transcript, batch.settings, spec)
    found = results.find(work.user_id, wanted, (work.batch_id, work.item_id), stored)
    cached = found is not None and found.elsewhere
    answer_cache = _AnswerCache(results, work.user_id)
    spending = Spending(table, usd_a_day=settings().usd_a_day, usd_a_month=settings().usd_a_month)
    with answer_cache.until_stored():
        reservation = None
        if found:
            summary = found.summary
            if not cached:  # an earlier try stored it, and may have died before it settled its price
                spending.settle_earlier(batch, work.item_id, summary.cost_usd, _now(), counted=known.cost_usd)
        else:
            likely = estimate(transcript, batch.settings, spec).cost_usd
            _require_budget(batch, likely)
            model = _open(spec, answer_cache, seconds_left=lambda: _seconds_left(context))
            progress = _progress(work, current, videos)
            reservation = spending.reserve(batch, work.item_id, likely, _now(), counted=known.cost_usd)
            with _spending_kept(work, model, videos, spending, reservation):
                summary = summarize_video(transcript, batch.settings, model, now=_now(), progress=progress)
            Outages(table).clear(batch, Dependency.MODEL)
        results.put(work.user_id, work.batch_id, work.item_id, summary, _now(), is_copy=cached)
    if reservation:
        # The summary is stored, so no other try will pay for it.
        spending.settle(reservation, summary.cost_usd)
    saved = summary.cost_usd if cached else Decimal(0)
    item = _item(work, current, summary, cached)
    recovered = _recovered(batch, model_answered=found is None)
    counted = videos.complete(
        work.user_id, work.batch_id, item, saved, _now(), run=work.run, earlier=known, recovered=recovered
    )
    if not counted and not cached:
        # Another run drives the batch by now. The summary waits for it, and its price is counted.
        videos.note_spending(work.user_id, work.batch_id, item, _now())
    logger.info("video completed", model=summary.model, cached=cached, counted=counted)


def _show_summarizing(
    work: VideoEvent, batch: Batch, transcript: Transcript | None, videos: Videos, *, is_made: bool
) -> CurrentVideo | None:
    """The current video at its second stage; None if it is not the current video any more.

    One whose summary `is_made`, by a try that was cut off before it counted it, stays so when the batch is stopped.
    """
    if batch.current is None or batch.current.item_id != work.item_id:
        return None
    title = transcript.title if transcript else None
    current = work.current(Stage.SUMMARIZING, batch.current.started_at, title)
    goes_on = videos.show_progress(work.user_id, work.batch_id, current, _now())
    return current if goes_on or (is_made and batch.run == work.run) else None


@dataclass
class _AnswerCache:
    """Keeps every paid answer of a model in the table, below the user.

    Only the last one waits: it is kept as the summary that is made of it, or in its own form if that takes more than
    the next moment, because it is asked about once more or something fails.
    """

    results: Results
    user_id: str
    last: tuple[str, str] | None = None

    def recall(self, key: str) -> str | None:
        self._keep_last()
        return self.results.recall_answer(self.user_id, key)

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None:
        self._keep_last()
        if is_last:
            self.last = key, answer
        else:
            self.results.remember_answer(self.user_id, key, answer, _now())

    @contextmanager
    def until_stored(self) -> Iterator[None]:
        """Around all that happens from a question to the model until the summary is stored."""
        try:
            yield
        except BaseException:
            self._keep_last()
            raise

    def _keep_last(self) -> None:
        if self.last:
            self.results.remember_answer(self.user_id, *self.last, _now())
            self.last = None


@contextmanager
def _spending_kept(
    work: VideoEvent, model: Model, videos: Videos, spending: Spending, reservation: Reservation
) -> Iterator[None]:
    """What a try that fails has cost is kept with the video, and counted by its batch and the spending limits."""
    try:
        yield
    except Exception:  # also one of a library: what it has cost is known all the same
        # Settled before it is noted with the video: a try that dies in between is counted twice, not left out.
        spending.settle(reservation, model.spec.prices.cost(model.spent))
        if model.spent != Usage():
            item = Item(
                id=work.item_id,
                video_id=work.video_id,
                tokens_in=model.spent.tokens_in,
                tokens_out=model.spent.tokens_out,
                cost_usd=model.spec.prices.cost(model.spent),
            )
            videos.note_spending(work.user_id, work.batch_id, item, _now())
        raise


def _require_budget(batch: Batch, cost_usd: Decimal) -> None:
    if batch.max_cost_usd is not None and batch.cost_usd + cost_usd > batch.max_cost_usd:
        raise BudgetReached(
            f"The next video would cost about {cost_usd} USD; {batch.cost_usd} of {batch.max_cost_usd} USD are spent."
        )


def _open(spec: ModelSpec, answer_cache: _AnswerCache, seconds_left: Callable[[], float]) -> Model:
    key = Secrets(aws.client("ssm"), settings().secrets_prefix).find(spec.key_secret) if spec.key_secret else None
    return open_model(
        spec,
        api_key=key,
        answer_cache=answer_cache,
        seconds_left=seconds_left,
        ca_bundle=settings().ca_bundle,
    )


def _progress(work: VideoEvent, current: CurrentVideo, videos: Videos) -> Callable[[int], None]:
    """Shows the percentage of a summary in several parts; the end is shown by the video's completion."""

    def show(percent: int) -> None:
        if percent < 100:
            videos.show_progress(work.user_id, work.batch_id, replace(current, percent=percent), _now())

    return show


def _recovered(batch: Batch, *, model_answered: bool) -> set[Dependency]:
    """Of the services that failed before, those that the current video has just shown to work."""
    shown = {Dependency.PLATFORM, Dependency.MODEL} if model_answered else {Dependency.PLATFORM}
    return shown & set(batch.recent_failures)


def _item(work: VideoEvent, current: CurrentVideo, summary: Summary, cached: bool) -> Item:
    """The item as it ends; a summary that was paid for before costs nothing."""
    duration = summary.duration_seconds
    return Item(
        id=work.item_id,
        video_id=work.video_id,
        title=summary.title,
        channel=summary.channel,
        duration_seconds=None if duration is None else Decimal(str(duration)),
        started_at=current.started_at,
        tokens_in=0 if cached else summary.tokens_in,
        tokens_out=0 if cached else summary.tokens_out,
        cost_usd=Decimal(0) if cached else summary.cost_usd,
        cached=cached,
        tldr=beginning_of(summary.tldr, _TLDR_BYTES),
        tags=summary.tags[:_TAGS],
    )


def _seconds_left(context: Any) -> float:
    return float(context.get_remaining_time_in_millis()) / 1000


def _now() -> datetime:
    return datetime.now(UTC)
