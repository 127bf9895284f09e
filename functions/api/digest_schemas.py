"""The API's responses about digests, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bases import View
from history_schemas import CheckView
from pydantic import Field
from schemas import Number

from skimlist.checking.notice import digest_notice
from skimlist.models.digest import Claim, Digest


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
    check: CheckView | None = Field(description="Whether the summaries of these videos say so.")


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
    unverified: int | None = Field(description="Claims that mention something that these summaries do not.")

    @classmethod
    def of(cls, digest: Digest) -> DigestView:
        claims = {
            name: list(map(_with_check, getattr(digest, name))) for name in ("themes", "agreements", "differences")
        }
        fields = {name: getattr(digest, name) for name in cls.model_fields if name not in claims}
        return cls.model_validate({**fields, **claims})


def _with_check(claim: Claim) -> dict[str, Any]:
    check = CheckView.of(claim.check, digest_notice(claim.check))
    return {"title": claim.title, "text": claim.text, "evidence": claim.evidence, "check": check}
