"""The summary of a video, what its user asks of it, and how much of the transcript it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from skimlist.models.addresses import watch_url
from skimlist.models.claim_check import ClaimCheck, count_unverified


class Verify(StrEnum):
    """What becomes of a statement with something that was not found in the captions.

    FLAG tells the reader. ASK has the model look at it once more at first, which costs a second question.
    """

    FLAG = "flag"
    ASK = "ask"


class SummaryLength(StrEnum):
    BRIEF = "brief"
    STANDARD = "standard"
    DETAILED = "detailed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """What the user wants of every summary of a batch. `language` is a BCP 47 code; None keeps the video's own.

    `digest` asks for one more text, about all summaries of the batch; these are the same with and without it.
    """

    include_timestamps: bool = True
    focus_areas: tuple[str, ...] = ()
    language: str | None = None
    instructions: str | None = None
    digest: bool = False
    verify: Verify = Verify.FLAG


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """How the videos of one batch are to be summarized. `model` is an alias of the model catalogue."""

    model: str
    summary_length: SummaryLength = SummaryLength.STANDARD
    options: SummaryOptions = SummaryOptions()


def summary_id(batch_id: str, item_id: str) -> str:
    """The id of a summary, made of the ids of its batch and item."""
    return f"{batch_id}-{item_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPoint:
    """One thing worth remembering, and the second of the video in which it is said."""

    text: str
    start_seconds: float | None = None
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """`check` is that of the chapter's summary."""

    title: str
    start_seconds: float
    summary: str = ""
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What the video says about a focus area, and the second in which it does."""

    area: str
    found: bool
    text: str = ""
    start_seconds: float | None = None
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the transcript the summary was made from, in how many parts; `reason` says why not all of it.

    Of the video's tenths in which something is said (`tenths_spoken`), a key point or chapter begins in `tenths`; both
    are None in a summary from before they were counted.
    """

    characters_total: int
    characters_used: int
    chunks: int
    reason: str | None = None
    tenths: int | None = None
    tenths_spoken: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of one video. `language` is the summary's, `caption_language` the transcript's.

    `fingerprint` is a hash of everything that the text depends on, so that the same summary is never paid for twice.
    Checks are None in older summaries, whose claims were not checked, and if there is nothing to check.
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
    duration_seconds: float | None = None
    notes: tuple[str, ...] = ()
    focus: tuple[Focus, ...] = ()
    tldr_check: ClaimCheck | None = None
    text_check: ClaimCheck | None = None

    @property
    def unverified(self) -> int | None:
        """How many statements mention something that was not found in the captions; None if none was checked."""
        points = [point.check for point in self.key_points]
        chapters = [chapter.check for chapter in self.chapters]
        reports = [report.check for report in self.focus]
        return count_unverified((self.tldr_check, self.text_check, *points, *chapters, *reports))

    @property
    def url(self) -> str:
        return watch_url(self.video_id)
