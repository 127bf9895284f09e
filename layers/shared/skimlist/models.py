"""The things Skimlist works with: batches, their videos, transcripts and summaries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import floor
from typing import Any


class BatchStatus(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class VideoStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Service(StrEnum):
    """What a video depends on outside of itself."""

    YOUTUBE = "youtube"
    MODEL = "model"
    PLATFORM = "platform"


class Stage(StrEnum):
    """Where the video in hand is; a video that is not in hand has none."""

    FETCHING = "fetching"
    SUMMARIZING = "summarizing"


# --- What is asked for, and of which models ------------------------------------------------------------------------


class SummaryLength(StrEnum):
    BRIEF = "brief"
    STANDARD = "standard"
    DETAILED = "detailed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """What the user asks of every summary of a batch. `language` is a BCP 47 code; None keeps the video's own.

    `digest` asks for one more text, about all summaries of the batch; these are the same with and without it.
    """

    include_timestamps: bool = True
    focus_areas: tuple[str, ...] = ()
    language: str | None = None
    instructions: str | None = None
    digest: bool = False

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SummaryOptions:
        return cls(**{**data, "focus_areas": tuple(data.get("focus_areas", ()))})

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "focus_areas": list(self.focus_areas)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """How the videos of one batch are to be summarized. `model` is an alias of the model catalogue."""

    model: str
    summary_length: SummaryLength = SummaryLength.STANDARD
    options: SummaryOptions = SummaryOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint that speaks OpenAI's protocol. `base_url` None: OpenAI itself.

    `model` names another vendor's model that it serves, with its context window and its prices (USD per million
    tokens); None: it serves OpenAI's own models. `ollama_base_url` is where an Ollama listens, if there is one.
    """

    base_url: str | None = None
    model: str | None = None
    context_tokens: int | None = None
    usd_per_million_in: Decimal = Decimal(0)
    usd_per_million_out: Decimal = Decimal(0)
    ollama_base_url: str | None = None


# --- A batch and its videos ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoError:
    """Why a video failed: a stable code, a sentence for a person, what to do, and whether a retry can help."""

    code: str
    message: str
    advice: str
    retryable: bool

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastError:
    """How one attempt at a video failed."""

    code: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentVideo:
    """The video in hand; `run` is the run of the workflow that took it."""

    item_id: str
    position: int
    stage: Stage
    started_at: datetime
    run: int
    title: str | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why a batch waits. `until` is when it tries again by itself; None: when the user resumes it.

    `times` counts the pauses in a row that the batch made by itself; 0: its user paused it.
    """

    code: str
    message: str
    advice: str
    since: datetime
    until: datetime | None
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentFailure:
    """A service failed with this error's code; `source` is the video or the playlist that it was asked for."""

    code: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReport:
    """That a batch has paused because of `cause`, and until when; which other batches it stops is for them to see.

    `user` and `batch` are pseudonyms. `sources` are the videos or playlists that failed.
    """

    cause: str
    code: str
    message: str
    advice: str
    user: str
    batch: str
    sources: tuple[str, ...]
    reported_at: datetime
    until: datetime


class PreflightStatus(StrEnum):
    CHECKING = "checking"
    READY = "ready"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What looking at the videos of a draft has found so far; no model was asked.

    The numbers are sums over the `checked` videos that are still in the queue, as in their forecasts. `up_to` is the
    number of the last item that was handed out to be looked at, `error` why it stopped or left a video unchecked.
    """

    status: PreflightStatus = PreflightStatus.CHECKING
    checked: int = 0
    reused: int = 0
    duration_seconds: Decimal = Decimal(0)
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)
    up_to: int = 0
    error: VideoError | None = None


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
class Batch:
    """One batch job. Its counters are one item of the table, so that a status poll reads only that.

    `run` counts the workflow executions that drove the batch; only the newest may work on it. `parked` says that no
    execution drives it now. `revision` grows with every change that an export would show. `timed` counts the ended
    videos whose time is part of `processing_seconds`; `duplicates` counts what was added though it was there already.
    `recent_failures` are those of each service since it last answered, the last of them last; `insisted_at` is when its
    user last had it go on.

    `restarts` counts the executions that were started in place of lost ones since `revision` was `restarted_at`.

    The queue: `page` holds the numbers of the items that the workflow took last, `head` how much of the order it has
    taken so far, `order_version` counts its changes, `served` how many pages its execution was handed, `page_served`
    how often it was handed this page.
    """

    id: str
    user_id: str
    name: str
    status: BatchStatus
    settings: BatchSettings
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    total: int = 0
    completed: int = 0
    failed: int = 0
    skipped: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)
    processing_seconds: Decimal = Decimal(0)
    timed: int = 0
    max_cost_usd: Decimal | None = None
    current: CurrentVideo | None = None
    pause: Pause | None = None
    error: VideoError | None = None
    preflight: Preflight | None = None
    duplicates: int = 0
    digest: DigestState | None = None
    revision: int = 0
    run: int = 1
    parked: bool = False
    pauses_in_a_row: int = 0
    recent_failures: Mapping[Service, tuple[RecentFailure, ...]] = field(default_factory=dict)
    insisted_at: datetime | None = None
    restarts: int = 0
    restarted_at: int = 0
    order_version: int = 0
    head: int = 0
    page: tuple[int, ...] = ()
    served: int = 0
    page_served: int = 0


class PlaylistStatus(StrEnum):
    PENDING = "pending"
    EXPANDED = "expanded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlaylist:
    """A playlist among the links of a batch, and what became of it.

    `added` videos came from it into the queue, `unavailable` of them cannot be watched; `duplicates` were there before,
    `known` in a batch that this one continues, `left_out` did not fit into the batch. `truncated`: it goes on behind
    the last video that was read.
    """

    id: str
    status: PlaylistStatus = PlaylistStatus.PENDING
    title: str | None = None
    added: int = 0
    unavailable: int = 0
    duplicates: int = 0
    known: int = 0
    left_out: int = 0
    truncated: bool = False
    error: VideoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The captions of a video, and what its summary will take: tokens, USD and seconds of working time.

    `reused`: there is such a summary; it costs nothing and saves `saved_usd`.
    """

    language: str
    language_code: str
    caption_kind: str
    duration_seconds: Decimal
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One video of a batch. `position` (1…n) comes from the batch's order and is not stored with the item.

    `id` is empty until the item is written. `error` is why it is failed now, `errors` how its attempts failed, the last
    of them last. `transient_failures` names the pages in which it failed for a reason that may lie outside of it, and
    stayed in the queue. `forecast` is what a preflight found.
    """

    id: str
    video_id: str
    status: VideoStatus = VideoStatus.PENDING
    position: int | None = None
    stage: Stage | None = None
    title: str | None = None
    channel: str | None = None
    duration_seconds: Decimal | None = None
    attempts: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None
    processing_time_seconds: Decimal | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    cached: bool = False
    error: VideoError | None = None
    errors: tuple[PastError, ...] = ()
    transient_failures: tuple[str, ...] = ()
    forecast: Forecast | None = None

    @property
    def url(self) -> str:
        return watch_url(self.video_id)


# --- Ids and addresses ---------------------------------------------------------------------------------------------


def summary_id(batch_id: str, item_id: str) -> str:
    """A summary is known by the place in which it was made."""
    return f"{batch_id}-{item_id}"


def watch_url(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def time_url(video_id: str, seconds: float) -> str:
    """Plays the video from there."""
    return f"https://youtu.be/{video_id}?t={floor(seconds)}"


# --- What YouTube gives --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """One caption: its text, and its start and duration in seconds from the beginning of the video."""

    text: str
    start: float
    duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The captions of one video in one language. `translated_from` names the track that YouTube translated, if any."""

    video_id: str
    language_code: str
    language: str
    is_generated: bool
    segments: tuple[Segment, ...]
    translated_from: str | None = None
    title: str | None = None
    channel: str | None = None
    duration_seconds: float | None = None

    @property
    def text(self) -> str:
        return "\n".join(segment.text for segment in self.segments)

    @property
    def caption_kind(self) -> str:
        if self.translated_from:
            return "translated"
        return "automatic" if self.is_generated else "manual"

    @property
    def end_seconds(self) -> float:
        """The video's length, or where the last caption ends when YouTube did not tell."""
        return self.duration_seconds or max((s.start + s.duration for s in self.segments), default=0.0)

    def to_json(self) -> str:
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["segments"] = [[s.text, s.start, s.duration] for s in self.segments]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Transcript:
        data = json.loads(text)
        data["segments"] = tuple(Segment(*segment) for segment in data["segments"])
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistEntry:
    """One place in a playlist. `unavailable` tells a person why there is no video to watch; None if there is one."""

    video_id: str
    title: str | None = None
    channel: str | None = None
    duration_seconds: int | None = None
    unavailable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """A playlist in its own order. `truncated` says that it goes on behind the last of `entries`."""

    id: str
    title: str
    channel: str | None
    entries: tuple[PlaylistEntry, ...]
    truncated: bool = False


# --- The summary of a video ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPoint:
    """One thing worth keeping, and the second of the video in which it is said."""

    text: str
    start_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    title: str
    start_seconds: float
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What the video says about a focus area, and the second in which it does."""

    area: str
    found: bool
    text: str = ""
    start_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the transcript the summary was made from, in how many parts; `reason` says why not all of it."""

    characters_total: int
    characters_used: int
    chunks: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was made of one video. `language` is the summary's, `caption_language` the transcript's.

    `fingerprint` names all that the text depends on, so that the same wish is never paid for twice.
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
    duration_seconds: float | None = None
    notes: tuple[str, ...] = ()
    focus: tuple[Focus, ...] = ()

    @property
    def url(self) -> str:
        return watch_url(self.video_id)

    def to_dict(self) -> dict[str, Any]:
        data = asdict(self)
        data["length"] = str(self.length)
        data["cost_usd"] = str(self.cost_usd)
        data["created_at"] = self.created_at.isoformat()
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Summary:
        return cls(
            **{
                **data,
                "key_points": tuple(KeyPoint(**point) for point in data["key_points"]),
                "chapters": tuple(Chapter(**chapter) for chapter in data["chapters"]),
                "tags": tuple(data["tags"]),
                "notes": tuple(data["notes"]),
                "focus": tuple(Focus(**focus) for focus in data.get("focus", ())),
                "coverage": Coverage(**data["coverage"]),
                "length": SummaryLength(data["length"]),
                "cost_usd": Decimal(data["cost_usd"]),
                "created_at": datetime.fromisoformat(data["created_at"]),
            }
        )


# --- The digest of a batch -----------------------------------------------------------------------------------------


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
