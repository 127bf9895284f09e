"""The API's responses about digests, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bases import View
from history_schemas import CheckView
from pydantic import Field
from schemas import MODEL_LABEL, Number, label_of

from skimlist.claim_checks.notice import digest_notice
from skimlist.models.digest import MAX_LISTED_VIDEOS, Claim, Digest, News


class PlaceView(View):
    """A moment of a video of the batch, or the whole video if there is no `start_seconds`."""

    item_id: str
    position: int
    video_id: str
    title: str
    start_seconds: Number | None
    described: bool = Field(
        description="True if the video has no captions, and its summary was made from its description only."
    )
    url: str = Field(description="Plays the video from this moment.")


class EarlierPlaceView(View):
    """A moment of a video of an earlier run, or the whole video if there is no `start_seconds`."""

    batch_id: str = Field(description="The earlier run's batch.")
    item_id: str
    video_id: str
    title: str
    start_seconds: Number | None
    described: bool = Field(description="As for the places of this batch.")
    url: str = Field(description="Plays the video from this moment.")


class ClaimView(View):
    text: str
    evidence: list[PlaceView]
    check: CheckView | None = Field(description="Whether the summaries of these videos support the claim.")


class ThemeView(ClaimView):
    title: str


class ComparedClaimView(ClaimView):
    earlier: list[EarlierPlaceView] = Field(description="What it is compared with.")


class NewsView(View):
    """The comparison of a follow's run with its earlier runs."""

    new: list[ThemeView] = Field(description="Subjects that no earlier video treats.")
    beyond: list[ComparedClaimView] = Field(description="What adds to something that was said before.")
    contradictions: list[ComparedClaimView] = Field(description="What contradicts something that was said before.")
    earlier: list[EarlierPlaceView] = Field(
        description=f"The earlier videos, the latest first, at most {MAX_LISTED_VIDEOS} of them."
    )
    runs: int = Field(description="Number of earlier runs that were compared")
    videos: int = Field(description="Number of their videos")
    by_words: bool = Field(
        description="Whether the extractive model compared words only: `new` has subjects and names that were not "
        "mentioned before, `beyond` has statements on the same subject, and contradictions are not detected."
    )

    @classmethod
    def of(cls, news: News) -> NewsView:
        claims = {name: list(map(_with_check, getattr(news, name))) for name in ("new", "beyond", "contradictions")}
        fields = {name: getattr(news, name) for name in ("earlier", "runs", "videos", "by_words")}
        return cls.model_validate({**fields, **claims})


class RecommendationView(View):
    reason: str
    video: PlaceView


class DigestView(View):
    """A summary of all summaries of a batch; tokens and cost are what it cost to make."""

    overview: str
    overview_check: CheckView | None = Field(
        description="Whether the summaries support the overview; null in older digests, in those of the extractive "
        "model and in those of more than 500 videos."
    )
    themes: list[ThemeView]
    agreements: list[ClaimView]
    differences: list[ClaimView]
    watch_order: list[RecommendationView]
    news: NewsView | None = Field(
        description="What is new compared with earlier runs of the follow; null if there is none to compare with."
    )
    videos: int = Field(description="Number of summaries that it was made from")
    language: str
    model: str
    model_label: str = Field(description=MODEL_LABEL)
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    created_at: datetime
    notes: list[str]
    unverified: int | None = Field(description="Statements that mention something that the summaries do not.")

    @classmethod
    def of(cls, digest: Digest) -> DigestView:
        claims = {
            name: list(map(_with_check, getattr(digest, name))) for name in ("themes", "agreements", "differences")
        }
        check = digest.overview_check
        others = {
            "news": digest.news and NewsView.of(digest.news),
            "model_label": label_of(digest.model),
            "overview_check": CheckView.of(check, digest_notice(check)),
        }
        fields = {name: getattr(digest, name) for name in cls.model_fields if name not in {*claims, *others}}
        return cls.model_validate({**fields, **claims, **others})


def _with_check(claim: Claim) -> dict[str, Any]:
    check = CheckView.of(claim.check, digest_notice(claim.check))
    return {
        "title": claim.title,
        "text": claim.text,
        "evidence": claim.evidence,
        "earlier": claim.earlier,
        "check": check,
    }
