"""`python -m ops.restore FROM TO [BATCH]`: copies records that the stack's table lacks from a restored table."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import boto3
from botocore.config import Config

_AT_ONCE = 16
_BATCH, _DELETION = "BATCH#", "DELETED#"
# The attribute that hides a batch from its owner while its deletion waits for an execution.
_HIDDEN = "deleted_at"


def restore(client: Any, source: str, target: str, batch_id: str | None = None) -> int:
    """Copies the missing records of one batch, or of all, and returns their number.

    Existing records of the target are newer and stay, except that a batch of the source is shown again even if its
    deletion has begun or is over. What is left in the source of a batch that had been deleted is not copied.
    """
    batch_ids = set(_batch_ids(client, source, batch_id))
    _forget_deletions(client, target, batch_ids)
    records = _records(client, source, batch_id, batch_ids)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(lambda record: _put_if_missing(client, target, record), records))


def _batch_ids(client: Any, table: str, batch_id: str | None) -> Iterator[str]:
    """Yields the id of every batch in the table, or only `batch_id` if it is there."""
    wanted = "sk = :key" if batch_id else "begins_with(sk, :key)"
    for record in _scan(client, table, wanted, f"{_BATCH}{batch_id or ''}"):
        yield record["sk"]["S"].removeprefix(_BATCH)


def _records(client: Any, table: str, batch_id: str | None, batch_ids: Set[str]) -> Iterator[dict[str, Any]]:
    """Yields the records to copy: those of the batches, and unless only one is wanted also those of no batch."""
    found = _scan(client, table, "pk = :key OR sk = :key", f"{_BATCH}{batch_id}") if batch_id else _scan(client, table)
    for record in found:
        partition, key = record["pk"]["S"], record["sk"]["S"]
        is_left_over = partition.startswith(_BATCH) and partition.removeprefix(_BATCH) not in batch_ids
        if is_left_over or _is_deletion_of(key, batch_ids):
            continue
        record.pop(_HIDDEN, None)
        yield record


def _scan(client: Any, table: str, wanted: str = "", key: str = "") -> Iterator[dict[str, Any]]:
    """Yields all records, or those that match the filter `wanted` of `:key`."""
    matching = {"FilterExpression": wanted, "ExpressionAttributeValues": {":key": {"S": key}}} if wanted else {}
    for page in client.get_paginator("scan").paginate(TableName=table, **matching):
        yield from page["Items"]


def _put_if_missing(client: Any, table: str, record: dict[str, Any]) -> bool:
    try:
        client.put_item(TableName=table, Item=record, ConditionExpression="attribute_not_exists(pk)")
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _forget_deletions(client: Any, table: str, batch_ids: Set[str]) -> None:
    """Removes the records of the batches' deletions, whose second pass would delete what is restored.

    Those that still wait to be deleted are shown again.
    """
    for note in _scan(client, table, "begins_with(sk, :key)", _DELETION):
        if not _is_deletion_of(note["sk"]["S"], batch_ids):
            continue
        batch = {"pk": note["pk"], "sk": {"S": note["sk"]["S"].replace(_DELETION, _BATCH)}}
        shown = {"UpdateExpression": "REMOVE #hidden", "ExpressionAttributeNames": {"#hidden": _HIDDEN}}
        with suppress(client.exceptions.ConditionalCheckFailedException):
            client.update_item(TableName=table, Key=batch, **shown, ConditionExpression="attribute_exists(pk)")
        client.delete_item(TableName=table, Key={name: note[name] for name in ("pk", "sk")})


def _is_deletion_of(key: str, batch_ids: Set[str]) -> bool:
    return key.startswith(_DELETION) and key.removeprefix(_DELETION) in batch_ids


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ops.restore", description=__doc__)
    parser.add_argument("source", help="the restored table")
    parser.add_argument("target", help="the table of the stack")
    parser.add_argument("batch_id", nargs="?", help="copy only this batch, even if it was deleted")
    arguments = parser.parse_args()
    dynamodb = boto3.client("dynamodb", config=Config(max_pool_connections=_AT_ONCE))
    print(f"{restore(dynamodb, arguments.source, arguments.target, arguments.batch_id):,} records were copied.")
