"""Playlists and channels: as YouTube provides them, and as links of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


class VideoKind(StrEnum):
    """`premiere` is a video that was first shown, or will be, at an announced time, like a stream."""

    VIDEO = "video"
    SHORT = "short"
    STREAM = "stream"
    PREMIERE = "premiere"


@dataclass(frozen=True, slots=True)
class UploadTime:
    """The time at which a video became public: a range, because YouTube's pages only say "2 months ago"."""

    earliest: datetime
    latest: datetime

    @classmethod
    def exactly(cls, moment: datetime) -> UploadTime:
        return cls(moment, moment)

    @property
    def is_exact(self) -> bool:
        return self.earliest == self.latest


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistEntry:
    """One entry of a playlist or channel. `unavailable` explains why the video cannot be watched; None if it can.

    `is_awaited` says that it is announced, or on air: a premiere or stream that has not ended.
    """

    video_id: str
    title: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    duration_seconds: int | None = None
    uploaded: UploadTime | None = None
    kind: VideoKind | None = None
    unavailable: str | None = None
    is_awaited: bool = False

    @property
    def can_be_summarized(self) -> bool:
        """Whether the list shows nothing that speaks against it."""
        return not self.unavailable and not self.is_awaited


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """A playlist in its own order, or a channel, `newest_first`. It is `truncated` if it continues after `entries`."""

    id: str
    title: str
    channel: str | None
    entries: tuple[PlaylistEntry, ...]
    truncated: bool = False
    newest_first: bool = False
