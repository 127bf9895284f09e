"""One of many users: creates batches, steers each from several places at once, and looks at them until they end."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import inf
from typing import Any

import httpx

from local.youtube.made_up import made_up_id

_ENDED = {"completed", "failed", "cancelled"}
_BUSY = {httpx.codes.CONFLICT, httpx.codes.TOO_MANY_REQUESTS}
_ASK_AGAIN_SECONDS = 0.5
# Of the videos that wait, the last one is skipped and those before it change places.
_TURNED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its user saw it; `status` is 0 when no answer came."""

    route: str
    seconds: float
    status: int


@dataclass
class Wish:
    """A batch, and how it has to look in the end."""

    numbers: Sequence[int]
    batch_id: str = ""
    order: list[str] = field(default_factory=list)
    skipped: str = ""
    refused: list[str] = field(default_factory=list)
    view: dict[str, Any] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        """The last one comes later."""
        return [made_up_id(number) for number in self.numbers]


class User:
    def __init__(
        self, client: Callable[[], httpx.Client], wishes: Sequence[Wish], at_once: int, look_every: float
    ) -> None:
        self._client = client()
        self.wishes = wishes
        self.asked: list[Asked] = []
        self._at_once = at_once
        self._look_every = look_every
        self._deadline = inf

    def work(self, begin: float, deadline: float) -> None:
        """From `begin` to the end of all batches, or up to `deadline`, both on the monotonic clock."""
        self._deadline = deadline
        time.sleep(max(begin - time.monotonic(), 0))
        to_come, left = list(self.wishes), list[Wish]()
        while (to_come or left) and time.monotonic() < deadline:
            while to_come and len(left) < self._at_once:
                left.append(to_come.pop(0))
                self._create(left[-1])
                self._steer(left[-1])
            self._ask("list of batches", "GET", "batch")
            for wish in left[:]:
                time.sleep(self._look_every)
                seen = self._ask("status poll", "GET", f"batch/{wish.batch_id}", params={"items": "false"})
                if seen["status"] in _ENDED and not seen["progress"]["left"]:
                    left.remove(wish)
        for wish in self.wishes[: len(self.wishes) - len(to_come)]:
            wish.view = self._ask("batch with its items", "GET", f"batch/{wish.batch_id}", params={"limit": 100})
            if wish not in left:
                self._ask("export", "GET", f"batch/{wish.batch_id}/export", params={"format": "zip"})

    def _create(self, wish: Wish) -> None:
        asked_for = {"urls": wish.urls[:-1], "model": "openai", "name": f"From {wish.numbers[0]}"}
        key = {"Idempotency-Key": str(uuid.uuid4())}
        batch = self._ask("create", "POST", "batch/create", json=asked_for, headers=key)
        wish.batch_id = batch["id"]
        items = self._ask("batch with its items", "GET", f"batch/{wish.batch_id}", params={"limit": 100})["items"]
        wish.order = [item["id"] for item in items]

    def _steer(self, wish: Wish) -> None:
        """Four commands at the same moment, as from several open pages; one that met another is given again."""
        path, end = f"batch/{wish.batch_id}", len(wish.order) - 1
        wish.skipped = wish.order[-1]
        turned = wish.order[end - _TURNED : end][::-1]
        wish.order[end - _TURNED : end] = turned
        commands: list[Callable[[], Any]] = [
            lambda: self._ask("order", "PUT", f"{path}/order", json={"item_ids": turned}),
            lambda: self._ask("skip", "DELETE", f"{path}/items/{wish.skipped}"),
            lambda: self._ask("add", "POST", f"{path}/items", json={"urls": wish.urls[-1:]}),
            lambda: self._pause_and_resume(path),
        ]
        with ThreadPoolExecutor(len(commands)) as several:
            for done in [several.submit(command) for command in commands]:
                try:
                    done.result()
                except httpx.HTTPStatusError as error:
                    wish.refused.append(error.response.text)

    def _pause_and_resume(self, path: str) -> None:
        self._ask("pause", "POST", f"{path}/pause")
        self._ask("resume", "POST", f"{path}/resume")

    def _ask(self, route: str, method: str, path: str, **request: Any) -> Any:
        """What a client does: asks again while the server is busy, also with this very batch."""
        while True:
            began, status = time.perf_counter(), 0
            try:
                answer = self._client.request(method, path, **request)
                status = answer.status_code
            except httpx.TransportError:
                if time.monotonic() > self._deadline:
                    raise
                answer = None
            self.asked.append(Asked(route, time.perf_counter() - began, status))
            if answer is not None and status not in _BUSY and status < httpx.codes.INTERNAL_SERVER_ERROR:
                return answer.raise_for_status().json()
            time.sleep(_ASK_AGAIN_SECONDS)
