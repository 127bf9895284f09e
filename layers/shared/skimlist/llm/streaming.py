"""Reads an answer while it is written, so that a slow model is awaited for as long as it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from threading import Timer
from types import TracebackType

# A stream of server-sent events has one of these for each token or few tokens.
_EVENT = b"data:"


class Interruption(StrEnum):
    """The reason why we stopped reading before the end."""

    TOO_LONG = "too_long"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class StreamedBody:
    content: bytes
    interruption: Interruption | None = None


def read_stream(
    pieces: Iterable[bytes],
    *,
    most_tokens: int,
    seconds: float,
    answer_seconds: float | None,
    clock: Callable[[], float],
    disconnect: Callable[[], object],
) -> StreamedBody:
    """Reads a body for up to `seconds`, and for up to `answer_seconds` after its first token.

    The latter excludes the time in the queue of a server that answers one request at a time. An answer with more than
    `most_tokens` events is cut off, because some servers ignore the limit. `disconnect` has to end the wait for the
    next piece; it is called from another thread. Errors of `pieces` are raised unless we ended the connection.
    """
    body = bytearray()
    deadline = clock() + seconds
    events = 0
    with _Deadline(disconnect) as limit:
        try:
            for piece in pieces:
                now = clock()
                if events == 0 and _EVENT in piece and answer_seconds is not None:
                    deadline = min(deadline, now + answer_seconds)
                if not body or events == 0:
                    limit.set(deadline - now)
                body += piece
                events += piece.count(_EVENT)
                if events > most_tokens:
                    return StreamedBody(bytes(body), Interruption.TOO_LONG)
                if now > deadline:
                    return StreamedBody(bytes(body), Interruption.TOO_LATE)
        except Exception:  # whatever the client raises for a connection that we ended
            if not limit.passed:
                raise
    return StreamedBody(bytes(body), Interruption.TOO_LATE if limit.passed else None)


class _Deadline:
    """Disconnects when its time is over, even while the reader waits for the next piece.

    The client's own timeout restarts with each piece and cannot be changed while the body is read
    (github.com/encode/httpx/issues/1450: there is no total timeout).
    """

    def __init__(self, disconnect: Callable[[], object]) -> None:
        self.passed = False
        self._disconnect = disconnect
        self._timer: Timer | None = None

    def __enter__(self) -> _Deadline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancel()

    def set(self, seconds: float) -> None:
        """Sets the deadline in seconds from now, and replaces an earlier one."""
        self._cancel()
        self._timer = Timer(max(seconds, 0.0), self._pass)
        self._timer.daemon = True
        self._timer.start()

    def _cancel(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _pass(self) -> None:
        self.passed = True
        self._disconnect()
