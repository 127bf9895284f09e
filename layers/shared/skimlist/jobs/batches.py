"""The batch record: creates and reads it, changes its status, and keeps which execution drives it."""

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
from skimlist.following.budgets import has_used_its_budget
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, Keys, OrderRecord, SweepIndex
from skimlist.jobs.expressions import Action, Update, condition, query
from skimlist.jobs.order import Order
from skimlist.jobs.queue import QueueChange
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository, updated
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus, DigestState, DigestStatus, Pause, end_of, pause_of
from skimlist.models.outage import Dependency
from skimlist.models.video import Item
from skimlist.progress import pause_because
from skimlist.transitions import ENDED, sources

T = TypeVar("T")

IDEMPOTENCY_KEPT = timedelta(hours=24)
# Longer than the key is valid: by then no request that has read what was deleted is still under way, and no host's
# clock is that far behind.
DELETION_KEPT = IDEMPOTENCY_KEPT + timedelta(hours=1)

# If one user creates several batches at the same moment, each attempt counts one of them.
_CREATE_ATTEMPTS = 10

# Three commands lead to `processing`, each from some statuses only; the third one from the statuses of an ended batch.
_NEW = frozenset({BatchStatus.PENDING})
_PAUSED = frozenset({BatchStatus.PAUSED})
# The end of the queue completes a batch; a paused one is completed only by a failure of its workflow.
_PROCESSING = frozenset({BatchStatus.PROCESSING})
# The execution that drives the batch notices these by itself; the other statuses start or end its work.
_LEAVE_EXECUTION = frozenset({BatchStatus.PAUSED, BatchStatus.CANCELLED})
# A batch may have left these again when the SDK repeats the write that moved it there. The other commands need no such
# record: of a resume there is one already, and only a later run leads out of an end.
_SOON_LEFT = frozenset({BatchStatus.PENDING, BatchStatus.PAUSED, BatchStatus.CANCELLED})


class Batches(TableRepository):
    # --- Creating and reading ----------------------------------------------------------------------------------------

    def claim_request(self, user_id: str, key_hash: str, request_hash: str, batch_id: str, now: datetime) -> str:
        """Claims an idempotency key for `batch_id`; returns the id of the first batch if the request came before.

        The key and the request are given as hashes. Raises IdempotencyKeyReused if the key was used for another
        request before.
        """
        claim: Record = {
            **records.request_key(user_id, key_hash),
            "batch_id": batch_id,
            "digest": request_hash,
            "expires_at": int((now + IDEMPOTENCY_KEPT).timestamp()),
        }
        # DynamoDB may take days to delete an expired record.
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

        `known` are ids of videos that its playlists must not add; `quota` returns the writes that charge the user's
        quota. Raises BatchDeleted if the batch existed before, BatchChanged if other requests changed the quota at the
        same moment, and what `quota` raises.
        """
        with suppress(BatchNotFound):
            return self.get(batch.user_id, batch.id)
        self._require_not_deleted(batch)
        try:
            quota_writes = quota()
        except TooMany:
            with suppress(BatchNotFound):  # created by the same request, which has used the quota
                return self.get(batch.user_id, batch.id)
            raise
        try:
            numbers = self.write_items(batch.id, items, new_at=batch.created_at)
            return self._create_in_one_write(batch, order.renumbered(numbers), known, quota_writes, quota)
        except (BatchChanged, TooMany):
            with suppress(BatchNotFound):  # created by the same request in the meantime, which arrived twice
                return self.get(batch.user_id, batch.id)
            self._require_not_deleted(batch)
            raise

    def _create_in_one_write(
        self,
        batch: Batch,
        order: Order,
        known: Collection[str],
        quota_writes: Sequence[Record],
        quota: Callable[[], Sequence[Record]],
    ) -> Batch:
        """Writes everything but the items in one transaction, so that no batch mixes two attempts of one request."""
        is_active = needs_execution(batch, is_owner_notified=True)  # a new batch has nothing to notify its owner of
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
        for _ in range(_CREATE_ATTEMPTS):
            if self.transact_writes(*writes, *quota_writes):
                return batch
            with suppress(BatchNotFound):
                return self.get(batch.user_id, batch.id)
            self._require_not_deleted(batch)
            quota_writes = quota()
        raise BatchChanged("Other batches were created at the same moment; try again.")

    def _require_not_deleted(self, batch: Batch) -> None:
        """Raises BatchDeleted."""
        if self.read(records.deletion_key(batch.user_id, batch.id)):
            raise BatchDeleted

    def get(self, user_id: str, batch_id: str, *, consistent: bool = True) -> Batch:
        """Reads a batch for one read unit, or for half if the last second's writes may be missing.

        Raises BatchNotFound.
        """
        record = self.read(records.batch_key(user_id, batch_id), consistent=consistent)
        if record is None and not consistent:
            # It may have been created within the last second.
            record = self.read(records.batch_key(user_id, batch_id))
        if record is None:
            raise BatchNotFound
        return records.batch_from(record)

    def get_driven(self, user_id: str, batch_id: str, run: int) -> Batch | None:
        """Returns the batch, or None if another run has taken it over. Raises BatchNotFound."""
        batch = self.get(user_id, batch_id)
        return batch if batch.execution.run == run else None

    def carry_out(
        self,
        user_id: str,
        batch_id: str,
        command: Callable[[Batch], T],
        *,
        max_attempts: int,
        batch: Batch | None = None,
    ) -> T:
        """Calls `command` with the batch; whenever it raises BatchChanged, reads the batch and calls it again.

        If the batch has just been read, it can be given as `batch`. Raises BatchNotFound, BatchChanged after
        `max_attempts`, and what `command` raises.
        """
        for _ in range(max_attempts - 1):
            with suppress(BatchChanged):
                return command(batch or self.get(user_id, batch_id))
            batch = None
        return command(batch or self.get(user_id, batch_id))

    def find_active(self, user_id: str, batch_id: str) -> Batch | None:
        """Returns the batch if it needs an execution; None if the index that named it was a moment behind."""
        record = self.read(records.batch_key(user_id, batch_id))
        return records.batch_from(record) if record and "active" in record else None

    def list_newest_first(self, user_id: str, limit: int, before: str | None = None) -> tuple[list[Batch], str | None]:
        """Returns up to `limit` batches older than the batch id `before`, and the start of the next page, if any."""
        arguments: dict[str, Any] = {"ExclusiveStartKey": records.batch_key(user_id, before)} if before else {}
        wanted = query(Keys.pk.eq(records.user_partition(user_id)), Keys.sk.begins_with(records.BATCH_PREFIX))
        answer = self.page(wanted, ScanIndexForward=False, Limit=limit, **arguments)
        batches = [records.batch_from(record) for record in answer["Items"]]
        return batches, batches[-1].id if batches and "LastEvaluatedKey" in answer else None

    def list_active(self) -> list[tuple[str, str]]:
        """Yields user id and batch id of every batch that needs an execution, oldest first."""
        keys = self.pages(query(SweepIndex.active.eq("yes")), IndexName="ActiveBatches")
        return [records.ids_from(key) for key in keys]

    # --- Changing the status -----------------------------------------------------------------------------------------
    # Each raises WrongState if the batch's status does not allow this, and BatchChanged if it has changed since it was
    # read.

    def start(self, batch: Batch, now: datetime) -> Batch:
        """Starts a draft."""
        # The page of the preflight is not part of the queue that begins now.
        queue_begins = Update(
            BatchRecord.page.set(()),
            BatchRecord.page_served.set(0),
            *_under_next_run(batch),
        )
        return self._move(batch, BatchStatus.PENDING, now, queue_begins)

    def begin(self, batch: Batch, now: datetime) -> Batch:
        """Moves a pending batch to processing when its workflow starts."""
        return self._move(batch, BatchStatus.PROCESSING, now, Update(), only_from=_NEW)

    def resume(
        self,
        batch: Batch,
        now: datetime,
        *writes: Record,
        by_user: bool = False,
        at_once: bool = False,
        max_cost_usd: Decimal | None = None,
        without_budget: bool = False,
    ) -> Batch:
        """Resumes a paused batch, with a new budget if one is given, or `without_budget`.

        `by_user` says that its user resumes it. `at_once` lets another execution start while the batch's own may still
        wait for the end of the pause. `writes` belong to the same transaction.
        """
        # It ends only the pause that was read: in the meantime the batch may have been resumed and paused again.
        resumed = Update(
            BatchRecord.pause.remove(),
            BatchRecord.page_served.set(0),
            *_new_budget(max_cost_usd, without_budget=without_budget),
            *_reported(batch, now),
        ).only_if(BatchRecord.revision.eq(batch.revision))
        if by_user:
            resumed = resumed.also(BatchRecord.resumed_by_user_at.set(now))
        if by_user or at_once:
            resumed = resumed.also(*_under_next_run(batch))
        if not batch.has_no_execution:
            # Its execution has skipped part of the page. It must skip the rest too, to keep the order.
            resumed = resumed.also(BatchRecord.order_version.set(batch.queue.order_version + 1))
        return self._move(batch, BatchStatus.PROCESSING, now, resumed, *writes, only_from=_PAUSED)

    def reopen(
        self,
        batch: Batch,
        requeued: QueueChange,
        now: datetime,
        *,
        max_cost_usd: Decimal | None = None,
        without_budget: bool = False,
    ) -> Batch:
        """Reopens an ended batch for the videos that the same write requeues, or only for a digest that is due."""
        reopened = requeued.update.also(
            BatchRecord.completed_at.remove(),
            BatchRecord.error.remove(),
            BatchRecord.current.remove(),
            BatchRecord.pause.remove(),
            BatchRecord.page_served.set(0),
            BatchRecord.resumed_by_user_at.set(now),
            *_new_budget(max_cost_usd, without_budget=without_budget),
            *_under_next_run(batch),
        ).only_if(BatchRecord.revision.eq(batch.revision))
        if batch.completed_at and batch.notified == end_of(batch):
            told_up_to = max(batch.completed_at, batch.told_up_to or batch.completed_at)
            reopened = reopened.also(BatchRecord.reported_up_to.set(told_up_to))
        if batch.digest and batch.digest.status is DigestStatus.FAILED:
            reopened = reopened.also(_without_failure(batch.digest))
        if batch.status is BatchStatus.CANCELLED:
            # A step that seemed lost may have completed its video since the rest was counted as skipped.
            waiting = batch.total - batch.completed - batch.failed - requeued.requeued_before
            reopened = reopened.also(BatchRecord.skipped.set(waiting))
        return self._move(batch, BatchStatus.PROCESSING, now, reopened, *requeued.writes, only_from=ENDED)

    def rename(self, user_id: str, batch_id: str, name: str, now: datetime) -> Batch:
        """Raises BatchNotFound."""
        named = Update(BatchRecord.name.set(name), BatchRecord.updated_at.set(now), BatchRecord.revision.add(1))
        batch = self.update_batch(user_id, batch_id, named)
        if batch is None:
            raise BatchNotFound
        return batch

    def change_model(self, batch: Batch, model: str, now: datetime) -> Batch:
        """Has the waiting videos summarized with another model.

        A video that is being summarized keeps its own, and so does one whose function was killed: only the same model
        finds the answers that are not counted yet.

        Raises BatchChanged.
        """
        change = Update(
            BatchRecord.model.set(model),
            # They belonged to the earlier model.
            BatchRecord.failures_of(Dependency.MODEL).remove(),
            BatchRecord.updated_at.set(now),
            BatchRecord.revision.add(1),
        )
        unchanged = BatchRecord.status.eq(batch.status) & BatchRecord.model.eq(batch.settings.model)
        changed = self.update_batch(batch.user_id, batch.id, change.only_if(unchanged))
        if changed is None:
            raise BatchChanged
        return changed

    def pause(self, batch: Batch, now: datetime) -> Batch:
        """Pauses the batch, even one that paused itself, until its user resumes it."""
        pause = Pause(
            code="paused_by_user",
            message="You paused this batch.",
            advice="Resume it whenever you like.",
            since=now,
            until=None,
            times=0,
        )
        allowed = sources(BatchStatus.PAUSED) | _PAUSED
        return self._move(
            batch, BatchStatus.PAUSED, now, Update(*_reported(batch, now)), only_from=allowed, pause=pause
        )

    def pause_for(
        self, batch: Batch, error: SkimlistError, now: datetime, *, limit_usd: Decimal | None = None
    ) -> Batch:
        """Pauses the batch for an error that would stop every video, such as that it has reached `limit_usd`."""
        return self.pause_now(batch, replace(pause_because(error, batch, now), limit_usd=limit_usd), now)

    def pause_now(self, batch: Batch, pause: Pause, now: datetime) -> Batch:
        """Pauses the batch without its user's request; no video stays current."""
        waits = Update(BatchRecord.current.remove(), BatchRecord.pauses_in_a_row.set(pause.times))
        return self._move(batch, BatchStatus.PAUSED, now, waits, pause=pause)

    def pause_after_current(self, batch: Batch, pause: Pause, now: datetime) -> Batch:
        """Pauses the batch without its user's request; the current video may still end."""
        paused = Update(BatchRecord.pauses_in_a_row.set(pause.times))
        return self._move(batch, BatchStatus.PAUSED, now, paused, pause=pause)

    def cancel(self, batch: Batch, now: datetime) -> Batch:
        """Cancels the batch. Its remaining videos count as skipped once no execution drives it."""
        cancelled = Update(BatchRecord.pause.remove(), BatchRecord.completed_at.set(now), *_reported(batch, now))
        if not batch.has_no_execution:
            return self._move(batch, BatchStatus.CANCELLED, now, cancelled)
        skipped = cancelled.also(*_skip_remaining(batch)).only_if(BatchRecord.revision.eq(batch.revision))
        return self._move(batch, BatchStatus.CANCELLED, now, skipped, _without_requeued(batch))

    def complete(self, batch: Batch, now: datetime) -> Batch:
        """Completes the batch if no video was queued again since it was read, which its revision shows."""
        completed = Update(BatchRecord.current.remove(), BatchRecord.completed_at.set(now)).only_if(
            BatchRecord.revision.eq(batch.revision)
        )
        return self._move(batch, BatchStatus.COMPLETED, now, completed, only_from=_PROCESSING)

    def fail(self, batch: Batch, error: SkimlistError, now: datetime) -> Batch:
        """Ends a batch whose workflow has failed: completed if any video is completed, otherwise failed."""
        target = BatchStatus.COMPLETED if batch.completed else BatchStatus.FAILED
        failed = Update(
            BatchRecord.current.remove(),
            BatchRecord.pause.remove(),
            BatchRecord.completed_at.set(now),
            BatchRecord.error.set(error.as_problem()),
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
        """Changes the status, and makes the further `change`; `writes` belong to the same transaction."""
        if batch.status not in (only_from or sources(target)):
            raise WrongState(describe_refusal(batch, target))
        if target is BatchStatus.PROCESSING:
            # A batch that was paused or failed before its workflow began starts only now.
            change = change.also(BatchRecord.started_at.set(batch.started_at or now))
        if target in _SOON_LEFT:
            change = change.also(BatchRecord.last_became(target).set(now))
        if pause:
            # In the meantime the batch may have been paused and resumed.
            change = change.also(BatchRecord.pause.set(pause)).only_if(BatchRecord.revision.eq(batch.revision))
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
            if not _is_made(changed, target, now):
                raise BatchChanged(describe_refusal(changed, target))
        if pause:
            metrics.record_pause(pause)
        if target in ENDED:
            metrics.record({Metric.BATCHES_ENDED: 1}, status=target)
        return changed

    # --- The execution that drives it --------------------------------------------------------------------------------

    def adopt(self, batch: Batch, run: int, now: datetime) -> Batch | None:
        """Lets a newer execution take the batch over and locks out older ones; None if an even newer one was faster."""
        is_at_rest = batch.status in {BatchStatus.COMPLETED, BatchStatus.FAILED}
        adopted = Update(
            BatchRecord.run.set(run),
            BatchRecord.has_no_execution.set(is_at_rest),
            BatchRecord.pages_served.set(0),
            BatchRecord.updated_at.set(now),
        ).only_if(BatchRecord.run.lt(run), BatchRecord.status.eq(batch.status))
        if not is_at_rest and needs_execution(replace(batch, has_no_execution=False), is_taken_over=True):
            # If this execution is lost, the sweep has to find the batch, which cannot be deleted before it is parked.
            adopted = adopted.also(BatchRecord.active.set("yes"))
        return self.update_batch(batch.user_id, batch.id, adopted)

    def count_restart(self, batch: Batch, now: datetime) -> Batch | None:
        """Counts an execution that replaces a lost one; None if the batch has changed since it was read.

        The count starts over whenever the batch has changed since the last restart.
        """
        times = batch.execution.restarts + 1 if batch.execution.restarted_at_revision == batch.revision else 1
        counted = Update(
            BatchRecord.restarts.set(times),
            BatchRecord.restarted_at_revision.set(batch.revision),
            BatchRecord.updated_at.set(now),
        ).only_if(BatchRecord.revision.eq(batch.revision), BatchRecord.status.eq(batch.status))
        return self.update_batch(batch.user_id, batch.id, counted)

    def count_round(self, batch: Batch, now: datetime) -> Batch | None:
        """Counts a round of an execution as a page; None if the batch has changed since it was read."""
        counted = Update(
            BatchRecord.pages_served.set(batch.execution.pages_served + 1),
            BatchRecord.round_began_at.set(now),
            BatchRecord.updated_at.set(now),
        ).only_if(
            BatchRecord.status.eq(batch.status),
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.pages_served.eq(batch.execution.pages_served),
        )
        return self.update_batch(batch.user_id, batch.id, counted)

    def park(self, batch: Batch, now: datetime) -> Batch | None:
        """Notes that no execution drives the batch from now on; None if it has changed since it was read.

        Since no video is current then, the remaining videos of a cancelled batch are counted as skipped.
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
        skipped = parked.also(*_skip_remaining(batch))
        return self.update_batch(batch.user_id, batch.id, skipped, _without_requeued(batch))

    # --- Notifying the owner once ------------------------------------------------------------------------------------

    def claim_notification(
        self, batch: Batch, occasion: str, claimant: str, *, told_up_to: datetime | None = None
    ) -> bool:
        """Claims the right to notify the owner of `occasion`; True for the first caller, even if it repeats the claim.

        False if another caller was first, and also if the batch has changed its status or run since it was read: then
        the news is out of date. `claimant` names the caller, because the SDK repeats a write whose response was lost,
        and that must not refuse itself. Once its owner is notified, an ended batch no longer needs an execution.
        `told_up_to` is the end of the last video of a follow's batch that the notification is about.
        """
        is_first = (
            BatchRecord.notified.not_exists() | BatchRecord.notified.ne(occasion) | BatchRecord.notified_by.eq(claimant)
        )
        claim = Update(BatchRecord.notified.set(occasion), BatchRecord.notified_by.set(claimant)).only_if(
            BatchRecord.status.eq(batch.status), BatchRecord.run.eq(batch.execution.run), is_first
        )
        if told_up_to:
            claim = claim.also(BatchRecord.told_up_to.set(told_up_to))
        if not needs_execution(batch, is_owner_notified=True):
            claim = claim.also(BatchRecord.active.remove())
        return self.update_batch(batch.user_id, batch.id, claim) is not None

    def release_notification(self, batch: Batch, occasion: str, claimant: str) -> None:
        """Lets the next attempt send the email about `occasion`, because it was certainly not sent.

        A release that arrives late does not affect the claim of that next attempt.
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
        """Gives up notifying the owner; the batch stays ended or paused."""
        inactive = Update(BatchRecord.active.remove()).only_if(BatchRecord.revision.eq(batch.revision))
        self.update_batch(batch.user_id, batch.id, inactive)


class OwnersBatches(Batches):
    """Batches as their owners see them: a deleted one does not exist, even while an execution still drives it."""

    def get(self, user_id: str, batch_id: str, *, consistent: bool = True) -> Batch:
        batch = super().get(user_id, batch_id, consistent=consistent)
        if batch.deleted_at:
            raise BatchNotFound
        return batch

    def list_newest_first(self, user_id: str, limit: int, before: str | None = None) -> tuple[list[Batch], str | None]:
        batches, cursor = super().list_newest_first(user_id, limit, before)
        return [batch for batch in batches if not batch.deleted_at], cursor


def _is_made(batch: Batch, target: BatchStatus, now: datetime) -> bool:
    """Whether the batch has become `target` at the moment `now`, whatever has happened to it since.

    The SDK repeats a write whose response was lost; a change that is already made must not be refused, or made again.
    """
    is_resumed = target is BatchStatus.PROCESSING and batch.execution.resumed_by_user_at == now
    is_left = batch.execution.last_became.get(target) == now
    return is_resumed or is_left or (batch.status, batch.updated_at) == (target, now)


def _reported(batch: Batch, now: datetime) -> tuple[Action, ...]:
    """Stores which videos of the batch its owner knows, if they were told that it has used up its budget."""
    is_reported = has_used_its_budget(batch) and batch.notified == pause_of(batch)
    return (BatchRecord.reported_up_to.set(batch.told_up_to or now),) if is_reported else ()


def _under_next_run(batch: Batch) -> tuple[Action, ...]:
    """Gives the batch the next run, because its user starts or resumes it while no execution drives it.

    An older execution may still be in a Wait state. If the batch kept that run and the start of the next execution were
    lost, it would seem that the batch has an execution.
    """
    return (
        (BatchRecord.run.set(batch.execution.run + 1), BatchRecord.pages_served.set(0))
        if batch.has_no_execution
        else ()
    )


def _new_budget(max_cost_usd: Decimal | None, *, without_budget: bool) -> tuple[Action, ...]:
    if without_budget:
        return (BatchRecord.max_cost_usd.remove(),)
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


def _without_failure(digest: DigestState) -> Action:
    """Restores the state from before the attempt that failed, so that the digest is due again."""
    if not digest.covered:
        return BatchRecord.digest.remove()
    return BatchRecord.digest.set(DigestState(status=DigestStatus.READY, videos=digest.covered))


def _skip_remaining(batch: Batch) -> tuple[Action, ...]:
    """Counts the remaining videos of a cancelled batch as skipped, and moves its queue to the end."""
    skipped = batch.total - batch.completed - batch.failed
    return BatchRecord.skipped.set(skipped), BatchRecord.page.set(()), BatchRecord.head.set(batch.total)


def _without_requeued(batch: Batch) -> Record:
    """The write that empties the requeued videos, because they are skipped too."""
    return updated(records.order_key(batch.id), Update(OrderRecord.requeued.set(())))


def describe_refusal(batch: Batch, target: BatchStatus) -> str:
    return f"The batch is {batch.status} and cannot become {target} now; you can {_COMMANDS[batch.status]}."
