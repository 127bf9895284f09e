"""Deleting batches: gone for everybody in one write, then record by record; what is cut off goes on later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from skimlist.archive_bucket import ArchiveBucket
from skimlist.aws import storage_errors
from skimlist.errors import BatchChanged, BatchNotFound, WrongState
from skimlist.jobs import records
from skimlist.jobs.records import change
from skimlist.jobs.store import Store
from skimlist.models import Batch, BatchStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

# As long as a request may come again with the Idempotency-Key that made the batch.
_REMEMBERED = timedelta(hours=24)
_AT_REST = frozenset({BatchStatus.DRAFT, BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED})
# The part of the index of batches to be driven that holds deletions to be finished.
_UNFINISHED = "deleted"


class Deletions(Store):
    """A note that the batch is deleted takes the place of its record, and outlives all that it held."""

    def __init__(self, table: Table, archive: ArchiveBucket) -> None:
        super().__init__(table)
        self._archive = archive

    def begin(self, batch: Batch, now: datetime) -> Batch:
        """From now on the batch exists for nobody, and can be made again by no repeated request.

        Raises WrongState while it is worked on or may go on, and BatchChanged when it changed since it was read.
        """
        if batch.status not in _AT_REST:
            raise WrongState(f"The batch is {batch.status}; cancel it first, then delete it.")
        if not batch.parked:
            raise WrongState("The batch is still being worked on; delete it in a moment.")
        note = change("SET #active = :active, #created_at = :now", active=_UNFINISHED, now=now)
        seen = {name: getattr(batch, name) for name in ("run", "revision", "order_version")}
        unchanged = {
            "ConditionExpression": " AND ".join(f"#{name} = :{name}" for name in seen),
            "ExpressionAttributeNames": {f"#{name}": name for name in seen},
            "ExpressionAttributeValues": {f":{name}": value for name, value in seen.items()},
        }
        done = self.transact_writes(
            {"Update": {"Key": records.deletion_key(batch.user_id, batch.id), **note}},
            {"Delete": {"Key": records.batch_key(batch.user_id, batch.id), **unchanged}},
        )
        if not done:
            raise BatchChanged("The batch changed at this moment; look at it and delete it again.")
        return batch

    def finish(self, user_id: str, batch_id: str, now: datetime) -> None:
        """Deletes what lies below the batch, in the table and in the bucket; transcripts stay.

        May be cut off and repeated at any point. Raises BatchNotFound if no such deletion was begun.
        """
        note = self.read(records.deletion_key(user_id, batch_id))
        if note is None:
            raise BatchNotFound
        if "active" not in note:
            return
        self._delete_records(batch_id)
        self._archive.delete_batch(user_id, batch_id)
        expires_at = int((now + _REMEMBERED).timestamp())
        self.transact(
            (
                records.deletion_key(user_id, batch_id),
                change("SET #expires_at = :at REMOVE #active, #created_at", at=expires_at),
            )
        )

    def _delete_records(self, batch_id: str) -> None:
        keys = self.pages(
            KeyConditionExpression="pk = :batch",
            ExpressionAttributeValues={":batch": f"BATCH#{batch_id}"},
            ProjectionExpression="pk, sk",
            ConsistentRead=True,
        )
        with storage_errors(), self._table.batch_writer() as writer:
            for key in keys:
                writer.delete_item(Key=key)

    def list_unfinished(self) -> list[tuple[str, str]]:
        """User id and batch id of every deletion that was begun and not finished, oldest first."""
        keys = self.pages(
            IndexName="ActiveBatches",
            KeyConditionExpression="active = :unfinished",
            ExpressionAttributeValues={":unfinished": _UNFINISHED},
        )
        return [records.ids_from(key, records.DELETION_PREFIX) for key in keys]
