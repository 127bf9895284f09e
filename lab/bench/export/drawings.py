"""Draws plots of exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.bench.plots import plot
from lab.bench.reports import Row


def seconds_and_memory(rows: Sequence[Row], folder: Path) -> None:
    for column, file in (("seconds", "export_seconds.svg"), ("peak MB", "export_memory.svg")):
        with plot(folder / file, "Export of many summaries") as axes:
            for program in dict.fromkeys(str(row["program"]) for row in rows):
                own = [row for row in rows if row["program"] == program]
                counts = [float(row["summaries"] or 0) for row in own]
                axes.loglog(counts, [float(row[column] or 0) for row in own], "o-", label=program)
            axes.set(xlabel="summaries", ylabel=column)
            axes.legend()
