"""Summarize video: finds or makes the summary of one video, stores it, and only then counts the video as completed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from skimlist.batch_names import new_title
from skimlist.bucket import Bucket
from skimlist.errors import (
    BudgetReached,
    ModelKeyMissing,
    ModelNotOffered,
    RedoModelNotOffered,
    SkimlistError,
    UnexpectedFailure,
)
from skimlist.events import VideoEvent
from skimlist.formatting import beginning_of
from skimlist.jobs.outages import Outages
from skimlist.jobs.records import Record
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Reservation, Spending
from skimlist.jobs.videos import Videos
from skimlist.llm.catalogue import ModelSpec, Prices, Usage
from skimlist.models.batch import Batch, CurrentVideo
from skimlist.models.outage import Dependency
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item, Stage
from skimlist.steps.clock import utc_now
from skimlist.steps.models import (
    ModelAccess,
    count_stored_summary,
    is_in_budget,
    require_budget,
    spending_kept,
)
from skimlist.steps.reporting import Log
from skimlist.summarizing.estimate import estimate
from skimlist.summarizing.fingerprint import fingerprint
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video

# A list of videos shows this much of a summary. An item stays below a kilobyte, above which each write costs twice.
_TLDR_BYTES = 360
_TAGS = 5
# Claims are checked before a summary is stored; with ten hours of captions, that can take tens of seconds.
_SECONDS_TO_FINISH = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarizeVideo:
    videos: Videos
    results: Results
    archive: Bucket
    outages: Outages
    spending: Spending
    models: ModelAccess
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: VideoEvent) -> None:
        batch, item, stored_summary = self.videos.get_work(work.user_id, work.batch_id, work.item_id)
        if item is None or not item.needs_summary:
            self._log_not_current()
        elif item.redo and stored_summary:
            # It has replaced the earlier summary, and no other is made even if its model is no longer offered.
            self._count_redo(work, batch, item, self.results.read_stored(stored_summary))
        else:
            self._summarize(work, batch, item, stored_summary)

    def _summarize(self, work: VideoEvent, batch: Batch, item: Item, stored_summary: Record | None) -> None:
        wanted = batch.settings.options.captions
        transcript = self.archive.find_transcript_to_use(work.user_id, work.video_id, wanted)
        spec = self._find_model(work, batch, item)
        is_free = spec.prices == Prices()
        is_made = stored_summary is not None
        current = self._show_summarizing(work, batch, transcript, item, is_free=is_free, is_made=is_made)
        if current is None:
            self._log_not_current()
            return
        if transcript is None:
            raise UnexpectedFailure("The transcript that was fetched for this video is gone.")
        if transcript.title is None:  # uploaded captions may lack a title that YouTube gave earlier
            transcript = replace(transcript, title=item.title)

        summary_fingerprint = fingerprint(transcript, batch.settings, spec)
        own = (work.batch_id, work.item_id)
        redo_id = item.redo.id if item.redo else None
        found = None if redo_id else self.results.find(work.user_id, summary_fingerprint, own, stored_summary)
        cached = found is not None and found.elsewhere
        answer_cache = WaitingAnswerCache(
            self.results, work.user_id, self.now, self.models.seconds_left, only_for=redo_id or ""
        )
        reservation = None
        with answer_cache.until_stored():
            if found:
                summary = found.summary
                if not cached:
                    self._settle_earlier(work, batch, item, summary)
            else:
                summary, reservation = self._make(batch, transcript, spec, answer_cache, current=current, item=item)
            self.results.put(
                work.user_id, work.batch_id, work.item_id, summary, self.now(), is_copy=cached, redo_id=redo_id
            )
        if reservation:
            # The summary is stored, so no other attempt will pay for it.
            self.spending.settle(reservation, summary.cost_usd)
        self._complete(work, batch, item, current, summary, cached=cached, model_answered=found is None)

    def _count_redo(self, work: VideoEvent, batch: Batch, item: Item, summary: Summary) -> None:
        """Completes a redo whose summary was stored by an attempt that was cut off before it counted the video."""
        current = self._show_summarizing(work, batch, None, item, is_free=True, is_made=True)
        if current is None:
            self._log_not_current()
            return
        self._settle_earlier(work, batch, item, summary)
        self._complete(work, batch, item, current, summary, cached=False, model_answered=False)

    def _log_not_current(self) -> None:
        self.log.info("video is no longer the current one")

    def _settle_earlier(self, work: VideoEvent, batch: Batch, item: Item, summary: Summary) -> None:
        """Settles the price of a summary whose attempt may have ended before it did that."""
        settled = item.cost_of_summary_usd(batch.settings.model)
        self.spending.settle_earlier(batch, work.item_id, summary.cost_usd, self.now(), settled_usd=settled)

    def _complete(
        self,
        work: VideoEvent,
        batch: Batch,
        item: Item,
        current: CurrentVideo,
        summary: Summary,
        *,
        cached: bool,
        model_answered: bool,
    ) -> None:
        """Counts the video, whose summary is stored, as completed."""
        model = batch.settings.model
        completed = replace(_completed_item(work, current, summary, cached=cached), redo=item.redo)
        counted = self.videos.complete(
            work.batch_run,
            completed,
            summary.cost_usd if cached else Decimal(0),
            self.now(),
            earlier=item,
            model=model,
            recovered=recovered(batch, model_answered=model_answered),
            batch_title=new_title(batch, summary.title),
        )
        if not counted and not cached:
            # Another run drives the batch by now. It will find the summary; its price is counted here.
            self.videos.note_spending(work.user_id, work.batch_id, completed, self.now(), model=model)
        self.log.info("video completed", model=summary.model, cached=cached, counted=counted)

    def _find_model(self, work: VideoEvent, batch: Batch, item: Item) -> ModelSpec:
        """Raises ModelNotOffered; the next attempt then has the batch's model, which its user may change.

        For a redo, whose model cannot be changed, raises RedoModelNotOffered instead, so that nothing waits for it.
        """
        try:
            return self.models.spec(batch)
        except ModelNotOffered:
            if item.redo:
                raise RedoModelNotOffered from None
            count_stored_summary(self.videos, self.spending, work, batch, item=item, now=self.now())
            self.spending.end_unpaid(batch, work.item_id, self.now())
            raise

    def _show_summarizing(
        self,
        work: VideoEvent,
        batch: Batch,
        transcript: Transcript | None,
        item: Item,
        *,
        is_free: bool,
        is_made: bool,
    ) -> CurrentVideo | None:
        """Shows the current video at its second stage; returns None if it is no longer the current video.

        If an earlier attempt made the summary (`is_made`) but did not count it, the video is completed even though its
        batch has been stopped since.
        """
        if batch.current is None or batch.current.item_id != work.item_id:
            return None
        title, channel = (transcript.title, transcript.channel) if transcript else (None, None)
        current = work.current(Stage.SUMMARIZING, batch.current.started_at, title, channel)
        current = replace(current, model=batch.settings.model)
        # The model of a redo cannot be changed, and a free model has no cost that could be lost.
        begun_model = None if item.redo or is_free else batch.settings.model
        is_current = self.videos.show_progress(
            work.user_id, work.batch_id, current, self.now(), begun_model=begun_model
        )
        return current if is_current or (is_made and batch.execution.run == work.run) else None

    def _make(
        self,
        batch: Batch,
        transcript: Transcript,
        spec: ModelSpec,
        answer_cache: WaitingAnswerCache,
        *,
        current: CurrentVideo,
        item: Item,
    ) -> tuple[Summary, Reservation]:
        """A new summary, with the reservation of its price, which is settled once the summary is stored."""
        likely = estimate(transcript, batch.settings, spec).cost_usd
        with self._ended_unless_asked(batch, item.id):
            require_budget(batch, likely, what="The next video", reached=BudgetReached)
            model = self.models.open(open_model, spec, answer_cache)
            settled = item.cost_of_summary_usd(batch.settings.model)
            reservation = self.spending.reserve(batch, item.id, likely, self.now(), settled_usd=settled)

        def note(spent: Usage, cost_usd: Decimal) -> None:
            noted = Item(
                id=item.id,
                video_id=item.video_id,
                tokens_in=spent.tokens_in,
                tokens_out=spent.tokens_out,
                cost_usd=cost_usd,
                redo=item.redo,
            )
            self.videos.note_spending(
                batch.user_id, batch.id, noted, self.now(), model=batch.settings.model, is_failed=True
            )

        def show(percent: int) -> None:
            if percent < 100:  # the end is shown by the video's completion
                self.videos.show_progress(batch.user_id, batch.id, replace(current, percent=percent), self.now())

        def is_affordable(usage: Usage) -> bool:
            cost_usd = spec.prices.cost(model.spent) + spec.prices.cost(usage)
            is_in_time = self.models.seconds_left() > spec.speed.seconds(usage) + _SECONDS_TO_FINISH
            return is_in_time and reservation.has_room_for(cost_usd) and is_in_budget(batch, cost_usd)

        def end_unpaid() -> None:
            self.spending.end_unpaid(batch, item.id, self.now())

        with spending_kept(self.spending, reservation, model, note, end_unpaid):
            summary = summarize_video(
                transcript, batch.settings, model, now=self.now(), progress=show, is_affordable=is_affordable
            )
        self.outages.clear(batch, Dependency.MODEL)
        return summary, reservation

    @contextmanager
    def _ended_unless_asked(self, batch: Batch, item_id: str) -> Iterator[None]:
        """Lets the next attempt ask another model, if this one fails before it asks its own.

        If an earlier attempt has asked a model, that model is kept so that its answers are counted, unless its key was
        removed.
        """
        try:
            yield
        except SkimlistError as error:
            if item_id not in batch.begun_models or isinstance(error, ModelKeyMissing):
                self.spending.end_unpaid(batch, item_id, self.now())
            raise


@dataclass(slots=True)
class WaitingAnswerCache:
    """Stores every paid answer of a model in the table, under the user.

    The last answer is held back, because the summary made from it is stored next. It is stored itself if another
    request follows, if something fails, or if so little time is left that the summary may not be finished. A redo
    (`only_for` is its id) finds only answers that were given for it.
    """

    results: Results
    user_id: str
    now: Callable[[], datetime]
    seconds_left: Callable[[], float]
    only_for: str = ""
    last: tuple[str, str] | None = None

    def recall(self, key: str) -> str | None:
        self._keep_last()
        return self.results.recall_answer(self.user_id, self.only_for + key)

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None:
        self._keep_last()
        key = self.only_for + key
        if is_last and self.seconds_left() > _SECONDS_TO_FINISH:
            self.last = key, answer
        else:
            self.results.remember_answer(self.user_id, key, answer, self.now())

    @contextmanager
    def until_stored(self) -> Iterator[None]:
        """Stores the answer that is held back if anything fails before the summary is stored."""
        try:
            yield
        except BaseException:
            self._keep_last()
            raise

    def _keep_last(self) -> None:
        if self.last:
            self.results.remember_answer(self.user_id, *self.last, self.now())
            self.last = None


def recovered(batch: Batch, *, model_answered: bool) -> set[Dependency]:
    """The services that failed before and have now answered for the current video."""
    working = {Dependency.PLATFORM, Dependency.MODEL} if model_answered else {Dependency.PLATFORM}
    return working & set(batch.execution.recent_failures)


def _completed_item(work: VideoEvent, current: CurrentVideo, summary: Summary, *, cached: bool) -> Item:
    """The item of a completed video; a summary that was paid for elsewhere costs it nothing."""
    duration = summary.duration_seconds
    return Item(
        id=work.item_id,
        video_id=work.video_id,
        title=summary.title,
        channel=summary.channel,
        channel_id=summary.channel_id,
        duration_seconds=None if duration is None else Decimal(str(duration)),
        published_at=summary.published_at,
        started_at=current.started_at,
        tokens_in=0 if cached else summary.tokens_in,
        tokens_out=0 if cached else summary.tokens_out,
        cost_usd=Decimal(0) if cached else summary.cost_usd,
        cached=cached,
        caption_kind=summary.caption_kind,
        tldr=beginning_of(summary.tldr, _TLDR_BYTES),
        tags=summary.tags[:_TAGS],
        unverified=summary.unverified or 0,
    )
