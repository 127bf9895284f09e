"""The API's responses about the history, as pydantic models."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bases import View
from pydantic import Field
from schemas import CAPTION_KIND, MODEL_LABEL, CaptionKind, Number, label_of

from skimlist.claim_checks.notice import chapter_notice, notice
from skimlist.ids import summary_id
from skimlist.jobs.history import HistoryEntry
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.settings import SummaryLength
from skimlist.models.summary import Chapter, Focus, KeyPoint, Summary
from skimlist.summary_search import Match, StatementKind


class MatchView(View):
    """The place where a summary has the words of a search."""

    statement: str | None = Field(
        description="The key point, chapter or other statement that has most of the words; null if only the title, the "
        "channel and the tags have them."
    )
    kind: StatementKind | None = Field(
        description="The section of the summary that the statement is in; null if there is no statement."
    )
    start_seconds: Number | None = Field(
        description="Where in the video the statement belongs; null if it cites nothing."
    )


class SummaryEntry(View):
    """A summary as the history lists it."""

    id: str
    batch_id: str
    item_id: str
    video_id: str
    url: str
    title: str
    channel: str | None
    duration_seconds: Number | None
    language: str
    model: str
    model_label: str = Field(description=MODEL_LABEL)
    length: SummaryLength
    summarized_at: datetime
    tags: list[str] = Field(
        description="The tags that a search looks at; empty if the summary is of an earlier version."
    )
    tldr: str | None = Field(
        description="The beginning of the TL;DR, as far as a search looks at it; null if the summary is of an earlier "
        "version."
    )

    match: MatchView | None = Field(description="Where the words are; only in answers to `whole`.")

    @classmethod
    def of(cls, entry: HistoryEntry, match: Match | None = None) -> SummaryEntry:
        others = {"model_label": label_of(entry.model), "match": match}
        fields = {name: getattr(entry, name) for name in cls.model_fields if name not in others}
        return cls.model_validate({**fields, **others})


class SummaryPage(View):
    summaries: list[SummaryEntry]
    searched: int | None = Field(description="The number of summaries that were searched for `whole`, else null.")
    next_cursor: str | None


class CheckView(View):
    """Whether the names, numbers and quotations of a statement were found at the place that it cites.

    No model was asked.
    """

    status: CheckStatus = Field(
        description="`moved`: the model cited another place, and the time was corrected. `unverified`: see `reason`."
    )
    missing: list[str] = Field(
        description="The names, numbers and quotations that were not found. In a text that cites nothing, also the "
        "beginning of each sentence that repeats an unverified key point or chapter."
    )
    reason: str | None = Field(description="A sentence for a person; null unless the statement is unverified.")

    @classmethod
    def of(cls, check: ClaimCheck | None, reason: str | None) -> CheckView | None:
        return None if check is None else cls(status=check.status, missing=list(check.missing), reason=reason)


class KeyPointView(View):
    text: str
    start_seconds: Number | None
    check: CheckView | None


class ChapterView(View):
    title: str
    start_seconds: Number
    summary: str
    check: CheckView | None


class FocusView(View):
    """A report on one of the batch's focus areas."""

    area: str
    found: bool
    text: str
    start_seconds: Number | None
    check: CheckView | None


class CoverageView(View):
    """How much of the transcript was summarized, and over how much of the video the summary's points are spread."""

    characters_total: int
    characters_used: int
    chunks: int
    reason: str | None = Field(description="Why part of the transcript was not used; null if all was.")
    tenths: int | None = Field(
        description="Number of tenths of the video in which a key point or chapter begins; null if not counted."
    )
    tenths_spoken: int | None = Field(description="Number of tenths of the video in which something is said.")


class SummaryView(View):
    """A whole summary; tokens and cost are what it cost to make, even where it was reused for free."""

    id: str
    batch_id: str
    item_id: str
    video_id: str
    url: str
    title: str
    channel: str | None
    channel_id: str | None = Field(description="YouTube's id of the channel (`UC…`), if it is known.")
    duration_seconds: Number | None
    tldr: str
    tldr_check: CheckView | None = Field(description="Null if the summary is older than the check.")
    text: str = Field(description="Markdown: paragraphs, lists and emphasis.")
    text_check: CheckView | None
    unverified: int | None = Field(
        description="Statements that contain something not found in the captions; null if they were not checked."
    )
    key_points: list[KeyPointView]
    chapters: list[ChapterView]
    focus: list[FocusView]
    tags: list[str]
    notes: list[str]
    language: str
    caption_language: str
    caption_kind: CaptionKind = Field(description=CAPTION_KIND)
    description: str | None = Field(description="What the creator wrote about the video, if YouTube told it.")
    links: list[str] = Field(description="The addresses in the description.")
    published_at: datetime | None = Field(description="When the video was published, if YouTube told it.")
    model: str
    model_label: str = Field(description=MODEL_LABEL)
    length: SummaryLength
    coverage: CoverageView
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    created_at: datetime

    @classmethod
    def of(cls, summary: Summary, batch_id: str, item_id: str) -> SummaryView:
        place = {"id": summary_id(batch_id, item_id), "batch_id": batch_id, "item_id": item_id}
        place["model_label"] = label_of(summary.model)
        checked = {
            "tldr_check": _check(summary.tldr_check),
            "text_check": _check(summary.text_check),
            "key_points": [_with_check(point) for point in summary.key_points],
            "chapters": [_with_check(chapter) for chapter in summary.chapters],
            "focus": [_with_check(report) for report in summary.focus],
        }
        fields = {name: getattr(summary, name) for name in cls.model_fields if name not in {*place, *checked}}
        return cls.model_validate({**fields, **place, **checked})


def _with_check(claim: KeyPoint | Chapter | Focus) -> dict[str, Any]:
    is_chapter = isinstance(claim, Chapter)
    reason = chapter_notice(claim.check) if is_chapter else notice(claim.check, claim.start_seconds)
    return {**asdict(claim), "check": CheckView.of(claim.check, reason)}


def _check(check: ClaimCheck | None) -> CheckView | None:
    return CheckView.of(check, notice(check))
