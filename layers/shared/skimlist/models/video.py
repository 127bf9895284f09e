"""A video of a batch: its status and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from skimlist.models.addresses import watch_url
from skimlist.models.problem import Problem
from skimlist.models.settings import BatchSettings


class VideoStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Stage(StrEnum):
    """The stage of the current video; a video that is not being processed has none."""

    FETCHING = "fetching"
    SUMMARIZING = "summarizing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastError:
    """The error of one attempt at a video."""

    code: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The captions of a video, and the expected tokens, USD and seconds of its summary.

    If it is `reused`, the summary already exists: it costs nothing and saves `saved_usd`. `version` is the preflight's.
    `cost_by_model` and `seconds_by_model` are those of a new summary by each model on offer.
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
    version: int = 0
    cost_by_model: Mapping[str, Decimal] = field(default_factory=dict)
    seconds_by_model: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redo:
    """A request to summarize a finished video again. Its summary stays until the new one is ready.

    Tokens and USD are the video's earlier ones.
    """

    id: str
    settings: BatchSettings
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpending:
    """The cost of one model's answers in failed attempts at a video."""

    tokens_in: int
    tokens_out: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One video of a batch. `position` (1…n) comes from the batch's order and is not stored with the item.

    `id` is empty until the item is written. `channel_id` is YouTube's id of the channel. `published_at` is when the
    video became public, `published_by` the latest possible time of that; the first may be unknown. `error` is why it
    has failed, `errors` has the errors of its attempts, the latest last. `transient_failures` has the pages in which it
    failed because of an error that a service may have caused, and stayed in the queue. `forecast` is the result of a
    preflight. `tldr` is the beginning of the summary's TL;DR, `tags` and `caption_kind` are the summary's: enough to
    skim a list. A finished video has a `redo` while it waits for a new summary, and a `redo_error` if the last such
    attempt failed; `withdrawn_redo` is the id of the last redo if its user has withdrawn it. `spent_by_model` has the
    cost of failed attempts at the summary that the video needs, by the name of the model.
    """

    id: str
    video_id: str
    status: VideoStatus = VideoStatus.PENDING
    position: int | None = None
    stage: Stage | None = None
    title: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    duration_seconds: Decimal | None = None
    published_at: datetime | None = None
    published_by: datetime | None = None
    attempts: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None
    processing_time_seconds: Decimal | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    spent_by_model: Mapping[str, ModelSpending] = field(default_factory=dict)
    cached: bool = False
    caption_kind: str | None = None
    tldr: str | None = None
    tags: tuple[str, ...] = ()
    unverified: int = 0
    error: Problem | None = None
    errors: tuple[PastError, ...] = ()
    transient_failures: tuple[str, ...] = ()
    forecast: Forecast | None = None
    redo: Redo | None = None
    redo_error: Problem | None = None
    withdrawn_redo: str | None = None

    @property
    def is_described(self) -> bool:
        """Whether its summary was made from the description only."""
        return self.caption_kind == "description"

    @property
    def was_failed(self) -> bool:
        """Whether it had failed when it was skipped: a video that was skipped while it waited has never ended."""
        return self.status is VideoStatus.SKIPPED and self.completed_at is not None

    @property
    def needs_summary(self) -> bool:
        """Whether the video needs its first or a new summary."""
        return self.status is VideoStatus.PENDING or self.redo is not None

    def spent_by_others(self, model: str) -> ModelSpending:
        """The cost so far of the video, without `model`'s answers for the summary that it needs."""
        earlier: list[Redo | ModelSpending] = [self.redo] if self.redo else []
        earlier += [spent for name, spent in self.spent_by_model.items() if name != model]
        return ModelSpending(
            tokens_in=sum(each.tokens_in for each in earlier),
            tokens_out=sum(each.tokens_out for each in earlier),
            cost_usd=sum((each.cost_usd for each in earlier), Decimal(0)),
        )

    def cost_of_summary_usd(self, model: str) -> Decimal:
        """The cost so far of `model`'s answers for the summary that the video needs."""
        return self.cost_usd - self.spent_by_others(model).cost_usd

    @property
    def url(self) -> str:
        return watch_url(self.video_id)
