"""The digest of a batch."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from skimlist.models.addresses import time_url, watch_url
from skimlist.models.claim_check import ClaimCheck, count_unverified

_QUOTATION = re.compile(r"“[^”]*”")
# A digest lists no more earlier videos than this, because all of it is one record.
MAX_LISTED_VIDEOS = 500


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
        return _place_url(self.video_id, self.start_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierEvidence:
    """The place in a video of an earlier run, which is the batch `batch_id`; without a start, the whole video."""

    batch_id: str
    item_id: str
    video_id: str
    title: str
    start_seconds: float | None = None
    described: bool = False

    @property
    def url(self) -> str:
        return _place_url(self.video_id, self.start_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement of a digest about one or several videos, with evidence. Only themes and new subjects have a title.

    `earlier` are the places of earlier runs that it is compared with.
    """

    text: str
    evidence: tuple[Evidence, ...]
    title: str = ""
    check: ClaimCheck | None = None
    earlier: tuple[EarlierEvidence, ...] = ()

    @property
    def quoted(self) -> Quoted | None:
        """The claim in parts if it only quotes places in their order, as the built-in model does; None otherwise."""
        texts = _QUOTATION.findall(self.text)
        if not texts:
            return None
        subject, _, rest = self.text.partition(" ".join(texts))
        count = len(texts) - len(self.earlier)
        if rest or not (subject == "" or subject.endswith(": ")) or not 0 < count <= len(self.evidence):
            return None
        places: list[Evidence | EarlierEvidence] = [*self.evidence[:count], *self.earlier]
        return Quoted(
            subject=self.title or subject.removesuffix(": "),
            quotations=tuple(Quotation(text, place) for text, place in zip(texts, places, strict=True)),
            others=self.evidence[count:],
        )


class Quotation(NamedTuple):
    """A quotation with its marks, and where it is said."""

    text: str
    place: Evidence | EarlierEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Quotations about a subject, which may be empty; those of earlier runs come last. `others` are further places."""

    subject: str
    quotations: tuple[Quotation, ...]
    others: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The comparison of a follow's run with this many earlier runs, which have this many videos.

    `new` are subjects that no earlier video mentions. The other claims are about a subject of earlier videos: they go
    `beyond` what was said before, or contradict it. If they were compared `by_words`, the claims are only on the same
    subject, and contradictions went unnoticed. `earlier` are those videos, the latest first, as far as they are listed.
    """

    new: tuple[Claim, ...]
    beyond: tuple[Claim, ...]
    contradictions: tuple[Claim, ...]
    runs: int
    videos: int
    by_words: bool = False
    earlier: tuple[EarlierEvidence, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (*self.new, *self.beyond, *self.contradictions)

    def without(self, batch_id: str) -> News:
        """Returns the news without the videos of a batch, and without the claims that rest on them."""
        return replace(
            self,
            beyond=_without(self.beyond, batch_id),
            contradictions=_without(self.contradictions, batch_id),
            earlier=tuple(video for video in self.earlier if video.batch_id != batch_id),
        )


def _without(claims: tuple[Claim, ...], batch_id: str) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if all(place.batch_id != batch_id for place in claim.earlier))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A recommended video, and the reason to watch it at this point."""

    reason: str
    video: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The digest of a batch, made from the summaries of this many `videos`.

    Tokens and cost do not include earlier digests or attempts of the batch. `news` is None unless the batch is the run
    of a follow that has earlier ones. `overview_check` is None in older digests, in those of the extractive model,
    which only counts and quotes, and in those of too many videos to search.
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
    news: News | None = None
    overview_check: ClaimCheck | None = None

    @property
    def unverified(self) -> int | None:
        """The number of statements with details that the summaries do not contain; None if none was checked."""
        claims = (*self.themes, *self.agreements, *self.differences, *(self.news.claims if self.news else ()))
        return count_unverified((self.overview_check, *(claim.check for claim in claims)))


def _place_url(video_id: str, start_seconds: float | None) -> str:
    return watch_url(video_id) if start_seconds is None else time_url(video_id, start_seconds)
