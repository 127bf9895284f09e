"""Whether what a summary says was found where it says so."""

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
    """`moved`: the claim named another place of the video, and its reference was corrected.

    `missing` are the names, numbers and quotations that were not found, as the claim writes them. An unverified claim
    without any shares hardly a word with the place that it names.
    """

    status: CheckStatus
    missing: tuple[str, ...] = ()

    @property
    def is_unverified(self) -> bool:
        return self.status is CheckStatus.UNVERIFIED


def count_unverified(checks: Iterable[ClaimCheck | None]) -> int | None:
    """Of some claims; None if none was checked, as before there was a check."""
    made = [check for check in checks if check]
    return sum(check.is_unverified for check in made) if made else None
