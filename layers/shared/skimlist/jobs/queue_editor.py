"""A user's changes to a queue: reordering it, skipping and restoring videos, adding videos and playlists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from skimlist.batch_names import new_title
from skimlist.errors import BatchChanged, InvalidRequest, ItemNotFound, WrongState
from skimlist.executions import needs_execution
from skimlist.jobs import records
from skimlist.jobs.attributes import (
    BatchRecord,
    ItemRecord,
    OrderRecord,
    PreflightAttributes,
    SummaryRecord,
    at_attempt,
    has_forecast,
    has_no_forecast,
    still_needs_summary,
)
from skimlist.jobs.expressions import Condition, Update, condition
from skimlist.jobs.order import Order, given_back, numbers_without
from skimlist.jobs.queue import PAGE_SIZE, Queue, QueueChange
from skimlist.jobs.quotas import Quota, unlimited
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import MAX_TRANSACTION_WRITES, updated
from skimlist.models.batch import Batch, BatchStatus, ContentTitle, QueueCursor
from skimlist.models.listed_playlist import ListedPlaylist, PlaylistStatus
from skimlist.models.problem import Problem
from skimlist.models.selection import EVERYTHING, NOT_SELECTED, LeftOut, Selection
from skimlist.models.video import Item, Redo, VideoStatus
from skimlist.transitions import OPEN

if TYPE_CHECKING:
    from skimlist.models.playlist import Playlist, PlaylistEntry
    from skimlist.selecting import Choice

# YouTube's limit for a playlist; an order of this size takes 20 KB of its record.
MAX_VIDEOS = 5_000
# As many as one step of the workflow can read and one record can describe.
MAX_PLAYLISTS = 100
# The order of 5,000 videos and the results of 100 playlists take half of the 400 KB that a record may have.
MAX_SELECTION_BYTES = 150_000


class AppendResult(NamedTuple):
    """The batch after videos and playlists were added, and the ids of the duplicates."""

    batch: Batch
    duplicates: frozenset[str]


class QueueEdit(NamedTuple):
    """The batch after some of its videos were skipped or put back, and the ids of those for which it was too late."""

    batch: Batch
    too_late: Sequence[str]


class CounterChanges(NamedTuple):
    """Increments of a batch's counters, and a title for a batch that nothing else has named."""

    total: int = 0
    skipped: int = 0
    duplicates: int = 0
    title: ContentTitle | None = None


_UNCHANGED = CounterChanges()

# Each transaction also writes the batch; a withdrawal and a restore its order too, and a restore the user's quota.
_SKIPPED_AT_ONCE = MAX_TRANSACTION_WRITES - 1
_WITHDRAWN_AT_ONCE = (MAX_TRANSACTION_WRITES - 2) // 2  # each also checks the summary
_RESTORED_AT_ONCE = MAX_TRANSACTION_WRITES - 3


class _Addition(NamedTuple):
    """The order with what is added to a batch, and the changes of its counters and of the user's quota."""

    order: Order
    counters: CounterChanges
    quota_writes: Sequence[Record]


class QueueEditor(Queue):
    """Changes a batch's queue for its user, and replaces its playlists by their videos.

    A new order takes effect with the next video: the steps skip the rest of the page that they were given, and the next
    page follows the new order. `reorder`, `restore`, `append`, and `skip` for a waiting video raise WrongState if the
    batch has ended. Every change raises BatchChanged if the batch has changed since it was read.
    """

    def reorder(self, batch: Batch, item_ids: Sequence[str], now: datetime) -> Batch:
        """Reorders waiting videos among the positions that they hold.

        Those that go next in any case, because they are retried, stay where they are. Raises InvalidRequest if one of
        the videos is not waiting, or if none of them can be moved.
        """
        _require_open(batch)
        order = self.order(batch.id)
        returned = self._untouched_tail(batch, order)
        waiting = {records.item_id(number): number for number in (*returned, *order.numbers[batch.queue.head :])}
        moved = [waiting[item_id] for item_id in item_ids if item_id in waiting]
        wrong = [item_id for item_id in item_ids if item_id not in waiting]
        if moved and wrong:
            going_next = self._going_next(batch, order, wrong)
            wrong = [item_id for item_id in wrong if item_id not in going_next]
        if wrong or len(set(item_ids)) < len(item_ids):
            details = [{"field": "item_ids", "message": f"{item_id} is not waiting"} for item_id in wrong]
            raise InvalidRequest("Only waiting videos can be moved, and each only once.", details)
        return self._rewrite(batch, order.moved(moved), now, returned=returned)

    def skip(self, batch: Batch, items: Sequence[Item], now: datetime) -> QueueEdit:
        """Skips waiting and failed videos; finished ones that wait to be summarized again keep their summaries.

        Those that are skipped already stay so. Raises WrongState if it is too late for all: they have begun or are
        completed. Many videos take several transactions, so some may be skipped when BatchChanged is raised.
        """
        too_late = [item for item in items if _is_too_late_to_skip(item)]
        if len(too_late) == len(items):
            raise _why_none_is_skipped(too_late)
        waiting = [item for item in items if item.status is VideoStatus.PENDING]
        failed = [item for item in items if item.status is VideoStatus.FAILED]
        redone = [item for item in items if item.redo and not item.stage]
        skipped = any(item.status is VideoStatus.SKIPPED and not item.was_failed for item in items)
        # A completed batch may have ended because this request was carried out before.
        if waiting or (skipped and batch.status is not BatchStatus.COMPLETED):
            _require_open(batch)
        edited = batch
        for some in _in_parts([*waiting, *failed], _SKIPPED_AT_ONCE):
            edited = self._skip_at_once(batch, some, now)
        for some in _in_parts(redone, _WITHDRAWN_AT_ONCE):
            edited = self._withdraw_redos(batch, some, now)
        return QueueEdit(edited, [item.id for item in too_late])

    def _skip_at_once(self, batch: Batch, items: Sequence[Item], now: datetime) -> Batch:
        """Skips waiting and failed videos in one transaction; a failed one keeps its error."""
        failed = sum(item.status is VideoStatus.FAILED for item in items)
        forecasts = [item.forecast for item in items if item.forecast and item.status is VideoStatus.PENDING]
        batch_change = Update(
            BatchRecord.updated_at.set(now),
            BatchRecord.failed.add(-failed),
            BatchRecord.skipped.add(len(items)),
            BatchRecord.revision.add(1),
            *PreflightAttributes.add_forecasts(forecasts, sign=-1),
        ).only_if(BatchRecord.status.eq(batch.status), _none_is_current(items))
        if forecasts:
            # The sums of a restarted preflight do not include these forecasts.
            batch_change = batch_change.only_if(PreflightAttributes.has_version(forecasts[0].version))
        writes = [updated(records.item_key(batch.id, item.id), _skipped(batch, item)) for item in items]
        # Read again: the forecast that is subtracted may be newer than the batch as it was read.
        changed = self.update_batch(batch.user_id, batch.id, batch_change, *writes)
        if changed is None:
            raise BatchChanged
        return changed

    def _withdraw_redos(self, batch: Batch, items: Sequence[Item], now: datetime) -> Batch:
        """Leaves finished videos as they are, also in a batch that has ended before their turn came."""
        order = self.order(batch.id)
        requeued = numbers_without({int(item.id) for item in items}, order.requeued)
        left = Update(OrderRecord.requeued.set(requeued)).only_if(OrderRecord.requeued.eq(order.requeued))
        batch_change = Update(BatchRecord.updated_at.set(now), BatchRecord.revision.add(1)).only_if(
            BatchRecord.status.eq(batch.status), _none_is_current(items)
        )
        changed = self.update_batch(
            batch.user_id,
            batch.id,
            batch_change,
            updated(records.order_key(batch.id), left),
            *(write for item in items if item.redo for write in _withdrawn(batch, item, item.redo)),
        )
        if changed is None:
            raise BatchChanged
        return changed

    def restore(self, batch: Batch, items: Sequence[Item], now: datetime, quota: Quota = unlimited) -> Batch:
        """Puts skipped videos back: into the queue, or, if they had failed, as failed; this does not retry them.

        Those that are not skipped stay as they are. Only those that had failed can be put back into a batch that has
        ended. `quota` is that of `plan_restore`. Many videos take several transactions, so some may be back when
        BatchChanged is raised.
        """
        left: Sequence[Item] = [item for item in items if item.status is VideoStatus.SKIPPED]
        if not all(item.was_failed for item in left):
            _require_open(batch)
        restored = batch
        while left:
            if restored.status is not batch.status:
                raise BatchChanged
            change = self.plan_restore(restored, left, quota)
            restored, left = self.apply(restored, change, now), change.left
        return restored

    def plan_restore(self, batch: Batch, items: Sequence[Item], quota: Quota = unlimited) -> QueueChange:
        """The change that puts skipped videos back, the first ones if not all fit into a transaction.

        `quota` charges the user's quota for videos that a selection had left out, which were not counted before.
        """
        fitting = items[:_RESTORED_AT_ONCE]
        waiting = [item for item in fitting if not item.was_failed]
        batch_change = Update(
            BatchRecord.failed.add(len(fitting) - len(waiting)),
            BatchRecord.skipped.add(-len(fitting)),
            *PreflightAttributes.add_forecasts([item.forecast for item in waiting if item.forecast]),
        )
        writes = [updated(records.item_key(batch.id, item.id), _restored(batch, item)) for item in fitting]
        quota_writes = quota(videos=count_new(fitting))
        change = self.plan_return(batch, waiting, batch_change, *writes, *quota_writes)
        return change._replace(left=items[len(fitting) :])

    def append(
        self,
        batch: Batch,
        video_ids: Sequence[str],
        playlist_ids: Sequence[str],
        now: datetime,
        quota: Quota = unlimited,
        *,
        selections: Mapping[str, Selection] = MappingProxyType({}),
    ) -> AppendResult:
        """Adds videos, then playlists, at the end of the queue; those that are there already count as duplicates.

        `selections` says which videos of a playlist are wanted, by its id; all of the others. `quota` returns the
        writes that charge the user's quota, or raises TooManyVideos or TooManyPlaylists.
        """
        _require_open(batch)
        added, duplicates = self._add(batch, video_ids, playlist_ids, quota, selections)
        if added is None:
            return AppendResult(batch, duplicates)
        extended = self._rewrite(
            batch,
            added.order,
            now,
            added.counters,
            mark_active=needs_execution(batch, has_unread_playlists=bool(added.order.unread_playlists)),
            extra_writes=added.quota_writes,
        )
        return AppendResult(extended, duplicates)

    def plan_append(
        self,
        batch: Batch,
        video_ids: Sequence[str],
        playlist_ids: Sequence[str],
        quota: Quota = unlimited,
        *,
        selections: Mapping[str, Selection] = MappingProxyType({}),
    ) -> tuple[QueueChange | None, frozenset[str]]:
        """The change that adds videos and playlists to a batch that has ended, and the ids of the duplicates.

        The change is None if the batch has all of them already. The parameters are those of `append`.
        """
        added, duplicates = self._add(batch, video_ids, playlist_ids, quota, selections)
        if added is None:
            return None, duplicates
        update = Update(
            BatchRecord.order_version.set(batch.queue.order_version + 1),
            BatchRecord.total.add(added.counters.total),
            BatchRecord.duplicates.add(added.counters.duplicates),
        ).only_if(BatchRecord.order_version.eq(batch.queue.order_version), BatchRecord.head.eq(batch.queue.head))
        writes = [_order_write(batch, added.order), *added.quota_writes]
        return QueueChange(update, writes, batch.queue.page, requeued_before=0), duplicates

    def _add(
        self,
        batch: Batch,
        video_ids: Sequence[str],
        playlist_ids: Sequence[str],
        quota: Quota,
        selections: Mapping[str, Selection],
    ) -> tuple[_Addition | None, frozenset[str]]:
        """Writes the items of new videos, which become visible with the order; None if everything is a duplicate."""
        order = self.order(batch.id)
        video_ids_in_batch = self._video_ids(batch.id, order)
        new_video_ids = [video_id for video_id in dict.fromkeys(video_ids) if video_id not in video_ids_in_batch]
        listed = {playlist.id for playlist in order.playlists if playlist.status is not PlaylistStatus.FAILED}
        new_ids = [each for each in dict.fromkeys(playlist_ids) if each not in listed]
        playlists = [ListedPlaylist(id=each, selection=selections.get(each, EVERYTHING)) for each in new_ids]
        require_room(order, len(new_video_ids), playlists)
        duplicates = frozenset({*video_ids} & video_ids_in_batch | {*playlist_ids} & listed)
        if not new_video_ids and not playlists:
            return None, duplicates
        quota_writes = quota(videos=len(new_video_ids), playlists=len(playlists))
        numbers = self.write_items(batch.id, [Item(id="", video_id=video_id) for video_id in new_video_ids])
        counters = CounterChanges(
            total=len(new_video_ids),
            duplicates=len(video_ids) - len(new_video_ids) + len(playlist_ids) - len(playlists),
        )
        return _Addition(order.extended(numbers, playlists), counters, quota_writes), duplicates

    def expand(
        self,
        batch: Batch,
        index: int,
        playlist: Playlist,
        now: datetime,
        quota: Quota = unlimited,
        *,
        in_history: Collection[str] = frozenset(),
    ) -> Batch:
        """Replaces a playlist's slot by its videos; unavailable and unwanted ones are added as skipped.

        `in_history` are the ids of videos that the user has a summary of. `quota` is that of `append`; unwanted videos
        are counted when they are put back. Raises BatchChanged if the playlist was read in the meantime.
        """
        # Imported late: of all steps with a queue, only one reads playlists.
        from skimlist.selecting import choose  # noqa: PLC0415

        order = self._order_before_reading(batch, index)
        known = self._known_before(batch.id)
        listed = order.playlists[index]
        choices = choose(listed.selection, playlist.entries, newest_first=playlist.newest_first, in_history=in_history)
        not_known = [choice for choice in choices if choice.entry.video_id not in known]
        in_batch = self._video_ids(batch.id, order)
        new: dict[str, Choice] = {}
        for choice in not_known:
            if choice.entry.video_id not in in_batch:
                new.setdefault(choice.entry.video_id, choice)
        accepted = _fitting(list(new.values()), MAX_VIDEOS - batch.total)
        quota_writes = quota(videos=sum(choice.left_out is None for choice in accepted))
        items = [item_from_entry(*choice) for choice in accepted]
        numbers = self.write_items(batch.id, items)
        skipped = sum(item.status is VideoStatus.SKIPPED for item in items)
        listed = replace(
            listed,
            status=PlaylistStatus.EXPANDED,
            title=playlist.title,
            added=len(items),
            unavailable=sum(choice.entry.unavailable is not None for choice in accepted),
            not_selected=Counter(choice.left_out for choice in accepted if choice.left_out),
            duplicates=len(not_known) - len(new),
            known=len(playlist.entries) - len(not_known),
            left_out=len(new) - len(accepted),
            truncated=playlist.truncated,
        )
        return self._rewrite(
            batch,
            order.expanded(index, numbers, listed),
            now,
            CounterChanges(
                total=len(items),
                skipped=skipped,
                duplicates=listed.duplicates,
                title=new_title(batch, playlist.title, len(items)),
            ),
            extra_writes=quota_writes,
        )

    def mark_playlist_failed(self, batch: Batch, index: int, error: Problem, now: datetime) -> Batch:
        """Marks a playlist as failed; the rest of the batch continues.

        Raises BatchChanged if it was read in the meantime.
        """
        order = self._order_before_reading(batch, index)
        failed = replace(order.playlists[index], status=PlaylistStatus.FAILED, error=error)
        return self._rewrite(batch, order.expanded(index, [], failed), now)

    def fail_unread_playlists(self, batch: Batch, error: Problem, now: datetime) -> Batch:
        for index in self.order(batch.id).unread_playlists:
            batch = self.mark_playlist_failed(batch, index, error, now)
        return batch

    def _order_before_reading(self, batch: Batch, index: int) -> Order:
        """Returns the order, or raises BatchChanged if another execution or a repeated step has read the playlist."""
        order = self.order(batch.id)
        if index not in order.unread_playlists:
            raise BatchChanged
        return order

    def known_videos(self, batch: Batch) -> frozenset[str]:
        """Ids of the videos of this batch and of the batches that it was refreshed from.

        Unavailable videos are not among them, because they may be available by now.
        """
        items = self.all_items(batch)
        unavailable = {
            item.id for item in items if item.status is VideoStatus.SKIPPED and not item.was_failed and item.error
        }
        video_ids = {item.video_id for item in items if item.id not in unavailable}
        return self._known_before(batch.id) | video_ids

    def find_item(self, batch: Batch, item_id: str) -> Item:
        """The item as a user sees it. Raises ItemNotFound."""
        found = self.find_items(batch, [item_id])
        if not found:
            raise ItemNotFound
        return found[0]

    def find_items(self, batch: Batch, item_ids: Collection[str]) -> list[Item]:
        """Returns those of the items that the batch has, as a user sees them, in queue order."""
        order = self.order(batch.id)
        wanted = set(item_ids)
        return self._shown(batch, order, [number for number in order.numbers if records.item_id(number) in wanted])

    # --- Low level ---------------------------------------------------------------------------------------------------

    def _untouched_tail(self, batch: Batch, order: Order) -> Sequence[int]:
        """The trailing items of the page that are still pending, including skipped ones between them."""
        taken = order.numbers[max(batch.queue.head - PAGE_SIZE, 0) : batch.queue.head]
        current_id = batch.current and batch.current.item_id
        untouched = {
            number
            for number, item in self._items(batch.id, taken).items()
            if item.status is VideoStatus.SKIPPED
            or (
                item.status is VideoStatus.PENDING
                and number in batch.queue.page
                and number not in order.requeued  # it is served as a requeued item
                and item.id != current_id
            )
        }
        return given_back(taken, untouched)

    def _going_next(self, batch: Batch, order: Order, item_ids: Sequence[str]) -> set[str]:
        """Returns the waiting items that come before the order: the requeued ones and the rest of the page."""
        current_id = batch.current and batch.current.item_id
        ahead = {records.item_id(number): number for number in (*batch.queue.page, *order.requeued)}
        numbers = [ahead[item_id] for item_id in item_ids if item_id in ahead and item_id != current_id]
        pages = (numbers[start : start + PAGE_SIZE] for start in range(0, len(numbers), PAGE_SIZE))
        return {item.id for page in pages for item in self._pending(batch.id, page)}

    def _video_ids(self, batch_id: str, order: Order) -> set[str]:
        """The video ids of the items in the order; items outside it are leftovers of a failed change."""
        visible = {records.item_id(number) for number in order.numbers}
        items = map(records.item_from, self.query(records.batch_partition(batch_id), records.ITEM_PREFIX))
        return {item.video_id for item in items if item.id in visible}

    def _known_before(self, batch_id: str) -> frozenset[str]:
        return records.known_from(self.query(records.batch_partition(batch_id), records.KNOWN_PREFIX))

    def _rewrite(
        self,
        batch: Batch,
        order: Order,
        now: datetime,
        added: CounterChanges = _UNCHANGED,
        *,
        returned: Sequence[int] = (),
        mark_active: bool = False,
        extra_writes: Sequence[Record] = (),
    ) -> Batch:
        """Replaces the order and moves `returned` from the page back into the queue.

        `mark_active` lets the sweep find the batch; `extra_writes` belong to the same transaction. Raises BatchChanged
        if the batch has changed since it was read.
        """
        head = batch.queue.head - len(returned)
        page = tuple(number for number in batch.queue.page if number not in returned)
        moved = Update(
            BatchRecord.head.set(head),
            BatchRecord.page.set(page),
            BatchRecord.page_served.set(0),
            BatchRecord.order_version.set(batch.queue.order_version + 1),
            BatchRecord.updated_at.set(now),
            BatchRecord.revision.add(1),
            BatchRecord.total.add(added.total),
            BatchRecord.skipped.add(added.skipped),
            BatchRecord.duplicates.add(added.duplicates),
            *([BatchRecord.active.set("yes")] if mark_active else []),
            *([BatchRecord.content_title.set_if_absent(added.title)] if added.title else []),
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.run.eq(batch.execution.run),
            # Whoever adds a playlist to a draft starts an execution for it, unless one will read it anyway.
            BatchRecord.has_no_execution.eq(batch.has_no_execution),
            BatchRecord.pages_served.eq(batch.execution.pages_served),
            BatchRecord.order_version.eq(batch.queue.order_version),
            BatchRecord.head.eq(batch.queue.head),
        )
        if returned:
            # One of these may become the current video at this moment.
            current = batch.current
            moved = moved.only_if(
                BatchRecord.current_item.eq(current.item_id) if current else BatchRecord.current.not_exists()
            )
        batch_write = updated(records.batch_key(batch.user_id, batch.id), moved)
        if not self.transact_writes(batch_write, _order_write(batch, order), *extra_writes):
            raise BatchChanged
        return replace(
            batch,
            name=added.title.name(batch.total + added.total) if added.title else batch.name,
            content_title=added.title or batch.content_title,
            queue=QueueCursor(head=head, page=page, order_version=batch.queue.order_version + 1),
            updated_at=now,
            revision=batch.revision + 1,
            total=batch.total + added.total,
            skipped=batch.skipped + added.skipped,
            duplicates=batch.duplicates + added.duplicates,
        )


def _order_write(batch: Batch, order: Order) -> Record:
    written = Update(OrderRecord.entries.set(order.entries), OrderRecord.playlists.set(order.playlists))
    return updated(records.order_key(batch.id), written)


def require_room(order: Order, videos: int, playlists: Sequence[ListedPlaylist]) -> None:
    """Raises InvalidRequest if the batch would exceed its limits."""
    for added, count, limit, name in (
        (videos, len(order.numbers), MAX_VIDEOS, "videos"),
        (len(playlists), len(order.playlists), MAX_PLAYLISTS, "playlists"),
    ):
        if count + added > limit:
            raise InvalidRequest(
                f"A batch can have at most {limit:,} {name}; this one has room for {limit - count:,} more."
            )
    if not playlists:
        return
    selections = [playlist.selection for playlist in (*order.playlists, *playlists)]
    words = [word for each in selections for word in (*each.title_includes, *each.title_excludes)]
    if sum(len(word.encode()) for word in words) > MAX_SELECTION_BYTES:
        raise InvalidRequest(
            "The words that titles must or must not have are too long: they are kept for each playlist and channel. "
            "Give fewer or shorter words, or add fewer playlists and channels at once."
        )


def _require_open(batch: Batch) -> None:
    if batch.status not in OPEN:
        raise WrongState(f"The batch is {batch.status}; its queue can no longer be changed. Create a new batch.")


def _is_too_late_to_skip(item: Item) -> bool:
    """Whether the summary that the video needs has begun, or it needs none; a withdrawn redo was withdrawn in time."""
    if item.status is VideoStatus.COMPLETED:
        return item.stage is not None if item.redo else item.withdrawn_redo is None
    return item.status is VideoStatus.PROCESSING


def _why_none_is_skipped(items: Sequence[Item]) -> WrongState:
    if len(items) > 1:
        return WrongState("These videos have begun or are completed; only waiting or failed ones can be left out.")
    if items[0].redo:
        return WrongState("The new summary is already being made; the current one stays until it is ready.")
    return WrongState(f"The video is {items[0].status}; only a waiting or a failed video can be left out.")


def count_new(items: Sequence[Item]) -> int:
    """Counts the videos that a selection has left out, which the user's quota does not include yet."""
    return sum(item.error is not None and item.error.code == NOT_SELECTED for item in items)


def _none_is_current(items: Sequence[Item]) -> Condition:
    return BatchRecord.current.not_exists() | ~BatchRecord.current_item.is_in([item.id for item in items])


def _skipped(batch: Batch, item: Item) -> Update:
    """Makes a waiting or a failed video a skipped one, on the condition that it is as it was read."""
    unchanged = at_attempt(item.attempts) if item.status is VideoStatus.FAILED else (_same_forecast(batch, item),)
    return Update(ItemRecord.status.set(VideoStatus.SKIPPED)).only_if(ItemRecord.status.eq(item.status), *unchanged)


def _restored(batch: Batch, item: Item) -> Update:
    """Makes a skipped video a waiting one, or, if it had failed, a failed one with its error."""
    if item.was_failed:
        failed = Update(ItemRecord.status.set(VideoStatus.FAILED))
        return failed.only_if(ItemRecord.status.eq(VideoStatus.SKIPPED), *at_attempt(item.attempts))
    # A video that was skipped because its batch was cancelled is still stored as pending.
    was_skipped = ItemRecord.status.eq(VideoStatus.SKIPPED) | ItemRecord.status.eq(VideoStatus.PENDING)
    waits = Update(ItemRecord.status.set(VideoStatus.PENDING), ItemRecord.error.remove())
    return waits.only_if(was_skipped, _same_forecast(batch, item))


def _withdrawn(batch: Batch, item: Item, redo: Redo) -> tuple[Record, Record]:
    """The writes that withdraw a redo, on the condition that its summary is not stored yet."""
    kept = Update(
        ItemRecord.redo.remove(),
        ItemRecord.withdrawn_redo.set(redo.id),
        # They were those of attempts at the new summary; what these have cost stays counted.
        ItemRecord.transient_failures.remove(),
        ItemRecord.spent_by_model.remove(),
    ).only_if(still_needs_summary(item))
    # An attempt that was cut off may have replaced the earlier summary; then the next one only has to count it.
    has_earlier = condition(SummaryRecord.redo_id.not_exists() | SummaryRecord.redo_id.ne(redo.id))
    return (
        updated(records.item_key(batch.id, item.id), kept),
        {"ConditionCheck": {"Key": records.summary_key(batch.id, item.id), **has_earlier}},
    )


def _in_parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _same_forecast(batch: Batch, item: Item) -> Condition:
    """The item still has its forecast, or still has none; otherwise the sums would miss one that was just made."""
    version = batch.preflight.version if batch.preflight else 0
    return has_forecast(version) if item.forecast else has_no_forecast(version)


def _fitting(choices: Sequence[Choice], room: int) -> list[Choice]:
    """Returns as many as there is room for, in their order; if there is too little, wanted videos come first."""
    places = sorted(range(len(choices)), key=lambda place: choices[place].left_out is not None)
    return [choices[place] for place in sorted(places[:room])]


def item_from_entry(entry: PlaylistEntry, left_out: LeftOut | None = None) -> Item:
    """A new item; a video that cannot be watched or is not wanted is skipped."""
    error = _not_selected(left_out) if left_out else None
    if entry.unavailable:
        error = _unavailable(entry.unavailable)
    uploaded = entry.uploaded
    return Item(
        id="",
        video_id=entry.video_id,
        title=entry.title,
        channel=entry.channel,
        channel_id=entry.channel_id,
        duration_seconds=None if entry.duration_seconds is None else Decimal(entry.duration_seconds),
        published_at=uploaded.latest if uploaded and uploaded.is_exact else None,
        published_by=uploaded.latest if uploaded and not uploaded.is_exact else None,
        status=VideoStatus.SKIPPED if error else VideoStatus.PENDING,
        error=error,
    )


def _not_selected(left_out: LeftOut) -> Problem:
    from skimlist.selecting import PUT_BACK, REASONS  # noqa: PLC0415

    return Problem(code=NOT_SELECTED, message=REASONS[left_out], advice=PUT_BACK, retryable=False)


def _unavailable(reason: str) -> Problem:
    return Problem(
        code="video_unavailable",
        message=reason,
        advice="The playlist contains it, but it cannot be watched. There is nothing to do.",
        retryable=False,
    )
