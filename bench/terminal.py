"""Reports as a person reads them in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table as RichTable

from bench.reports import Goal, Report, Table

# Where there is no terminal, rich takes 80 columns for granted, which no table fits into.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def show(report: Report) -> None:
    for table in report.tables:
        console.print(_table(table))
    if report.goals:
        console.print(_goals(report.goals))


def shown(value: str | float | None) -> str:
    """Numbers with three digits or more."""
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
    drawn = RichTable(title="Goals", title_justify="left", title_style="bold")
    for column in ("goal", "value", "limit", ""):
        drawn.add_column(column, justify="left" if column == "goal" else "right")
    for goal in goals:
        limit = f"≥ {shown(goal.least)}" if goal.most is None else f"≤ {shown(goal.most)}"
        drawn.add_row(goal.name, shown(goal.value), limit, "[green]met" if goal.met else "[red]missed")
    return drawn
