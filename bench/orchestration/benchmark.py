"""Batches of made-up videos, and a model that takes one second for each."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bench.reports import Goal, Options, Report, Row, Table
from bench.stack import whole_stack
from local.youtube.made_up import made_up_id

_MODEL_SECONDS = 1.0
_SIZES = (20, 200)
_ENDED = frozenset({"completed", "failed", "cancelled"})
_POLL_SECONDS = 1.0


def run(options: Options) -> Report:
    with whole_stack(model_seconds=_MODEL_SECONDS) as stack, closing(stack.client()) as api:
        _carry_out(api, first=90_000, videos=1)  # starts the functions
        sizes = (4, 8) if options.quick else _SIZES
        rows = [_row(videos, _carry_out(api, first=1_000 * at, videos=videos)) for at, videos in enumerate(sizes, 1)]
    overheads = [float(row["÷ model's time"] or 0) for row in rows]
    goals = [
        Goal(name=f"{row['videos']} videos: wall time ÷ model's time", value=overhead, most=1.10)
        for row, overhead in zip(rows, overheads, strict=True)
    ]
    flatness = Goal(
        name="overhead of the longest batch ÷ that of the shortest", value=overheads[-1] / overheads[0], most=1.1
    )

    def draw(plots: Path) -> None:
        from bench.plots import plot  # noqa: PLC0415 - matplotlib

        with plot(plots / "orchestration.svg", "Time of a batch beside the model's") as axes:
            axes.plot([float(row["videos"] or 0) for row in rows], overheads, "o-")
            axes.axhline(1.0, color="grey")
            axes.set(xlabel="videos", ylabel="wall time ÷ model's time", ylim=(0, None))

    return Report(tables=[Table("Batches on the local stack", rows)], goals=[*goals, flatness], draw=draw)


def _carry_out(api: httpx.Client, *, first: int, videos: int) -> dict[str, Any]:
    """The batch as it is at its end."""
    urls = [made_up_id(number) for number in range(first, first + videos)]
    created = api.post("batch/create", json={"urls": urls, "model": "openai"}).raise_for_status().json()
    while True:
        batch: dict[str, Any] = api.get(f"batch/{created['id']}?items=false").raise_for_status().json()
        if batch["status"] in _ENDED:
            return batch
        time.sleep(_POLL_SECONDS)


def _row(videos: int, batch: dict[str, Any]) -> Row:
    started, completed = (datetime.fromisoformat(batch[name]) for name in ("started_at", "completed_at"))
    seconds = (completed - started).total_seconds()
    completed_videos = batch["progress"]["completed"]
    if completed_videos != videos:
        raise RuntimeError(f"Only {completed_videos} of {videos} videos were summarized.")
    return {
        "videos": videos,
        "seconds": seconds,
        "model's seconds": videos * _MODEL_SECONDS,
        "÷ model's time": seconds / (videos * _MODEL_SECONDS),
        "beyond it, ms a video": (seconds / videos - _MODEL_SECONDS) * 1000,
    }
