"""Implements the IAM condition key `dynamodb:LeadingKeys` for ministack, which restricts a role to some partitions.

AWS fills it with the partition keys of a request, and omits it for a request without any, such as a Scan (DynamoDB
Developer Guide, "Using IAM policy conditions for fine-grained access control").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.core import iam_actions

# The partition key comes first in every key condition of ours: `pk = :user AND …`, `#owner = :user`.
_KEY_CONDITION = re.compile(r"\S+ = (:\w+)")


def leading_keys(request: dict[str, Any]) -> list[str]:
    """Returns the partition keys of a DynamoDB request as it is sent; for a query of an index, those of the index.

    A transaction counts as one request with the keys of all its items, which is the strictest reading of AWS's rules.
    """
    if condition := _KEY_CONDITION.match(request.get("KeyConditionExpression", "")):
        return [str(request["ExpressionAttributeValues"][condition[1]]["S"])]
    return sorted({str(record["pk"]["S"]) for record in _records(request)})


def _records(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields every key and item of a request: a single one, or those of a batch or transaction."""
    yield from (request[name] for name in ("Key", "Item") if name in request)
    writes = list(request.get("TransactItems", []))
    for of_a_table in request.get("RequestItems", {}).values():
        if isinstance(of_a_table, dict):
            yield from of_a_table["Keys"]
        else:
            writes += of_a_table
    yield from (record for write in writes for arguments in write.values() for record in _records(arguments))


def enforce_leading_keys() -> None:
    """Makes ministack's IAM evaluate this condition key too."""
    known = iam_actions.dynamodb_service_context

    def with_leading_keys(body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = known(body)
        try:
            keys = leading_keys(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError):  # malformed, which the emulator reports itself
            keys = []
        return {**context, "dynamodb:LeadingKeys": keys} if keys else context

    iam_actions.dynamodb_service_context = with_leading_keys
