"""A playlist: as YouTube gives it, and as one of the links of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from skimlist.models.video import VideoError


class PlaylistStatus(StrEnum):
    PENDING = "pending"
    EXPANDED = "expanded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlaylist:
    """A playlist among the links of a batch, and what became of it.

    `added` videos came from it into the queue, `unavailable` of them cannot be watched; `duplicates` were there before,
    `known` in a batch that this one continues, `left_out` did not fit into the batch. `truncated`: it goes on behind
    the last video that was read.
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
    error: VideoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistEntry:
    """One place in a playlist. `unavailable` tells a person why there is no video to watch; None if there is one."""

    video_id: str
    title: str | None = None
    channel: str | None = None
    duration_seconds: int | None = None
    unavailable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """A playlist in its own order. `truncated` says that it goes on behind the last of `entries`."""

    id: str
    title: str
    channel: str | None
    entries: tuple[PlaylistEntry, ...]
    truncated: bool = False
