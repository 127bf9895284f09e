"""The current video: claims it, shows its progress, and counts it once when it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from skimlist import metrics
from skimlist.errors import BatchNotFound, service_of
from skimlist.jobs import records
from skimlist.jobs.attributes import (
    BatchRecord,
    ItemRecord,
    PreflightAttributes,
    Usage,
    at_attempt,
    still_needs_summary,
)
from skimlist.jobs.expressions import Action, Attribute, Condition, Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchRun, BatchStatus, ContentTitle, CurrentVideo, Pause, PreflightStatus
from skimlist.models.outage import Dependency, RecentFailure
from skimlist.models.problem import Problem
from skimlist.models.video import Item, ModelSpending, PastError, VideoStatus

# Enough to see a pattern, and few enough for an item to cost few write units.
_ERRORS_KEPT = 10
_SPENDING = ("tokens_in", "tokens_out", "cost_usd")
# The attributes of an item that the end of its video writes.
_RESULT: tuple[Attribute[Any], ...] = (
    ItemRecord.status,
    ItemRecord.title,
    ItemRecord.channel,
    ItemRecord.channel_id,
    ItemRecord.duration_seconds,
    ItemRecord.published_at,
    ItemRecord.started_at,
    ItemRecord.completed_at,
    ItemRecord.processing_time_seconds,
    ItemRecord.tokens_in,
    ItemRecord.tokens_out,
    ItemRecord.cost_usd,
    ItemRecord.cached,
    ItemRecord.unverified,
    ItemRecord.caption_kind,
    ItemRecord.tldr,
    ItemRecord.tags,
    ItemRecord.error,
    ItemRecord.errors,
)


@dataclass(frozen=True, slots=True)
class ServiceFailure:
    """A failing service: its failures in the batch since it last answered, and the pause if the batch has to wait."""

    service: Dependency
    failures: Sequence[RecentFailure]
    pause: Pause | None = None


class Work(NamedTuple):
    """A video with its batch, and the record of its summary if an earlier attempt of its step has stored one.

    The batch has the settings that apply to this video.
    """

    batch: Batch
    item: Item | None
    summary: Record | None


class Videos(TableRepository):
    def get(self, batch_id: str, item_id: str) -> Item | None:
        record = self.read(records.item_key(batch_id, item_id))
        return records.item_from(record) if record else None

    def get_work(self, user_id: str, batch_id: str, item_id: str) -> Work:
        """Reads all three records in one request. Raises BatchNotFound."""
        keys = (
            records.batch_key(user_id, batch_id),
            records.item_key(batch_id, item_id),
            records.summary_key(batch_id, item_id),
        )
        found = {record["sk"]: record for record in self.read_many(keys)}
        batch, item, summary = (found.get(key["sk"]) for key in keys)
        if batch is None:
            raise BatchNotFound
        video = records.item_from(item) if item else None
        return Work(_with_settings_of(records.batch_from(batch), video), video, _not_of_earlier(summary, video))

    def stored_price(self, batch_id: str, item: Item) -> Usage:
        """The cost of the stored summary that the item needs; zero if none is stored or another item paid for it.

        It is also zero if an earlier version of Skimlist stored it, because those records do not have the price.
        """
        record = _not_of_earlier(self.read(records.summary_key(batch_id, item.id)), item)
        if record is None or record["is_copy"] or "cost_usd" not in record:
            return Usage(tokens_in=0, tokens_out=0, cost_usd=Decimal(0))
        return Usage(
            tokens_in=int(record["tokens_in"]), tokens_out=int(record["tokens_out"]), cost_usd=record["cost_usd"]
        )

    def claim(
        self, user_id: str, batch_id: str, current: CurrentVideo, order_version: int, now: datetime
    ) -> Batch | None:
        """Makes a video the current one, and returns the batch with the settings that apply to this video.

        Returns None if the video must not be processed now: the batch was paused, cancelled or taken over by a newer
        run, its order was changed since the page with this video was handed out, or the video has ended (a step that
        runs twice). The videos of a draft are only checked: the order does not matter, but the check must be running.
        """
        item = self.get(batch_id, current.item_id)
        if item is None or not item.needs_summary:
            return None
        is_current = BatchRecord.current_item.eq(current.item_id)
        is_in_order = BatchRecord.order_version.eq(order_version) | is_current
        is_processed = BatchRecord.status.eq(BatchStatus.PROCESSING) & is_in_order
        is_checked = BatchRecord.status.eq(BatchStatus.DRAFT) & PreflightAttributes.status.eq(PreflightStatus.CHECKING)
        batch = self._show(user_id, batch_id, current, is_processed | is_checked, now)
        return _with_settings_of(batch, item) if batch else None

    def show_progress(
        self, user_id: str, batch_id: str, current: CurrentVideo, now: datetime, *, begun_model: str | None = None
    ) -> Batch | None:
        """Shows the progress of the current video; returns None if it is no longer the current video.

        `begun_model` is about to be asked: further attempts at the video keep it until the cost of its answers is
        counted, even if the batch's model is changed.
        """
        is_processed = BatchRecord.status.eq(BatchStatus.PROCESSING) & BatchRecord.current_item.eq(current.item_id)
        begun = [BatchRecord.begun_model(current.item_id).set(begun_model)] if begun_model else []
        return self._show(user_id, batch_id, current, is_processed, now, *begun)

    def show_names(self, batch: Batch, current: CurrentVideo, now: datetime) -> None:
        """Shows the title and channel of the video that `current` describes, if it is still the current one."""
        self._show(batch.user_id, batch.id, current, BatchRecord.current_item.eq(current.item_id), now)

    def _show(
        self, user_id: str, batch_id: str, current: CurrentVideo, condition: Condition, now: datetime, *also: Action
    ) -> Batch | None:
        shown = Update(BatchRecord.current.set(current), BatchRecord.updated_at.set(now), *also)
        return self.update_batch(user_id, batch_id, shown.only_if(BatchRecord.run.eq(current.run), condition))

    def note_spending(
        self, user_id: str, batch_id: str, item: Item, now: datetime, *, model: str, is_failed: bool = False
    ) -> bool:
        """Stores the cost of `model` for an unfinished video so far, as `item` has it, unless a higher one is stored.

        If the attempt `is_failed`, all its answers are counted, so that the next one may ask another model.
        The difference from the stored cost is added to the batch, so that a repetition changes nothing. Returns False
        if the video has ended, or if its cost has changed in the meantime.
        """
        earlier = self.get(batch_id, item.id)
        if earlier is None or earlier.redo != item.redo:
            return False
        spent = _with_spending_of(item, earlier, model)
        others = earlier.spent_by_others(model)
        by_model = ModelSpending(**{name: getattr(spent, name) - getattr(others, name) for name in _SPENDING})
        noted = Update(
            ItemRecord.tokens_in.set(spent.tokens_in),
            ItemRecord.tokens_out.set(spent.tokens_out),
            ItemRecord.cost_usd.set(spent.cost_usd),
            ItemRecord.spent_by_model.set({**earlier.spent_by_model, model: by_model}),
        ).only_if(*_unchanged(earlier))
        more = _difference(spent, earlier)
        forgotten = [BatchRecord.begun_model(item.id).remove()] if is_failed else []
        added = Update(BatchRecord.updated_at.set(now), *BatchRecord.add_usage(**more), *forgotten)
        added = added.only_if(BatchRecord.pk.exists())
        is_noted = self.transact(
            (records.item_key(batch_id, item.id), noted), (records.batch_key(user_id, batch_id), added)
        )
        if is_noted:
            metrics.record_spending(more)
        return is_noted

    def note_answer(self, batch: Batch, service: Dependency, now: datetime) -> None:
        """Forgets the earlier failures of a service, because it has answered."""
        if service in batch.execution.recent_failures:
            answered = Update(BatchRecord.updated_at.set(now), BatchRecord.failures_of(service).remove())
            self.update_batch(batch.user_id, batch.id, answered.only_if(BatchRecord.run.eq(batch.execution.run)))

    def note_failure(self, batch: Batch, failure: ServiceFailure, now: datetime) -> None:
        """Records the failure of a playlist, which has no item."""
        noted = Update(
            BatchRecord.updated_at.set(now),
            BatchRecord.failures_of(failure.service).set(tuple(failure.failures)),
        )
        self.update_batch(batch.user_id, batch.id, noted.only_if(BatchRecord.run.eq(batch.execution.run)))

    def defer(
        self,
        batch: Batch,
        item: Item,
        failure: ServiceFailure,
        now: datetime,
        *,
        page: str,
        attempts: int | None = None,
    ) -> bool:
        """Leaves `item`, which has its error, in the queue, to be tried again after the others.

        Returns False if it was already deferred in this `page`, if the video has ended since it had `attempts`
        attempts, or if another run drives the batch.
        """
        earlier = self.get(batch.id, item.id)
        if earlier is None:
            return False
        was_deferred = ItemRecord.transient_failures.contains(page)
        item_change = Update(
            ItemRecord.errors.set(_errors_with(earlier, item, now)),
            ItemRecord.transient_failures.append(page),
            *([ItemRecord.title.set(item.title)] if item.title else []),
            *([ItemRecord.channel.set(item.channel)] if item.channel else []),
        ).only_if(
            still_needs_summary(earlier),
            ItemRecord.transient_failures.not_exists() | ~was_deferred,
            *at_attempt(attempts),
        )
        batch_change = Update(
            BatchRecord.updated_at.set(now),
            BatchRecord.current.remove(),
            BatchRecord.revision.add(1),
            *_failure_changes(failure),
        ).only_if(BatchRecord.run.eq(batch.execution.run), BatchRecord.status.eq(BatchStatus.PROCESSING))
        is_deferred = self.transact(
            (records.item_key(batch.id, item.id), item_change),
            (records.batch_key(batch.user_id, batch.id), batch_change),
        )
        if is_deferred:
            _count(failure, item)
        return is_deferred

    def complete(
        self,
        run: BatchRun,
        item: Item,
        saved_usd: Decimal,
        now: datetime,
        *,
        earlier: Item | None = None,
        model: str = "",
        recovered: Collection[Dependency] = (),
        batch_title: ContentTitle | None = None,
    ) -> bool:
        """Counts `item`, which has the parts of its summary that lists show, as completed; False if it had ended.

        Also returns False if another run than `run` drives the batch: that run will process the video itself and find
        the stored summary. `earlier` is the item as it was last read, `model` has summarized it, `recovered` are the
        services that failed before and have now answered. `batch_title` names the batch if nothing else has.
        """
        seconds = _seconds_since(item.started_at, now)
        done = replace(item, status=VideoStatus.COMPLETED, completed_at=now, processing_time_seconds=seconds)
        batch_change = Update(
            BatchRecord.completed.add(0 if item.redo else 1),
            BatchRecord.saved_usd.add(saved_usd),
            # A summarized video shows that nothing is blocked, so the next pause is short again.
            BatchRecord.pauses_in_a_row.remove(),
            BatchRecord.begun_model(item.id).remove(),
            *(BatchRecord.add_made(model, item) if item.tokens_out and not item.redo else ()),
            *(BatchRecord.failures_of(service).remove() for service in recovered),
            *([BatchRecord.content_title.set_if_absent(batch_title)] if batch_title else []),
        )
        # Another attempt may have stored its cost since the item was read.
        ended = self._end(run, done, earlier, batch_change, now, model=model)
        if ended is None:
            ended = self._end(run, done, self.get(run.batch_id, item.id), batch_change, now, model=model)
        if ended:
            metrics.record(
                {Metric.VIDEOS_COMPLETED: 1, Metric.VIDEO_SECONDS: float(ended.processing_time_seconds or 0)}
            )
        return ended is not None

    def fail(
        self,
        run: BatchRun,
        item: Item,
        now: datetime,
        failure: ServiceFailure | None = None,
        *,
        attempts: int | None = None,
    ) -> bool:
        """Counts `item`, which has its error, as failed; False if it had ended or another run drives the batch.

        Also returns False if it has ended since it had `attempts` attempts: its user may have retried it in the
        meantime, and a second report of the earlier failure must not fail it again. The error is added to those of
        earlier attempts, of which the last ten are kept.
        """
        earlier = self.get(run.batch_id, item.id)
        failed = _failed_item(item, earlier, now)
        batch_change = Update(
            BatchRecord.failed.add(0 if failed.redo else 1), *(_failure_changes(failure) if failure else ())
        )
        if failure and failure.pause:
            batch_change = batch_change.only_if(BatchRecord.status.eq(BatchStatus.PROCESSING))
        ended = self._end(run, failed, earlier, batch_change, now, attempts=attempts)
        if ended:
            metrics.record({Metric.VIDEOS_FAILED: 1}, code=item.error.code if item.error else None)
            if failure:
                _count(failure, item)
        return ended is not None

    def _end(
        self,
        run: BatchRun,
        item: Item,
        earlier: Item | None,
        batch_change: Update,
        now: datetime,
        *,
        attempts: int | None = None,
        model: str = "",
    ) -> Item | None:
        """Changes item and counters in one transaction; returns the changed item, or None if the video had ended.

        A condition on the item's status lets this succeed once. The cost of `earlier` attempts was counted when they
        failed, and stays with the item. `batch_change` are further changes of the batch.
        """
        if earlier is None or earlier.redo != item.redo:
            return None
        ended = _with_spending_of(item, earlier, model)
        item_change = Update(
            *(each.set(value) for each in _RESULT if (value := getattr(ended, each.name)) not in {None, ()}),
            *(_end_of_redo(ended) if ended.redo else ()),
            *(_without_leftovers(earlier) if ended.status is VideoStatus.COMPLETED else ()),
            ItemRecord.attempts.add(1),
        ).only_if(*_unchanged(earlier), *at_attempt(attempts))
        more = _difference(ended, earlier)
        batch_change = batch_change.also(
            BatchRecord.updated_at.set(now),
            BatchRecord.current.remove(),
            BatchRecord.revision.add(1),
            *BatchRecord.add_usage(**more),
            BatchRecord.processing_seconds.add(_processing_seconds(ended) - _processing_seconds(earlier)),
            BatchRecord.timed_videos.add(_is_timed(ended) - _is_timed(earlier)),
            BatchRecord.unverified.add(ended.unverified - earlier.unverified),
            BatchRecord.described.add(ended.is_described - earlier.is_described),
        ).only_if(BatchRecord.run.eq(run.number))
        is_counted = self.transact(
            (records.item_key(run.batch_id, item.id), item_change),
            (records.batch_key(run.user_id, run.batch_id), batch_change),
        )
        if not is_counted:
            return None
        metrics.record_spending(more)
        return ended


def _count(failure: ServiceFailure, item: Item) -> None:
    """Counts the failure in the metrics, and the pause if there is one."""
    metrics.record({Metric.TRANSIENT_FAILURES: 1}, cause=service_of(item.error.code) if item.error else None)
    if failure.pause:
        metrics.record_pause(failure.pause)


def _with_settings_of(batch: Batch, item: Item | None) -> Batch:
    """The batch with the settings that apply to this video: those of its redo, or the model that it started with."""
    if item is None:
        return batch
    if item.redo:
        return replace(batch, settings=item.redo.settings)
    current = batch.current
    shown = current.model if current and current.item_id == item.id else None
    model = batch.begun_models.get(item.id) or shown or batch.settings.model
    return replace(batch, settings=replace(batch.settings, model=model))


def _not_of_earlier(summary: Record | None, item: Item | None) -> Record | None:
    """The record of a summary, unless it is the earlier one of a video that is being summarized again."""
    redo_id = item.redo.id if item and item.redo else None
    return summary if summary and summary.get("redo_id") == redo_id else None


def _failed_item(item: Item, earlier: Item | None, now: datetime) -> Item:
    """The item after a failure. A finished video keeps its summary if summarizing it again fails."""
    errors = _errors_with(earlier, item, now)
    if earlier and earlier.redo:
        return replace(
            earlier, errors=errors, redo_error=item.error, **{name: getattr(item, name) for name in _SPENDING}
        )
    seconds = _seconds_since(item.started_at, now)
    return replace(item, status=VideoStatus.FAILED, errors=errors, completed_at=now, processing_time_seconds=seconds)


def _without_leftovers(item: Item) -> Iterator[Action]:
    """Keeps the item of a completed video below a kilobyte, above which each write costs twice."""
    yield ItemRecord.spent_by_model.remove()
    if item.forecast:
        yield ItemRecord.forecast_costs.remove()
        yield ItemRecord.forecast_seconds.remove()


def _end_of_redo(item: Item) -> Iterator[Action]:
    yield ItemRecord.redo.remove()
    yield ItemRecord.redo_error.set(item.redo_error) if item.redo_error else ItemRecord.redo_error.remove()
    if not item.tags:
        yield ItemRecord.tags.remove()


def _with_spending_of(item: Item, earlier: Item, model: str) -> Item:
    """The item with at least the spending of `earlier`: old answers expire, but their price still counts.

    What other models have cost is added, and, if a video is summarized again, its earlier cost.
    """
    others = earlier.spent_by_others(model)
    known = {name: getattr(item, name) + getattr(others, name) for name in _SPENDING}
    return replace(item, **{name: max(spent, getattr(earlier, name)) for name, spent in known.items()})


def _difference(item: Item, earlier: Item) -> Usage:
    return Usage(
        tokens_in=item.tokens_in - earlier.tokens_in,
        tokens_out=item.tokens_out - earlier.tokens_out,
        cost_usd=item.cost_usd - earlier.cost_usd,
    )


def _unchanged(earlier: Item) -> tuple[Condition, ...]:
    """Conditions: since the item was read, its video has not ended and its spending has not changed."""
    has_same: Condition = ItemRecord.tokens_in.eq(earlier.tokens_in)
    if not earlier.tokens_in:
        has_same |= ItemRecord.tokens_in.not_exists()
    return still_needs_summary(earlier), has_same


def _processing_seconds(item: Item) -> Decimal:
    return item.processing_time_seconds or Decimal(0)


def _is_timed(item: Item) -> bool:
    return item.processing_time_seconds is not None


def _seconds_since(started_at: datetime | None, now: datetime) -> Decimal | None:
    """The seconds from `started_at` to `now`; never negative, although the clocks of two machines differ."""
    return Decimal(str(round(max((now - started_at).total_seconds(), 0), 3))) if started_at else None


def _failure_changes(failure: ServiceFailure) -> Iterator[Action]:
    """The changes that a failure makes to the batch."""
    yield BatchRecord.failures_of(failure.service).set(tuple(failure.failures))
    if failure.pause:
        yield BatchRecord.status.set(BatchStatus.PAUSED)
        yield BatchRecord.pause.set(failure.pause)
        yield BatchRecord.pauses_in_a_row.set(failure.pause.times)


def _errors_with(earlier: Item | None, item: Item, now: datetime) -> tuple[PastError, ...]:
    errors = [*(earlier.errors if earlier else ()), *_as_past(item.error, now)]
    return tuple(errors[-_ERRORS_KEPT:])


def _as_past(error: Problem | None, now: datetime) -> list[PastError]:
    return [PastError(code=error.code, message=error.message, at=now)] if error else []
