"""The digest of a batch, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from skimlist.models.video import VideoError, time_url, watch_url


class DigestStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestState:
    """What became of a batch's digest when `videos` of it were summarized; `error` is why there is none."""

    status: DigestStatus
    videos: int = 0
    error: VideoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place in a video of a batch that something is said of; without a second, the whole video."""

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
    """What a digest says of several videos, and where they say so. Only themes have a title."""

    text: str
    evidence: tuple[Evidence, ...]
    title: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Claim:
        return cls(**{**data, "evidence": tuple(Evidence(**place) for place in data["evidence"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A video worth watching at this point, and why."""

    reason: str
    video: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the summaries of a batch say together. `videos` is how many it was made from.

    Tokens and cost are those of its making, without what the batch has counted for an earlier digest or try.
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

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "cost_usd": str(self.cost_usd), "created_at": self.created_at.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Digest:
        claims = {
            name: tuple(Claim.from_dict(claim) for claim in data[name])
            for name in ("themes", "agreements", "differences")
        }
        steps = (Recommendation(reason=step["reason"], video=Evidence(**step["video"])) for step in data["watch_order"])
        return cls(
            **{
                **data,
                **claims,
                "watch_order": tuple(steps),
                "notes": tuple(data["notes"]),
                "cost_usd": Decimal(data["cost_usd"]),
                "created_at": datetime.fromisoformat(data["created_at"]),
            }
        )
