"""The batch record: creating and reading it, changing its status, and who drives it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from skimlist import metrics
from skimlist.errors import (
    BatchChanged,
    BatchDeleted,
    BatchNotFound,
    IdempotencyKeyReused,
    SkimlistError,
    TooMany,
    WrongState,
)
from skimlist.executions import needs_execution
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, Keys, OrderRecord, SweepIndex
from skimlist.jobs.expressions import Action, Update, condition, query
from skimlist.jobs.order import Order
from skimlist.jobs.queue import Requeued
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository, updated
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus, Pause
from skimlist.models.digest import DigestStatus
from skimlist.models.video import Item
from skimlist.progress import pause_because
from skimlist.transitions import ENDED, sources

T = TypeVar("T")

IDEMPOTENCY_KEPT = timedelta(hours=24)

# Batches of one user that are created at the same moment are counted one after the other.
_COUNTED_IN_TURN = 10

# Three ways lead to `processing`: each is open from some statuses only, the third one from those that are an end.
_NEW = frozenset({BatchStatus.PENDING})
_PAUSED = frozenset({BatchStatus.PAUSED})
# An execution that drives the batch finds out by itself; the other statuses begin or end its work.
_LEAVE_EXECUTION = frozenset({BatchStatus.PAUSED, BatchStatus.CANCELLED})


class Batches(TableRepository):
    # --- Creating and reading ----------------------------------------------------------------------------------------

    def claim_request(self, user_id: str, key_hash: str, request_hash: str, batch_id: str, now: datetime) -> str:
        """The id of the batch that belongs to an idempotency key: `batch_id`, or the one of the first such request.

        Both are hashes: of the key and of the request. Raises IdempotencyKeyReused when the key came before with
        another request.
        """
        claim: Record = {
            **records.request_key(user_id, key_hash),
            "batch_id": batch_id,
            "digest": request_hash,
            "expires_at": int((now + IDEMPOTENCY_KEPT).timestamp()),
        }
        # DynamoDB deletes what has expired when it finds the time for it, which may be days later.
        if not self.put_if_new(claim, expired_before=now):
            claim = self.read(records.request_key(user_id, key_hash)) or claim
        if claim["digest"] != request_hash:
            raise IdempotencyKeyReused
        return str(claim["batch_id"])

    def create(
        self,
        batch: Batch,
        items: Sequence[Item],
        order: Order,
        known: Collection[str] = (),
        quota: Callable[[], Sequence[Record]] = tuple,
    ) -> Batch:
        """Writes the items, then the batch and their order, which makes them visible; repeating it changes nothing.

        `known` are ids of videos that its playlists are not to bring, `quota` tells what is to be counted with the
        batch. Raises BatchDeleted when the batch was there before, BatchChanged when something else was counted at the
        same moment, and what `quota` raises.
        """
        with suppress(BatchNotFound):
            return self.get(batch.user_id, batch.id)
        self._require_not_deleted(batch)
        try:
            counted = quota()
        except TooMany:
            with suppress(BatchNotFound):  # made meanwhile by the same request, which has used up what was left
                return self.get(batch.user_id, batch.id)
            raise
        try:
            numbers = self.write_items(batch.id, items, new_at=batch.created_at)
            return self._create_counted(batch, order.renumbered(numbers), known, counted, quota)
        except (BatchChanged, TooMany):
            with suppress(BatchNotFound):  # made meanwhile by the same request, which came twice
                return self.get(batch.user_id, batch.id)
            self._require_not_deleted(batch)
            raise

    def _create_counted(
        self,
        batch: Batch,
        order: Order,
        known: Collection[str],
        counted: Sequence[Record],
        quota: Callable[[], Sequence[Record]],
    ) -> Batch:
        """Writes all but the items at once, so that a batch has nothing of another try of the same request."""
        is_active = needs_execution(batch, is_owner_told=True)  # of a new batch there is nothing to tell
        # From now on its items have an owner.
        in_order = Update(
            OrderRecord.entries.set(order.entries),
            OrderRecord.requeued.set(order.requeued),
            OrderRecord.playlists.set(order.playlists),
            OrderRecord.active.remove(),
            OrderRecord.created_at.remove(),
        )
        absent = condition(Keys.pk.not_exists())
        writes = [
            {"Put": {"Item": records.batch_record(batch, active=is_active), **absent}},
            {"ConditionCheck": {"Key": records.deletion_key(batch.user_id, batch.id), **absent}},
            updated(records.order_key(batch.id), in_order),
            *({"Put": {"Item": record}} for record in records.known_records(batch.id, known)),
        ]
        for _ in range(_COUNTED_IN_TURN):
            if self.transact_writes(*writes, *counted):
                return batch
            with suppress(BatchNotFound):
                return self.get(batch.user_id, batch.id)
            self._require_not_deleted(batch)
            counted = quota()
        raise BatchChanged("Other batches were created at the same moment; try again.")

    def _require_not_deleted(self, batch: Batch) -> None:
        """Raises BatchDeleted."""
        if self.read(records.deletion_key(batch.user_id, batch.id)):
            raise BatchDeleted

    def get(self, user_id: str, batch_id: str, *, consistent: bool = True) -> Batch:
        """One read unit, or half of one when the last second's writes need not be seen. Raises BatchNotFound."""
        record = self.read(records.batch_key(user_id, batch_id), consistent=consistent)
        if record is None and not consistent:
            # It may have been created within the last second.
            record = self.read(records.batch_key(user_id, batch_id))
        if record is None:
            raise BatchNotFound
        return records.batch_from(record)

    def get_driven(self, user_id: str, batch_id: str, run: int) -> Batch | None:
        """The batch if this run drives it, None if another one has taken it over since. Raises BatchNotFound."""
        batch = self.get(user_id, batch_id)
        return batch if batch.execution.run == run else None

    def carry_out(self, user_id: str, batch_id: str, command: Callable[[Batch], T], *, looks: int) -> T:
        """`command` on the batch as it stands, and again on what became of it when the batch changed at that moment.

        Raises BatchNotFound, BatchChanged at the last of so many `looks`, and what `command` raises.
        """
        for _ in range(looks - 1):
            with suppress(BatchChanged):
                return command(self.get(user_id, batch_id))
        return command(self.get(user_id, batch_id))

    def find_active(self, user_id: str, batch_id: str) -> Batch | None:
        """The batch if an execution should be driving it; the index that named it may be a moment behind."""
        record = self.read(records.batch_key(user_id, batch_id))
        return records.batch_from(record) if record and "active" in record else None

    def list_newest_first(self, user_id: str, limit: int, before: str | None = None) -> tuple[list[Batch], str | None]:
        """Up to `limit` batches older than the batch id `before`, and the id to go on from, if there are more."""
        arguments: dict[str, Any] = {"ExclusiveStartKey": records.batch_key(user_id, before)} if before else {}
        wanted = query(Keys.pk.eq(records.user_partition(user_id)), Keys.sk.begins_with(records.BATCH_PREFIX))
        answer = self.page(wanted, ScanIndexForward=False, Limit=limit, **arguments)
        batches = [records.batch_from(record) for record in answer["Items"]]
        return batches, batches[-1].id if batches and "LastEvaluatedKey" in answer else None

    def list_active(self) -> list[tuple[str, str]]:
        """User id and batch id of every batch that an execution should be driving, oldest first."""
        keys = self.pages(query(SweepIndex.active.eq("yes")), IndexName="ActiveBatches")
        return [records.ids_from(key) for key in keys]

    # --- Changing the status -----------------------------------------------------------------------------------------
    # Each raises WrongState when the batch is not in a status from which this is allowed, and BatchChanged when it has
    # changed since it was read.

    def start(self, batch: Batch, now: datetime) -> Batch:
        """A draft is to be processed."""
        # What was handed out to be looked at is no part of the queue that now begins.
        queue_begins = Update(
            BatchRecord.page.set(()),
            BatchRecord.page_served.set(0),
            *_under_next_run(batch),
        )
        return self._move(batch, BatchStatus.PENDING, now, queue_begins)

    def begin(self, batch: Batch, now: datetime) -> Batch:
        """The workflow takes up a pending batch."""
        return self._move(batch, BatchStatus.PROCESSING, now, Update(), only_from=_NEW)

    def resume(
        self,
        batch: Batch,
        now: datetime,
        *,
        by_user: bool = False,
        at_once: bool = False,
        max_cost_usd: Decimal | None = None,
    ) -> Batch:
        """A paused batch goes on, with another budget if one is given; `by_user`: its user resumes it, at once.

        `at_once`: its execution may still wait for the end of the pause, and another one is about to be started.
        Without `by_user` it stays paused if its user paused it since it was read.
        """
        resumed = Update(
            BatchRecord.pause.remove(),
            BatchRecord.page_served.set(0),
            *_new_budget(max_cost_usd),
        )
        if by_user:
            resumed = resumed.also(BatchRecord.resumed_by_user_at.set(now))
        else:
            resumed = resumed.only_if(BatchRecord.revision.eq(batch.revision))
        if by_user or at_once:
            resumed = resumed.also(*_under_next_run(batch))
        if not batch.has_no_execution:
            # Its execution still passes over the current page: none of it is begun before those that it passed over.
            resumed = resumed.also(BatchRecord.order_version.set(batch.queue.order_version + 1))
        return self._move(batch, BatchStatus.PROCESSING, now, resumed, only_from=_PAUSED)

    def reopen(self, batch: Batch, requeued: Requeued, now: datetime, *, max_cost_usd: Decimal | None = None) -> Batch:
        """An ended batch goes on with what is requeued in the same write, or to try its digest again if that failed."""
        reopened = requeued.update.also(
            BatchRecord.completed_at.remove(),
            BatchRecord.error.remove(),
            BatchRecord.current.remove(),
            BatchRecord.pause.remove(),
            BatchRecord.page_served.set(0),
            BatchRecord.resumed_by_user_at.set(now),
            *_new_budget(max_cost_usd),
            *_under_next_run(batch),
        ).only_if(BatchRecord.revision.eq(batch.revision))
        if batch.digest and batch.digest.status is DigestStatus.FAILED:
            reopened = reopened.also(BatchRecord.digest.remove())
        if batch.status is BatchStatus.CANCELLED:
            # A step that was lost may have completed its video since the rest was counted as skipped.
            waiting = batch.total - batch.completed - batch.failed - requeued.waiting
            reopened = reopened.also(BatchRecord.skipped.set(waiting))
        return self._move(batch, BatchStatus.PROCESSING, now, reopened, *requeued.writes, only_from=ENDED)

    def rename(self, user_id: str, batch_id: str, name: str, now: datetime) -> Batch:
        """Raises BatchNotFound."""
        named = Update(BatchRecord.name.set(name), BatchRecord.updated_at.set(now), BatchRecord.revision.add(1))
        batch = self.update_batch(user_id, batch_id, named)
        if batch is None:
            raise BatchNotFound
        return batch

    def pause(self, batch: Batch, now: datetime) -> Batch:
        """The user pauses the batch, also one that paused itself; it waits until the user resumes it."""
        pause = Pause(
            code="paused_by_user",
            message="You paused this batch.",
            advice="Resume it whenever you like.",
            since=now,
            until=None,
            times=0,
        )
        allowed = sources(BatchStatus.PAUSED) | _PAUSED
        return self._move(batch, BatchStatus.PAUSED, now, Update(), only_from=allowed, pause=pause)

    def pause_by_itself(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch:
        """Something outside the videos stops them all."""
        return self.wait(batch, pause_because(error, batch, now), now)

    def wait(self, batch: Batch, pause: Pause, now: datetime) -> Batch:
        """The batch pauses itself."""
        waits = Update(BatchRecord.current.remove(), BatchRecord.pauses_in_a_row.set(pause.times))
        return self._move(batch, BatchStatus.PAUSED, now, waits, pause=pause)

    def hold(self, batch: Batch, pause: Pause, now: datetime) -> Batch:
        """The batch pauses after the video under way, which may still end."""
        holds = Update(BatchRecord.pauses_in_a_row.set(pause.times))
        return self._move(batch, BatchStatus.PAUSED, now, holds, pause=pause)

    def cancel(self, batch: Batch, now: datetime) -> Batch:
        """No further video starts. What is left undone is counted when the batch is parked: at once if it is."""
        cancelled = Update(BatchRecord.pause.remove(), BatchRecord.completed_at.set(now))
        if not batch.has_no_execution:
            return self._move(batch, BatchStatus.CANCELLED, now, cancelled)
        undone = cancelled.also(*_left_undone(batch)).only_if(BatchRecord.revision.eq(batch.revision))
        return self._move(batch, BatchStatus.CANCELLED, now, undone, _nothing_again(batch))

    def complete(self, batch: Batch, now: datetime) -> Batch:
        """Every video has ended. The revision tells whether one was queued again since `batch` was read."""
        completed = Update(BatchRecord.current.remove(), BatchRecord.completed_at.set(now)).only_if(
            BatchRecord.revision.eq(batch.revision)
        )
        return self._move(batch, BatchStatus.COMPLETED, now, completed)

    def fail(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch:
        """The workflow cannot go on. What was done stays: with anything done the batch is completed, else failed."""
        target = BatchStatus.COMPLETED if batch.completed else BatchStatus.FAILED
        failed = Update(
            BatchRecord.current.remove(),
            BatchRecord.pause.remove(),
            BatchRecord.completed_at.set(now),
            BatchRecord.error.set(error.as_video_error()),
        )
        return self._move(batch, target, now, failed)

    def _move(
        self,
        batch: Batch,
        target: BatchStatus,
        now: datetime,
        change: Update,
        *writes: Record,
        only_from: frozenset[BatchStatus] | None = None,
        pause: Pause | None = None,
    ) -> Batch:
        """`change` is what is special about this move; `writes` belong to the same transaction."""
        if batch.status not in (only_from or sources(target)):
            raise WrongState(describe_refusal(batch, target))
        if target is BatchStatus.PROCESSING:
            # One that was paused or has failed before its workflow took it up begins only now.
            change = change.also(BatchRecord.started_at.set(batch.started_at or now))
        if pause:
            change = change.also(BatchRecord.pause.set(pause))
        parked = batch.has_no_execution if target in _LEAVE_EXECUTION else target in ENDED
        if needs_execution(replace(batch, status=target, pause=pause, has_no_execution=parked)):
            change = change.also(BatchRecord.active.set("yes"))
        else:
            change = change.also(BatchRecord.active.remove())
        change = change.also(
            BatchRecord.status.set(target),
            BatchRecord.has_no_execution.set(parked),
            BatchRecord.updated_at.set(now),
            BatchRecord.revision.add(1),
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.has_no_execution.eq(batch.has_no_execution),
        )
        changed = self.update_batch(batch.user_id, batch.id, change, *writes)
        if changed is None:
            changed = self.get(batch.user_id, batch.id)
            # The SDK repeats a write whose answer was lost; that it is done already is no refusal.
            if (changed.status, changed.updated_at) != (target, now):
                raise BatchChanged(describe_refusal(changed, target))
        if pause:
            metrics.pause(pause)
        if target in ENDED:
            metrics.record({Metric.BATCHES_ENDED: 1}, status=target)
        return changed

    # --- Who drives it -----------------------------------------------------------------------------------------------

    def adopt(self, batch: Batch, run: int, now: datetime) -> Batch | None:
        """A newer execution takes the batch over, which fences off the older ones; None if a newer one was faster."""
        is_at_rest = batch.status in {BatchStatus.COMPLETED, BatchStatus.FAILED}
        adopted = Update(
            BatchRecord.run.set(run),
            BatchRecord.has_no_execution.set(is_at_rest),
            BatchRecord.pages_served.set(0),
            BatchRecord.updated_at.set(now),
        ).only_if(BatchRecord.run.lt(run), BatchRecord.status.eq(batch.status))
        if not is_at_rest and needs_execution(replace(batch, has_no_execution=False), is_taken_over=True):
            # Should this execution be lost, the sweep has to find the batch: it cannot be deleted until it is let go.
            adopted = adopted.also(BatchRecord.active.set("yes"))
        return self.update_batch(batch.user_id, batch.id, adopted)

    def count_restart(self, batch: Batch, now: datetime) -> Batch | None:
        """Counts an execution that was started in place of a lost one; None if the batch changed since it was read.

        The count starts over with whatever changed since the last one.
        """
        times = batch.execution.restarts + 1 if batch.execution.restarted_at_revision == batch.revision else 1
        counted = Update(
            BatchRecord.restarts.set(times),
            BatchRecord.restarted_at_revision.set(batch.revision),
            BatchRecord.updated_at.set(now),
        ).only_if(BatchRecord.revision.eq(batch.revision), BatchRecord.status.eq(batch.status))
        return self.update_batch(batch.user_id, batch.id, counted)

    def count_round(self, batch: Batch, now: datetime) -> Batch | None:
        """Counts a round of an execution as if a page had been handed out; None if it changed since it was read."""
        counted = Update(
            BatchRecord.pages_served.set(batch.execution.pages_served + 1), BatchRecord.updated_at.set(now)
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.pages_served.eq(batch.execution.pages_served),
        )
        return self.update_batch(batch.user_id, batch.id, counted)

    def park(self, batch: Batch, now: datetime) -> Batch | None:
        """The execution lets go of a batch that does not go on; None if it changed since it was read.

        From now on no video is current, so what a cancelled batch left undone is counted as skipped.
        """
        parked = Update(
            BatchRecord.has_no_execution.set(True),
            BatchRecord.current.remove(),
            BatchRecord.updated_at.set(now),
            BatchRecord.revision.add(1),
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.revision.eq(batch.revision),
        )
        if not needs_execution(replace(batch, has_no_execution=True)):
            parked = parked.also(BatchRecord.active.remove())
        if batch.status is not BatchStatus.CANCELLED:
            return self.update_batch(batch.user_id, batch.id, parked)
        undone = parked.also(*_left_undone(batch))
        return self.update_batch(batch.user_id, batch.id, undone, _nothing_again(batch))

    # --- What happens once -------------------------------------------------------------------------------------------

    def claim_notification(self, batch: Batch, occasion: str, claimant: str) -> bool:
        """True for the first caller that wants to tell the owner about `occasion`, also when it asks again.

        False also where the batch goes on, or is driven by another run, since it was read: then this is news no more.
        `claimant` names the caller: the SDK repeats a write whose answer was lost, and must not lose against itself.
        An ended batch needs no execution any more once its owner is told.
        """
        is_first = (
            BatchRecord.notified.not_exists() | BatchRecord.notified.ne(occasion) | BatchRecord.notified_by.eq(claimant)
        )
        claim = Update(BatchRecord.notified.set(occasion), BatchRecord.notified_by.set(claimant)).only_if(
            BatchRecord.status.eq(batch.status), BatchRecord.run.eq(batch.execution.run), is_first
        )
        if not needs_execution(batch, is_owner_told=True):
            claim = claim.also(BatchRecord.active.remove())
        return self.update_batch(batch.user_id, batch.id, claim) is not None

    def release_notification(self, batch: Batch, occasion: str, claimant: str) -> None:
        """The email about `occasion` certainly did not go out: the next try may send it.

        A release that arrives late leaves the claim of that next try as it is.
        """
        release = Update(BatchRecord.notified.remove()).only_if(
            BatchRecord.notified.eq(occasion),
            BatchRecord.notified_by.eq(claimant),
            BatchRecord.status.eq(batch.status),
        )
        if needs_execution(batch):
            release = release.also(BatchRecord.active.set("yes"))
        self.update_batch(batch.user_id, batch.id, release)

    def abandon_notification(self, batch: Batch) -> None:
        """Its owner cannot be told; the end of the batch stands all the same."""
        untold = Update(BatchRecord.active.remove()).only_if(BatchRecord.revision.eq(batch.revision))
        self.update_batch(batch.user_id, batch.id, untold)


def _under_next_run(batch: Batch) -> tuple[Action, ...]:
    """What a batch takes on that its user sets going while no execution works on it.

    An older one may still wait for a time that was given to it long ago. Under its run the batch would seem to be
    driven when the start of the next execution gets lost.
    """
    return (
        (BatchRecord.run.set(batch.execution.run + 1), BatchRecord.pages_served.set(0))
        if batch.has_no_execution
        else ()
    )


def _new_budget(max_cost_usd: Decimal | None) -> tuple[Action, ...]:
    return () if max_cost_usd is None else (BatchRecord.max_cost_usd.set(max_cost_usd),)


_COMMANDS: dict[BatchStatus, str] = {
    BatchStatus.DRAFT: "start or cancel it",
    BatchStatus.PENDING: "pause or cancel it",
    BatchStatus.PROCESSING: "pause or cancel it, or retry videos that failed",
    BatchStatus.PAUSED: "resume or cancel it",
    BatchStatus.COMPLETED: "export it, or retry videos that failed",
    BatchStatus.FAILED: "export it, or retry videos that failed",
    BatchStatus.CANCELLED: "export it, or retry videos that failed",
}


def _left_undone(batch: Batch) -> tuple[Action, ...]:
    """What changes in a cancelled batch when nobody works on it any more: the rest is skipped, the queue at its end."""
    skipped = batch.total - batch.completed - batch.failed
    return BatchRecord.skipped.set(skipped), BatchRecord.page.set(()), BatchRecord.head.set(batch.total)


def _nothing_again(batch: Batch) -> Record:
    """What was to be done again is left out as well."""
    return updated(records.order_key(batch.id), Update(OrderRecord.requeued.set(())))


def describe_refusal(batch: Batch, target: BatchStatus) -> str:
    return f"The batch is {batch.status} and cannot become {target} now; you can {_COMMANDS[batch.status]}."
