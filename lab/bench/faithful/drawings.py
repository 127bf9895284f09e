"""Draws the plot of faithful summaries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.bench.plots import plot
from lab.bench.reports import Row

_UNSAID, _COVERED = "unsaid names and numbers in 100 sentences", "tenths covered"


def unsaid_and_covered(rows: Sequence[Row], file: Path) -> None:
    """Draws a point for each program and model: the better its summaries, the lower and farther to the right."""
    models = list(dict.fromkeys(str(row["model"]) for row in rows))
    with plot(file, "Summaries by one model: coverage, and what nobody said") as axes:
        for model, marker in zip(models, "osD^", strict=False):
            own = [row for row in rows if row["model"] == model]
            places = [(100 * float(row[_COVERED] or 0), float(row[_UNSAID] or 0)) for row in own]
            axes.scatter(*zip(*places, strict=True), marker=marker, label=model)
            for row, place in zip(own, places, strict=True):
                axes.annotate(str(row["program"]), place, xytext=(5, 4), textcoords="offset points", fontsize=7)
        axes.set(xlabel="tenths of the video covered, %", ylabel="unsaid names and numbers in 100 sentences")
        axes.set(xlim=(0, 110), ylim=(0, None))
        axes.legend()
