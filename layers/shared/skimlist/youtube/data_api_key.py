"""The key of the YouTube Data API, and what it may be used for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


def _without_limit() -> None:
    """Only Google counts."""


@dataclass(frozen=True, slots=True)
class DataApiKey:
    """A key whose requests are counted: `take_unit` is called before each of them.

    It raises DataApiQuotaExceeded if no more requests may be made today.
    """

    value: str = field(repr=False)
    take_unit: Callable[[], None] = _without_limit
