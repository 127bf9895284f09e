"""One of many users: creates batches, controls each from several clients at once, and polls them until they end."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import inf
from typing import Any

import httpx

from local.youtube.synthetic import synthetic_id

_ENDED = {"completed", "failed", "cancelled"}
# The answers to a command that is too late.
_TOO_LATE = {"wrong_state", "invalid_request"}
_ASK_AGAIN_SECONDS = 1.0
# The last waiting video is skipped, and those before it change places.
_TURNED = 3


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as its user saw it; `status` is 0 if no answer came."""

    route: str
    seconds: float
    status: int


@dataclass
class PlannedBatch:
    """A batch and its expected result, according to the accepted commands. `added` is the number of videos added
    after its creation, `late` the commands that came too late.
    """

    numbers: Sequence[int]
    batch_id: str = ""
    order: list[str] = field(default_factory=list)
    skipped: str = ""
    added: int = 0
    late: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    view: dict[str, Any] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        return [synthetic_id(number) for number in self.numbers]

    @property
    def taken(self) -> list[str]:
        """The videos that the batch must have; the last one is added later, if at all."""
        return self.urls[: len(self.numbers) - 1 + self.added]

    def reorder(self, item_ids: Sequence[str]) -> None:
        """The videos that change places among each other."""
        places = sorted(self.order.index(item_id) for item_id in item_ids)
        for place, item_id in zip(places, item_ids, strict=True):
            self.order[place] = item_id


class User:
    def __init__(
        self, client: Callable[[], httpx.Client], plans: Sequence[PlannedBatch], at_once: int, look_every: float
    ) -> None:
        self._client = client()
        self.plans = plans
        self.requests: list[SentRequest] = []
        self._at_once = at_once
        self._look_every = look_every
        self._deadline = inf

    def work(self, begin: float, deadline: float) -> None:
        """Works from `begin` to the end of all batches or until `deadline`, both on the monotonic clock."""
        self._deadline = deadline
        time.sleep(max(begin - time.monotonic(), 0))
        to_come, left = list(self.plans), list[PlannedBatch]()
        while (to_come or left) and time.monotonic() < deadline:
            while to_come and len(left) < self._at_once:
                left.append(to_come.pop(0))
                self._create(left[-1])
                self._steer(left[-1])
            self._read("list of batches", "GET", "batch")
            for plan in left[:]:
                time.sleep(self._look_every)
                seen = self._read("status poll", "GET", f"batch/{plan.batch_id}", params={"items": "false"})
                if seen["status"] in _ENDED and not seen["progress"]["left"]:
                    left.remove(plan)
        for plan in self.plans[: len(self.plans) - len(to_come)]:
            plan.view = self._batch(plan)
            if plan not in left:
                self._read("export", "GET", f"batch/{plan.batch_id}/export", params={"format": "zip"})

    def _create(self, plan: PlannedBatch) -> None:
        asked_for = {"urls": plan.taken, "model": "openai", "name": f"From {plan.numbers[0]}"}
        key = {"Idempotency-Key": str(uuid.uuid4())}
        plan.batch_id = self._read("create", "POST", "batch/create", json=asked_for, headers=key)["id"]
        plan.order = [item["id"] for item in self._items(plan)]

    def _items(self, plan: PlannedBatch) -> list[dict[str, Any]]:
        return list(self._batch(plan)["items"])

    def _batch(self, plan: PlannedBatch) -> dict[str, Any]:
        return self._read("batch with its items", "GET", f"batch/{plan.batch_id}", params={"limit": 100})

    def _steer(self, plan: PlannedBatch) -> None:
        """Sends four commands at once, as from several open pages; one that conflicts with another is repeated."""
        with ThreadPoolExecutor() as several:
            commands = [
                several.submit(command, plan) for command in (self._turn, self._skip, self._add, self._pause_and_resume)
            ]
            for done in commands:
                try:
                    done.result()
                except httpx.HTTPStatusError as error:
                    plan.refused.append(error.response.text)

    def _turn(self, plan: PlannedBatch) -> None:
        """Reverses the videos before the last one, except those that no longer wait."""
        turned = plan.order[-1 - _TURNED : -1][::-1]
        while turned and not self._is_accepted(plan, "order", "PUT", "/order", json={"item_ids": turned}):
            waiting = {item["id"] for item in self._items(plan) if item["status"] == "pending"}
            turned = [item_id for item_id in turned if item_id in waiting]
        plan.reorder(turned)

    def _skip(self, plan: PlannedBatch) -> None:
        last = plan.order[-1]
        if self._is_accepted(plan, "skip", "DELETE", f"/items/{last}"):
            plan.skipped = last

    def _add(self, plan: PlannedBatch) -> None:
        plan.added = int(self._is_accepted(plan, "add", "POST", "/items", json={"urls": plan.urls[-1:]}))

    def _pause_and_resume(self, plan: PlannedBatch) -> None:
        if self._is_accepted(plan, "pause", "POST", "/pause"):
            self._is_accepted(plan, "resume", "POST", "/resume")

    def _is_accepted(self, plan: PlannedBatch, route: str, method: str, path: str, **request: Any) -> bool:
        """Whether a command was accepted; False if it was too late, as its videos were taken or its batch had ended."""
        answer = self._ask(route, method, f"batch/{plan.batch_id}{path}", **request)
        is_late = answer.is_client_error and answer.json()["error"]["code"] in _TOO_LATE
        if is_late:
            plan.late.append(route)
        else:
            answer.raise_for_status()
        return not is_late

    def _read(self, route: str, method: str, path: str, **request: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(route, method, path, **request).raise_for_status().json()
        return found

    def _ask(self, route: str, method: str, path: str, **request: Any) -> httpx.Response:
        """Repeats a request while the server or this batch is busy, as a client would."""
        while True:
            began, status = time.perf_counter(), 0
            try:
                answer = self._client.request(method, path, **request)
                status = answer.status_code
            except httpx.TransportError:
                if time.monotonic() > self._deadline:
                    raise
                answer = None
            self.requests.append(SentRequest(route, time.perf_counter() - began, status))
            if answer is not None and (not _is_busy(answer) or time.monotonic() > self._deadline):
                return answer
            time.sleep(_ASK_AGAIN_SECONDS)


def _is_busy(answer: httpx.Response) -> bool:
    if answer.status_code == httpx.codes.CONFLICT:
        return bool(answer.json()["error"]["code"] == "batch_changed")
    return answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS
