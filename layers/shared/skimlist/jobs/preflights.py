"""Prepares drafts: checks their videos, without asking a model, so that the owner knows what the batch will cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from skimlist.errors import BatchChanged, SkimlistError, WrongState
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, ItemRecord, Keys, PreflightAttributes, has_no_forecast
from skimlist.jobs.expressions import Action, Attribute, Update, query
from skimlist.jobs.order import Order
from skimlist.jobs.queue import MAX_TIMES_SERVED, PAGE_SIZE
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.records import Record
from skimlist.models.batch import Batch, BatchStatus, Preflight, PreflightStatus
from skimlist.models.problem import Problem
from skimlist.models.settings import BatchSettings
from skimlist.models.video import Item, VideoStatus

# Most of the items that a query reads are still unchecked.
_READ_AT_ONCE = 2 * PAGE_SIZE


class Preflights(QueueEditor):
    def begin_preflight(self, batch: Batch, now: datetime, quota_writes: Sequence[Record] = ()) -> Batch:
        """Starts the check of all unchecked videos. Raises WrongState and BatchChanged.

        `quota_writes` are further writes of the same transaction.
        """
        _require_draft(batch, "only the videos of a draft can be checked")
        return self._require_change(batch, _revised(now, *_beginning(batch)), *quota_writes)

    def restore_and_check(
        self, batch: Batch, items: Sequence[Item], now: datetime, quota_writes: Sequence[Record] = ()
    ) -> Batch:
        """Puts skipped videos back into a checked draft, and starts the check of all unchecked videos.

        Those that are not skipped stay as they are; at least one is. `quota_writes` belong to the transaction that
        starts the check, which is the last one. Raises BatchChanged; then some of many videos may be back.
        """
        skipped = [item for item in items if item.status is VideoStatus.SKIPPED]
        # The unchecked ones come last: if this is cut off, one of them is still skipped, and a repetition checks them.
        left: Sequence[Item] = sorted(skipped, key=lambda item: not item.was_failed and not item.forecast)
        restored = batch
        while (change := self.plan_restore(restored, left)).left:
            restored, left = self.apply(restored, change, now), change.left
        begun = change.update.also(*_beginning(batch)).only_if(
            BatchRecord.status.eq(BatchStatus.DRAFT),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.has_no_execution.eq(batch.has_no_execution),
        )
        return self.apply(restored, change._replace(update=begun, writes=[*change.writes, *quota_writes]), now)

    def change_settings(
        self,
        batch: Batch,
        settings: BatchSettings,
        max_cost_usd: Decimal | None,
        now: datetime,
        quota_writes: Sequence[Record] = (),
    ) -> Batch:
        """Changes the settings or the budget of a draft. Raises WrongState and BatchChanged.

        If the settings change, a preflight starts again; `quota_writes` are further writes of the same transaction.
        """
        _require_draft(
            batch, "once a batch has started, only its name and the model of its waiting videos can be changed"
        )
        update = _revised(
            now,
            BatchRecord.settings.set(settings),
            BatchRecord.max_cost_usd.set(max_cost_usd)
            if max_cost_usd is not None
            else BatchRecord.max_cost_usd.remove(),
        ).only_if(
            BatchRecord.max_cost_usd.not_exists()
            if batch.max_cost_usd is None
            else BatchRecord.max_cost_usd.eq(batch.max_cost_usd),
        )
        if not batch.preflight:
            # Only the revision shows whether the settings were changed in the meantime.
            update = update.only_if(BatchRecord.revision.eq(batch.revision))
        elif settings != batch.settings:
            update = update.also(
                BatchRecord.active.set("yes"),
                BatchRecord.has_no_execution.set(False),
                BatchRecord.preflight.set(Preflight.begun(batch.preflight.version + 1)),
                BatchRecord.page.set(()),
                BatchRecord.page_served.set(0),
            )
        return self._require_change(batch, update, *quota_writes)

    def next_to_check(self, batch: Batch, order: Order, now: datetime) -> Sequence[Item] | None:
        """Takes the next videos to check, in the order of their numbers; returns nothing if all are checked.

        Unchecked videos of the previous page come first, but only a few times. Returns None if the batch has changed
        since it was read: read it and call this again.
        """
        position = order.positions()
        left = self._left_of_page(batch)
        times = batch.queue.page_served + 1 if left else 1
        if not left:
            unchecked = (item for item in self._unchecked(batch) if int(item.id) in position)
            left = list(islice(unchecked, PAGE_SIZE))
        if not left:
            return ()
        numbers = tuple(int(item.id) for item in left)
        handed_out = Update(
            BatchRecord.page.set(numbers),
            BatchRecord.page_served.set(times),
            BatchRecord.pages_served.set(batch.execution.pages_served + 1),
            PreflightAttributes.up_to.set(max(numbers[-1], batch.preflight.up_to if batch.preflight else 0)),
            BatchRecord.updated_at.set(now),
        )
        if self._change_draft(batch, handed_out) is None:
            return None
        return [replace(item, position=position[int(item.id)]) for item in left]

    def _left_of_page(self, batch: Batch) -> list[Item]:
        """The videos of the current page without a forecast; none if the page was served too often."""
        if batch.queue.page_served >= MAX_TIMES_SERVED:
            return []
        version = _version(batch)
        pending = self._pending(batch.id, batch.queue.page)
        return [item for item in pending if item.forecast is None or item.forecast.version != version]

    def _unchecked(self, batch: Batch) -> Iterator[Item]:
        """Waiting items without a forecast that come after the earlier pages."""
        up_to = batch.preflight.up_to if batch.preflight else 0
        first, last = f"{records.ITEM_PREFIX}{records.item_id(up_to + 1)}", f"{records.ITEM_PREFIX}~"
        wanted = query(
            Keys.pk.eq(records.batch_partition(batch.id)),
            Keys.sk.between(first, last),
            filters=(ItemRecord.status.eq(VideoStatus.PENDING), has_no_forecast(_version(batch))),
        )
        found = self.pages(wanted, ConsistentRead=True, Limit=_READ_AT_ONCE)
        return map(records.item_from, found)

    def note_forecast(self, user_id: str, batch_id: str, item: Item, now: datetime) -> bool:
        """Adds the item's forecast to the preflight's sums; False if that was done before or the video was skipped."""
        if item.forecast is None:
            raise ValueError("The item has no forecast.")
        known: tuple[tuple[Attribute[Any], Any], ...] = (
            (ItemRecord.title, item.title),
            (ItemRecord.channel, item.channel),
            (ItemRecord.channel_id, item.channel_id),
            (ItemRecord.duration_seconds, item.duration_seconds),
            (ItemRecord.published_at, item.published_at),
        )
        noted = Update(
            ItemRecord.forecast.set(item.forecast),
            *(attribute.set(value) for attribute, value in known if value is not None),
        ).only_if(ItemRecord.status.eq(VideoStatus.PENDING), has_no_forecast(item.forecast.version))
        added = Update(
            BatchRecord.updated_at.set(now),
            BatchRecord.current.remove(),
            BatchRecord.revision.add(1),
            *PreflightAttributes.add_forecasts([item.forecast]),
        ).only_if(BatchRecord.preflight.exists(), PreflightAttributes.has_version(item.forecast.version))
        return self.transact(
            (records.item_key(batch_id, item.id), noted), (records.batch_key(user_id, batch_id), added)
        )

    def note_unchecked(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch | None:
        """Shows why a video could not be checked; the check continues. None if the batch changed since it was read."""
        return self._change_draft(batch, _revised(now, PreflightAttributes.error.set(error.as_problem())))

    def end_preflight(self, batch: Batch, now: datetime) -> Batch | None:
        """Ends the check; None if the batch changed since it was read."""
        return self._change_draft(batch, _revised(now, PreflightAttributes.status.set(PreflightStatus.READY)))

    def abort_preparation(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch:
        """Stops preparing the draft: marks unread playlists and the preflight with the error.

        Raises BatchChanged if the batch changed since it was read.
        """
        reason = error.as_problem()
        batch = self.fail_unread_playlists(batch, reason, now)
        if batch.preflight and batch.preflight.status is PreflightStatus.CHECKING:
            batch = self._stop_preflight(batch, reason, now)
        return batch

    def _stop_preflight(self, batch: Batch, error: Problem, now: datetime) -> Batch:
        stopped = _revised(
            now,
            PreflightAttributes.status.set(PreflightStatus.STOPPED),
            PreflightAttributes.error.set(error),
            BatchRecord.current.remove(),
        )
        return self._require_change(batch, stopped)

    def _change_draft(self, batch: Batch, update: Update, *writes: Record) -> Batch | None:
        """Changes the draft; None if it was started, another run drives it, or its preflight has changed."""
        preflight = batch.preflight
        is_same_preflight = (
            (PreflightAttributes.up_to.eq(preflight.up_to), PreflightAttributes.has_version(preflight.version))
            if preflight
            else (BatchRecord.preflight.not_exists(),)
        )
        unchanged = update.only_if(
            BatchRecord.status.eq(BatchStatus.DRAFT),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.has_no_execution.eq(batch.has_no_execution),
            BatchRecord.pages_served.eq(batch.execution.pages_served),
            *is_same_preflight,
        )
        return self.update_batch(batch.user_id, batch.id, unchanged, *writes)

    def _require_change(self, batch: Batch, update: Update, *writes: Record) -> Batch:
        changed = self._change_draft(batch, update, *writes)
        if changed is None:
            raise BatchChanged
        return changed


def _require_draft(batch: Batch, why: str) -> None:
    if batch.status is not BatchStatus.DRAFT:
        raise WrongState(f"The batch is {batch.status}; {why}.")


def _beginning(batch: Batch) -> tuple[Action, ...]:
    """Returns the changes with which a check begins, also of the videos that an earlier one could not check."""
    if batch.preflight is None:
        checking: tuple[Action, ...] = (BatchRecord.preflight.set(Preflight.begun()),)
    else:
        checking = (
            PreflightAttributes.status.set(PreflightStatus.CHECKING),
            PreflightAttributes.up_to.set(0),
            PreflightAttributes.error.remove(),
        )
    return (BatchRecord.active.set("yes"), BatchRecord.has_no_execution.set(False), *checking)


def _version(batch: Batch) -> int:
    return batch.preflight.version if batch.preflight else 0


def _revised(now: datetime, *actions: Action) -> Update:
    """An update that raises the revision, so that everybody who reads the batch notices it."""
    return Update(*actions, BatchRecord.updated_at.set(now), BatchRecord.revision.add(1))
