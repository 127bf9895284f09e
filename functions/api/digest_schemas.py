"""What the API tells of a digest, as pydantic models."""

from __future__ import annotations

from datetime import datetime

from bases import View
from pydantic import Field
from schemas import Number


class PlaceView(View):
    """A place in a video of the batch; without a second, the whole video."""

    item_id: str
    position: int
    video_id: str
    title: str
    start_seconds: Number | None
    url: str = Field(description="Plays the video from there.")


class ClaimView(View):
    text: str
    evidence: list[PlaceView]


class ThemeView(ClaimView):
    title: str


class RecommendationView(View):
    reason: str
    video: PlaceView


class DigestView(View):
    """What the summaries of a batch say together; tokens and cost are those of its making."""

    overview: str
    themes: list[ThemeView]
    agreements: list[ClaimView]
    differences: list[ClaimView]
    watch_order: list[RecommendationView]
    videos: int = Field(description="How many summaries it was made from")
    language: str
    model: str
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    created_at: datetime
    notes: list[str]
