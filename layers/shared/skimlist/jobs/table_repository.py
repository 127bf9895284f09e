"""Reads and writes the table; the base class of all adapters for its records."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import uniform
from time import sleep
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from skimlist import aws
from skimlist.aws import cancellation_codes, error_code, storage_errors
from skimlist.errors import BatchChanged, StorageUnavailable
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, Expiry, Keys, OrderRecord
from skimlist.jobs.expressions import Arguments, Attribute, Condition, Update, condition, query
from skimlist.jobs.records import Record
from skimlist.models.batch import Batch
from skimlist.models.video import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import QueryOutputTypeDef


# DynamoDB's own limit is a megabyte; that would be three thousand items at once, which take 12 MB of memory.
_PAGE_RECORDS = 500
_READ_AT_ONCE = 100  # the limit of BatchGetItem
WRITTEN_AT_ONCE = 25  # the limit of BatchWriteItem
MAX_TRANSACTION_WRITES = 100  # the limit of TransactWriteItems
# A function can write for as long as it may run, which is a quarter of an hour. Its last request may arrive half a
# minute later, and the clocks of two hosts differ.
LAST_WRITES = timedelta(minutes=20)
# DynamoDB accepts about 1,000 write units per second for one partition key.
_SECONDS_BEFORE_RETRIES = (0.1, 0.2, 0.4, 0.8, 1.6)


class TableRepository:
    """The base of all adapters. Every write may arrive twice, so it is conditional or repeating it changes nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table
        # Several threads may share a client, but not a table.
        self._client = table.meta.client
        self._name = table.name

    def read(self, key: Record, *, consistent: bool = True) -> Record | None:
        with storage_errors():
            return self._client.get_item(TableName=self._name, Key=key, ConsistentRead=consistent).get("Item")

    def read_many(self, keys: Sequence[Record], *, consistent: bool = True) -> list[Record]:
        """The records of these keys, in any order; keys without a record are omitted."""
        found: list[Record] = []
        for start in range(0, len(keys), _READ_AT_ONCE):
            found += self._read_at_once(keys[start : start + _READ_AT_ONCE], consistent=consistent)
        return found

    def _read_at_once(self, keys: Sequence[Record], *, consistent: bool) -> list[Record]:
        found: list[Record] = []
        wanted: dict[str, Any] = {self._name: {"Keys": list(keys), "ConsistentRead": consistent}}
        for _ in tries():
            with storage_errors():
                answer = self._client.batch_get_item(RequestItems=wanted)
            found += answer["Responses"].get(self._name, [])
            wanted = answer.get("UnprocessedKeys", {})
            if not wanted:
                return found
        raise StorageUnavailable("DynamoDB has not read every record.")

    def query(self, partition: str, prefix: str, attributes: Sequence[Attribute[Any]] = ()) -> Iterator[Record]:
        """Every record of a partition whose sort key begins with `prefix`, in that order, read one page at a time.

        If `attributes` are given, only they are read from each record, which saves time but no read units.
        """
        wanted = query(Keys.pk.eq(partition), Keys.sk.begins_with(prefix), attributes=attributes)
        return self.pages(wanted, ConsistentRead=True, Limit=_PAGE_RECORDS)

    def pages(self, wanted: Arguments, **options: Any) -> Iterator[Record]:
        """Every record that a query finds, read one page at a time."""
        while True:
            answer = self.page(wanted, **options)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            options["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def page(self, wanted: Arguments, **options: Any) -> QueryOutputTypeDef:
        with storage_errors():
            return self._client.query(TableName=self._name, **wanted, **options)

    def write(self, record: Record) -> None:
        with storage_errors():
            self._client.put_item(TableName=self._name, Item=record)

    def delete(self, key: Record) -> None:
        with storage_errors():
            self._client.delete_item(TableName=self._name, Key=key)

    def delete_each(self, keys: Iterator[Record]) -> None:
        while some := list(itertools.islice(keys, WRITTEN_AT_ONCE)):
            self._delete_at_once(some)

    def _delete_at_once(self, keys: list[Record]) -> None:
        wanted: Any = {self._name: [{"DeleteRequest": {"Key": key}} for key in keys]}
        for _ in tries():
            with storage_errors():
                wanted = self._client.batch_write_item(RequestItems=wanted).get("UnprocessedItems")
            if not wanted:
                return
        raise StorageUnavailable(
            "DynamoDB has not deleted every record; what is left is deleted with the next attempt."
        )

    def put_if_new(self, record: Record, *, expired_before: datetime | None = None) -> bool:
        """Stores the record; False if its key is taken, unless by a record that expired before `expired_before`."""
        is_new: Condition = Keys.pk.not_exists()
        if expired_before:
            is_new |= Expiry.expires_at.lte(int(expired_before.timestamp()))
        with storage_errors():
            try:
                self._client.put_item(TableName=self._name, Item=record, **condition(is_new))
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def update(
        self, key: Record, change: Update, returned: Literal["ALL_NEW", "UPDATED_NEW"] = "ALL_NEW"
    ) -> Record | None:
        """Makes the change, and returns the record or its updated part; None if a condition did not hold."""
        with storage_errors():
            try:
                answer = self._client.update_item(
                    TableName=self._name, Key=key, ReturnValues=returned, **change.arguments()
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return None
                raise
        attributes: Record = answer["Attributes"]
        return attributes

    def write_items(self, batch_id: str, items: Sequence[Item], new_at: datetime | None = None) -> Sequence[int]:
        """Writes new items and returns their numbers. Nobody sees the items until an order includes them.

        A bulk write has no condition: a late one would reset an item whose video has ended, and the video would be paid
        for twice. So each number belongs to one request. If it is unknown whether a request was carried out, its items
        are written again under new numbers, and no order includes the first ones.

        `new_at` is the time of creation of a batch that does not exist yet: if it is never created, the sweep removes
        its items. Raises BatchChanged if another attempt of the request has created it in the meantime.
        """
        numbers = list(self._reserve_numbers(batch_id, len(items), new_at))
        for first in range(0, len(items), WRITTEN_AT_ONCE):
            part = slice(first, first + WRITTEN_AT_ONCE)
            numbers[part] = self._write_part(batch_id, items[part], numbers[part], new_at)
        return numbers

    def _write_part(
        self, batch_id: str, items: Sequence[Item], numbers: Sequence[int], new_at: datetime | None
    ) -> Sequence[int]:
        # One attempt: otherwise the SDK would repeat a request whose response was lost.
        client = aws.table(self._name, attempts=1).meta.client
        wanted: Any = _puts(batch_id, items, numbers)
        for _ in tries():
            with storage_errors():
                try:
                    answer = client.batch_write_item(RequestItems={self._name: wanted})
                    wanted = answer.get("UnprocessedItems", {}).get(self._name)
                except (BotoCoreError, ClientError) as error:
                    if aws.has_unknown_outcome(error):
                        numbers = self._reserve_numbers(batch_id, len(items), new_at)
                        wanted = _puts(batch_id, items, numbers)
                    elif isinstance(error, ClientError) and not aws.is_transient(error):
                        raise
            if not wanted:
                return numbers
        raise StorageUnavailable("DynamoDB has not written every video.")

    def _reserve_numbers(self, batch_id: str, count: int, new_at: datetime | None) -> Sequence[int]:
        """Reserves numbers for new items that no other request gets, not even another attempt of the same one."""
        if not count:
            return ()
        reserved = Update(OrderRecord.numbered.add(count))
        if new_at:
            # The sweep finds it once no function can still be creating the batch.
            reserved = reserved.also(
                OrderRecord.active.set(records.UNOWNED), OrderRecord.created_at.set(new_at + LAST_WRITES)
            ).only_if(OrderRecord.entries.not_exists())
        attributes = self.update(records.order_key(batch_id), reserved, returned="UPDATED_NEW")
        if attributes is None:
            raise BatchChanged("Another attempt of the same request has created the batch.")
        last = int(attributes["numbered"])
        return range(last - count + 1, last + 1)

    def update_batch(self, user_id: str, batch_id: str, change: Update, *writes: Record) -> Batch | None:
        """Makes the change and returns the batch; None if it is gone or a condition did not hold.

        `writes` belong to the same transaction.
        """
        key = records.batch_key(user_id, batch_id)
        # DynamoDB's update creates a missing record: a deleted batch would come back with a few attributes.
        change = change.only_if(BatchRecord.pk.exists())
        if not writes:
            record = self.update(key, change)
        else:
            record = self.read(key) if self.transact_writes(updated(key, change), *writes) else None
        return records.batch_from(record) if record else None

    def transact(self, *changes: tuple[Record, Update]) -> bool:
        """Makes all of the changes (key, update) or none; False if a condition did not hold."""
        return self.transact_writes(*itertools.starmap(updated, changes))

    def transact_writes(self, *writes: Record) -> bool:
        """Makes all writes (at most 100) or none; False if a condition did not hold.

        A write is `{"Update": arguments}`, or the same with `Put`, `Delete` or `ConditionCheck`.
        """
        items: Any = [
            {kind: {"TableName": self._name, **arguments}} for write in writes for kind, arguments in write.items()
        ]
        for _ in tries():
            with storage_errors():
                try:
                    self._client.transact_write_items(TransactItems=items)
                except ClientError as error:
                    if "ConditionalCheckFailed" in cancellation_codes(error):
                        return False
                    if not aws.is_cancelled_for_now(error):
                        raise
                else:
                    return True
        raise StorageUnavailable("DynamoDB has cancelled the transaction every time.")


def tries() -> Iterator[None]:
    """Yields six times with growing pauses, for responses that the SDK does not retry."""
    yield
    for seconds in _SECONDS_BEFORE_RETRIES:
        sleep(uniform(seconds / 2, seconds))  # noqa: S311 - spreads requests, protects no secret
        yield


def updated(key: Record, change: Update) -> Record:
    """An update within a transaction."""
    return {"Update": {"Key": key, **change.arguments()}}


def _puts(batch_id: str, items: Sequence[Item], numbers: Sequence[int]) -> list[Record]:
    numbered = (replace(item, id=records.item_id(number)) for item, number in zip(items, numbers, strict=True))
    return [{"PutRequest": {"Item": records.item_record(batch_id, item)}} for item in numbered]
