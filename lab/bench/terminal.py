"""Shows reports in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from lab.bench.reports import Goal, Report, Table

# Without a terminal, rich assumes 80 columns, too few for these tables.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def show(report: Report) -> None:
    for table in report.tables:
        console.print(_table(table))
    if report.goals:
        console.print(_goals(report.goals))


def show_goals(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Shows the goals of all benchmarks in one table, with the commit at which each was measured."""
    rows = [((name, figures["commit"]), goal) for name, figures in results.items() for goal in figures["goals"]]
    console.print(_goal_table(rows, ("benchmark", "commit")))
    met = sum(goal["met"] for _, goal in rows)
    console.print(f"{met} of {len(rows)} goals are met.")


def shown(value: str | float | None) -> str:
    """Formats numbers with at least three digits."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(table: Table) -> RichTable:
    drawn = RichTable(title=table.title, title_justify="left", title_style="bold")
    columns = list(table.rows[0]) if table.rows else []
    for column in columns:
        is_text = isinstance(table.rows[0][column], str)
        drawn.add_column(column, justify="left" if is_text else "right")
    for row in table.rows:
        drawn.add_row(*(shown(row[column]) for column in columns))
    return drawn


def _goals(goals: Iterable[Goal]) -> RichTable:
    return _goal_table([((), goal.to_dict()) for goal in goals])


def _goal_table(goals: Iterable[tuple[Sequence[str], Mapping[str, Any]]], first: Sequence[str] = ()) -> RichTable:
    """Returns a table of goals, with `begins` in front of each row."""
    drawn = RichTable(title="Goals", title_justify="left", title_style="bold")
    for column in (*first, "goal"):
        drawn.add_column(column)
    for column in ("value", "limit", ""):
        drawn.add_column(column, justify="right")
    for begin, goal in goals:
        limit = f"≥ {shown(goal['least'])}" if "least" in goal else f"≤ {shown(goal['most'])}"
        drawn.add_row(*begin, goal["name"], shown(goal["value"]), limit, "[green]met" if goal["met"] else "[red]missed")
    return drawn
