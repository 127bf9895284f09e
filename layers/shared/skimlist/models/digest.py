"""The digest of a batch, and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from skimlist.models.addresses import time_url, watch_url
from skimlist.models.claim_check import ClaimCheck, count_unverified
from skimlist.models.problem import Problem


class DigestStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestState:
    """The state of a digest after its last attempt, when `videos` were summarized; `error` is why there is none."""

    status: DigestStatus
    videos: int = 0
    error: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The place in a video that supports a claim; without a start, the whole video.

    `described` says that the video has no captions: its summary was made from the description only.
    """

    item_id: str
    position: int
    video_id: str
    title: str
    start_seconds: float | None = None
    described: bool = False

    @property
    def url(self) -> str:
        return watch_url(self.video_id) if self.start_seconds is None else time_url(self.video_id, self.start_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement of a digest about several videos, with evidence. Only themes have a title."""

    text: str
    evidence: tuple[Evidence, ...]
    title: str = ""
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A recommended video, and the reason to watch it at this point."""

    reason: str
    video: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The digest of a batch, made from the summaries of this many `videos`.

    Tokens and cost are those of this digest, without those of earlier digests or attempts of the batch.
    """

    overview: str
    themes: tuple[Claim, ...]
    agreements: tuple[Claim, ...]
    differences: tuple[Claim, ...]
    watch_order: tuple[Recommendation, ...]
    videos: int
    language: str
    model: str
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    created_at: datetime
    notes: tuple[str, ...] = ()

    @property
    def unverified(self) -> int | None:
        """The number of claims with details that the summaries do not contain; None if none was checked."""
        claims = (*self.themes, *self.agreements, *self.differences)
        return count_unverified(claim.check for claim in claims)
