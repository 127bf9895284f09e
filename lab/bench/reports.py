"""The result of a benchmark: tables of figures, and goals that they meet or miss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a benchmark. `captions` is a folder of additional caption files.

    `quick` uses small sizes, to try the benchmark itself; `full` adds the sizes that take a quarter of an hour.
    """

    captions: Path | None = None
    quick: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same columns; numbers are shown with a sensible number of digits."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure and its maximum or minimum."""

    name: str
    value: float
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def to_dict(self) -> dict[str, Any]:
        limit = {"most": self.most} if self.least is None else {"least": self.least}
        return {"name": self.name, "value": self.value, **limit, "met": self.met}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The report of a benchmark. `draw` writes plots of the tables' figures to a folder."""

    tables: Sequence[Table]
    goals: Sequence[Goal] = ()
    draw: Callable[[Path], None] | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, Any]:
        return {
            "tables": {table.title: [dict(row) for row in table.rows] for table in self.tables},
            "goals": [goal.to_dict() for goal in self.goals],
        }
