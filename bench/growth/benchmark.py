"""The same batch at several sizes: what it calls, and the exponents with which that grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from statistics import linear_regression

from bench.emulated import Went, emulated_account
from bench.reports import Goal, Options, Report, Row, Table

_SIZES = (10, 100, 500)
_MINUTES = 2
# A little above one: a batch's own records grow with it too.
_LINEAR = 1.05


def run(options: Options) -> Report:
    sizes = (5, 20) if options.quick else _SIZES
    rows = [{"videos": videos, **_figures(videos)} for videos in sizes]
    exponents = _exponents(rows)
    growth: Row = {"figure": "exponent", **exponents}
    goals = [Goal(name=f"exponent of {name}", value=exponent, most=_LINEAR) for name, exponent in exponents.items()]

    def draw(plots: Path) -> None:
        from bench.plots import plot  # noqa: PLC0415 - matplotlib

        with plot(plots / "growth.svg", "What a batch takes, by its number of videos") as axes:
            for name in exponents:
                axes.loglog([row["videos"] for row in rows], [row[name] for row in rows], "o-", label=name)
            axes.set(xlabel="videos")
            axes.legend()

    return Report(tables=[Table("Batches of several sizes", rows), Table("Growth", [growth])], goals=goals, draw=draw)


def _figures(videos: int) -> dict[str, float]:
    with emulated_account() as account:
        went = account.run_batch(videos, model="extractive", minutes=_MINUTES)
    calls = went.calls
    return {
        "AWS calls": calls.operations.total(),
        "write units": calls.write_units,
        "read units": calls.read_units,
        "transitions": went.states.total(),
        "requests of the export": _requests(went, "build_export"),
    }


def _requests(went: Went, function: str) -> int:
    return went.steps[function].calls.operations.total()


def _exponents(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Of each figure as a power of the number of videos, fitted on logarithms."""
    sizes = [log(row["videos"]) for row in rows]
    names = [name for name in rows[0] if name != "videos"]
    return {name: linear_regression(sizes, [log(row[name]) for row in rows]).slope for name in names}
