"""Times each route on the local stack with one and several clients, and counts its calls in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from statistics import median, quantiles
from typing import NamedTuple

import httpx

from lab.bench.aws_calls import Calls
from lab.bench.reports import Goal, Options, Report, Row, Table
from lab.bench.routes import ROUTES, Route, count_requests
from lab.bench.stack import whole_stack
from local.youtube.synthetic import synthetic_id

_VIDEOS = 100
_CLIENTS = 8
# The number of videos of each draft; a user may add 20,000 a day.
_REQUESTS = 80


class Timed(NamedTuple):
    """The seconds of each request, and of all of them together."""

    seconds: list[float]
    together: float

    def figures(self, clients: str) -> dict[str, float]:
        return {
            f"p50 ms, {clients}": median(self.seconds) * 1000,
            f"p99 ms, {clients}": quantiles(self.seconds, n=100, method="inclusive")[-1] * 1000,
            f"a second, {clients}": len(self.seconds) / self.together,
        }


class Clients:
    """Several clients; each has its own draft and never requests the same change twice."""

    def __init__(self, api: httpx.Client, clients: int) -> None:
        self._api = api
        self._drafts = [self._new_draft(number) for number in range(clients)]
        self._numbers = count()

    def _new_draft(self, number: int) -> str:
        urls = [synthetic_id(number * _VIDEOS + each + 1) for each in range(_VIDEOS)]
        draft = self._api.post("batch/create", json={"urls": urls, "start": False}).raise_for_status().json()
        return str(draft["id"])

    def time(self, route: Route, requests: int, clients: int) -> Timed:
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            asking = [pool.submit(self._ask, route, draft, requests) for draft in self._drafts[:clients]]
            seconds = [each for client in asking for each in client.result()]
        return Timed(seconds, time.perf_counter() - started)

    def _ask(self, route: Route, draft: str, requests: int) -> list[float]:
        return [self._seconds(route, draft) for _ in range(requests)]

    def _seconds(self, route: Route, draft: str) -> float:
        path, body = route.request(draft, next(self._numbers), _VIDEOS)
        started = time.perf_counter()
        self._api.request(route.method, path, json=body).raise_for_status()
        return time.perf_counter() - started


def run(options: Options) -> Report:
    requests = 5 if options.quick else _REQUESTS
    counted = count_requests(_VIDEOS)
    with whole_stack() as stack, closing(stack.client()) as api:
        rows = list(_time(Clients(api, _CLIENTS), requests))
    poll = counted["status poll"]
    goals = [
        Goal(name="read units of a status poll", value=poll.read_units, most=0.5),
        Goal(name="AWS calls of a status poll", value=float(poll.operations.total()), most=1),
    ]
    tables = [
        Table(f"Requests on the local stack, by one client and by {_CLIENTS} at once", rows),
        Table(f"What a request calls, of a batch of {_VIDEOS} videos", list(_show(counted))),
    ]
    return Report(tables=tables, goals=goals)


def _time(clients: Clients, requests: int) -> Iterator[Row]:
    for route in (route for route in ROUTES if route.timed):
        clients.time(route, 1, _CLIENTS)  # starts as many functions as will run concurrently
        alone = clients.time(route, requests, 1)
        together = clients.time(route, max(1, requests // _CLIENTS), _CLIENTS)
        yield {"request": route.name, **alone.figures("alone"), **together.figures(f"of {_CLIENTS}")}


def _show(counted: Mapping[str, Calls]) -> Iterator[Row]:
    for name, calls in counted.items():
        yield {
            "request": name,
            "AWS calls": calls.operations.total(),
            "read units": calls.read_units,
            "write units": calls.write_units,
        }
