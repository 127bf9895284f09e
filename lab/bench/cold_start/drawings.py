"""Draws plots of cold starts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.bench.plots import COLOURS, plot
from lab.bench.reports import Row


def starts(rows: Sequence[Row], file: Path) -> None:
    names = [str(row["function"]) for row in rows]
    init = [float(row["init ms"] or 0) for row in rows]
    ready = [float(row["ready ms"] or 0) for row in rows]
    with plot(file, "Start of a function as shipped", height=5.5) as axes:
        first_work = [late - early for early, late in zip(init, ready, strict=True)]
        axes.barh(names, init, color=COLOURS[0], label="import (Lambda's init)")
        axes.barh(names, first_work, left=init, color=COLOURS[4], label="what its first work adds")
        axes.invert_yaxis()
        axes.set(xlabel="milliseconds")
        axes.legend(loc="lower right")
