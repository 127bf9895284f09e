"""The summary of a video, and its coverage of the transcript."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from skimlist.models.addresses import addresses_in, watch_url
from skimlist.models.claim_check import ClaimCheck, count_unverified
from skimlist.models.settings import SummaryLength


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPoint:
    """A key point, and the second of the video at which it is said."""

    text: str
    start_seconds: float | None = None
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter; `check` is the check of its summary."""

    title: str
    start_seconds: float
    summary: str = ""
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """A report on a focus area, and the second of the video that supports it."""

    area: str
    found: bool
    text: str = ""
    start_seconds: float | None = None
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The share of the transcript that the summary was made from, and the number of parts.

    `reason` explains why it was not made from all of it. `tenths_spoken` counts the tenths of the video with speech,
    `tenths` those in which a key point or chapter begins; both are None in older summaries.
    """

    characters_total: int
    characters_used: int
    chunks: int
    reason: str | None = None
    tenths: int | None = None
    tenths_spoken: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of one video. `language` is that of the summary, `caption_language` that of the transcript.

    `fingerprint` is a hash of everything that the text depends on, so that the same summary is not paid for twice.
    Checks are None in older summaries, whose claims were not checked, and if a text is empty. `description` and
    `published_at` are the video's, as YouTube gave them when its captions were fetched.
    """

    video_id: str
    title: str
    tldr: str
    text: str
    key_points: tuple[KeyPoint, ...]
    chapters: tuple[Chapter, ...]
    tags: tuple[str, ...]
    language: str
    caption_language: str
    caption_kind: str
    model: str
    length: SummaryLength
    coverage: Coverage
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    fingerprint: str
    created_at: datetime
    channel: str | None = None
    channel_id: str | None = None
    duration_seconds: float | None = None
    notes: tuple[str, ...] = ()
    focus: tuple[Focus, ...] = ()
    description: str | None = None
    published_at: datetime | None = None
    tldr_check: ClaimCheck | None = None
    text_check: ClaimCheck | None = None

    @property
    def unverified(self) -> int | None:
        """The number of statements with details that were not found in the captions; None if none was checked."""
        points = [point.check for point in self.key_points]
        chapters = [chapter.check for chapter in self.chapters]
        reports = [report.check for report in self.focus]
        return count_unverified((self.tldr_check, self.text_check, *points, *chapters, *reports))

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses that the video's description links to."""
        return tuple(addresses_in(self.description))

    @property
    def url(self) -> str:
        return watch_url(self.video_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSummary:
    """A summary, its place, and when it was stored there."""

    batch_id: str
    item_id: str
    summarized_at: datetime
    summary: Summary
