"""`python -m ops.restore FROM TO [BATCH]`: copies records that the stack's table lacks from a restored table."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

_AT_ONCE = 16


def restore(client: Any, source: str, target: str, batch_id: str | None = None) -> int:
    """Copies the missing records of one batch, or of all, and returns their number.

    Existing records of the target are newer and stay.
    """
    if batch_id:
        _forget_deletion(client, target, batch_id)
    records = _records(client, source, batch_id)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(lambda record: _put_if_missing(client, target, record), records))


def _records(client: Any, table: str, batch_id: str | None) -> Iterator[dict[str, Any]]:
    wanted: dict[str, Any] = {}
    if batch_id:
        key = {":key": {"S": f"BATCH#{batch_id}"}}
        wanted = {"FilterExpression": "pk = :key OR sk = :key", "ExpressionAttributeValues": key}
    for page in client.get_paginator("scan").paginate(TableName=table, **wanted):
        yield from page["Items"]


def _put_if_missing(client: Any, table: str, record: dict[str, Any]) -> bool:
    try:
        client.put_item(TableName=table, Item=record, ConditionExpression="attribute_not_exists(pk)")
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _forget_deletion(client: Any, table: str, batch_id: str) -> None:
    """Removes the deletion marker of a batch that is restored."""
    note = {"FilterExpression": "sk = :note", "ExpressionAttributeValues": {":note": {"S": f"DELETED#{batch_id}"}}}
    for page in client.get_paginator("scan").paginate(TableName=table, **note):
        for found in page["Items"]:
            client.delete_item(TableName=table, Key={name: found[name] for name in ("pk", "sk")})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ops.restore", description=__doc__)
    parser.add_argument("source", help="the restored table")
    parser.add_argument("target", help="the table of the stack")
    parser.add_argument("batch_id", nargs="?", help="copy only this batch, even if it was deleted")
    arguments = parser.parse_args()
    dynamodb = boto3.client("dynamodb", config=Config(max_pool_connections=_AT_ONCE))
    print(f"{restore(dynamodb, arguments.source, arguments.target, arguments.batch_id):,} records were copied.")
