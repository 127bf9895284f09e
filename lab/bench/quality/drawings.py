"""Draws plots of quality."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from lab.bench.plots import plot
from lab.bench.reports import Row

if TYPE_CHECKING:
    from lab.bench.quality.measures import Measured


def coverage_over_time(measured: Sequence[Measured], file: Path) -> None:
    """Draws how often summaries cite each tenth of a video."""
    methods = list(dict.fromkeys(one.method for one in measured))
    with plot(file, "From which part of a video its standard summary comes") as axes:
        for method in methods:
            parts = [one.parts for one in measured if one.method == method]
            axes.plot(range(1, 11), [100 * mean(column) for column in zip(*parts, strict=True)], "o-", label=method)
        axes.set(xlabel="tenth of the video", ylabel="summaries that draw on it, %", ylim=(0, 105), xticks=range(1, 11))
        axes.legend()


def rouge(rows: Sequence[Row], file: Path) -> None:
    names = [name for name in rows[0] if name != "method"]
    with plot(file, "Brief summaries of the samples against a person's abstract") as axes:
        for index, row in enumerate(rows):
            places = [place + index * 0.25 for place in range(len(names))]
            axes.bar(places, [float(row[name] or 0) for name in names], 0.23, label=str(row["method"]))
        axes.set_xticks([place + 0.25 for place in range(len(names))], names)
        axes.set(ylabel="F1")
        axes.legend()
