"""A batch: its counters, queue and pauses, and the states of its preflight, digest and execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from skimlist.models.outage import Dependency, RecentFailure
from skimlist.models.problem import Problem
from skimlist.models.settings import BatchSettings, CaptionRequest
from skimlist.models.video import Item, Stage


class BatchStatus(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchRun(NamedTuple):
    """One run of the workflow over a batch; only the newest run may write."""

    user_id: str
    batch_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentVideo:
    """The current video; `run` is the run of the workflow that processes it.

    `model` is the one with which its summary was begun; the batch may have another one by now.
    """

    item_id: str
    position: int
    stage: Stage
    started_at: datetime
    run: int
    title: str | None = None
    channel: str | None = None
    percent: int = 0
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The reason why a batch is paused. It resumes by itself at `until`; None means not before the user resumes it.

    `times` counts the automatic pauses in a row; 0 means that its user paused it. `limit_usd` is the spending limit of
    the deployment that the batch has reached; None if that is not the reason, or an earlier version paused the batch.
    """

    code: str
    message: str
    advice: str
    since: datetime
    until: datetime | None
    times: int
    limit_usd: Decimal | None = None


class PreflightStatus(StrEnum):
    CHECKING = "checking"
    READY = "ready"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The result so far of the check of a draft's videos, for which no model is asked.

    The numbers are sums of the forecasts of the `checked` videos that are still in the queue. `up_to` is the
    highest item number that was given to the check, `error` the reason why it stopped or left a video unchecked.
    `version` increases when the requested summaries change; forecasts of an earlier version are outdated. The sums by
    model are None in a check that an earlier version of Skimlist began.
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
    error: Problem | None = None
    version: int = 0
    cost_by_model: Mapping[str, Decimal] | None = None
    seconds_by_model: Mapping[str, Decimal] | None = None

    @classmethod
    def begun(cls, version: int = 0) -> Preflight:
        """A check that has found nothing yet."""
        return cls(version=version, cost_by_model={}, seconds_by_model={})


class DigestStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestState:
    """The state of a digest after its last attempt, when `videos` were summarized.

    `error` is why that attempt failed; the digest that was there before stays and covers `earlier` videos.
    """

    status: DigestStatus
    videos: int = 0
    error: Problem | None = None
    earlier: int = 0

    @property
    def covered(self) -> int:
        """How many videos the digest that can be read covers; 0 if there is none."""
        return self.earlier if self.status is DigestStatus.FAILED else self.videos


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionState:
    """The state of the workflow for a batch.

    `run` counts the executions that processed the batch; only the newest may write. `pages_served` is the number of
    pages that it was given, `round_began_at` is when it last began to read playlists or to make the digest. `restarts`
    counts the executions that replaced lost ones since the batch's revision was `restarted_at_revision`.
    `pauses_in_a_row` counts automatic pauses, `recent_failures` has the failures of each service since it last
    answered, the latest last. `resumed_by_user_at` is when its user last resumed it, `last_became` when it was last
    started, paused or cancelled.
    """

    run: int = 1
    pages_served: int = 0
    round_began_at: datetime | None = None
    restarts: int = 0
    restarted_at_revision: int = 0
    pauses_in_a_row: int = 0
    recent_failures: Mapping[Dependency, tuple[RecentFailure, ...]] = field(default_factory=dict)
    resumed_by_user_at: datetime | None = None
    last_became: Mapping[BatchStatus, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCursor:
    """The progress of the workflow in the order of a batch.

    `head` is the number of items that it has taken, `page` has the numbers of the last page's items, `page_served` is
    how often that page was given out. `order_version` counts the changes of the order.
    """

    head: int = 0
    page: tuple[int, ...] = ()
    page_served: int = 0
    order_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSummaries:
    """The number of first summaries that one model has made for a batch, and the tokens of their answers."""

    videos: int
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class ContentTitle:
    """The title that a batch is named after: that of a video, or of a playlist with this many `videos`."""

    text: str
    videos: int = 1

    def others(self, total: int) -> int:
        """Returns how many of `total` videos the title is not about."""
        return max(total - self.videos, 0)

    def name(self, total: int) -> str:
        """Returns the name of a batch that now has `total` videos."""
        others = self.others(total)
        return f"{self.text} and {others:,} more" if others else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch. Its counters are in one item of the table, which is all that a status poll reads."""

    id: str
    user_id: str
    # Without a name from its user, it is called by its `content_title`.
    name: str
    content_title: ContentTitle | None = None
    # The follow that it is a run of.
    follow_id: str | None = None
    status: BatchStatus
    settings: BatchSettings
    max_cost_usd: Decimal | None = None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    # Increases with every change that an export would show.
    revision: int = 0

    total: int = 0
    completed: int = 0
    failed: int = 0
    skipped: int = 0
    # Added links that it already had.
    duplicates: int = 0
    # Statements of its summaries with details that were not found in the captions.
    unverified: int = 0
    # Summaries that were made from a description only.
    described: int = 0

    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)
    processing_seconds: Decimal = Decimal(0)
    # The number of ended videos whose time is part of `processing_seconds`.
    timed_videos: int = 0
    # The model that was asked for each item and the digest, by their ids, until the cost of its answers is counted.
    begun_models: Mapping[str, str] = field(default_factory=dict)
    # How much each model has made of the new summaries, by the model's name.
    made_by_model: Mapping[str, MadeSummaries] = field(default_factory=dict)

    preflight: Preflight | None = None
    digest: DigestState | None = None
    current: CurrentVideo | None = None
    pause: Pause | None = None
    error: Problem | None = None
    execution: ExecutionState = ExecutionState()
    queue: QueueCursor = QueueCursor()
    # Whether no execution is processing it now.
    has_no_execution: bool = False
    # When its owner deleted it. It is hidden from them, and stays only until no execution processes it any more.
    deleted_at: datetime | None = None

    # The last event of which its owner was notified.
    notified: str | None = None
    # The end of the last video that the owner was told of: a step that was lost may end its video after the batch.
    told_up_to: datetime | None = None
    # Before the batch was reopened, the owner was told of the videos that ended up to then.
    reported_up_to: datetime | None = None

    @property
    def model(self) -> str:
        """The model of the video that is being summarized, or of the next one."""
        return (self.current and self.current.model) or self.settings.model

    def captions_for(self, item: Item) -> CaptionRequest:
        """The captions that it needs for one of its videos."""
        return (item.redo.settings if item.redo else self.settings).options.captions

    @property
    def waits_for_youtube(self) -> bool:
        """Whether it is paused because YouTube does not answer, and not by its user."""
        return self.status is BatchStatus.PAUSED and self.pause is not None and self.pause.code.startswith("youtube_")

    @property
    def needs_pause_notification(self) -> bool:
        """Whether it has paused by itself until its owner resumes it, and they have not been notified of that."""
        if self.status is not BatchStatus.PAUSED or self.pause is None or self.pause.until or not self.pause.times:
            return False
        return self.notified != pause_of(self)


def end_of(batch: Batch) -> str:
    """The name under which the owner is notified once of the end of this batch."""
    return f"{batch.status} {batch.completed_at}"


def pause_of(batch: Batch) -> str:
    """The name under which the owner is notified once of the pause of this batch."""
    return f"{batch.status} {batch.pause.since if batch.pause else ''}"
