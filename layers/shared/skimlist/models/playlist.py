"""Playlists and channels as YouTube provides them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
        """Whether nothing in the list shows that the video cannot be summarized."""
        return not self.unavailable and not self.is_awaited

    def is_uploaded_before(self, moment: datetime) -> bool:
        """Whether the video is known to have been uploaded before this moment."""
        return self.uploaded is not None and self.uploaded.latest < moment

    def is_uploaded_since(self, moment: datetime) -> bool:
        """Whether the video is known to have been uploaded at this moment or later."""
        return self.uploaded is not None and self.uploaded.earliest >= moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """A playlist in its own order, or a channel, `newest_first`. It is `truncated` if it continues after `entries`."""

    id: str
    title: str
    channel: str | None
    entries: tuple[PlaylistEntry, ...]
    truncated: bool = False
    newest_first: bool = False
