"""A user of the API who repeats every request until it is answered."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from lab.faults.world import World

T = TypeVar("T")

_PATIENCE_SECONDS = 480
_POLL_SECONDS = 0.5
# An upload that is cut off can hang for half a minute, and SNS refuses some messages, which come with the next sweep.
_EMAIL_SECONDS = 120
# A sweep is started early this often, because it may be refused as well.
_SWEEP_SECONDS = 15


class Stuck(Exception):
    """Raised when a user has waited for too long."""


class Notes(Protocol):
    """Counts requests without an answer and sweeps, and says how long their user was busy and whether they gave up."""

    unanswered: int
    sweeps: int
    last_refusal: str
    stuck: bool
    seconds: float


class PatientUser:
    def __init__(self, world: World, notes: Notes) -> None:
        self._world = world
        self._notes = notes
        self._email, self._password = f"{uuid.uuid4()}@skimlist.local", f"{uuid.uuid4()}-Aa1"
        self._client: httpx.Client | None = None
        self._deadline = time.monotonic() + _PATIENCE_SECONDS

    def sign_up(self) -> None:
        self.patiently(lambda: self._world.new_user(self._email, self._password))

    def ask(self, method: str, path: str, *, fine: Collection[int] = (), **request: Any) -> dict[str, Any]:
        """Repeats a request until the server answers, as a client would; returns nothing for a `fine` status."""
        answer = self.patiently(lambda: self.send(method, path, **request))
        if answer.status_code in fine:
            return {}
        answer.raise_for_status()
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        if self._client is None:
            self._client = self._world.client(self._email, self._password)
        answer = self._client.request(method, path, **request)
        if answer.status_code >= 500 or answer.status_code in {401, 403, 429}:
            answer.raise_for_status()
        return answer

    def await_email(self, has_come: Callable[[], bool]) -> None:
        """Waits for an email, but not for ever. If the execution was lost before it could send it, the sweep does."""
        now = swept = time.monotonic()
        deadline = now + _EMAIL_SECONDS
        while now < deadline and not has_come():
            if now - swept > _SWEEP_SECONDS:
                self._world.sweep()
                self._notes.sweeps += 1
                swept = now
            time.sleep(_POLL_SECONDS)
            now = time.monotonic()

    def spend_time(self, act: Callable[[], None]) -> None:
        """Does this until it ends or takes too long, and notes how long it took."""
        started = time.monotonic()
        with suppress(Stuck):
            act()
        self._notes.seconds = time.monotonic() - started

    def patiently(self, act: Callable[[], T]) -> T:
        """Repeats an action while it fails. Raises Stuck after some minutes."""
        while time.monotonic() < self._deadline:
            try:
                return act()
            except (httpx.HTTPError, BotoCoreError, ClientError) as error:
                self._notes.unanswered += 1
                self._notes.last_refusal = repr(error)[:300]
                self._client = None
                time.sleep(_POLL_SECONDS)
        self._notes.stuck = True
        raise Stuck
