"""Whether a claim of a summary was found at the place that it cites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class CheckStatus(StrEnum):
    SUPPORTED = "supported"
    MOVED = "moved"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """`moved`: the claim cited the wrong place of the video, and its reference was corrected.

    `missing` are the names, numbers and quotations that were not found, as the claim writes them. An unverified claim
    without any shares hardly a word with the place that it cites.
    """

    status: CheckStatus
    missing: tuple[str, ...] = ()

    @property
    def is_unverified(self) -> bool:
        return self.status is CheckStatus.UNVERIFIED


def count_unverified(checks: Iterable[ClaimCheck | None]) -> int | None:
    """How many of these claims are unverified; None if none was checked, as in older summaries."""
    made = [check for check in checks if check]
    return sum(check.is_unverified for check in made) if made else None
