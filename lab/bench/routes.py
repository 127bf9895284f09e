"""The routes of the API in the order of a user's session, and the calls of one request of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from lab.bench.aws_calls import Calls
from lab.bench.emulated import BATCH, USER, emulated_account
from local.youtube.synthetic import synthetic_id
from skimlist.errors import YouTubeBlocked
from skimlist.jobs.order import Order
from skimlist.jobs.records import item_id, item_record
from skimlist.models.batch import BatchStatus
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.video import Item, VideoStatus
from skimlist.progress import pause_because
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_batch, a_summary
from testkit.template import defaults

LINKS = 100
_URLS = [synthetic_id(number) for number in range(1, LINKS + 1)]

# Prepares a batch with this id and number of videos for a request.
Prepare = Callable[[Account, str, int], None]


def _of_status(status: BatchStatus, **fields: Any) -> Prepare:
    def prepare(account: Account, batch_id: str, videos: int) -> None:
        account.create_batch(videos, id=batch_id, status=status, **{"has_no_execution": True, **fields})

    return prepare


def _paused(account: Account, batch_id: str, videos: int) -> None:
    account.create_batch(videos, id=batch_id, status=BatchStatus.PROCESSING, run=1)
    batch = account.batch(batch_id)
    account.batches.park(account.batches.pause_now(batch, pause_because(YouTubeBlocked(), batch, NOW), NOW), NOW)


def _ended(account: Account, batch_id: str, videos: int) -> None:
    """Prepares an ended batch, with summaries of all but the last video."""
    account.create_batch(
        videos,
        id=batch_id,
        status=BatchStatus.COMPLETED,
        has_no_execution=True,
        completed=videos - 1,
        failed=1,
        head=videos,
    )
    failed = Item(
        id=item_id(videos),
        video_id=video_id(videos),
        status=VideoStatus.FAILED,
        error=YouTubeBlocked().as_problem(),
    )
    with account.table.batch_writer() as writer:
        for number in range(1, videos):
            done = Item(id=item_id(number), video_id=video_id(number), status=VideoStatus.COMPLETED)
            writer.put_item(Item=item_record(batch_id, done))
        writer.put_item(Item=item_record(batch_id, failed))
    account.results.put(USER, batch_id, item_id(1), a_summary(), NOW)


def _exported(account: Account, batch_id: str, videos: int) -> None:
    _ended(account, batch_id, videos)
    account.invoke("build_export", {"user_id": USER, "batch_id": batch_id, "run": 0, "format": "zip"})


def _of_a_playlist(account: Account, batch_id: str, videos: int) -> None:
    numbers = tuple(range(1, videos + 1))
    batch = a_batch(id=batch_id, total=videos, completed=videos, failed=0)
    items = [Item(id=item_id(number), video_id=video_id(number), status=VideoStatus.COMPLETED) for number in numbers]
    account.batches.create(batch, items, Order(entries=numbers, playlists=(ListedPlaylist(id="PL0123456789abc"),)))


_DRAFT = _of_status(BatchStatus.DRAFT)


def _with_room(account: Account, batch_id: str, videos: int) -> None:
    _DRAFT(account, batch_id, videos - 1)


@dataclass(frozen=True, slots=True)
class Route:
    """A route. `path` has the batch and one of its items as `{batch}` and `{item}`; `body` is called with the request's
    number.

    A route is `timed` if it can be requested repeatedly for one draft without starting an execution, which would run
    while the next requests are timed.
    """

    name: str
    method: str
    path: str
    body: Callable[[int], Any] = field(default=lambda _: None)
    prepare: Prepare = _DRAFT
    timed: bool = False

    def request(self, batch_id: str, number: int, videos: int) -> tuple[str, Any]:
        """Returns path and body of a request, given the number of earlier ones and the videos of its batch."""
        return self.path.format(batch=batch_id, item=item_id(number % videos + 1)), self.body(number)


ROUTES = (
    Route("status poll", "GET", "batch/{batch}?items=false", timed=True),
    Route("batch with 50 items", "GET", "batch/{batch}?limit=50", timed=True),
    Route("list of batches", "GET", "batch", timed=True),
    Route("history", "GET", "summaries", prepare=_ended, timed=True),
    Route("search of the history", "GET", "summaries?q=talk", prepare=_ended, timed=True),
    Route("summary", "GET", "summaries/{batch}-{item}", prepare=_ended),
    Route("validate 100 links", "POST", "batch/validate", lambda _: {"urls": _URLS}, timed=True),
    Route("create a draft of 100", "POST", "batch/create", lambda _: {"urls": _URLS, "start": False}, timed=True),
    Route("create and start 100", "POST", "batch/create", lambda _: {"urls": _URLS}),
    Route("order", "PUT", "batch/{batch}/order", lambda number: {"item_ids": _swapped(number)}, timed=True),
    Route("skip", "DELETE", "batch/{batch}/items/{item}", timed=True),
    Route(
        "add",
        "POST",
        "batch/{batch}/items",
        lambda number: {"urls": [synthetic_id(9_000 + number)]},
        _with_room,
        timed=True,
    ),
    Route("preflight", "POST", "batch/{batch}/preflight"),
    Route("start", "POST", "batch/{batch}/start"),
    Route("pause", "POST", "batch/{batch}/pause", prepare=_of_status(BatchStatus.PROCESSING, has_no_execution=False)),
    Route("resume", "POST", "batch/{batch}/resume", prepare=_paused),
    Route(
        "cancel", "DELETE", "batch/{batch}/cancel", prepare=_of_status(BatchStatus.PROCESSING, has_no_execution=False)
    ),
    Route("retry", "POST", "batch/{batch}/retry", prepare=_ended),
    Route("refresh", "POST", "batch/{batch}/refresh", prepare=_of_a_playlist),
    Route("export that is there", "GET", "batch/{batch}/export", prepare=_exported),
    Route("delete", "DELETE", "batch/{batch}", prepare=_ended),
    Route("models", "GET", "models", timed=True),
)


def _swapped(number: int) -> list[str]:
    """Returns the first two items of a batch, in alternating order."""
    return [item_id(1 + number % 2), item_id(2 - number % 2)]


def count_requests(videos: int, only: Collection[str] = ()) -> Mapping[str, Calls]:
    """Counts the calls of one request of each route for a batch of this size, which is its user's only one."""
    return {route.name: _count(route, videos) for route in ROUTES if not only or route.name in only}


def _limits() -> dict[str, str]:
    """Returns the limits of the template, because counting against them takes calls too."""
    return defaults("BatchesAtOncePerUser", "VideosPerDayPerUser", "PlaylistsPerDayPerUser")


def _count(route: Route, videos: int) -> Calls:
    with emulated_account() as account:
        account.account.parameters.update(_limits())
        # The test account creates some clients on first use, which are not part of a request.
        _ = account.account.bucket, account.account.state_machine_arn
        route.prepare(account.account, BATCH, videos)
        before = account.counter.calls.copy()
        path, body = route.request(BATCH, 0, videos)
        path, _, query = f"/{path}".partition("?")
        answer = Client(account.account, USER).send(
            route.method, path, query=dict(httpx.QueryParams(query)), text=None if body is None else json.dumps(body)
        )
        if answer.status >= 400:
            raise RuntimeError(f"{route.name}: {answer.text}")
        return account.counter.calls - before
