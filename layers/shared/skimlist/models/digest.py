"""The digest of a batch, and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from skimlist.models.addresses import time_url, watch_url
from skimlist.models.claim_check import ClaimCheck, count_unverified
from skimlist.models.video import VideoError


class DigestStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestState:
    """The state of a batch's digest after its last try, when `videos` were summarized; `error` is why there is none."""

    status: DigestStatus
    videos: int = 0
    error: VideoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The place in a video that supports a claim; without a second, the whole video."""

    item_id: str
    position: int
    video_id: str
    title: str
    start_seconds: float | None = None

    @property
    def url(self) -> str:
        return watch_url(self.video_id) if self.start_seconds is None else time_url(self.video_id, self.start_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a digest says about several videos, and where they say it. Only themes have a title."""

    text: str
    evidence: tuple[Evidence, ...]
    title: str = ""
    check: ClaimCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A video worth watching at this point, and why."""

    reason: str
    video: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the summaries of a batch say together. `videos` is how many it was made from.

    Tokens and cost are those of this digest, without those that the batch has counted for an earlier digest or try.
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
        """How many claims mention something that the summaries do not; None if none was checked."""
        claims = (*self.themes, *self.agreements, *self.differences)
        return count_unverified(claim.check for claim in claims)
