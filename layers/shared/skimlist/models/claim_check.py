"""Whether what a summary says was found where it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> ClaimCheck | None:
        """None for a claim that was stored before claims were checked."""
        return None if data is None else cls(CheckStatus(data["status"]), tuple(data["missing"]))
