"""The result of checking whether a claim of a summary is supported at the place that it cites."""

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
    """The result for one claim. `moved` means that it cited the wrong place, and its reference was corrected.

    `missing` are the names, numbers and quotations that were not found, as the claim spells them; for a text that cites
    nothing, also its sentences that repeat an unverified claim. An unverified claim without any of these shares almost
    no words with the place that it cites, or with the place cited by the claim that it repeats.
    """

    status: CheckStatus
    missing: tuple[str, ...] = ()

    @property
    def is_unverified(self) -> bool:
        return self.status is CheckStatus.UNVERIFIED


def count_unverified(checks: Iterable[ClaimCheck | None]) -> int | None:
    """Counts the unverified claims; returns None if none was checked, as in older summaries."""
    made = [check for check in checks if check]
    return sum(check.is_unverified for check in made) if made else None
