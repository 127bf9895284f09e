"""Reads and writes of the table that all parts of a batch job share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from skimlist.aws import cancellation_codes, error_code, storage_errors
from skimlist.jobs import records
from skimlist.jobs.records import Record
from skimlist.models import Batch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


# DynamoDB's own limit, a megabyte, would be three thousand items at once, which take 12 MB here.
_PAGE_RECORDS = 500


class Store:
    """One table. Every write can arrive twice and counts once: it is conditional, or says the same again."""

    def __init__(self, table: Table) -> None:
        self._table = table
        # Several threads may share a client, but not a table.
        self._client = table.meta.client
        self._name = table.name

    def read(self, key: Record, *, consistent: bool = True) -> Record | None:
        with storage_errors():
            return self._client.get_item(TableName=self._name, Key=key, ConsistentRead=consistent).get("Item")

    def read_many(self, keys: Sequence[Record]) -> list[Record]:
        """The records under these keys (100 at most), in no order; keys without a record are left out."""
        found: list[Record] = []
        wanted: dict[str, Any] = {self._name: {"Keys": list(keys), "ConsistentRead": True}} if keys else {}
        with storage_errors():
            while wanted:
                answer = self._client.batch_get_item(RequestItems=wanted)
                found += answer["Responses"].get(self._name, [])
                wanted = answer.get("UnprocessedKeys") or {}
        return found

    def query(self, partition: str, prefix: str, only: Sequence[str] = ()) -> Iterator[Record]:
        """Every record of a partition whose sort key begins so, in its order, a page at a time.

        `only` names the attributes that are wanted of each; that saves no units, but the reading of the others.
        """
        names = {f"#{name}": name for name in only}
        wanted: Any = {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names} if only else {}
        return self.pages(
            **wanted,
            KeyConditionExpression="pk = :partition AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":partition": partition, ":prefix": prefix},
            ConsistentRead=True,
            Limit=_PAGE_RECORDS,
        )

    def pages(self, **query: Any) -> Iterator[Record]:
        """Every record that a query finds, read as they are asked for."""
        while True:
            with storage_errors():
                answer = self._client.query(TableName=self._name, **query)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, record: Record) -> None:
        with storage_errors():
            self._client.put_item(TableName=self._name, Item=record)

    def delete(self, key: Record) -> None:
        with storage_errors():
            self._client.delete_item(TableName=self._name, Key=key)

    def put_if_new(self, record: Record, *, expired_before: datetime | None = None) -> bool:
        """False if there is a record under this key already; one that expired before a given moment does not count."""
        new: Record = {"ConditionExpression": "attribute_not_exists(pk)"}
        if expired_before:
            new["ConditionExpression"] += " OR expires_at <= :now"
            new["ExpressionAttributeValues"] = {":now": int(expired_before.timestamp())}
        with storage_errors():
            try:
                self._client.put_item(TableName=self._name, Item=record, **new)
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def update(self, key: Record, change: Record) -> Record | None:
        """The record as it stands after `change`; None if the condition did not hold."""
        with storage_errors():
            try:
                answer = self._client.update_item(TableName=self._name, Key=key, ReturnValues="ALL_NEW", **change)
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return None
                raise
        attributes: Record = answer["Attributes"]
        return attributes

    def reserve_numbers(self, batch_id: str, count: int) -> Sequence[int]:
        """Numbers for new items that nobody else gets, not even another try of the same request.

        Items are written in bulk, and such a write has no condition: one that comes again, or late, must not meet the
        item of anybody else, who may have finished its video by then.
        """
        if not count:
            return ()
        arguments = records.change("ADD #numbered :count", count=count)
        with storage_errors():
            answer = self._client.update_item(
                TableName=self._name, Key=records.order_key(batch_id), ReturnValues="UPDATED_NEW", **arguments
            )
        last = int(str(answer["Attributes"]["numbered"]))
        return range(last - count + 1, last + 1)

    def update_batch(
        self,
        user_id: str,
        batch_id: str,
        change: Record,
        *also: tuple[Record, Record],
        counted: Sequence[Record] = (),
    ) -> Batch | None:
        """The batch as it stands after `change`; None if it is gone, or the condition did not hold.

        `also` are (key, change) of other records, `counted` further writes, all in the same transaction.
        """
        # DynamoDB makes what it is to update and does not find: a deleted batch would come back as a stump of itself.
        conditions = ["attribute_exists(pk)"]
        if "ConditionExpression" in change:
            conditions.append(f"({change['ConditionExpression']})")
        change = {**change, "ConditionExpression": " AND ".join(conditions)}
        key = records.batch_key(user_id, batch_id)
        if not also and not counted:
            record = self.update(key, change)
            return records.batch_from(record) if record else None
        updates = ({"Update": {"Key": each, **its_change}} for each, its_change in ((key, change), *also))
        record = self.read(key) if self.transact_writes(*updates, *counted) else None
        return records.batch_from(record) if record else None

    def transact(self, *changes: tuple[Record, Record]) -> bool:
        """Every (key, change) or none; False if a condition did not hold."""
        return self.transact_writes(*({"Update": {"Key": key, **change}} for key, change in changes))

    def transact_writes(self, *writes: dict[str, Record]) -> bool:
        """Every `{"Update", "Put" or "Delete": arguments}` or none; False if a condition did not hold."""
        items: Any = [
            {kind: {"TableName": self._name, **arguments}} for write in writes for kind, arguments in write.items()
        ]
        with storage_errors():
            try:
                self._client.transact_write_items(TransactItems=items)
            except ClientError as error:
                if "ConditionalCheckFailed" in cancellation_codes(error):
                    return False
                raise
        return True
