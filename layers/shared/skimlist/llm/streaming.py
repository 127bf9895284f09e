"""An answer that comes while it is written, so that a slow model is awaited for as long as it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

# A stream of server-sent events has one of these for each token, or for a few.
_EVENT = b"data:"


class Interruption(StrEnum):
    """Why we stopped reading before the end."""

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
) -> StreamedBody:
    """The body, or what came of it within `seconds`, and within `answer_seconds` of its first token.

    What an answer waited for, in the line of a server that answers one request at a time, is no part of the latter.
    Some servers pass over the limit of tokens; an answer of more events than that is ended here.
    """
    body = bytearray()
    deadline = clock() + seconds
    events = 0
    for piece in pieces:
        now = clock()
        body += piece
        if events == 0 and _EVENT in piece and answer_seconds is not None:
            deadline = min(deadline, now + answer_seconds)
        events += piece.count(_EVENT)
        if events > most_tokens:
            return StreamedBody(bytes(body), Interruption.TOO_LONG)
        if now > deadline:
            return StreamedBody(bytes(body), Interruption.TOO_LATE)
    return StreamedBody(bytes(body))
