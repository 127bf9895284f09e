"""Each route again and again: timed on the local stack, counted in this process."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import httpx

from bench.aws_calls import Calls
from bench.emulated import BATCH, USER, emulated_account
from bench.reports import Goal, Options, Report, Row, Table
from bench.stack import whole_stack
from local.youtube.made_up import made_up_id
from tests.api_client import Client

_VIDEOS = 100


@dataclass(frozen=True, slots=True)
class Route:
    """`path` names the batch as `{batch}`."""

    name: str
    method: str
    path: str
    body: Any = None


_URLS = [made_up_id(number) for number in range(1, _VIDEOS + 1)]
_ROUTES = (
    Route("status poll", "GET", "batch/{batch}?items=false"),
    Route("batch with 50 items", "GET", "batch/{batch}?limit=50"),
    Route("list of batches", "GET", "batch"),
    Route("history", "GET", "summaries"),
    Route("validate 100 links", "POST", "batch/validate", {"urls": _URLS}),
    Route("create a draft of 100", "POST", "batch/create", {"urls": _URLS, "start": False}),
    Route("models", "GET", "models"),
)


def run(options: Options) -> Report:
    counted = _count()
    with whole_stack() as stack, closing(stack.client()) as api:
        rows = list(_time(api, counted, requests=10 if options.quick else 100))
    poll = counted["status poll"]
    goals = [
        Goal(name="read units of a status poll", value=poll.read_units, most=0.5),
        Goal(name="AWS calls of a status poll", value=float(poll.operations.total()), most=1),
    ]
    return Report(tables=[Table(f"Requests, of a batch of {_VIDEOS} videos", rows)], goals=goals)


def _count() -> dict[str, Calls]:
    """What one request of each route calls, in a function that has started."""
    counted = {}
    with emulated_account() as account:
        account.account.create_batch(_VIDEOS)
        client = Client(account.account, USER)
        for route in _ROUTES:
            for _ in range(2):
                before = account.counter.calls.copy()
                path, _, query = f"/{route.path}".format(batch=BATCH).partition("?")
                text = None if route.body is None else json.dumps(route.body)
                answer = client.send(route.method, path, query=dict(httpx.QueryParams(query)), text=text)
                if answer.status >= 400:
                    raise RuntimeError(f"{route.name}: {answer.text}")
            counted[route.name] = account.counter.calls - before
    return counted


def _time(api: httpx.Client, counted: dict[str, Calls], requests: int) -> Iterator[Row]:
    draft = api.post("batch/create", json={"urls": _URLS, "start": False}).raise_for_status().json()
    for route in _ROUTES:
        path = route.path.format(batch=draft["id"])
        seconds = []
        for _ in range(requests):
            started = time.perf_counter()
            api.request(route.method, path, json=route.body).raise_for_status()
            seconds.append(time.perf_counter() - started)
        calls = counted[route.name]
        yield {
            "request": route.name,
            "p50 ms": median(seconds) * 1000,
            "p99 ms": quantiles(seconds, n=100)[-1] * 1000,
            "a second": requests / sum(seconds),
            "AWS calls": calls.operations.total(),
            "read units": calls.read_units,
            "write units": calls.write_units,
        }
