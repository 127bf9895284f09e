"""How a user edits a queue: reorders it, skips videos, adds videos and playlists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from skimlist.batch_names import ContentTitle, new_title
from skimlist.errors import BatchChanged, InvalidRequest, ItemNotFound, WrongState
from skimlist.executions import needs_execution
from skimlist.jobs import records
from skimlist.jobs.attributes import (
    BatchRecord,
    ItemRecord,
    OrderRecord,
    PreflightAttributes,
    has_forecast,
    has_no_forecast,
)
from skimlist.jobs.expressions import Condition, Update
from skimlist.jobs.order import Order, given_back
from skimlist.jobs.queue import PAGE_SIZE, PutBack, Queue
from skimlist.jobs.quotas import Quota, unlimited
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import updated
from skimlist.models.batch import Batch, QueueCursor
from skimlist.models.playlist import ListedPlaylist, Playlist, PlaylistEntry, PlaylistStatus
from skimlist.models.video import Item, VideoError, VideoStatus
from skimlist.transitions import OPEN

# YouTube's limit for a playlist; the order of so many items takes 20 KB of one record.
MOST_VIDEOS = 5_000
# One step of the workflow can read so many, and one record can hold their descriptions.
MOST_PLAYLISTS = 100


class Extended(NamedTuple):
    """The batch after videos and playlists were added, and the ids of the duplicates."""

    batch: Batch
    had: frozenset[str]


class Added(NamedTuple):
    """How much the counters of a batch grow, and what it is named after if nothing else has named it."""

    total: int = 0
    skipped: int = 0
    duplicates: int = 0
    title: ContentTitle | None = None


_NOTHING = Added()


class QueueEditor(Queue):
    """Every change returns the untouched rest of the page to the queue, so it takes effect with the next video.

    All methods raise WrongState when the batch has ended, and BatchChanged when it changed since it was read.
    """

    def reorder(self, batch: Batch, item_ids: Sequence[str], now: datetime) -> Batch:
        """Puts waiting videos into this order, in the places that they have now. Raises InvalidRequest for others."""
        _require_open(batch)
        order = self.order(batch.id)
        back = self._given_back(batch, order)
        waiting = {records.item_id(number): number for number in (*back, *order.numbers[batch.queue.head :])}
        wrong = [item_id for item_id in item_ids if item_id not in waiting]
        if wrong or len(set(item_ids)) < len(item_ids):
            details = [{"field": "item_ids", "message": f"{item_id} is not waiting"} for item_id in wrong]
            raise InvalidRequest("Only videos that wait in the queue can be moved, each once.", details)
        return self._rewrite(batch, order.moved([waiting[item_id] for item_id in item_ids]), now, back=back)

    def skip(self, batch: Batch, item_id: str, now: datetime) -> Batch:
        """Leaves a waiting video out. Raises ItemNotFound."""
        _require_open(batch)
        item = self.find_item(batch, item_id)
        if item.status is VideoStatus.SKIPPED:
            return batch
        if item.status is not VideoStatus.PENDING:
            raise WrongState(f"The video is {item.status}; only one that still waits can be left out.")
        left_out = Update(ItemRecord.status.set(VideoStatus.SKIPPED)).only_if(
            ItemRecord.status.eq(VideoStatus.PENDING), _same_forecast(batch, item)
        )
        counted = Update(
            BatchRecord.updated_at.set(now),
            BatchRecord.skipped.add(1),
            BatchRecord.revision.add(1),
            *(PreflightAttributes.add_forecast(item.forecast, sign=-1) if item.forecast else ()),
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.current.not_exists() | BatchRecord.current_item.ne(item_id),
        )
        if item.forecast:
            # The sums of a preflight that has begun again do not hold this forecast.
            counted = counted.only_if(PreflightAttributes.has_version(item.forecast.version))
        # Read again: the forecast that is subtracted may be newer than the batch as it was read.
        changed = self.update_batch(
            batch.user_id, batch.id, counted, updated(records.item_key(batch.id, item_id), left_out)
        )
        if changed is None:
            raise BatchChanged
        return changed

    def restore(self, batch: Batch, item_id: str, now: datetime) -> Batch:
        """Puts a video that was left out back into the queue. Raises ItemNotFound."""
        _require_open(batch)
        restored = self.restored(batch, item_id)
        return self.put_back(batch, restored, now) if restored else batch

    def restored(self, batch: Batch, item_id: str) -> PutBack | None:
        """What puts a video that was left out back into the queue; None if it waits already. Raises ItemNotFound."""
        item = self.find_item(batch, item_id)
        if item.status in {VideoStatus.PENDING, VideoStatus.PROCESSING}:
            return None
        if item.status is not VideoStatus.SKIPPED:
            raise WrongState(f"The video is {item.status}; only one that was left out can be put back.")
        # What a cancelled batch left out is still stored as pending.
        was_left_out = ItemRecord.status.eq(VideoStatus.SKIPPED) | ItemRecord.status.eq(VideoStatus.PENDING)
        waits = Update(ItemRecord.status.set(VideoStatus.PENDING), ItemRecord.error.remove())
        counted = Update(
            BatchRecord.skipped.add(-1),
            *(PreflightAttributes.add_forecast(item.forecast) if item.forecast else ()),
        )
        return self.into_queue(batch, item, waits.only_if(was_left_out, _same_forecast(batch, item)), counted)

    def append(
        self,
        batch: Batch,
        video_ids: Sequence[str],
        playlist_ids: Sequence[str],
        now: datetime,
        quota: Quota = unlimited,
    ) -> Extended:
        """Adds videos, then playlists, at the end of the queue; those that are there already count as duplicates.

        `quota` gives the writes that count the new ones, or raises TooManyVideos or TooManyPlaylists.
        """
        _require_open(batch)
        order = self.order(batch.id)
        known = self._video_ids(batch.id, order)
        fresh = [video_id for video_id in dict.fromkeys(video_ids) if video_id not in known]
        listed = {playlist.id for playlist in order.playlists if playlist.status is not PlaylistStatus.FAILED}
        playlists = [ListedPlaylist(id=each) for each in dict.fromkeys(playlist_ids) if each not in listed]
        require_room(order, len(fresh), len(playlists))
        had = frozenset({*video_ids} & known | {*playlist_ids} & listed)
        if not fresh and not playlists:
            return Extended(batch, had)
        counted = quota(videos=len(fresh), playlists=len(playlists))
        numbers = self.write_items(batch.id, [Item(id="", video_id=video_id) for video_id in fresh])
        extended = self._rewrite(
            batch,
            order.extended(numbers, playlists),
            now,
            Added(total=len(fresh), duplicates=len(video_ids) - len(fresh) + len(playlist_ids) - len(playlists)),
            active=needs_execution(batch, has_unread_playlists=bool(playlists)),
            writes=counted,
        )
        return Extended(extended, had)

    def expand(self, batch: Batch, index: int, playlist: Playlist, now: datetime, quota: Quota = unlimited) -> Batch:
        """Puts the videos of a playlist into its place; those that cannot be watched are listed as skipped.

        `quota` is that of `append`. Raises BatchChanged if the playlist is not unread any more.
        """
        order = self._order_before_reading(batch, index)
        known = self._known_before(batch.id)
        unknown = [entry for entry in playlist.entries if entry.video_id not in known]
        there = self._video_ids(batch.id, order)
        fresh: dict[str, PlaylistEntry] = {}
        for entry in unknown:
            if entry.video_id not in there:
                fresh.setdefault(entry.video_id, entry)
        taken = list(fresh.values())[: MOST_VIDEOS - batch.total]
        counted = quota(videos=len(taken))
        items = [_item(entry) for entry in taken]
        numbers = self.write_items(batch.id, items)
        skipped = sum(item.status is VideoStatus.SKIPPED for item in items)
        listed = replace(
            order.playlists[index],
            status=PlaylistStatus.EXPANDED,
            title=playlist.title,
            added=len(items),
            unavailable=skipped,
            duplicates=len(unknown) - len(fresh),
            known=len(playlist.entries) - len(unknown),
            left_out=len(fresh) - len(taken),
            truncated=playlist.truncated,
        )
        return self._rewrite(
            batch,
            order.expanded(index, numbers, listed),
            now,
            Added(
                total=len(items),
                skipped=skipped,
                duplicates=listed.duplicates,
                title=new_title(batch, playlist.title, len(items)),
            ),
            writes=counted,
        )

    def drop_playlist(self, batch: Batch, index: int, error: VideoError, now: datetime) -> Batch:
        """Marks a playlist that cannot be read; the rest of the batch goes on.

        Raises BatchChanged if it is not unread any more.
        """
        order = self._order_before_reading(batch, index)
        failed = replace(order.playlists[index], status=PlaylistStatus.FAILED, error=error)
        return self._rewrite(batch, order.expanded(index, [], failed), now)

    def drop_unread_playlists(self, batch: Batch, error: VideoError, now: datetime) -> Batch:
        for index in self.order(batch.id).unread_playlists:
            batch = self.drop_playlist(batch, index, error, now)
        return batch

    def _order_before_reading(self, batch: Batch, index: int) -> Order:
        """The order, if the playlist is still unread: the sweep or a repeated step may have replaced it."""
        order = self.order(batch.id)
        if index not in order.unread_playlists:
            raise BatchChanged
        return order

    def known_videos(self, batch: Batch) -> frozenset[str]:
        """Ids of the videos of this batch and of those that it continues.

        Unavailable videos are not among them: they may be available by now.
        """
        items = self.all_items(batch)
        had = {item.video_id for item in items if not (item.status is VideoStatus.SKIPPED and item.error)}
        return self._known_before(batch.id) | had

    def find_item(self, batch: Batch, item_id: str) -> Item:
        """The item as a user sees it. Raises ItemNotFound."""
        order = self.order(batch.id)
        position = {records.item_id(number): position for number, position in order.positions().items()}.get(item_id)
        if position is None:
            raise ItemNotFound
        (item,) = self.list_items(batch, order, position - 1, 1)
        return item

    # --- Low level ---------------------------------------------------------------------------------------------------

    def _given_back(self, batch: Batch, order: Order) -> Sequence[int]:
        """The last videos of the page that nobody has begun; skipped ones in between do not matter."""
        taken = order.numbers[max(batch.queue.head - PAGE_SIZE, 0) : batch.queue.head]
        in_hand = batch.current and batch.current.item_id
        untouched = {
            number
            for number, item in self._items(batch.id, taken).items()
            if item.status is VideoStatus.SKIPPED
            or (
                item.status is VideoStatus.PENDING
                and number in batch.queue.page
                and number not in order.requeued  # it will come as a requeued item
                and item.id != in_hand
            )
        }
        return given_back(taken, untouched)

    def _video_ids(self, batch_id: str, order: Order) -> set[str]:
        """The video ids of the items in the order; others were written for a change that failed."""
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
        added: Added = _NOTHING,
        *,
        back: Sequence[int] = (),
        active: bool = False,
        writes: Sequence[Record] = (),
    ) -> Batch:
        """Replaces the order and removes `back` from the page, if the batch has not changed since it was read.

        `writes` belong to the same transaction.
        """
        head = batch.queue.head - len(back)
        page = tuple(number for number in batch.queue.page if number not in back)
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
            *([BatchRecord.active.set("yes")] if active else []),
            *([BatchRecord.content_title.set_if_absent(added.title)] if added.title else []),
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.pages_served.eq(batch.execution.pages_served),
            BatchRecord.order_version.eq(batch.queue.order_version),
            BatchRecord.head.eq(batch.queue.head),
        )
        if back:
            # The next one of these may just be becoming the current one.
            current = batch.current
            moved = moved.only_if(
                BatchRecord.current_item.eq(current.item_id) if current else BatchRecord.current.not_exists()
            )
        written = Update(OrderRecord.entries.set(order.entries), OrderRecord.playlists.set(order.playlists))
        batch_write = updated(records.batch_key(batch.user_id, batch.id), moved)
        order_write = updated(records.order_key(batch.id), written)
        if not self.transact_writes(batch_write, order_write, *writes):
            raise BatchChanged
        return replace(
            batch,
            name=added.title.name(batch.total + added.total) if added.title else batch.name,
            queue=QueueCursor(head=head, page=page, order_version=batch.queue.order_version + 1),
            updated_at=now,
            revision=batch.revision + 1,
            total=batch.total + added.total,
            skipped=batch.skipped + added.skipped,
            duplicates=batch.duplicates + added.duplicates,
        )


def require_room(order: Order, videos: int, playlists: int) -> None:
    """Raises InvalidRequest if so many more do not fit into a batch."""
    for added, there, most, name in (
        (videos, len(order.numbers), MOST_VIDEOS, "videos"),
        (playlists, len(order.playlists), MOST_PLAYLISTS, "playlists"),
    ):
        if there + added > most:
            raise InvalidRequest(f"A batch takes {most} {name}; {most - there} more fit into this one.")


def _require_open(batch: Batch) -> None:
    if batch.status not in OPEN:
        raise WrongState(f"The batch is {batch.status}; its queue cannot be changed any more. Create a new batch.")


def _same_forecast(batch: Batch, item: Item) -> Condition:
    """The item still has a forecast, or still has none: one that comes at this moment would be missed in the sums."""
    version = batch.preflight.version if batch.preflight else 0
    return has_forecast(version) if item.forecast else has_no_forecast(version)


def _item(entry: PlaylistEntry) -> Item:
    return Item(
        id="",
        video_id=entry.video_id,
        title=entry.title,
        channel=entry.channel,
        duration_seconds=None if entry.duration_seconds is None else Decimal(entry.duration_seconds),
        status=VideoStatus.SKIPPED if entry.unavailable else VideoStatus.PENDING,
        error=_unavailable(entry.unavailable) if entry.unavailable else None,
    )


def _unavailable(reason: str) -> VideoError:
    return VideoError(
        code="video_unavailable",
        message=reason,
        advice="It is part of the playlist but cannot be watched; nothing to do.",
        retryable=False,
    )
