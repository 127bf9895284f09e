"""Draws the plot of faithful summaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lab.bench.plots import plot
from lab.bench.reports import Row


def flagged(rows: Sequence[Row], file: Path) -> None:
    """Draws the share of corrupted and of faithful claims that each check flags, on both halves of the pairs."""
    with plot(file, "Claims that a check flags") as axes:
        names = [f"{row['method']}\n{row['pairs']}".replace("_", " ") for row in rows]
        for offset, measure, label in ((-0.2, "recall", "corrupted"), (0.2, "false alarms", "faithful")):
            places = [index + offset for index in range(len(rows))]
            axes.bar(places, [100 * float(row[measure] or 0) for row in rows], width=0.4, label=label)
        axes.set_xticks(range(len(rows)), names)
        axes.set(ylabel="flagged, %", ylim=(0, 105))
        axes.legend()


def unsaid_and_covered(models: Mapping[str, Sequence[Row]], file: Path) -> None:
    """Draws a point for each program and model: the better its summaries, the lower and farther to the right."""
    with plot(file, "Summaries by one model: coverage, and what nobody said") as axes:
        for (model, rows), marker in zip(models.items(), "osD^", strict=False):
            places = [(100 * float(row["tenths covered"] or 0), float(row["unsaid"] or 0)) for row in rows]
            axes.scatter(*zip(*places, strict=True), marker=marker, label=model)
            for row, place in zip(rows, places, strict=True):
                axes.annotate(str(row["program"]), place, xytext=(5, 4), textcoords="offset points", fontsize=7)
        axes.set(xlabel="tenths of the video covered, %", ylabel="unsaid names and numbers in 100 sentences")
        axes.set(xlim=(0, 110), ylim=(0, None))
        axes.legend()
