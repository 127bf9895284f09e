"""The statements of a follow's run, kept for the digests of its later runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierStatement:
    """A sentence or two of a summary, and the second of the video; None means the whole video."""

    text: str
    start_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVideo:
    """A video of an earlier run; `language` is that of its summary (BCP 47).

    It `is_described` if its summary was made from the description only.
    """

    item_id: str
    video_id: str
    title: str
    language: str
    statements: tuple[EarlierStatement, ...]
    is_described: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """A batch of a follow that is older than another one."""

    batch_id: str
    created_at: datetime
    videos: tuple[EarlierVideo, ...]
