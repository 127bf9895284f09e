"""Deletes batches: one write hides a batch, then its records are deleted, once no execution drives it any more.

The sweep finishes deletions that had to wait or were interrupted. It also deletes the records of batches that were
never created.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from skimlist.bucket import Bucket
from skimlist.errors import BatchChanged, BatchNotFound, FollowNotFound, WrongState
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, DeletionRecord, Keys, OrderRecord, SummaryRecord, SweepIndex
from skimlist.jobs.batches import DELETION_KEPT
from skimlist.jobs.digests import Digests
from skimlist.jobs.expressions import Arguments, Condition, Update, condition, query
from skimlist.jobs.follows import Follows
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import LAST_WRITES, TableRepository, updated
from skimlist.models.batch import Batch, BatchStatus
from skimlist.transitions import ENDED, OPEN

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

_AT_REST = ENDED | {BatchStatus.DRAFT}
# The partition of the sweep's index that holds deletions, each under the time when it is due.
_UNFINISHED = "deleted"


class Deletions(TableRepository):
    """The record of a deletion replaces that of the batch, and outlives everything that belonged to it."""

    def __init__(self, table: Table, archive: Bucket) -> None:
        super().__init__(table)
        self._archive = archive

    def begin(self, batch: Batch, now: datetime) -> Batch:
        """Hides the batch from its owner, and keeps repeated requests from creating it again.

        The record of a batch that an execution still drives stays until `finish`, because its current video may still
        cost something. Raises WrongState while the batch is processed or may continue, and BatchChanged if it has
        changed since it was read.
        """
        if batch.status not in _AT_REST:
            raise WrongState(f"The batch is {batch.status}; cancel it first, then delete it.")
        note = Update(DeletionRecord.active.set(_UNFINISHED), DeletionRecord.created_at.set(now))
        if batch.follow_id:
            note = note.also(DeletionRecord.follow_id.set(batch.follow_id))
        noted = updated(records.deletion_key(batch.user_id, batch.id), note)
        done = (
            self._remove(batch, noted) if batch.has_no_execution else self.transact_writes(noted, _hidden(batch, now))
        )
        if not done:
            raise BatchChanged("The batch changed while your request was processed; check it and delete it again.")
        return batch

    def _remove(self, batch: Batch, *writes: Record) -> bool:
        """Deletes the record of the batch together with the other writes; False if it has changed since it was read."""
        if batch.follow_id:
            with suppress(FollowNotFound):
                # Notify owner notes it too, but not of a cancelled batch, and not before the email.
                follows = Follows(self._table)
                follows.note_cost(follows.get(batch.user_id, batch.follow_id), batch)
        unchanged = (
            BatchRecord.run.eq(batch.execution.run),
            BatchRecord.revision.eq(batch.revision),
            BatchRecord.order_version.eq(batch.queue.order_version),
        )
        return self.transact_writes(*writes, _deleted_if(records.batch_key(batch.user_id, batch.id), *unchanged))

    def finish(self, user_id: str, batch_id: str, now: datetime) -> bool:
        """Deletes all records and objects of the batch, and transcripts that no other batch needs.

        Returns False, and changes nothing, while an execution still drives the batch. The digests of a follow's later
        runs lose the claims that compare them with this batch. With the user's last batch, the stored answers of models
        are deleted too. A deletion can be cut off and repeated at any point. Records that were written at the last
        moment are deleted some minutes later, when `list_unfinished` returns the batch again. Raises BatchNotFound if
        no such deletion was started.
        """
        note = self.read(records.deletion_key(user_id, batch_id))
        if note is None:
            raise BatchNotFound
        if "active" not in note or datetime.fromisoformat(note["created_at"]) > now:
            return True
        if waiting := self.read(records.batch_key(user_id, batch_id)):
            batch = records.batch_from(waiting)
            if not batch.has_no_execution or not self._remove(batch):
                return False
        # Transcripts go before the items, which say whose transcripts these are.
        if video_ids := self._video_ids(batch_id):
            self._archive.delete_transcripts(user_id, video_ids - self._needed(user_id, batch_id))
        self._delete(records.batch_partition(batch_id))
        self._archive.delete_batch(user_id, batch_id)
        if "follow_id" in note:
            self._forget_run(user_id, batch_id, str(note["follow_id"]))
        if not self._statuses(user_id):
            self._delete(records.user_partition(user_id), records.ANSWER_PREFIX)
            self._delete(records.user_partition(user_id), records.UNDER_WAY)
        if "expires_at" in note:
            done = Update(DeletionRecord.active.remove(), DeletionRecord.created_at.remove())
            done = done.only_if(DeletionRecord.expires_at.eq(int(note["expires_at"])))
        else:
            done = Update(
                DeletionRecord.expires_at.set(int((now + DELETION_KEPT).timestamp())),
                DeletionRecord.created_at.set(now + LAST_WRITES),
            )
        self.transact((records.deletion_key(user_id, batch_id), done))
        return True

    def _forget_run(self, user_id: str, batch_id: str, follow_id: str) -> None:
        """Deletes the batch's statements for later digests, and the claims of existing digests that rest on them."""
        self.delete_each(iter([records.run_statements_key(user_id, follow_id, batch_id)]))
        of_user = map(records.batch_from, self.query(records.user_partition(user_id), records.BATCH_PREFIX))
        later = [batch for batch in of_user if batch.follow_id == follow_id and batch.id > batch_id]
        Digests(self._table).forget(later, batch_id)

    def _video_ids(self, batch_id: str) -> set[str]:
        return {str(item["video_id"]) for item in self.query(records.batch_partition(batch_id), records.ITEM_PREFIX)}

    def _needed(self, user_id: str, without: str) -> set[str]:
        """Videos that the user's other batches have summaries of, or may still process."""
        shown = query(SummaryRecord.owner.eq(user_id), attributes=(SummaryRecord.pk, SummaryRecord.video_id))
        summaries = self.pages(shown, IndexName="History")
        own = records.batch_partition(without)
        needed = {str(summary["video_id"]) for summary in summaries if summary["pk"] != own}
        for batch_id, status in self._statuses(user_id).items():
            if status in OPEN:
                needed |= self._video_ids(batch_id)
        return needed

    def _statuses(self, user_id: str) -> dict[str, BatchStatus]:
        batches = self.query(records.user_partition(user_id), records.BATCH_PREFIX)
        return {records.ids_from(batch)[1]: BatchStatus(batch["status"]) for batch in batches}

    def _delete(self, partition: str, prefix: str = "") -> None:
        """Deletes every record of the partition whose sort key begins with `prefix`."""
        key = [Keys.pk.eq(partition), *([Keys.sk.begins_with(prefix)] if prefix else [])]
        keys = self.pages(query(*key, attributes=(Keys.pk, Keys.sk)), ConsistentRead=True)
        self.delete_each(keys)

    def list_unfinished(self, now: datetime) -> list[tuple[str, str]]:
        """User id and batch id of every deletion that waits, was cut off or is due for its second pass."""
        keys = self.pages(_due(_UNFINISHED, now), IndexName="ActiveBatches")
        return [records.ids_from(key, records.DELETION_PREFIX) for key in keys]

    # --- Batches that were never created -----------------------------------------------------------------------------

    def list_unowned(self, now: datetime) -> list[str]:
        """Ids of batches whose creation was cut off or refused after their items were written, oldest first."""
        keys = self.pages(_due(records.UNOWNED, now), IndexName="ActiveBatches")
        return [records.batch_id_from(key) for key in keys]

    def delete_unowned(self, batch_id: str, now: datetime) -> None:
        """Deletes the items of a batch that was never created, unless its request has been repeated since.

        If the request is repeated at this moment, its items get higher numbers than those used so far, and the record
        that counts them stays.
        """
        order = self.read(records.order_key(batch_id))
        if order is None or order.get("active") != records.UNOWNED:
            return
        if datetime.fromisoformat(order["created_at"]) > now:  # a repetition may be creating the batch
            return
        given = records.item_key(batch_id, records.item_id(int(order["numbered"])))
        items = self.query(records.batch_partition(batch_id), records.ITEM_PREFIX, attributes=(Keys.pk, Keys.sk))
        self.delete_each(item for item in items if item["sk"] <= given["sk"])
        seen = (OrderRecord.active.eq(order["active"]), OrderRecord.numbered.eq(int(order["numbered"])))
        self.transact_writes(_deleted_if(records.order_key(batch_id), *seen))


def _hidden(batch: Batch, now: datetime) -> Record:
    """The write that hides a batch from its owner while an execution still drives it."""
    hidden = Update(
        BatchRecord.deleted_at.set(now), BatchRecord.updated_at.set(now), BatchRecord.revision.add(1)
    ).only_if(BatchRecord.status.eq(batch.status), BatchRecord.has_no_execution.eq(batch.has_no_execution))
    return updated(records.batch_key(batch.user_id, batch.id), hidden)


def _due(part: str, now: datetime) -> Arguments:
    """The entries of a partition of the index that are due."""
    return query(SweepIndex.active.eq(part), SweepIndex.created_at.lte(now))


def _deleted_if(key: Record, *conditions: Condition) -> Record:
    """A deletion within a transaction, on the condition that the record has not changed since it was read."""
    return {"Delete": {"Key": key, **condition(*conditions)}}
