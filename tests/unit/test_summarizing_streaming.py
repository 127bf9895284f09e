"""Answers that are read while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from skimlist.llm.completions import CUT_OFF
from skimlist.llm.endpoint import read_body
from skimlist.llm.streaming import Interruption, StreamedBody, read_stream

EVENT = b'data: {"choices": [{"delta": {"content": "word "}}]}\n\n'


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def written(clock: Clock, tokens: int, *, a_second: float, waits: float = 0.0) -> Iterator[bytes]:
    """Returns what a server sends: a comment, a wait in its line, then the tokens."""
    yield b": accepted\n\n"
    clock.now += waits
    for _ in range(tokens):
        clock.now += 1 / a_second
        yield EVENT


def read(
    tokens: int, *, most_tokens: int = 8_000, waits: float = 0.0, answer_seconds: float | None = None
) -> StreamedBody:
    clock = Clock()
    pieces = written(clock, tokens, a_second=3.0, waits=waits)
    return read_stream(
        pieces,
        most_tokens=most_tokens,
        seconds=880.0,
        answer_seconds=answer_seconds,
        clock=clock,
        disconnect=lambda: None,
    )


def test_at_three_tokens_a_second_an_answer_of_a_thousand_tokens_is_read_to_its_end() -> None:
    body = read(1_000)
    assert body.interruption is None
    assert body.content.count(EVENT) == 1_000


@pytest.mark.parametrize("waits", [0.0, 500.0])
def test_the_wait_in_a_servers_queue_is_not_part_of_the_answers_time(waits: float) -> None:
    assert read(900, waits=waits, answer_seconds=310.0).interruption is None
    assert read(960, waits=waits, answer_seconds=310.0).interruption is Interruption.TOO_LATE


def test_an_answer_that_takes_all_the_time_there_is_ends_with_what_it_has() -> None:
    body = read(10_000)
    assert body.interruption is Interruption.TOO_LATE
    assert body.content.count(EVENT) > 2_000


def test_a_server_that_passes_over_the_limit_of_tokens_is_stopped() -> None:
    assert read(10_000, most_tokens=100).interruption is Interruption.TOO_LONG


def test_a_lost_connection_does_not_end_the_answer() -> None:
    def pieces() -> Iterator[bytes]:
        yield EVENT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        read_stream(
            pieces(), most_tokens=100, seconds=60.0, answer_seconds=None, clock=lambda: 0.0, disconnect=lambda: None
        )


def test_a_server_that_falls_silent_is_left_in_time_with_what_it_has_written() -> None:
    left = Event()

    def pieces() -> Iterator[bytes]:
        yield EVENT
        assert left.wait(timeout=60)
        raise ConnectionResetError

    body = read_stream(
        pieces(), most_tokens=100, seconds=0.01, answer_seconds=None, clock=lambda: 0.0, disconnect=left.set
    )
    assert (body.content, body.interruption) == (EVENT, Interruption.TOO_LATE)


@pytest.mark.parametrize(
    ("end", "reason"),
    [(b"", CUT_OFF), (b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n', "stop")],
)
def test_an_answer_that_has_ended_is_whole_although_it_has_an_event_too_many(end: bytes, reason: str) -> None:
    body = read_stream(
        [EVENT * 98 + end + EVENT * 3],
        most_tokens=100,
        seconds=60.0,
        answer_seconds=None,
        clock=lambda: 0.0,
        disconnect=lambda: None,
    )
    assert body.interruption is Interruption.TOO_LONG
    assert read_body(body, [{"role": "user", "content": "?"}]).completion.finish_reason == reason
