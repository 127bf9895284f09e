"""The queue of a batch.

The order (`Order`, one record) lists the numbers of all items. The workflow takes items from it a page at a time. The
batch has `head`, the number of items taken so far, and the current page: until each of the page's items has ended,
another execution can continue with what is left of it. An item that is to be processed once more is requeued: it comes
before the items that were never taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from skimlist.errors import BatchChanged, WorkflowStuck
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, ItemRecord, OrderRecord, at_attempt
from skimlist.jobs.expressions import Update
from skimlist.jobs.order import Order, numbers_without
from skimlist.jobs.quotas import Quota, unlimited
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import MAX_TRANSACTION_WRITES, TableRepository, updated
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.video import Item, Redo, VideoStatus

# Every page costs three state transitions. After a change of the order, the steps skip the rest of a page one by one.
PAGE_SIZE = 50
# An execution may have 25,000 events; a test computes from the definition that this many pages stay below, even on days
# when AWS refuses to run further functions.
PAGES_PER_EXECUTION = 4
# A page that was served this often and is still unfinished has a problem that no further attempt will solve.
MAX_TIMES_SERVED = 3


class Page(NamedTuple):
    """The next page: item numbers with their pending items, and the state of the queue after it."""

    numbers: Sequence[int]
    items: list[Item]
    times_served: int
    head: int
    requeued: Sequence[int]


class QueueChange(NamedTuple):
    """A change that puts items back into the queue: `update` changes the batch, `writes` change other records.

    `page` is the batch's page after the change. `requeued_before` is the number of items that were already requeued.
    `left` are the items that need another transaction.
    """

    update: Update
    writes: Sequence[Record]
    page: tuple[int, ...]
    requeued_before: int
    left: Sequence[Item] = ()


class Queue(TableRepository):
    """Reads the items of a batch in queue order, takes pages of them, and puts items back."""

    # --- Reading -----------------------------------------------------------------------------------------------------

    def order(self, batch_id: str) -> Order:
        """Reads the order of a batch; it is empty if there is none."""
        return records.order_from(self.read(records.order_key(batch_id)))

    def list_items(self, batch: Batch, order: Order, offset: int, limit: int) -> list[Item]:
        """Returns up to `limit` (at most 100) items from the position after `offset` on, as a user sees them."""
        return self._shown(batch, order, order.numbers[offset : offset + limit])

    def all_items(self, batch: Batch) -> list[Item]:
        """Returns every item in queue order, as a user sees it. DynamoDB returns 5,000 items in ten answers."""
        return list(self.iterate_items(batch, self.order(batch.id)))

    def iterate_items(self, batch: Batch, order: Order) -> Iterator[Item]:
        """Yields every item in queue order, as a user sees it; read one by one unless the order was changed."""
        waiting = _waiting(batch, order)
        position = order.positions()
        items = map(records.item_from, self.query(records.batch_partition(batch.id), records.ITEM_PREFIX))
        shown = (_as_shown(item, position[int(item.id)], batch, waiting) for item in items if int(item.id) in position)
        return shown if order.is_ascending else iter(sorted(shown, key=lambda item: item.position or 0))

    # --- Taking ------------------------------------------------------------------------------------------------------

    def next_page(self, batch: Batch, order: Order, now: datetime) -> tuple[Item, ...] | None:
        """Takes the videos to process next, in order, with their positions.

        An unfinished page, whose execution was lost or paused, comes again first. Returns an empty tuple if the queue
        is empty, and None if the batch has changed since it was read: read it and call this again. Raises
        WorkflowStuck.
        """
        page = self._page(batch, order)
        if page is None:
            return ()
        if page.times_served > MAX_TIMES_SERVED:
            raise WorkflowStuck
        if not self._store_served(batch, order, page, now):
            return None
        position = order.positions()
        return tuple(replace(item, position=position[int(item.id)]) for item in page.items)

    def next_item(self, batch: Batch, order: Order) -> Item | None:
        """Returns the video with which the next page will begin; None if the queue is empty."""
        page = self._page(batch, order)
        return page.items[0] if page else None

    def _page(self, batch: Batch, order: Order) -> Page | None:
        return self._rest_of_current_page(batch, order) or self._new_page(batch, order)

    def _rest_of_current_page(self, batch: Batch, order: Order) -> Page | None:
        """Returns the rest of the current page; items that failed in it and were queued again get a page of their own.

        Deferred videos come last, those with the fewest transient failures first. If only deferred videos remain, the
        next videos of the queue come before them, to show whether the videos or a service caused the failures.
        """
        left = [item for item in self._pending(batch.id, batch.queue.page) if int(item.id) not in order.requeued]
        if not left:
            return None
        left.sort(key=lambda item: len(item.transient_failures))
        numbers = [int(item.id) for item in left]
        room = PAGE_SIZE - len(left)
        if left[0].transient_failures and (following := self._new_page(batch, order, room, without=numbers)):
            return following._replace(numbers=[*following.numbers, *numbers], items=[*following.items, *left])
        # The count grows only if none of the page's videos has ended since it was last served.
        times = batch.queue.page_served + 1 if len(left) == len(set(batch.queue.page)) else 1
        return Page(numbers, left, times, batch.queue.head, order.requeued)

    def _new_page(
        self, batch: Batch, order: Order, size: int = PAGE_SIZE, *, without: Collection[int] = ()
    ) -> Page | None:
        """Returns requeued items, otherwise the next ones in the order; ended videos are skipped.

        `without` are numbers that the page already has: DynamoDB refuses to read the same number twice in one request.
        """
        requeued, head = order.requeued, batch.queue.head
        numbers: Sequence[int]
        while size and (requeued or head < len(order.numbers)):
            if requeued:
                numbers, requeued = requeued[:size], requeued[size:]
            else:
                numbers = order.numbers[head : head + size]
                head += len(numbers)
            numbers = [number for number in dict.fromkeys(numbers) if number not in without]
            if items := self._pending(batch.id, numbers):
                return Page(numbers, items, 1, head, requeued)
        return None

    def _store_served(self, batch: Batch, order: Order, page: Page, now: datetime) -> bool:
        """Stores that the page was served; False if the batch or its requeued items have changed."""
        changes = [(records.batch_key(batch.user_id, batch.id), _serving(batch, page, now))]
        if page.requeued != order.requeued:
            rest = Update(OrderRecord.requeued.set(tuple(page.requeued))).only_if(
                OrderRecord.requeued.eq(order.requeued)
            )
            changes.append((records.order_key(batch.id), rest))
        return self.transact(*changes)

    # --- Queueing again ----------------------------------------------------------------------------------------------

    def requeue(self, batch: Batch, items: Sequence[Item], now: datetime, quota: Quota = unlimited) -> None:
        """Puts failed items back, ahead of those that wait in the queue, and subtracts them from the failed ones.

        `quota` returns the writes that charge the user's quota. Raises what `quota` raises, and BatchChanged if the
        batch or one of the items has changed since it was read; items that are already back stay.
        """
        while items:
            requeued = self.plan_requeue(batch, items, quota)
            recount = requeued.update.also(BatchRecord.updated_at.set(now), BatchRecord.revision.add(1))
            recount = recount.only_if(BatchRecord.status.eq(batch.status))
            batch_write = updated(records.batch_key(batch.user_id, batch.id), recount)
            if not self.transact_writes(batch_write, *requeued.writes):
                raise BatchChanged("The batch changed while its videos were queued again; check it and retry them.")
            batch = replace(batch, queue=replace(batch.queue, page=requeued.page))
            items = requeued.left

    def plan_requeue(
        self, batch: Batch, items: Sequence[Item], quota: Quota = unlimited, *writes: Record
    ) -> QueueChange:
        """Returns the change that puts failed items back into the queue, the first ones if not all fit.

        `quota` returns the writes that charge the user's quota; `writes` are further writes of the same transaction.
        Raises what `quota` raises.
        """
        fitting = items[:MAX_TRANSACTION_WRITES]
        change = self._plan_requeue_of_all(batch, fitting, quota, writes)
        excess = len([change.update, *change.writes]) - MAX_TRANSACTION_WRITES
        if excess > 0:
            fitting = fitting[:-excess]
            change = self._plan_requeue_of_all(batch, fitting, quota, writes)
        return change._replace(left=items[len(fitting) :])

    def _plan_requeue_of_all(
        self, batch: Batch, items: Sequence[Item], quota: Quota, further_writes: Sequence[Record]
    ) -> QueueChange:
        """Each item waits in one place only: if the queue has not reached it yet, it keeps its place.

        Otherwise it leaves the page and is requeued.
        """
        order = self.order(batch.id)
        numbers = [int(item.id) for item in items]
        not_reached = set(order.numbers[batch.queue.head :])
        changes = [(records.item_key(batch.id, item.id), _reset(item)) for item in items]
        if taken := [number for number in numbers if number not in not_reached]:
            # Without the condition a deleted batch would get an order again.
            append = Update(OrderRecord.requeued.append(*taken)).only_if(OrderRecord.requeued.exists())
            changes.append((records.order_key(batch.id), append))
        # The page of a draft contains the items that are being checked; none was taken from its queue.
        is_draft = batch.status is BatchStatus.DRAFT
        times = [item.processing_time_seconds for item in items if item.processing_time_seconds is not None]
        page = batch.queue.page if is_draft else tuple(number for number in batch.queue.page if number not in numbers)
        update = Update(
            BatchRecord.page.set(page),
            BatchRecord.failed.add(-len(items)),
            BatchRecord.processing_seconds.add(-sum(times, Decimal(0))),
            BatchRecord.timed_videos.add(-len(times)),
        ).only_if(
            BatchRecord.head.eq(batch.queue.head),
            BatchRecord.page.eq(batch.queue.page),
            BatchRecord.order_version.eq(batch.queue.order_version),
        )
        writes = [*itertools.starmap(updated, changes), *quota(videos=len(items)), *further_writes]
        return QueueChange(update, writes, page, requeued_before=len(order.requeued))

    def plan_redo(self, batch: Batch, item: Item, redo: Redo, quota: Quota = unlimited) -> QueueChange:
        """Returns the change that queues a finished video to be summarized again, ahead of the waiting ones."""
        # Failures before the first summary say nothing about this one.
        redone = Update(
            ItemRecord.redo.set(redo),
            ItemRecord.redo_error.remove(),
            ItemRecord.withdrawn_redo.remove(),
            ItemRecord.transient_failures.remove(),
            # The redo has the sum; answers for earlier summaries are not asked for again.
            ItemRecord.spent_by_model.remove(),
        ).only_if(ItemRecord.status.eq(VideoStatus.COMPLETED), *at_attempt(item.attempts))
        redone_write = updated(records.item_key(batch.id, item.id), redone)
        return self.plan_return(batch, [item], Update(), redone_write, *quota(videos=1))

    def plan_return(self, batch: Batch, items: Sequence[Item], batch_change: Update, *writes: Record) -> QueueChange:
        """Returns the change that puts items back into their old places, or to the front if their turn has passed.

        `writes` are further writes of the same transaction, such as those of the items.
        """
        order = self.order(batch.id)
        page, requeued = _placed_once([int(item.id) for item in items], batch, order)
        update = batch_change.also(BatchRecord.page.set(page)).only_if(
            BatchRecord.revision.eq(batch.revision),
            BatchRecord.head.eq(batch.queue.head),
            BatchRecord.page.eq(batch.queue.page),
        )
        order_change = Update(OrderRecord.requeued.set(requeued)).only_if(OrderRecord.requeued.eq(order.requeued))
        order_write = updated(records.order_key(batch.id), order_change)
        return QueueChange(update, [order_write, *writes], page, requeued_before=len(order.requeued))

    def apply(self, batch: Batch, change: QueueChange, now: datetime) -> Batch:
        """Carries out the change. Raises BatchChanged if the batch has changed since it was read."""
        update = change.update.also(BatchRecord.updated_at.set(now), BatchRecord.revision.add(1))
        changed = self.update_batch(batch.user_id, batch.id, update, *change.writes)
        if changed is None:
            raise BatchChanged
        return changed

    # --- Items by number ---------------------------------------------------------------------------------------------

    def _items(self, batch_id: str, numbers: Sequence[int]) -> dict[int, Item]:
        # DynamoDB refuses to read the same key twice in one request.
        keys = [records.item_key(batch_id, records.item_id(number)) for number in dict.fromkeys(numbers)]
        items = (records.item_from(record) for record in self.read_many(keys))
        return {int(item.id): item for item in items}

    def _shown(self, batch: Batch, order: Order, numbers: Sequence[int]) -> list[Item]:
        """The items of these numbers, as a user sees them."""
        found = self._items(batch.id, numbers)
        waiting, position = _waiting(batch, order), order.positions()
        return [_as_shown(found[number], position[number], batch, waiting) for number in numbers if number in found]

    def _pending(self, batch_id: str, numbers: Sequence[int]) -> list[Item]:
        found = self._items(batch_id, numbers)
        in_order = [found[number] for number in dict.fromkeys(numbers) if number in found]
        return [item for item in in_order if item.needs_summary]


def _placed_once(numbers: Sequence[int], batch: Batch, order: Order) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns the batch's page and requeued items, changed so that each item waits in one place: if possible, its old.

    A skipped item may still be in the order, in the page and among the requeued items. The page of a draft contains the
    items that are being checked and is not part of the queue.
    """
    not_reached = set(order.numbers[batch.queue.head :]).intersection(numbers)
    page, in_page = batch.queue.page, set[int]()
    if batch.status is not BatchStatus.DRAFT:
        page = numbers_without(not_reached, page)
        in_page = set(page).intersection(numbers)
    requeued = numbers_without(not_reached | in_page, order.requeued)
    placed = {*not_reached, *in_page, *requeued}
    return page, (*requeued, *(number for number in numbers if number not in placed))


def _reset(item: Item) -> Update:
    """Resets a failed item to pending, on the condition that it has not failed again since it was read."""
    return Update(
        ItemRecord.status.set(VideoStatus.PENDING),
        ItemRecord.error.remove(),
        ItemRecord.transient_failures.remove(),
        ItemRecord.started_at.remove(),
        ItemRecord.completed_at.remove(),
        ItemRecord.processing_time_seconds.remove(),
    ).only_if(ItemRecord.status.eq(VideoStatus.FAILED), *at_attempt(item.attempts))


def page_name(run: int, served: int) -> str:
    """Returns the name of the page that a run served as number `served`; a video is in it only once."""
    return f"{run}-{served}"


def _serving(batch: Batch, page: Page, now: datetime) -> Update:
    return Update(
        BatchRecord.page.set(tuple(page.numbers)),
        BatchRecord.head.set(page.head),
        BatchRecord.pages_served.set(batch.execution.pages_served + 1),
        BatchRecord.page_served.set(page.times_served),
        BatchRecord.updated_at.set(now),
    ).only_if(
        BatchRecord.status.eq(BatchStatus.PROCESSING),
        BatchRecord.run.eq(batch.execution.run),
        BatchRecord.head.eq(batch.queue.head),
        BatchRecord.page_served.eq(batch.queue.page_served),
        BatchRecord.pages_served.eq(batch.execution.pages_served),
        BatchRecord.order_version.eq(batch.queue.order_version),
        # Otherwise a video that failed and was requeued since would be in the page and among the requeued items.
        BatchRecord.revision.eq(batch.revision),
    )


def _waiting(batch: Batch, order: Order) -> set[int]:
    """Returns the numbers of the items that the workflow will take, or has just taken."""
    if batch.status in {BatchStatus.CANCELLED, BatchStatus.FAILED}:
        return set()
    return {*order.numbers[batch.queue.head :], *order.requeued, *batch.queue.page}


def _as_shown(item: Item, position: int, batch: Batch, waiting: set[int]) -> Item:
    """Returns the item as its user sees it: with its position, its progress if it is current, or as skipped."""
    shown: dict[str, Any] = {"position": position}
    current = batch.current if batch.current and batch.current.item_id == item.id else None
    is_pending, waits = item.status is VideoStatus.PENDING, int(item.id) in waiting
    if current and item.needs_summary:
        shown |= {"stage": current.stage}
    if current and is_pending:
        shown |= {"status": VideoStatus.PROCESSING, "started_at": current.started_at}
        shown |= {"title": current.title or item.title}
    elif is_pending and not waits:
        shown |= {"status": VideoStatus.SKIPPED}
    if item.forecast and batch.preflight and item.forecast.version != batch.preflight.version:
        shown |= {"forecast": None}  # it was made for earlier settings
    if item.redo and not (current or waits):
        shown |= {"redo": None}  # a cancelled batch has dropped it
    return replace(item, **shown)
