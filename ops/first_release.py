"""`python -m ops.first_release TABLE BUCKET`: upgrades records that the first release wrote (docs/upgrade.md)."""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3

from skimlist.bucket import Bucket
from skimlist.codec import decode
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys
from skimlist.jobs.expressions import Attribute, Update
from skimlist.jobs.history import shown_in_history
from skimlist.jobs.records import Record
from skimlist.models.summary import Summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def upgrade(table: Table, archive: Bucket) -> int:
    """Upgrades the records and returns how many it changed. Running it again does no harm: upgraded records stay."""
    stored = list(_old_records(table))
    owners = _owners(table) if stored else {}
    return sum(_upgrade(table, archive, record, owners) for record in stored)


def _old_records(table: Table) -> Iterator[Record]:
    """Yields batches and orders without a count, summaries without an owner, and records that an index replaces."""
    yield from _scan(
        table,
        "(begins_with(sk, :batch) AND attribute_not_exists(order_version)) "
        "OR (sk = :order AND attribute_not_exists(numbered)) "
        "OR (begins_with(sk, :summary) AND attribute_not_exists(#owner)) OR begins_with(sk, :note)",
        {
            ":batch": records.BATCH_PREFIX,
            ":order": "ORDER",
            ":summary": records.SUMMARY_PREFIX,
            ":note": "FINGERPRINT#",
        },
        ExpressionAttributeNames={"#owner": "owner"},
    )


def _owners(table: Table) -> dict[str, str]:
    """Returns the user of every batch."""
    found = _scan(
        table,
        "begins_with(pk, :user) AND begins_with(sk, :batch)",
        {":user": "USER#", ":batch": records.BATCH_PREFIX},
        ProjectionExpression="pk, sk",
    )
    return {batch_id: user_id for user_id, batch_id in map(records.ids_from, found)}


def _scan(table: Table, wanted: str, values: Mapping[str, str], **more: Any) -> Iterator[Record]:
    client = table.meta.client
    pages = client.get_paginator("scan").paginate(
        TableName=table.name, FilterExpression=wanted, ExpressionAttributeValues=dict(values), **more
    )
    for page in pages:
        yield from page["Items"]


def _upgrade(table: Table, archive: Bucket, record: Record, owners: Mapping[str, str]) -> bool:
    key = {"pk": record["pk"], "sk": record["sk"]}
    batch_id = str(key["pk"]).removeprefix("BATCH#")
    if str(key["sk"]).startswith("FINGERPRINT#"):
        table.delete_item(Key=key)
    elif str(key["sk"]).startswith(records.BATCH_PREFIX):
        # Today's conditional writes compare counts that the first release did not keep.
        _add(table, key, records.batch_record(records.batch_from(record), active=False))
    elif key["sk"] == "ORDER":
        # `order` stays, because the first release reads it until the stack is updated.
        added = {"entries": record["order"], "numbered": max(record["order"], default=0)}
        _add(table, key, added)
    elif batch_id in owners:
        _add(table, key, _shown(table, archive, record, owners[batch_id]))
    else:
        return False  # its batch no longer exists
    return True


def _shown(table: Table, archive: Bucket, record: Record, user_id: str) -> Record:
    """Returns the attributes that list a summary in the history and let other batches find it."""
    batch_id, item_id = records.place_from(record)
    item: Record = table.get_item(Key=records.item_key(batch_id, item_id))["Item"]
    body = record["body"] if "body" in record else archive.find_summary_body(record["body_key"]) or b""
    summary = decode(Summary, json.loads(zlib.decompress(bytes(body))))
    summarized_at = datetime.fromisoformat(item["completed_at"])
    return {"is_copy": bool(item["cached"]), **shown_in_history(user_id, summary, summarized_at)}


def _add(table: Table, key: Record, attributes: Record) -> None:
    """Adds the attributes that a record lacks: a function may have written it since it was read."""
    added = (Attribute[Any](name).set_if_absent(value) for name, value in attributes.items() if name not in key)
    table.update_item(Key=key, **Update(*added).only_if(Keys.pk.exists()).arguments())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ops.first_release", description=__doc__)
    parser.add_argument("table", help="the table of the stack")
    parser.add_argument("bucket", help="the bucket of the stack")
    arguments = parser.parse_args()
    archive = Bucket(boto3.client("s3"), arguments.bucket)
    changed = upgrade(boto3.resource("dynamodb").Table(arguments.table), archive)
    print(f"{changed:,} records were upgraded.")
