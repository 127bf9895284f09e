"""The current video: taking it up, showing how far it is, and counting it once when it ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from skimlist import metrics
from skimlist.errors import BatchNotFound, service_of
from skimlist.jobs import records
from skimlist.jobs.records import Record, change
from skimlist.jobs.table_repository import TableRepository
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo, Pause, PreflightStatus
from skimlist.models.outage import Dependency, RecentFailure
from skimlist.models.video import Item, PastError, VideoError, VideoStatus

# Enough to see a pattern, and an item stays within a few write units.
_ERRORS_KEPT = 10
_SPENDING = ("tokens_in", "tokens_out", "cost_usd")
# Nobody noted another sum since the item was read; an item without any has none.
_UNCHANGED_SPENDING = "(#tokens_in = :before OR (attribute_not_exists(#tokens_in) AND :before = :nothing))"


@dataclass(frozen=True, slots=True)
class ServiceFailure:
    """What a failing service does to a batch: all that has failed since it last answered, and a pause if it waits."""

    service: Dependency
    failures: Sequence[RecentFailure]
    pause: Pause | None = None


class Work(NamedTuple):
    """A video with its batch, and the record of the summary that an earlier try of its step has left."""

    batch: Batch
    item: Item | None
    summary: Record | None


class Videos(TableRepository):
    def get(self, batch_id: str, item_id: str) -> Item | None:
        record = self.read(records.item_key(batch_id, item_id))
        return records.item_from(record) if record else None

    def get_work(self, user_id: str, batch_id: str, item_id: str) -> Work:
        """All of it in one request. Raises BatchNotFound."""
        keys = (
            records.batch_key(user_id, batch_id),
            records.item_key(batch_id, item_id),
            records.summary_key(batch_id, item_id),
        )
        found = {record["sk"]: record for record in self.read_many(keys)}
        batch, item, summary = (found.get(key["sk"]) for key in keys)
        if batch is None:
            raise BatchNotFound
        return Work(records.batch_from(batch), records.item_from(item) if item else None, summary)

    def claim(
        self, user_id: str, batch_id: str, current: CurrentVideo, order_version: int, now: datetime
    ) -> Batch | None:
        """Makes a video the current one. None when it must not be worked on now.

        That is: the batch was paused, cancelled or taken over by a newer run, its order was changed since the page with
        this video was handed out, or the video has ended (a step that runs twice). In a draft it is only looked at, and
        the order does not matter; once its check has stopped, no further one is.
        """
        item = self.get(batch_id, current.item_id)
        if item is None or item.status is not VideoStatus.PENDING:
            return None
        begins_or_goes_on = "(#order_version = :order_version OR #current.#item_id = :item_id)"
        is_checked = "(#status = :draft AND #preflight.#status = :checking)"
        return self._show(
            *(user_id, batch_id, current, f"({is_checked} OR (#status = :processing AND {begins_or_goes_on}))", now),
            draft=BatchStatus.DRAFT,
            checking=PreflightStatus.CHECKING,
            order_version=order_version,
        )

    def show_progress(self, user_id: str, batch_id: str, current: CurrentVideo, now: datetime) -> Batch | None:
        """Shows how far the current video is. None when it is not the current video any more."""
        return self._show(user_id, batch_id, current, "#status = :processing AND #current.#item_id = :item_id", now)

    def _show(
        self, user_id: str, batch_id: str, current: CurrentVideo, condition: str, now: datetime, **values: Any
    ) -> Batch | None:
        shown = change(
            "SET #current = :current, #updated_at = :now",
            f"#run = :run AND {condition}",
            **values,
            current=current,
            item_id=current.item_id,
            now=now,
            processing=BatchStatus.PROCESSING,
            run=current.run,
        )
        return self.update_batch(user_id, batch_id, shown)

    def note_spending(self, user_id: str, batch_id: str, item: Item, now: datetime) -> bool:
        """Keeps what a video that is not done yet has cost so far: all tokens and USD of `item`, or more if known.

        The batch grows by the difference to what was known, so that a repetition changes nothing. False if the video
        has ended, or if somebody else noted another sum meanwhile.
        """
        earlier = self.get(batch_id, item.id)
        if earlier is None:
            return False
        spent = _at_least(item, earlier)
        shown = {name: getattr(spent, name) for name in _SPENDING}
        noted = change(
            records.set_and_remove(shown, ()),
            f"#status = :pending AND {_UNCHANGED_SPENDING}",
            **shown,
            pending=VideoStatus.PENDING,
            before=earlier.tokens_in,
            nothing=0,
        )
        more = _difference(spent, earlier)
        added = change(
            "SET #updated_at = :now ADD #tokens_in :tokens_in, #tokens_out :tokens_out, #cost_usd :cost_usd",
            "attribute_exists(#pk)",
            **more,
            now=now,
        )
        is_noted = self.transact(
            (records.item_key(batch_id, item.id), noted), (records.batch_key(user_id, batch_id), added)
        )
        if is_noted:
            metrics.spent(more)
        return is_noted

    def note_answer(self, batch: Batch, service: Dependency, now: datetime) -> None:
        """The service answers: its failures so far show nothing any more."""
        if service in batch.recent_failures:
            update = records.set_and_remove(("updated_at",), (records.failures_of(service),))
            answered = change(update, "#run = :run", updated_at=now, run=batch.run)
            self.update_batch(batch.user_id, batch.id, answered)

    def note_failure(self, batch: Batch, failure: ServiceFailure, now: datetime) -> None:
        """Something other than a video of the queue has failed: one of the playlists."""
        shown = {"updated_at": now, records.failures_of(failure.service): failure.failures}
        noted = change(records.set_and_remove(shown, ()), "#run = :run", **shown, run=batch.run)
        self.update_batch(batch.user_id, batch.id, noted)

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
        """Leaves `item`, which carries its error, in the queue, to be tried again behind the others.

        False if that was done for this `page` before, if the video ended since it had that many `attempts`, or if the
        batch does not go on under this run.
        """
        is_current, seen = records.at_attempt(attempts)
        item_change = change(
            "SET #errors = :errors, #setbacks = list_append(if_not_exists(#setbacks, :none), :pages)",
            "#status = :pending AND (attribute_not_exists(#setbacks) OR NOT contains(#setbacks, :page))" + is_current,
            errors=_errors_with(self.get(batch.id, item.id), item, now),
            none=[],
            pages=[page],
            page=page,
            pending=VideoStatus.PENDING,
            **seen,
        )
        shown = {"updated_at": now, **_shown(failure)}
        batch_change = change(
            records.set_and_remove(shown, ("current",)) + " ADD #revision :one",
            "#run = :run AND #status = :processing",
            **shown,
            one=1,
            run=batch.run,
            processing=BatchStatus.PROCESSING,
        )
        is_deferred = self.transact(
            (records.item_key(batch.id, item.id), item_change),
            (records.batch_key(batch.user_id, batch.id), batch_change),
        )
        if is_deferred:
            _count(failure, item)
        return is_deferred

    def complete(
        self,
        user_id: str,
        batch_id: str,
        item: Item,
        saved_usd: Decimal,
        now: datetime,
        *,
        run: int,
        earlier: Item | None = None,
        recovered: Collection[Dependency] = (),
    ) -> bool:
        """Counts `item`, which carries what its summary tells, as completed; False if it had ended before.

        False also where another run than `run` drives the batch: that one comes to the video itself, and finds what was
        stored. `earlier` is the item as it was last read, `recovered` are services that failed before and have now
        answered.
        """
        done = replace(item, status=VideoStatus.COMPLETED)
        # A video that was summarized shows that nothing blocks any more: the next pause starts with a short wait.
        removed = ("pauses_in_a_row", *map(records.failures_of, recovered))

        def end(earlier: Item | None) -> Item | None:
            return self._end(
                *(user_id, batch_id, done, earlier, now),
                run=run,
                counter="completed",
                saved_usd=saved_usd,
                removed=removed,
            )

        # Another try may have noted what it has cost since the item was read.
        ended = end(earlier) or end(self.get(batch_id, item.id))
        if ended:
            metrics.record(
                {Metric.VIDEOS_COMPLETED: 1, Metric.VIDEO_SECONDS: float(ended.processing_time_seconds or 0)}
            )
        return ended is not None

    def fail(
        self,
        user_id: str,
        batch_id: str,
        item: Item,
        now: datetime,
        failure: ServiceFailure | None = None,
        *,
        run: int,
        attempts: int | None = None,
    ) -> bool:
        """Counts `item`, which carries its error, as failed; False if it had ended, or another run drives the batch.

        False also where it ended since it had that many `attempts`: its user may have retried it meanwhile, and a
        report of the earlier failure that comes twice must not fail it again. The error joins those of earlier
        attempts; the last ten are kept.
        """
        earlier = self.get(batch_id, item.id)
        failed = replace(item, status=VideoStatus.FAILED, errors=_errors_with(earlier, item, now))
        also = _shown(failure) if failure else {}
        ended = self._end(
            user_id, batch_id, failed, earlier, now, run=run, counter="failed", also=also, attempts=attempts
        )
        if ended:
            metrics.record({Metric.VIDEOS_FAILED: 1}, code=item.error.code if item.error else None)
            if failure:
                _count(failure, item)
        return ended is not None

    def _end(
        self,
        user_id: str,
        batch_id: str,
        item: Item,
        earlier: Item | None,
        now: datetime,
        *,
        run: int,
        counter: str,
        saved_usd: Decimal = Decimal(0),
        also: Mapping[str, Any] | None = None,
        removed: Collection[str] = (),
        attempts: int | None = None,
    ) -> Item | None:
        """Item and counters change in one transaction, which the item's status lets pass only once; None if it did.

        What `earlier` tries of the video have cost was counted when they failed, and stays with the item. `also` is
        what it changes in the batch besides, `removed` what it takes out of it.
        """
        if earlier is None:
            return None
        seconds = _seconds_since(item.started_at, now)
        ended = replace(_at_least(item, earlier), completed_at=now, processing_time_seconds=seconds)
        shown: dict[str, Any] = {
            name: value for name in records.ITEM_RESULT if (value := getattr(ended, name)) not in {None, ()}
        }
        is_current, seen = records.at_attempt(attempts)
        item_change = change(
            records.set_and_remove(shown, ()) + " ADD #attempts :one",
            f"#status = :pending AND {_UNCHANGED_SPENDING}{is_current}",
            **shown,
            **seen,
            one=1,
            pending=VideoStatus.PENDING,
            before=earlier.tokens_in,
            nothing=0,
        )
        more = _difference(ended, earlier)
        changed = {"updated_at": now, **(also or {})}
        batch_change = change(
            records.set_and_remove(changed, ("current", *removed))
            + f" ADD #{counter} :one, #revision :one, #tokens_in :tokens_in, #tokens_out :tokens_out,"
            + " #cost_usd :cost_usd, #saved_usd :saved_usd, #processing_seconds :seconds, #timed :timed",
            "#run = :run" + (" AND #status = :processing" if "pause" in changed else ""),
            **changed,
            run=run,
            **({"processing": BatchStatus.PROCESSING} if "pause" in changed else {}),
            one=1,
            **more,
            saved_usd=saved_usd,
            seconds=seconds or 0,
            timed=0 if seconds is None else 1,
        )
        is_counted = self.transact(
            (records.item_key(batch_id, item.id), item_change),
            (records.batch_key(user_id, batch_id), batch_change),
        )
        if not is_counted:
            return None
        metrics.spent(more)
        return ended


def _count(failure: ServiceFailure, item: Item) -> None:
    """A service failed the video, and with a pause its whole batch."""
    metrics.record({Metric.SETBACKS: 1}, cause=service_of(item.error.code) if item.error else None)
    if failure.pause:
        metrics.pause(failure.pause)


def _at_least(item: Item, earlier: Item) -> Item:
    """The item with no less spending than was known: answers of tries long ago are forgotten, their price is not."""
    return replace(item, **{name: max(getattr(item, name), getattr(earlier, name)) for name in _SPENDING})


def _difference(item: Item, earlier: Item) -> dict[str, int | Decimal]:
    return {name: getattr(item, name) - getattr(earlier, name) for name in _SPENDING}


def _seconds_since(started_at: datetime | None, now: datetime) -> Decimal | None:
    """Never less than none: the clocks of two machines differ."""
    return Decimal(str(round(max((now - started_at).total_seconds(), 0), 3))) if started_at else None


def _shown(failure: ServiceFailure) -> dict[str, Any]:
    """What of the batch changes with it."""
    shown: dict[str, Any] = {records.failures_of(failure.service): failure.failures}
    if failure.pause:
        shown |= {"status": BatchStatus.PAUSED, "pause": failure.pause}
        shown |= {"pauses_in_a_row": failure.pause.times}
    return shown


def _errors_with(earlier: Item | None, item: Item, now: datetime) -> tuple[PastError, ...]:
    errors = [*(earlier.errors if earlier else ()), *_as_past(item.error, now)]
    return tuple(errors[-_ERRORS_KEPT:])


def _as_past(error: VideoError | None, now: datetime) -> list[PastError]:
    return [PastError(code=error.code, message=error.message, at=now)] if error else []
