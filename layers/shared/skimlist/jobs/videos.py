"""The video in hand: taking it up, showing how far it is, and counting it once when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from skimlist.jobs import records
from skimlist.jobs.records import change
from skimlist.jobs.store import Store
from skimlist.models import Batch, BatchStatus, CurrentVideo, Item, PastError, VideoError, VideoStatus

# Enough to see a pattern, and an item stays within a few write units.
_ERRORS_KEPT = 10
_SPENDING = ("tokens_in", "tokens_out", "cost_usd")
# Nobody noted another sum since the item was read; an item without any has none.
_UNCHANGED_SPENDING = "(#tokens_in = :before OR (attribute_not_exists(#tokens_in) AND :before = :nothing))"


class Videos(Store):
    def get(self, batch_id: str, item_id: str) -> Item | None:
        record = self.read(records.item_key(batch_id, item_id))
        return records.item_from(record) if record else None

    def take_in_hand(
        self, user_id: str, batch_id: str, current: CurrentVideo, order_version: int, now: datetime
    ) -> Batch | None:
        """Shows a video as the one in hand. None when it must not be worked on now.

        That is: the batch was paused, cancelled or taken over by a newer run, its order was changed since the page with
        this video was handed out, or the video has ended (a step that runs twice). In a draft it is only looked at, and
        the order does not matter.
        """
        item = self.get(batch_id, current.item_id)
        if item is None or item.status is not VideoStatus.PENDING:
            return None
        begins_or_goes_on = "(#order_version = :order_version OR #current.#item_id = :item_id)"
        condition = f"(#status = :draft OR (#status = :processing AND {begins_or_goes_on}))"
        return self._show(
            user_id, batch_id, current, condition, now, draft=BatchStatus.DRAFT, order_version=order_version
        )

    def show_progress(self, user_id: str, batch_id: str, current: CurrentVideo, now: datetime) -> Batch | None:
        """Shows how far the video in hand is. None when it is not in hand any more."""
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
        return self.transact(
            (records.item_key(batch_id, item.id), noted), (records.batch_key(user_id, batch_id), added)
        )

    def complete(self, user_id: str, batch_id: str, item: Item, saved_usd: Decimal, now: datetime) -> bool:
        """Counts `item`, which carries what its summary tells, as completed; False if it had ended before."""
        earlier = self.get(batch_id, item.id)
        done = replace(item, status=VideoStatus.COMPLETED)
        return self._end(user_id, batch_id, done, earlier, now, counter="completed", saved_usd=saved_usd)

    def fail(self, user_id: str, batch_id: str, item: Item, now: datetime) -> bool:
        """Counts `item`, which carries its error, as failed; False if it had ended before.

        The error joins those of earlier attempts; the last ten are kept.
        """
        earlier = self.get(batch_id, item.id)
        errors = [*(earlier.errors if earlier else ()), *_as_past(item.error, now)]
        failed = replace(item, status=VideoStatus.FAILED, errors=tuple(errors[-_ERRORS_KEPT:]))
        return self._end(user_id, batch_id, failed, earlier, now, counter="failed", saved_usd=Decimal(0))

    def _end(
        self,
        user_id: str,
        batch_id: str,
        item: Item,
        earlier: Item | None,
        now: datetime,
        *,
        counter: str,
        saved_usd: Decimal,
    ) -> bool:
        """Item and counters change in one transaction, which the item's status lets pass only once.

        What `earlier` tries of the video have cost was counted when they failed, and stays with the item.
        """
        if earlier is None:
            return False
        seconds = _seconds_since(item.started_at, now)
        ended = replace(_at_least(item, earlier), completed_at=now, processing_time_seconds=seconds)
        shown: dict[str, Any] = {
            name: value for name in records.ITEM_RESULT if (value := getattr(ended, name)) not in {None, ()}
        }
        item_change = change(
            records.set_and_remove(shown, ()) + " ADD #attempts :one",
            f"#status = :pending AND {_UNCHANGED_SPENDING}",
            **shown,
            one=1,
            pending=VideoStatus.PENDING,
            before=earlier.tokens_in,
            nothing=0,
        )
        # A video that was summarized shows that nothing blocks any more: the next pause starts with a short wait.
        removed = ("current", "pauses_in_a_row") if counter == "completed" else ("current",)
        batch_change = change(
            records.set_and_remove(("updated_at",), removed)
            + f" ADD #{counter} :one, #revision :one, #tokens_in :tokens_in, #tokens_out :tokens_out,"
            + " #cost_usd :cost_usd, #saved_usd :saved_usd, #processing_seconds :seconds, #timed :timed",
            "attribute_exists(#pk)",
            updated_at=now,
            one=1,
            **_difference(ended, earlier),
            saved_usd=saved_usd,
            seconds=seconds or 0,
            timed=0 if seconds is None else 1,
        )
        return self.transact(
            (records.item_key(batch_id, item.id), item_change),
            (records.batch_key(user_id, batch_id), batch_change),
        )


def _at_least(item: Item, earlier: Item) -> Item:
    """The item with no less spending than was known: answers of tries long ago are forgotten, their price is not."""
    return replace(item, **{name: max(getattr(item, name), getattr(earlier, name)) for name in _SPENDING})


def _difference(item: Item, earlier: Item) -> dict[str, int | Decimal]:
    return {name: getattr(item, name) - getattr(earlier, name) for name in _SPENDING}


def _seconds_since(started_at: datetime | None, now: datetime) -> Decimal | None:
    return Decimal(str(round((now - started_at).total_seconds(), 3))) if started_at else None


def _as_past(error: VideoError | None, now: datetime) -> list[PastError]:
    return [PastError(code=error.code, message=error.message, at=now)] if error else []
