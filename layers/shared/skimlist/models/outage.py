"""The services that videos depend on, and how an outage of one is recorded and reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Dependency(StrEnum):
    """What a video depends on outside of itself."""

    YOUTUBE = "youtube"
    MODEL = "model"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentFailure:
    """A service failed with this error's code; `source` is the video or the playlist that it was asked for."""

    code: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReport:
    """The report that a batch has paused because of `cause`, until `until`; the others decide if it concerns them.

    `user` and `batch` are pseudonyms. `sources` are the videos or playlists that failed.
    """

    cause: str
    code: str
    message: str
    advice: str
    user: str
    batch: str
    sources: tuple[str, ...]
    reported_at: datetime
    until: datetime
