"""What the API tells of the history, as pydantic models."""

from __future__ import annotations

from datetime import datetime

from bases import View
from pydantic import Field
from schemas import Number

from skimlist.models.summary import Summary, SummaryLength, summary_id


class SummaryEntry(View):
    """A summary as the history lists it."""

    id: str
    video_id: str
    url: str
    title: str
    channel: str | None
    duration_seconds: Number | None
    language: str
    model: str
    length: SummaryLength
    summarized_at: datetime


class SummaryPage(View):
    summaries: list[SummaryEntry]
    next_cursor: str | None


class KeyPointView(View):
    text: str
    start_seconds: Number | None


class ChapterView(View):
    title: str
    start_seconds: Number
    summary: str


class FocusView(View):
    """What the video says about a focus area that the batch asked for."""

    area: str
    found: bool
    text: str
    start_seconds: Number | None


class CoverageView(View):
    """How much of the transcript the summary was made from."""

    characters_total: int
    characters_used: int
    chunks: int
    reason: str | None = Field(description="Why not all of it was used; null when it was.")


class SummaryView(View):
    """A whole summary; tokens and cost are those of its making, also where it was found again for free."""

    id: str
    batch_id: str
    item_id: str
    video_id: str
    url: str
    title: str
    channel: str | None
    duration_seconds: Number | None
    tldr: str
    text: str = Field(description="Markdown: paragraphs, lists and emphasis.")
    key_points: list[KeyPointView]
    chapters: list[ChapterView]
    focus: list[FocusView]
    tags: list[str]
    notes: list[str]
    language: str
    caption_language: str
    caption_kind: str
    model: str
    length: SummaryLength
    coverage: CoverageView
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    created_at: datetime

    @classmethod
    def of(cls, summary: Summary, batch_id: str, item_id: str) -> SummaryView:
        place = {"id": summary_id(batch_id, item_id), "batch_id": batch_id, "item_id": item_id}
        fields = {name: getattr(summary, name) for name in cls.model_fields if name not in place}
        return cls.model_validate({**fields, **place})
