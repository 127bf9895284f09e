"""Pydantic models of the requests and responses about follows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from bases import View
from pydantic import AfterValidator, Field, StringConstraints, model_validator
from schemas import BatchName, Budget, Number, OtherSettings, Problem, Settings, Text
from selection_schemas import Select, SelectionView

from skimlist.following.schedules import is_zone, next_time
from skimlist.models.channel import source_url
from skimlist.models.follow import Every, Follow, FollowStatus, Schedule
from skimlist.models.selection import EVERYTHING, Selection

DEFAULT_TIME = "07:00"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_WEEKDAYS = tuple(Weekday)


def _require_zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError("Give the name of a time zone, such as `Europe/Berlin` or `UTC`.")
    return name


ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_require_zone)]


class _Schedule(OtherSettings):
    """The fields that a new follow and a changed one have in common."""

    at: ClockTime | None = Field(
        default=None, description="Time of the day, `HH:MM`, of a daily or weekly follow; `07:00` if omitted."
    )
    weekday: Weekday | None = Field(default=None, description="Day of a weekly follow; Monday if omitted.")
    zone: Zone | None = Field(
        default=None, description="IANA time zone of `at`, such as `Europe/Berlin`; UTC if omitted."
    )
    select: Select | None = Field(
        default=None, description="Which of the new videos are wanted; the others are passed over. Null for all."
    )
    max_cost_usd_per_run: Budget | None = Field(
        default=None, description="The batch of a run pauses before a video that would exceed it. Null for no limit."
    )
    max_cost_usd_per_month: Budget | None = Field(
        default=None,
        description="Limit for all runs of a month (UTC); videos beyond it wait for the next month. Null for no limit. "
        "A lower one also limits the runs under way.",
    )

    def unfitting(self, every: Every) -> dict[str, str]:
        """Returns what is wrong with each field that a follow of this kind does not have."""
        wrong = {}
        if self.at and every is Every.HOUR:
            wrong["at"] = "`at` is for daily and weekly follows; each hourly one is given its minute of the hour."
        if self.weekday and every is not Every.WEEK:
            wrong["weekday"] = "`weekday` is for weekly follows."
        return wrong

    def schedule_of(self, every: Every, before: Schedule) -> Schedule:
        """The new schedule; omitted fields are those of `before`."""
        return Schedule(
            every=every,
            at=self.at or before.at,
            weekday=_WEEKDAYS.index(self.weekday) if self.weekday else before.weekday,
            zone=self.zone or before.zone,
        )


class CreateFollow(_Schedule):
    """A playlist or channel to check regularly. Videos that it has at the first check are not summarized."""

    source: Annotated[Text, StringConstraints(max_length=2_000)] = Field(
        description="Link to a playlist or channel, or its id."
    )
    name: BatchName | None = Field(default=None, description="If omitted, the title of the source.")
    preset: Annotated[Text, StringConstraints(max_length=60)] | None = Field(
        default=None,
        description="One of your presets, whose settings are copied now; its budget becomes the limit per run. Other "
        "settings in the request take precedence.",
    )
    every: Every = Field(default=Every.DAY, description="How often the source is checked for new videos.")
    notify: bool = Field(
        default=True,
        description="Notify you about this follow, at the addresses and of the events that you have chosen with "
        "`PUT /me`; its new videos are the event `news`.",
    )

    @model_validator(mode="after")
    def _time_fits(self) -> Self:
        for problem in self.unfitting(self.every).values():
            raise ValueError(problem)
        return self


class ChangeFollow(_Schedule):
    """Changes of a follow; omitted fields keep their value. Only one that was hourly gets a new `at`."""

    name: BatchName | None = None
    every: Every | None = None
    notify: bool | None = None
    status: FollowStatus | None = Field(
        default=None, description="`paused`: the source is not checked. `active`: it is, and at once."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("Say what to change.")
        return self

    def selection_of(self, follow: Follow) -> Selection:
        if "select" not in self.model_fields_set:
            return follow.selection
        return self.select.to_model() if self.select else EVERYTHING

    def budget_of(
        self, name: Literal["max_cost_usd_per_run", "max_cost_usd_per_month"], follow: Follow
    ) -> Decimal | None:
        changed: Decimal | None = getattr(self if name in self.model_fields_set else follow, name)
        return changed


class SourceView(View):
    """The source of a follow; its title is null until it was read."""

    id: str
    url: str
    title: str | None


class FollowView(View):
    """A follow and its current state."""

    id: str
    name: str
    source: SourceView
    settings: Settings
    select: SelectionView
    every: Every
    at: str | None = Field(description="Null if it is hourly.")
    weekday: Weekday | None = Field(description="Null unless it is weekly.")
    zone: str
    max_cost_usd_per_run: Number | None
    max_cost_usd_per_month: Number | None
    notify: bool
    status: FollowStatus
    problem: Problem | None = Field(description="Why it is paused or waits, or why the source could not be read last.")
    waiting: int = Field(description="Batches with videos that had no captions yet and are tried again.")
    created_at: datetime
    next_look_at: datetime | None = Field(description="When the source is checked next; null while it is paused.")
    last_news_at: datetime | None
    last_batch_id: str | None
    month_usd: Number = Field(description="Cost of its batches this month (UTC).")
    feed_created_at: datetime | None = Field(description="When the link of its feed was made; null if it has none.")

    @classmethod
    def fields_of(
        cls, follow: Follow, month_usd: Decimal, feed_created_at: datetime | None, now: datetime
    ) -> dict[str, Any]:
        schedule = follow.schedule
        return {
            **{name: getattr(follow, name) for name in _SAME},
            "name": follow.shown_name,
            "source": {"id": follow.source_id, "url": source_url(follow.lasting_source_id), "title": follow.title},
            "settings": asdict(follow.settings),
            "select": follow.selection,
            "every": schedule.every,
            "at": None if schedule.every is Every.HOUR else schedule.at,
            "weekday": _WEEKDAYS[schedule.weekday] if schedule.every is Every.WEEK else None,
            "zone": schedule.zone,
            "waiting": len(follow.waiting),
            "next_look_at": _next_look(follow, now),
            "month_usd": month_usd,
            "feed_created_at": feed_created_at,
        }


_SAME = (
    *("id", "max_cost_usd_per_run", "max_cost_usd_per_month", "notify", "status", "problem"),
    *("created_at", "last_news_at", "last_batch_id"),
)


def _next_look(follow: Follow, now: datetime) -> datetime | None:
    if follow.status is FollowStatus.PAUSED:
        return None
    return follow.hold_until or next_time(follow.schedule, now)


class RunView(View):
    """A batch of a follow, in one month."""

    month: str
    batch_id: str


class FollowWithRuns(FollowView):
    """A follow with its latest batches."""

    runs: list[RunView] = Field(
        description="Its last 50 batches, the latest first; one that continued in another month appears for each month."
    )


class FeedView(View):
    """The new link of a feed."""

    path: str = Field(description="The link without the address of the deployment, which is that of its page.")
    created_at: datetime


class FollowList(View):
    follows: list[FollowView]
