"""The services that videos depend on, and the records and reports of their outages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Dependency(StrEnum):
    """A service that a video depends on."""

    YOUTUBE = "youtube"
    MODEL = "model"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentFailure:
    """A failure of a service with an error's code; `source` is the requested video or playlist."""

    code: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReport:
    """The report that a batch has paused because of `cause` until `until`; other batches decide if it concerns them.

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
