"""Preparing a draft: its videos are looked at, without any model, until its owner knows what it will take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from skimlist.errors import BatchChanged, SkimlistError, WrongState
from skimlist.jobs import records
from skimlist.jobs.order import Order
from skimlist.jobs.queue import PAGE_SERVED_AT_MOST, PAGE_SIZE
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.records import Record, change
from skimlist.models.batch import Batch, BatchStatus, Preflight, PreflightStatus
from skimlist.models.video import Item, VideoError, VideoStatus

# Of the items that a query reads, most are still to be looked at.
_READ_AT_ONCE = 2 * PAGE_SIZE


class Preflights(QueueEditor):
    def begin_preflight(self, batch: Batch, now: datetime, counted: Sequence[Record] = ()) -> Batch:
        """The videos that nobody has looked at are to be looked at. Raises WrongState and BatchChanged.

        `counted` are further writes of the same transaction.
        """
        if batch.status is not BatchStatus.DRAFT:
            raise WrongState(f"The batch is {batch.status}; only the videos of a draft are checked before it starts.")
        values: dict[str, Any] = {"yes": "yes", "no": False, "now": now, "one": 1}
        update = "SET #active = :yes, #parked = :no, #updated_at = :now, "
        if batch.preflight is None:
            update += "#preflight = :preflight"
            values["preflight"] = Preflight()
        else:
            update += "#preflight.#status = :checking, #preflight.#up_to = :zero REMOVE #preflight.#error"
            values |= {"checking": PreflightStatus.CHECKING, "zero": 0}
        return self._require_change(batch, update + " ADD #revision :one", counted, **values)

    def next_to_check(self, batch: Batch, order: Order, now: datetime) -> Sequence[Item] | None:
        """The next videos to look at, in the order of their numbers; none when all were looked at.

        What was handed out before and not looked at comes first, as long as it has not come too often. None when the
        batch changed since it was read: read it again and ask again.
        """
        position = order.positions()
        left = self._left_of_page(batch)
        times = batch.page_served + 1 if left else 1
        if not left:
            fresh = (item for item in self._unchecked(batch) if int(item.id) in position)
            left = list(islice(fresh, PAGE_SIZE))
        if not left:
            return ()
        numbers = [int(item.id) for item in left]
        handed_out = (
            "SET #page = :page, #page_served = :times, #served = :served,"
            " #preflight.#up_to = :up_to, #updated_at = :now"
        )
        values: dict[str, Any] = {
            "page": numbers,
            "times": times,
            "served": batch.served + 1,
            "up_to": max(numbers[-1], batch.preflight.up_to if batch.preflight else 0),
            "now": now,
        }
        if self._change_draft(batch, handed_out, **values) is None:
            return None
        return [replace(item, position=position[int(item.id)]) for item in left]

    def _left_of_page(self, batch: Batch) -> list[Item]:
        """What was handed out and came back without a forecast, a few times at most."""
        if batch.page_served >= PAGE_SERVED_AT_MOST:
            return []
        return [item for item in self._pending(batch.id, batch.page) if item.forecast is None]

    def _unchecked(self, batch: Batch) -> Iterator[Item]:
        """Waiting items without a forecast, behind those that were handed out."""
        up_to = batch.preflight.up_to if batch.preflight else 0
        found = self.pages(
            KeyConditionExpression="pk = :batch AND sk BETWEEN :first AND :last",
            FilterExpression="#status = :pending AND attribute_not_exists(forecast)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":batch": records.batch_partition(batch.id),
                ":first": f"{records.ITEM_PREFIX}{records.item_id(up_to + 1)}",
                ":last": f"{records.ITEM_PREFIX}~",
                ":pending": str(VideoStatus.PENDING),
            },
            ConsistentRead=True,
            Limit=_READ_AT_ONCE,
        )
        return map(records.item_from, found)

    def note_forecast(self, user_id: str, batch_id: str, item: Item, now: datetime) -> bool:
        """Adds the forecast of `item` to the sums of the preflight; False if that was done, or the video left out."""
        if item.forecast is None:
            raise ValueError("The item has no forecast.")
        shown = {
            name: value
            for name in ("forecast", "title", "channel", "duration_seconds")
            if (value := getattr(item, name)) is not None
        }
        noted = change(
            records.set_and_remove(shown, ()),
            "#status = :pending AND attribute_not_exists(#forecast)",
            **shown,
            pending=VideoStatus.PENDING,
        )
        tally = records.tally(item.forecast)
        added = change(
            f"SET #updated_at = :now, {records.preflight_plus(tally)} REMOVE #current ADD #revision :one",
            "attribute_exists(#preflight)",
            **tally,
            now=now,
            one=1,
        )
        return self.transact(
            (records.item_key(batch_id, item.id), noted), (records.batch_key(user_id, batch_id), added)
        )

    def note_unchecked(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch | None:
        """Shows why a video could not be looked at; the check goes on. None if the batch changed since it was read."""
        update = "SET #preflight.#error = :error, #updated_at = :now ADD #revision :one"
        return self._change_draft(batch, update, error=error.as_video_error(), now=now, one=1)

    def end_preflight(self, batch: Batch, now: datetime) -> Batch | None:
        """All videos were looked at; None if the batch changed since it was read."""
        update = "SET #preflight.#status = :ready, #updated_at = :now ADD #revision :one"
        return self._change_draft(batch, update, ready=PreflightStatus.READY, now=now, one=1)

    def abort_preparation(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch:
        """Nothing more is prepared: unread playlists are marked with the error, and a preflight stops with it.

        Raises BatchChanged when the batch changed since it was read.
        """
        reason = error.as_video_error()
        batch = self.drop_unread_playlists(batch, reason, now)
        if batch.preflight and batch.preflight.status is PreflightStatus.CHECKING:
            batch = self._stop_preflight(batch, reason, now)
        return batch

    def _stop_preflight(self, batch: Batch, error: VideoError, now: datetime) -> Batch:
        update = (
            "SET #preflight.#status = :stopped, #preflight.#error = :error, #updated_at = :now"
            " REMOVE #current ADD #revision :one"
        )
        return self._require_change(batch, update, stopped=PreflightStatus.STOPPED, error=error, now=now, one=1)

    def _change_draft(self, batch: Batch, update: str, counted: Sequence[Record] = (), **values: Any) -> Batch | None:
        """None if it is no draft any more, was taken over, or changed in what a preflight depends on."""
        condition = "#status = :draft AND #run = :run AND #parked = :was_parked AND #served = :was_served"
        seen: Record = {"draft": BatchStatus.DRAFT, "run": batch.run}
        seen |= {"was_parked": batch.parked, "was_served": batch.served}
        if batch.preflight is None:
            condition += " AND attribute_not_exists(#preflight)"
        else:
            condition += " AND #preflight.#up_to = :was_up_to"
            seen["was_up_to"] = batch.preflight.up_to
        changed = change(update, condition, **values, **seen)
        return self.update_batch(batch.user_id, batch.id, changed, counted=counted)

    def _require_change(self, batch: Batch, update: str, counted: Sequence[Record] = (), **values: Any) -> Batch:
        changed = self._change_draft(batch, update, counted, **values)
        if changed is None:
            raise BatchChanged
        return changed
