"""A playlist or channel among the links of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from skimlist.models.problem import Problem
from skimlist.models.selection import EVERYTHING, LeftOut, Selection


class PlaylistStatus(StrEnum):
    PENDING = "pending"
    EXPANDED = "expanded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlaylist:
    """A playlist among the links of a batch, and the result of reading it.

    Of its videos, `added` are in the queue, `unavailable` of which cannot be watched; `duplicates` were in it before,
    `known` are in a batch that this one was refreshed from, `left_out` did not fit into the batch. `not_selected` has
    the number of those among `added` that its `selection` left out, by the reason; they are skipped. It is `truncated`
    if it was not read to its end.
    """

    id: str
    status: PlaylistStatus = PlaylistStatus.PENDING
    title: str | None = None
    added: int = 0
    unavailable: int = 0
    duplicates: int = 0
    known: int = 0
    left_out: int = 0
    truncated: bool = False
    error: Problem | None = None
    selection: Selection = EVERYTHING
    not_selected: Mapping[LeftOut, int] = field(default_factory=dict)
