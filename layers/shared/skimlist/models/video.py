"""A video of a batch: where it is in its work, what it took, and its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import floor


class VideoStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Stage(StrEnum):
    """How far the current video is; a video that is not being processed has none."""

    FETCHING = "fetching"
    SUMMARIZING = "summarizing"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoError:
    """Why a video failed: a stable code, a sentence for a person, what to do, and whether a retry can help."""

    code: str
    message: str
    advice: str
    retryable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastError:
    """How one attempt at a video failed."""

    code: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The captions of a video, and what its summary will take: tokens, USD and seconds of working time.

    `reused`: there is such a summary; it costs nothing and saves `saved_usd`.
    """

    language: str
    language_code: str
    caption_kind: str
    duration_seconds: Decimal
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One video of a batch. `position` (1…n) comes from the batch's order and is not stored with the item.

    `id` is empty until the item is written. `error` is why it is failed now, `errors` how its attempts failed, the last
    of them last. `transient_failures` names the pages in which it failed for a reason that may lie outside of it, and
    stayed in the queue. `forecast` is what a preflight found. `tldr` is the beginning of the summary's, and `tags` are
    the summary's: enough to skim a list.
    """

    id: str
    video_id: str
    status: VideoStatus = VideoStatus.PENDING
    position: int | None = None
    stage: Stage | None = None
    title: str | None = None
    channel: str | None = None
    duration_seconds: Decimal | None = None
    attempts: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None
    processing_time_seconds: Decimal | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    cached: bool = False
    tldr: str | None = None
    tags: tuple[str, ...] = ()
    unverified: int = 0
    error: VideoError | None = None
    errors: tuple[PastError, ...] = ()
    transient_failures: tuple[str, ...] = ()
    forecast: Forecast | None = None

    @property
    def url(self) -> str:
        return watch_url(self.video_id)


def watch_url(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def time_url(video_id: str, seconds: float) -> str:
    """Plays the video from there."""
    return f"https://youtu.be/{video_id}?t={floor(seconds)}"
