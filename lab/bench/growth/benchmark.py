"""Counts the effort for batches of several sizes and for requests about them, and the exponents of its growth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log
from pathlib import Path
from statistics import linear_regression

from lab.bench.aws_calls import Calls
from lab.bench.emulated import Effort, emulated_account
from lab.bench.reports import Goal, Options, Report, Row, Table
from lab.bench.routes import count_requests

_SIZES = (10, 100, 1_000, 5_000)
_MINUTES = 0.5
# The limit is slightly above 1, because the records of a batch grow with it too.
_LINEAR = 1.05
_POLL = "status poll"
# Limits for the events of a history and the bytes of a state (Step Functions Developer Guide, "Service quotas").
_MAX_EVENTS, _MAX_STATE_BYTES = 25_000, 256 * 1024

_OF_A_BATCH: Mapping[str, Callable[[Effort], float]] = {
    "AWS calls": lambda effort: effort.calls.operations.total(),
    "write units": lambda effort: effort.calls.write_units,
    "read units": lambda effort: effort.calls.read_units,
    "transitions": lambda effort: effort.states.total(),
    "events": lambda effort: sum(effort.events),
    "calls of the export": lambda effort: effort.steps["build_export"].calls.operations.total(),
    "read units of the export": lambda effort: effort.steps["build_export"].calls.read_units,
}
_OF_AN_EXECUTION: Mapping[str, Callable[[Effort], float]] = {
    "events at most": lambda effort: max(effort.events),
    "bytes of a state at most": lambda effort: effort.payload_bytes,
    "peak KB of Load next videos": lambda effort: effort.steps["load_next_videos"].peak_bytes / 1024,
}
_OF_A_REQUEST: Mapping[str, Callable[[Calls], float]] = {
    "calls": lambda calls: calls.operations.total(),
    "read units": lambda calls: calls.read_units,
    "write units": lambda calls: calls.write_units,
}


def run(options: Options) -> Report:
    sizes = (5, 60) if options.quick else _SIZES
    efforts = [_go(videos) for videos in sizes]
    calls_by_route = [count_requests(videos) for videos in sizes]
    batches = [_growth(name, sizes, list(map(read, efforts))) for name, read in _OF_A_BATCH.items()]
    executions = [_growth(name, sizes, list(map(read, efforts))) for name, read in _OF_AN_EXECUTION.items()]
    requests = [
        _growth(f"{route}, {name}", sizes, [read(counted[route]) for counted in calls_by_route])
        for route in calls_by_route[0]
        for name, read in _OF_A_REQUEST.items()
        if any(read(counted[route]) for counted in calls_by_route)
    ]
    every = [*batches, *executions, *requests]
    polls = [counted[_POLL] for counted in calls_by_route]
    goals = [
        *(Goal(name=f"exponent of {row['figure']}", value=_exponent(row), most=_LINEAR) for row in batches),
        Goal(name="largest exponent of a request", value=max(map(_exponent, requests)), most=_LINEAR),
        Goal(name="largest exponent of anything in the last step", value=max(map(_last, every)), most=_LINEAR),
        Goal(name="read units of a poll, of any size", value=max(poll.read_units for poll in polls), most=0.5),
        Goal(name="AWS calls of a poll, of any size", value=max(poll.operations.total() for poll in polls), most=1),
        Goal(name="events of an execution", value=max(max(one.events) for one in efforts), most=_MAX_EVENTS),
        Goal(name="bytes of a state", value=max(one.payload_bytes for one in efforts), most=_MAX_STATE_BYTES),
    ]

    def draw(plots: Path) -> None:
        from lab.bench.plots import plot  # noqa: PLC0415 - matplotlib

        with plot(plots / "growth.svg", "What a batch takes, by its number of videos") as axes:
            for row in batches:
                axes.loglog(sizes, [row[f"{videos:,}"] for videos in sizes], "o-", label=row["figure"])
            axes.set(xlabel="videos")
            axes.legend()

    tables = [
        Table("Batches, by their number of videos", batches),
        Table("Their executions", executions),
        Table("Requests about them", requests),
    ]
    return Report(tables=tables, goals=goals, draw=draw)


def _go(videos: int) -> Effort:
    with emulated_account() as account:
        return account.run_batch(videos, model="extractive", minutes=_MINUTES, traced=True)


def _growth(figure: str, sizes: Sequence[int], values: Sequence[float]) -> Row:
    """Returns the exponent of a figure as a power of the number of videos, fitted on logarithms, beside the figures.

    The constant effort of a small batch hides the growth; the step between the two largest sizes shows it.
    """
    # 0 has no logarithm, and 1 is negligible here.
    steps = [log(size) for size in sizes], [log(max(value, 1)) for value in values]
    by_size = {f"{size:,}": value for size, value in zip(sizes, values, strict=True)}
    exponents = {"exponent": _slope(*steps), "last step": _slope(*(each[-2:] for each in steps))}
    return {"figure": figure, **by_size, **exponents}


def _slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    return linear_regression(sizes, values).slope


def _exponent(row: Row) -> float:
    return float(row["exponent"] or 0)


def _last(row: Row) -> float:
    return float(row["last step"] or 0)
