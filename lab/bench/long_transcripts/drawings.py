"""Draws plots of long transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.bench.plots import COLOURS, plot
from lab.bench.reports import Row


def seconds(rows: Sequence[Row], file: Path) -> None:
    programs = list(dict.fromkeys(str(row["program"]) for row in rows))
    with plot(file, f"Summary of a long transcript, server of {rows[0]['server']} latency", height=4.5) as axes:
        for index, program in enumerate(programs):
            own = [row for row in rows if row["program"] == program]
            hours = [float(row["minutes"] or 0) / 60 for row in own]
            style = "o-" if index == 0 else "x--"
            axes.loglog(hours, [float(row["seconds"] or 0) for row in own], style, label=program, color=_colour(index))
        axes.set(xlabel="hours of talk", ylabel="seconds")
        axes.legend(fontsize=8)


def _colour(index: int) -> str:
    return "black" if index == 0 else COLOURS[(index - 1) % len(COLOURS)]
