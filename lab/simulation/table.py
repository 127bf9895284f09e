"""DynamoDB in a dictionary: the operations that we use, on the values of boto3's table resource.

tests/integration/test_simulated_table.py also sends the calls of simulated runs to moto, and expects equal answers.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

from lab.simulation import expressions
from lab.simulation.expressions import InvalidPath, Names, Record, Values, copied

Key = tuple[str, str]
_MAX_RECORD_BYTES = 400 * 1024
# The maximum delay of index entries and eventually consistent reads.
_MAX_LAG_SECONDS = 5.0
_TOKENS_KEPT_SECONDS = 600.0


class Index(NamedTuple):
    """A secondary index. `projected` are the attributes that it contains beside the keys."""

    hash: str
    range: str
    projected: frozenset[str]


class Change(NamedTuple):
    """One record before and after a write; None if there is none."""

    key: Key
    before: Record | None
    after: Record | None


def refused(code: str, operation: str, message: str = "", **more: Any) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message or code},
        "ResponseMetadata": {"HTTPStatusCode": 400},
        **more,
    }
    return ClientError(response, operation)


@dataclass
class SimulatedTable:
    """The table. `clock` returns seconds; `on_write` is called after each write or transaction with all its changes."""

    indexes: Mapping[str, Index]
    clock: Callable[[], float]
    on_write: Callable[[Sequence[Change]], None] = lambda _changes: None
    partitions: dict[str, dict[str, Record]] = field(default_factory=dict)
    writes: int = 0
    _recent: deque[tuple[float, Change]] = field(default_factory=deque)
    _tokens: dict[str, float] = field(default_factory=dict)

    def get(self, key: Key) -> Record | None:
        return self.partitions.get(key[0], {}).get(key[1])

    def call(self, operation: str, arguments: Mapping[str, Any], *, lag: float = 0.0, token: str = "") -> Record:
        """Executes a call. Eventually consistent reads may lag `lag` seconds behind; `token` is a transaction's."""
        match operation:
            case "GetItem":
                answer = self._get_item(arguments, lag)
            case "BatchGetItem":
                answer = self._batch_get(arguments)
            case "Query":
                answer = self._query(arguments, lag)
            case "PutItem":
                answer = self._put_item(arguments)
            case "DeleteItem":
                answer = self._delete_item(arguments)
            case "UpdateItem":
                answer = self._update_item(arguments)
            case "BatchWriteItem":
                answer = self._batch_write(arguments)
            case "TransactWriteItems":
                answer = self._transact(arguments, token)
            case _:
                raise ValueError(f"The simulated table does not know {operation}.")
        return answer

    # --- Reading -----------------------------------------------------------------------------------------------------

    def _get_item(self, arguments: Mapping[str, Any], lag: float) -> Record:
        key = _key(arguments["Key"])
        behind = 0.0 if arguments.get("ConsistentRead") else lag
        record = self._as_of(behind).get(key, self.get(key)) if behind else self.get(key)
        return {} if record is None else {"Item": copied(record)}

    def _batch_get(self, arguments: Mapping[str, Any]) -> Record:
        answer = {}
        for name, wanted in arguments["RequestItems"].items():
            keys = [_key(key) for key in wanted["Keys"]]
            if len(set(keys)) < len(keys) or not 0 < len(keys) <= 100:
                raise refused("ValidationException", "BatchGetItem")
            answer[name] = [copied(record) for key in keys if (record := self.get(key)) is not None]
        return {"Responses": answer, "UnprocessedKeys": {}}

    def _query(self, arguments: Mapping[str, Any], lag: float) -> Record:
        index = self.indexes[arguments["IndexName"]] if "IndexName" in arguments else None
        names, values = _names(arguments), _values(arguments)
        test = expressions.condition(arguments["KeyConditionExpression"])
        readable = self._indexed(index, lag) if index else self._partition(arguments, values)
        keyed = [record for record in readable if test(record, names, values)]
        order, forward = _order_in(index), arguments.get("ScanIndexForward", True)
        keyed.sort(key=order, reverse=not forward)
        if start := arguments.get("ExclusiveStartKey"):
            place = order(start)
            keyed = [each for each in keyed if (order(each) > place if forward else order(each) < place)]
        page = keyed[: arguments.get("Limit", len(keyed))]
        passed = (each for each in page if _passes(each, arguments, names, values))
        answer: Record = {"Items": [_shown(each, arguments, names) for each in passed]}
        answer["Count"] = len(answer["Items"])
        if page and len(page) == arguments.get("Limit"):
            kept = {"pk", "sk"} | ({index.hash, index.range} if index else set())
            answer["LastEvaluatedKey"] = {name: page[-1][name] for name in kept}
        return answer

    def _partition(self, arguments: Mapping[str, Any], values: Values) -> Iterable[Record]:
        match = re.match(r"\(*(#\w+) = (:\w+)", arguments["KeyConditionExpression"])
        if match is None or _names(arguments)[match[1]] != "pk":
            raise refused("ValidationException", "Query")
        return self.partitions.get(values[match[2]], {}).values()

    def _indexed(self, index: Index, lag: float) -> Iterator[Record]:
        before = self._as_of(lag) if lag else {}
        kept = {"pk", "sk", index.hash, index.range} | index.projected
        for record in (*self._current(index.hash, before), *before.values()):
            if record is not None and index.hash in record and index.range in record:
                yield {name: value for name, value in record.items() if name in kept}

    def _current(self, attribute: str, before: Mapping[Key, Record | None]) -> Iterator[Record]:
        """Returns the records with this attribute, except those whose earlier state is known."""
        for pk, partition in self.partitions.items():
            for sk, record in partition.items():
                if attribute in record and (pk, sk) not in before:
                    yield record

    def _as_of(self, lag: float) -> dict[Key, Record | None]:
        """Returns the earlier state of the records that have changed since then."""
        moment = self.clock() - lag
        return {change.key: change.before for at, change in reversed(self._recent) if at > moment}

    # --- Writing -----------------------------------------------------------------------------------------------------

    def _put_item(self, arguments: Mapping[str, Any]) -> Record:
        item = normalized(arguments["Item"])
        key = _key(item)
        self._require("PutItem", key, arguments)
        self._write([(key, item)])
        return {}

    def _delete_item(self, arguments: Mapping[str, Any]) -> Record:
        key = _key(arguments["Key"])
        self._require("DeleteItem", key, arguments)
        if self.get(key) is not None:
            self._write([(key, None)])
        return {}

    def _update_item(self, arguments: Mapping[str, Any]) -> Record:
        key = _key(arguments["Key"])
        self._require("UpdateItem", key, arguments)
        after = self._updated(key, arguments, "UpdateItem")
        self._write([(key, after)])
        if arguments.get("ReturnValues") == "UPDATED_NEW":
            update = expressions.update(arguments["UpdateExpression"])
            names = _names(arguments)
            changed = {expressions.path_of(path, names)[0] for path, _ in (*update.sets, *update.adds)}
            return {"Attributes": {name: copied(after[name]) for name in changed}}
        return {"Attributes": copied(after)}

    def _updated(self, key: Key, arguments: Mapping[str, Any], operation: str) -> Record:
        before = self.get(key) or {"pk": key[0], "sk": key[1]}
        update = expressions.update(arguments["UpdateExpression"])
        try:
            return update.apply(before, _names(arguments), _values(arguments))
        except InvalidPath as error:
            raise refused("ValidationException", operation) from error

    def _batch_write(self, arguments: Mapping[str, Any]) -> Record:
        writes: list[tuple[Key, Record | None]] = []
        for requests in arguments["RequestItems"].values():
            for request in requests:
                if "PutRequest" in request:
                    item = normalized(request["PutRequest"]["Item"])
                    writes.append((_key(item), item))
                else:
                    writes.append((_key(request["DeleteRequest"]["Key"]), None))
        if len({key for key, _ in writes}) < len(writes):
            raise refused("ValidationException", "BatchWriteItem")
        for write in writes:  # independently of each other
            self._write([write])
        return {"UnprocessedItems": {}}

    def _transact(self, arguments: Mapping[str, Any], token: str) -> Record:
        """Executes a transaction; one that is repeated with its token changes nothing and succeeds."""
        if token and self.clock() - self._tokens.get(token, -_TOKENS_KEPT_SECONDS) < _TOKENS_KEPT_SECONDS:
            return {}
        writes: list[tuple[Key, Record | None]] = []
        codes = []
        for (kind, request), *_ in (list(item.items()) for item in arguments["TransactItems"]):
            key = _key(normalized(request["Item"])) if kind == "Put" else _key(request["Key"])
            holds = self._holds(key, request)
            codes.append("None" if holds else "ConditionalCheckFailed")
            if not holds:
                continue
            match kind:
                case "Put":
                    writes.append((key, normalized(request["Item"])))
                case "Update":
                    writes.append((key, self._updated(key, request, "TransactWriteItems")))
                case "Delete":
                    writes.append((key, None))
        if "ConditionalCheckFailed" in codes:
            reasons = [{"Code": code} for code in codes]
            raise refused("TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons)
        if len({key for key, _ in writes}) < len(writes):
            raise refused("ValidationException", "TransactWriteItems")
        if token:
            self._tokens[token] = self.clock()
        self._write(writes)
        return {}

    def _require(self, operation: str, key: Key, arguments: Mapping[str, Any]) -> None:
        if not self._holds(key, arguments):
            raise refused("ConditionalCheckFailedException", operation)

    def _holds(self, key: Key, arguments: Mapping[str, Any]) -> bool:
        text = arguments.get("ConditionExpression")
        if not text:
            return True
        return expressions.condition(text)(self.get(key) or {}, _names(arguments), _values(arguments))

    def _write(self, writes: Sequence[tuple[Key, Record | None]]) -> None:
        changes = []
        for key, after in writes:
            if after is not None and _size(after) > _MAX_RECORD_BYTES:
                raise refused("ValidationException", "PutItem")
            changes.append(Change(key, self.get(key), after))
        for change in changes:
            partition = self.partitions.setdefault(change.key[0], {})
            if change.after is None:
                partition.pop(change.key[1], None)
            else:
                partition[change.key[1]] = change.after
            self._recent.append((self.clock(), change))
        self.writes += 1
        self._forget()
        self.on_write(changes)

    def _forget(self) -> None:
        while self._recent and self._recent[0][0] < self.clock() - _MAX_LAG_SECONDS:
            self._recent.popleft()


def each_batch(table: SimulatedTable) -> Iterator[dict[str, Any]]:
    for pk, partition in table.partitions.items():
        if pk.startswith("USER#"):
            yield from (record for sk, record in partition.items() if sk.startswith("BATCH#"))


def normalized(value: Any) -> Any:
    """Returns `value` as DynamoDB would return it."""
    if isinstance(value, dict):
        return {name: normalized(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [normalized(entry) for entry in value]
    if isinstance(value, bool | str | Decimal | Binary) or value is None:
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, bytes):
        return Binary(value)
    raise TypeError(f"DynamoDB takes no {type(value).__name__}.")


def _key(record: Mapping[str, Any]) -> Key:
    return str(record["pk"]), str(record["sk"])


def _names(arguments: Mapping[str, Any]) -> Names:
    names: Names = arguments.get("ExpressionAttributeNames", {})
    return names


def _values(arguments: Mapping[str, Any]) -> Values:
    values: Values = normalized(arguments.get("ExpressionAttributeValues", {}))
    return values


def _order_in(index: Index | None) -> Callable[[Record], tuple[str, ...]]:
    return lambda record: (str(record[index.range]) if index else "", str(record["pk"]), str(record["sk"]))


def _passes(record: Record, arguments: Mapping[str, Any], names: Names, values: Values) -> bool:
    text = arguments.get("FilterExpression")
    return not text or expressions.condition(text)(record, names, values)


def _shown(record: Record, arguments: Mapping[str, Any], names: Names) -> Record:
    text = arguments.get("ProjectionExpression")
    if not text:
        return copied(record)  # type: ignore[no-any-return]
    wanted = [expressions.path_of(name.strip(), names)[0] for name in text.split(",")]
    return {name: copied(record[name]) for name in wanted if name in record}


def _size(record: Record) -> int:
    return sum(len(name) + _size_of(value) for name, value in record.items())


def _size_of(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Binary):
        content: Any = value
        return len(content.value)
    if isinstance(value, dict):
        return 3 + _size(value)
    if isinstance(value, list):
        return 3 + sum(map(_size_of, value))
    return 8
