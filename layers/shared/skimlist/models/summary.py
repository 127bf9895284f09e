"""The summary of a video, its settings, and its coverage of the transcript."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from skimlist.models.addresses import addresses_in, watch_url
from skimlist.models.claim_check import ClaimCheck, count_unverified
from skimlist.models.transcript import CaptionRequest

# As a caption language: the one that is spoken in the video.
OWN_LANGUAGE = "own"


class Verify(StrEnum):
    """The treatment of statements with details that were not found in the captions.

    `flag` marks them for the reader. `ask` first asks the model to correct them, which costs a second request.
    """

    FLAG = "flag"
    ASK = "ask"


class Fallback(StrEnum):
    """A substitute for the captions of a video that has none."""

    DESCRIPTION = "description"


class SummaryLength(StrEnum):
    BRIEF = "brief"
    STANDARD = "standard"
    DETAILED = "detailed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """The user's options for every summary of a batch. `language` is a BCP 47 code; None keeps that of the captions.

    `caption_language` is the language of the captions, a BCP 47 code or "own"; None means captions in `language` if
    the video has them, or else its own. With `translate_captions`, YouTube translates captions if there are none.
    `digest` requests an additional text about all summaries of the batch, which does not change the summaries.
    """

    include_timestamps: bool = True
    focus_areas: tuple[str, ...] = ()
    language: str | None = None
    instructions: str | None = None
    digest: bool = False
    verify: Verify = Verify.FLAG
    caption_language: str | None = None
    translate_captions: bool = False
    fallback: Fallback | None = None

    @property
    def captions(self) -> CaptionRequest:
        """The captions from which the summaries are made."""
        language = self.caption_language or self.language
        return CaptionRequest(
            language=None if language == OWN_LANGUAGE else language,
            translate=self.translate_captions,
            or_description=self.fallback is Fallback.DESCRIPTION,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """The settings for the summaries of one batch. `model` is an alias of the model catalogue."""

    model: str
    summary_length: SummaryLength = SummaryLength.STANDARD
    options: SummaryOptions = SummaryOptions()


def summary_id(batch_id: str, item_id: str) -> str:
    """Returns the id of a summary, made of the ids of its batch and item."""
    return f"{batch_id}-{item_id}"


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
    `published_at` are the video's, as YouTube told them when its captions were fetched.
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
