"""Processes batches of synthetic videos; YouTube and the model take one second per request, or answer at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from lab.bench.orchestration.floor import Floor
from lab.bench.reports import Goal, Options, Report, Row, Table
from lab.bench.stack import whole_stack
from local.youtube.synthetic import synthetic_id
from testkit.whole_stack import WholeStack

_LATENCY = 1.0
# Sizes of batches that wait for YouTube and the model; 200 videos take 14 minutes.
_SIZES_WITH_LATENCY = (20, 200)
# Sizes of batches that do not wait, so that the added time shows after minutes instead of hours.
_SIZES = (20, 200, 1_000)
# Sizes that `--full` adds, which take another quarter of an hour.
_FULL_SIZE = 5_000
_VIDEOS_OF_THE_FLOOR = 100
_WARM_UP = 5
_ENDED = frozenset({"completed", "failed", "cancelled"})
_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The `seconds` of a batch and its `requests` to YouTube and the model, each with a `latency` in seconds."""

    videos: int
    latency: float
    requests: int
    seconds: float

    @property
    def waited(self) -> float:
        return self.requests * self.latency

    @property
    def ratio(self) -> float:
        return self.seconds / self.waited

    @property
    def beyond(self) -> float:
        """The milliseconds per video that are not YouTube's or the model's."""
        return (self.seconds - self.waited) / self.videos * 1000

    def row(self) -> Row:
        return {
            "videos": self.videos,
            "latency of a request": self.latency,
            "requests a video": self.requests / self.videos,
            "seconds": self.seconds,
            "of them latency": self.waited,
            "÷ latency": self.ratio if self.waited else None,
            "beyond it, ms a video": self.beyond,
        }


@dataclass
class Batches:
    """Processes batches, each with videos that no other has."""

    stack: WholeStack
    api: httpx.Client
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def carry_out(self, videos: int, *, latency: float = 0.0) -> Taken:
        self.stack.youtube.latency = self.stack.model.latency = latency
        before = self._requests()
        seconds = self._seconds(videos)
        return Taken(videos=videos, latency=latency, requests=self._requests() - before, seconds=seconds)

    def _requests(self) -> int:
        asked: int = self.stack.model.requests["asked"]
        return asked + sum(sum(counts.values()) for counts in self.stack.youtube.requests.values())

    def _seconds(self, videos: int) -> float:
        """Returns the seconds between a batch's own start and end times."""
        urls = [synthetic_id(next(self._numbers)) for _ in range(videos)]
        batch: dict[str, Any] = self.api.post("batch/create", json={"urls": urls, "model": "openai"}).json()
        while batch["status"] not in _ENDED:
            time.sleep(_POLL_SECONDS)
            batch = self.api.get(f"batch/{batch['id']}?items=false").raise_for_status().json()
        if batch["progress"]["completed"] != videos:
            raise RuntimeError(f"Only {batch['progress']['completed']} of {videos} videos were summarized.")
        started, completed = (datetime.fromisoformat(batch[name]) for name in ("started_at", "completed_at"))
        return (completed - started).total_seconds()


def run(options: Options) -> Report:
    with_latency, sizes = _sizes(options)
    with whole_stack() as stack, closing(stack.client()) as api:
        batches = Batches(stack, api)
        batches.carry_out(_WARM_UP)  # starts the functions
        floor = Floor(stack.local.account)
        floor.seconds(_WARM_UP)
        nothing = [_of_nothing(floor, _VIDEOS_OF_THE_FLOOR)]
        waiting = [batches.carry_out(videos, latency=_LATENCY) for videos in with_latency]
        growing = [batches.carry_out(videos) for videos in sizes]
        nothing.append(_of_nothing(floor, _VIDEOS_OF_THE_FLOOR))
    growth = growing[-1].beyond / growing[0].beyond
    of_emulator = median(taken.beyond for taken in nothing)
    goals = [
        *(
            Goal(
                name=f"wall time ÷ latency, {taken.videos} videos, {_LATENCY:g} s a request",
                value=taken.ratio,
                most=1.10,
            )
            for taken in waiting
        ),
        Goal(name=f"ms a video beyond it, {sizes[-1]:,} videos ÷ {sizes[0]}", value=growth, most=1.10),
    ]

    def draw(plots: Path) -> None:
        from lab.bench.plots import plot  # noqa: PLC0415 - matplotlib

        with plot(plots / "orchestration.svg", "Time of a batch beyond YouTube's and the model's") as axes:
            axes.semilogx(sizes, [taken.beyond for taken in growing], "o-", label="all of it")
            axes.axhline(of_emulator, color="#999999", linestyle="--", label="two functions that do nothing")
            axes.set(xlabel="videos", ylabel="ms a video", ylim=(0, None))
            axes.legend()

    tables = [
        Table("Batches on the local stack", [taken.row() for taken in (*waiting, *growing)]),
        Table("Two functions that do nothing, before and after", [taken.row() for taken in nothing]),
    ]
    return Report(tables=tables, goals=goals, draw=draw)


def _sizes(options: Options) -> tuple[Sequence[int], Sequence[int]]:
    """Returns the sizes of the batches that wait, and of those that do not."""
    if options.quick:
        return (4,), (4, 8)
    return _SIZES_WITH_LATENCY, (*_SIZES, _FULL_SIZE) if options.full else _SIZES


def _of_nothing(floor: Floor, videos: int) -> Taken:
    return Taken(videos=videos, latency=0.0, requests=0, seconds=floor.seconds(videos))
