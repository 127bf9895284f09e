"""Counts calls to AWS of code that runs in this process, as AWS bills them.

Read and write units follow from the sizes of items (DynamoDB developer guide, "Read and write operations"); the
emulated table is inspected before and after each write.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import Any

import boto3
from botocore.model import OperationModel

from lab.bench.table import Item, TableInProcess

_READ_BYTES, _WRITE_BYTES = 4096, 1024


@dataclass(slots=True)
class Calls:
    """The number of calls of each operation (`dynamodb:UpdateItem`), and the units of the table."""

    operations: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0

    def __sub__(self, other: Calls) -> Calls:
        return Calls(
            self.operations - other.operations,
            self.read_units - other.read_units,
            self.write_units - other.write_units,
        )

    def __add__(self, other: Calls) -> Calls:
        return Calls(
            self.operations + other.operations,
            self.read_units + other.read_units,
            self.write_units + other.write_units,
        )

    def copy(self) -> Calls:
        return Calls(self.operations.copy(), self.read_units, self.write_units)


class CallCounter:
    """Counts the calls of the session's clients that are created while it is active.

    `table` reads the emulated table without being counted.
    """

    def __init__(
        self,
        session: boto3.Session,
        indexes: Sequence[Mapping[str, Any]],
        table: TableInProcess,
    ) -> None:
        self.calls = Calls()
        self._events = session.events
        self._indexes = indexes
        self._table = table

    @contextmanager
    def on(self) -> Iterator[Calls]:
        self._events.register("before-call", self._see_request)
        self._events.register("after-call", self._see_answer)
        yield self.calls
        self._events.unregister("before-call", self._see_request)
        self._events.unregister("after-call", self._see_answer)

    def _see_request(self, model: OperationModel, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        service = model.service_model.service_name
        self.calls.operations[f"{service}:{model.name}"] += 1
        if service == "dynamodb":
            request = json.loads(params["body"])
            keys = _written(model.name, request)
            context["counted"] = request, [(key, self._table.item(key)) for key in keys]

    def _see_answer(
        self, model: OperationModel, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: Any
    ) -> None:
        if "counted" not in context:
            return
        request, written = context["counted"]
        self.calls.read_units += self._read_units(model.name, request, parsed)
        # A transaction prepares each write and then commits it.
        times = 2 if model.name == "TransactWriteItems" else 1
        self.calls.write_units += times * sum(
            self._write_units(before, self._table.item(key)) for key, before in written
        )

    def _read_units(self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
        consistent = request.get("ConsistentRead", False)
        match operation:
            case "GetItem":
                return _units_read([_plain_size(answer.get("Item", {}))], consistent)
            case "BatchGetItem":
                of_tables = request["RequestItems"].values()
                consistent = any(of_table.get("ConsistentRead") for of_table in of_tables)
                found = [item for items in answer.get("Responses", {}).values() for item in items]
                # A key without an item costs as much as a small item.
                missing = sum(len(of_table["Keys"]) for of_table in of_tables) - len(found)
                sizes = [*map(_plain_size, found), *[0] * missing]
                return sum(_units_read([size], consistent) for size in sizes)
            case "Query" if "ProjectionExpression" in request:
                # DynamoDB reads and bills the whole item.
                return _units_read([_size(item) for item in self._table.query(_whole(request))], consistent)
            case "Query":
                return _units_read([_plain_size(item) for item in answer.get("Items", [])], consistent)
        return 0.0

    def _write_units(self, before: Item | None, after: Item | None) -> int:
        """Returns the write units of the table and its indexes; a write that changes nothing costs the same."""
        units = max([1, *(ceil(_size(item) / _WRITE_BYTES) for item in (before, after) if item is not None)])
        return units + sum(self._index_units(index, before, after) for index in self._indexes)

    def _index_units(self, index: Mapping[str, Any], before: Item | None, after: Item | None) -> int:
        """Returns the units of one write if an index entry appears, disappears or changes; of two if its key does."""
        old, new = _entry(index, before), _entry(index, after)
        if old == new:
            return 0
        keys = [part["AttributeName"] for part in index["KeySchema"]]
        if old and new and any(old[key] != new[key] for key in keys):
            return _entry_units(old) + _entry_units(new)
        return max(_entry_units(old), _entry_units(new))


def _whole(query: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the query for all attributes, without the names of its projection, because unused names are refused."""
    whole = {name: value for name, value in query.items() if name != "ProjectionExpression"}
    expressions = " ".join(str(value) for name, value in whole.items() if name.endswith("Expression"))
    names = whole.pop("ExpressionAttributeNames", {})
    used = {name: attribute for name, attribute in names.items() if name in expressions}
    return {**whole, "ExpressionAttributeNames": used} if used else whole


def _written(operation: str, request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Returns the keys of the items that a request writes."""
    if operation == "TransactWriteItems":
        return [each["Key"] if "Key" in each else _key_of(each["Item"]) for each in _changes(request["TransactItems"])]
    if operation == "BatchWriteItem":
        requests = [each for of_table in request["RequestItems"].values() for each in of_table]
        return [each["Key"] if "Key" in each else _key_of(each["Item"]) for each in _changes(requests)]
    if operation == "PutItem":
        return [_key_of(request["Item"])]
    return [request["Key"]] if operation in {"UpdateItem", "DeleteItem"} else []


def _changes(writes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [change for write in writes for change in write.values()]


def _key_of(item: Item) -> Mapping[str, Any]:
    return {"pk": item["pk"], "sk": item["sk"]}


def _units_read(sizes: Sequence[int], consistent: bool) -> float:
    return max(1, ceil(sum(sizes) / _READ_BYTES)) * (1.0 if consistent else 0.5)


def _entry(index: Mapping[str, Any], item: Item | None) -> Item | None:
    """Returns the part of an item that an index contains; None if the item has no key for it."""
    keys = [part["AttributeName"] for part in index["KeySchema"]]
    if item is None or not all(key in item for key in keys):
        return None
    held = {"pk", "sk", *keys, *index["Projection"].get("NonKeyAttributes", ())}
    return {name: value for name, value in item.items() if name in held}


def _entry_units(entry: Item | None) -> int:
    return ceil(_size(entry) / _WRITE_BYTES) if entry else 0


def _size(item: Item) -> int:
    """Returns the size of an item in DynamoDB's JSON, in bytes."""
    return sum(len(name.encode()) + _value_size(*next(iter(value.items()))) for name, value in item.items())


def _value_size(kind: str, value: Any) -> int:
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return _number_size(str(value))
        case "B":
            return len(value) if isinstance(value, bytes) else len(value) * 3 // 4
        case "L":
            return 3 + sum(1 + _value_size(*next(iter(each.items()))) for each in value)
        case "M":
            return 3 + sum(
                1 + len(name.encode()) + _value_size(*next(iter(each.items()))) for name, each in value.items()
            )
        case _:
            return 1


def _number_size(number: str) -> int:
    """Returns the size of a number: one byte for two digits, and one or two more."""
    return len(number.strip("-").replace(".", "").strip("0")) // 2 + 2


def _plain_size(item: Mapping[str, Any]) -> int:
    """Returns the size of an item in the SDK's types, in bytes."""
    return sum(len(name.encode()) + _plain_value_size(value) for name, value in item.items())


def _plain_value_size(value: Any) -> int:
    match value:
        case str():
            return len(value.encode())
        case bool() | None:
            return 1
        case int() | float() | Decimal():
            return _number_size(str(value))
        case list() | tuple():
            return 3 + sum(1 + _plain_value_size(each) for each in value)
        case dict():
            return 3 + sum(1 + len(name.encode()) + _plain_value_size(each) for name, each in value.items())
        case _:
            return len(bytes(value))
