"""A follow: a playlist or channel that is checked by the clock, and whose new videos become batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from skimlist.models.channel import Channel
from skimlist.models.problem import Problem
from skimlist.models.selection import EVERYTHING, Selection
from skimlist.models.settings import BatchSettings


class Every(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The times at which a source is checked, by the clock of `zone` (IANA name).

    `at` is `HH:MM`; of an hourly schedule only the minute counts. `weekday` is 0 for Monday, and only for a weekly one.
    """

    every: Every
    at: str
    weekday: int = 0
    zone: str = "UTC"


class FollowStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


class NoticeKind(StrEnum):
    """The events of a follow, other than new summaries, of which its owner is notified."""

    SOURCE_GONE = "source_gone"
    MONTH_SPENT = "month_spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An event of a follow since `since`; its owner is notified once, which `told` records."""

    kind: NoticeKind
    since: datetime
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """One follow. Its source is the playlist or channel `source_id`, whose title is known once it was read, and so is
    the `channel_id` of a channel. New videos are summarized if they meet the `selection`.

    Scheduled times before `checked_from` do not count: the follow did not exist or was paused. Before `hold_until` the
    source is not checked; at that time it is, whatever the schedule says. `failures` counts the attempts in a row
    that did not read the source, `problem` is the last one's error or the reason for the pause.

    `waiting` has the batches with videos whose captions may still come, and when each is tried again. `version` grows
    with every change, so that of two changes at the same moment only one succeeds.
    """

    id: str
    user_id: str
    name: str
    source_id: str
    settings: BatchSettings
    schedule: Schedule
    created_at: datetime
    updated_at: datetime
    checked_from: datetime
    title: str | None = None
    channel_id: str | None = None
    selection: Selection = EVERYTHING
    max_cost_usd_per_run: Decimal | None = None
    max_cost_usd_per_month: Decimal | None = None
    notify: bool = True
    status: FollowStatus = FollowStatus.ACTIVE
    last_batch_id: str | None = None
    last_news_at: datetime | None = None
    hold_until: datetime | None = None
    failures: int = 0
    problem: Problem | None = None
    notice: Notice | None = None
    waiting: Mapping[str, datetime] = field(default_factory=dict)
    version: int = 0

    @property
    def shown_name(self) -> str:
        return self.name or self.title or self.source_id

    @property
    def lasting_source_id(self) -> str:
        """The source by YouTube's own id of its channel once that is known: a handle may pass to another channel."""
        channel = Channel.from_source_id(self.source_id)
        return replace(channel, name=self.channel_id).source_id if channel and self.channel_id else self.source_id

    @property
    def key(self) -> str:
        """The sort key of the follow's record."""
        return f"{self.user_id}#{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowChecks:
    """The progress of the function that checks all sources.

    Every source with a scheduled time up to `up_to` was checked. During a round, `window_end` is set: the round checks
    the sources with a time from `up_to` to `window_end`, in the order of the follows' keys, and `last_key` is the last
    one that it has done. While a service blocks us, nothing is checked before `wait_until`; `blocks` counts such waits
    in a row.
    """

    up_to: datetime
    window_end: datetime | None = None
    last_key: str = ""
    wait_until: datetime | None = None
    blocks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRun:
    """The cost of one batch of a follow in one month.

    Of the batch's cost, `earlier_usd` belongs to earlier months. `cost_usd` is its cost when it last ended or
    was deleted, or at the end of this month; None before that. It `is_closed` if the batch continued in a later month.
    """

    month: str
    batch_id: str
    earlier_usd: Decimal = Decimal(0)
    cost_usd: Decimal | None = None
    is_closed: bool = False
