"""DynamoDB in this process: the local stack's emulator without its server.

moto copies the whole table for every transaction, so a batch of 5,000 videos would take hours.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from ministack.core.responses import set_request_region
from ministack.services import dynamodb
from urllib3 import HTTPResponse

T = TypeVar("T")
# In DynamoDB's JSON.
Item = Mapping[str, Mapping[str, Any]]


class TableInProcess:
    """Direct access to one table, without the SDK."""

    def __init__(self, name: str) -> None:
        self._name = name

    def item(self, key: Item) -> Item | None:
        """Returns a copy of an item, because the emulator may change its own object."""
        items = dynamodb._tables[self._name]["items"]
        found: Item | None = items.get(key["pk"]["S"], {}).get(key["sk"]["S"])
        return copy.deepcopy(found)

    def query(self, request: Mapping[str, Any]) -> list[Item]:
        _, _, body = dynamodb._query(dict(request))
        found: list[Item] = json.loads(body)["Items"]
        return found


@contextmanager
def dynamodb_in_process(session: boto3.Session, region: str) -> Iterator[None]:
    """Answers the DynamoDB requests of the session's clients; at first there is no table."""
    set_request_region(region)
    dynamodb.reset()
    events: Any = session.events  # its types lack handlers that answer
    events.register("before-send.dynamodb", _answer)
    yield
    events.unregister("before-send.dynamodb", _answer)


def _answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    target = {"x-amz-target": _text(request.headers["X-Amz-Target"])}
    status, headers, body = _result(dynamodb.handle_request("POST", "/", target, request.body, {}))
    content = body if isinstance(body, bytes) else body.encode()
    return AWSResponse(request.url, status, headers, HTTPResponse(io.BytesIO(content), preload_content=False))


def _result(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that waits for nothing, without an event loop: this thread may already run Playwright's."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("The emulator's DynamoDB now waits while it answers; run it in an event loop of its own.")


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
