"""`python -m ops.restore FROM TO [BATCH]`: copies records that the stack's table lacks from a restored table."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import boto3
from botocore.config import Config

_AT_ONCE = 16
# The attribute that hides a batch from its owner while its deletion waits for an execution.
_HIDDEN = "deleted_at"


def restore(client: Any, source: str, target: str, batch_id: str | None = None) -> int:
    """Copies the missing records of one batch, or of all, and returns their number.

    Existing records of the target are newer and stay. A batch whose deletion had begun is shown again.
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
        for record in page["Items"]:
            record.pop(_HIDDEN, None)
            yield record


def _put_if_missing(client: Any, table: str, record: dict[str, Any]) -> bool:
    try:
        client.put_item(TableName=table, Item=record, ConditionExpression="attribute_not_exists(pk)")
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _forget_deletion(client: Any, table: str, batch_id: str) -> None:
    """Removes the record of a batch's deletion, and shows the batch again if it still waits to be deleted."""
    note = {"FilterExpression": "sk = :note", "ExpressionAttributeValues": {":note": {"S": f"DELETED#{batch_id}"}}}
    for page in client.get_paginator("scan").paginate(TableName=table, **note):
        for found in page["Items"]:
            batch = {"pk": found["pk"], "sk": {"S": f"BATCH#{batch_id}"}}
            shown = {"UpdateExpression": "REMOVE #hidden", "ExpressionAttributeNames": {"#hidden": _HIDDEN}}
            with suppress(client.exceptions.ConditionalCheckFailedException):
                client.update_item(TableName=table, Key=batch, **shown, ConditionExpression="attribute_exists(pk)")
            client.delete_item(TableName=table, Key={name: found[name] for name in ("pk", "sk")})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ops.restore", description=__doc__)
    parser.add_argument("source", help="the restored table")
    parser.add_argument("target", help="the table of the stack")
    parser.add_argument("batch_id", nargs="?", help="copy only this batch, even if it was deleted")
    arguments = parser.parse_args()
    dynamodb = boto3.client("dynamodb", config=Config(max_pool_connections=_AT_ONCE))
    print(f"{restore(dynamodb, arguments.source, arguments.target, arguments.batch_id):,} records were copied.")
