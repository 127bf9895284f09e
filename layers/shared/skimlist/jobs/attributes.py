"""The attributes of the table's records, with their types and the names under which they are stored.

Every function loads this module. The attributes of the notification settings, which only three need, are in
`notification_settings`, because each dataclass that is loaded takes half a millisecond of a cold start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from skimlist.jobs.expressions import Action, Attribute, Condition, NumberSet
from skimlist.models.batch import (
    BatchStatus,
    ContentTitle,
    CurrentVideo,
    DigestState,
    Pause,
    Preflight,
    PreflightStatus,
)
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.outage import Dependency, RecentFailure
from skimlist.models.problem import Problem
from skimlist.models.settings import BatchSettings
from skimlist.models.video import Forecast, Item, ModelSpending, PastError, Redo, VideoStatus

BEGUN_PREFIX = "begun#"
# The counts and tokens of new summaries, in short attributes: the batch's record is written for every video.
_MADE = {"videos": "n#", "tokens_in": "i#", "tokens_out": "o#"}


class Usage(TypedDict):
    """The tokens and cost of model answers."""

    tokens_in: int
    tokens_out: int
    cost_usd: Decimal


class Keys:
    """The attributes of every record."""

    pk = Attribute[str]()
    sk = Attribute[str]()


class SweepIndex:
    """The index that the sweep reads: it holds every record that has the attribute `active`."""

    active = Attribute[str]()
    created_at = Attribute[datetime]()


class Expiry:
    """DynamoDB deletes a record some time after this moment (seconds since 1970)."""

    expires_at = Attribute[int]()


class BatchRecord(Keys):
    active = Attribute[str]()
    name = Attribute[str]()
    # The title that the batch is named after; shown while its stored name is its date. Early batches have a whole name.
    content_title = Attribute[ContentTitle]()
    title = Attribute[str]()
    status = Attribute[BatchStatus]()
    updated_at = Attribute[datetime]()
    started_at = Attribute[datetime]()
    completed_at = Attribute[datetime]()
    total = Attribute[int]()
    completed = Attribute[int]()
    failed = Attribute[int]()
    skipped = Attribute[int]()
    duplicates = Attribute[int]()
    tokens_in = Attribute[int]()
    tokens_out = Attribute[int]()
    cost_usd = Attribute[Decimal]()
    saved_usd = Attribute[Decimal]()
    processing_seconds = Attribute[Decimal]()
    timed_videos = Attribute[int]("timed")
    unverified = Attribute[int]()
    described = Attribute[int]()
    settings = Attribute[BatchSettings]()
    model = Attribute[str]("settings.model")
    max_cost_usd = Attribute[Decimal]()
    current = Attribute[CurrentVideo]()
    pause = Attribute[Pause]()
    error = Attribute[Problem]()
    preflight = Attribute[Preflight]()
    digest = Attribute[DigestState]()
    revision = Attribute[int]()
    run = Attribute[int]()
    has_no_execution = Attribute[bool]("parked")
    deleted_at = Attribute[datetime]()
    pauses_in_a_row = Attribute[int]()
    resumed_by_user_at = Attribute[datetime]("insisted_at")
    restarts = Attribute[int]()
    restarted_at_revision = Attribute[int]("restarted_at")
    order_version = Attribute[int]()
    head = Attribute[int]()
    page = Attribute[tuple[int, ...]]()
    pages_served = Attribute[int]("served")
    page_served = Attribute[int]()
    round_began_at = Attribute[datetime]()
    notified = Attribute[str]()
    notified_by = Attribute[str]()
    reported_up_to = Attribute[datetime]()
    told_up_to = Attribute[datetime]()
    current_item = Attribute[str]("current.item_id")

    @staticmethod
    def failures_of(service: Dependency) -> Attribute[tuple[RecentFailure, ...]]:
        """One attribute for each service, because DynamoDB lets us remove an attribute that does not exist."""
        return Attribute(f"{service}_failures")

    @staticmethod
    def last_became(status: BatchStatus) -> Attribute[datetime]:
        """The time of the last start, pause or cancel that moved the batch to this status."""
        return Attribute(f"last_{status}_at")

    @staticmethod
    def begun_model(name: str) -> Attribute[str]:
        """The model that was asked for an item or the digest, until the cost of its answers is counted."""
        return Attribute(f"{BEGUN_PREFIX}{name}")

    @staticmethod
    def add_made(model: str, item: Item) -> tuple[Action, ...]:
        """Counts the new summary of `item`, with its tokens, for the model that made it."""
        made = {"videos": 1, "tokens_in": item.tokens_in, "tokens_out": item.tokens_out}
        return tuple(Attribute[int](_MADE[name] + model).add(number) for name, number in made.items())

    @staticmethod
    def made_by_model(record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The counts and tokens in the record of a batch, by the name of the model."""
        models = [name.removeprefix(_MADE["videos"]) for name in record if name.startswith(_MADE["videos"])]
        return {model: {name: record[prefix + model] for name, prefix in _MADE.items()} for model in models}

    @classmethod
    def add_usage(cls, *, tokens_in: int, tokens_out: int, cost_usd: Decimal) -> tuple[Action, ...]:
        return cls.tokens_in.add(tokens_in), cls.tokens_out.add(tokens_out), cls.cost_usd.add(cost_usd)


class PreflightAttributes:
    """The attributes of the preflight within a batch's record."""

    status = Attribute[PreflightStatus]("preflight.status")
    up_to = Attribute[int]("preflight.up_to")
    error = Attribute[Problem]("preflight.error")
    checked = Attribute[int]("preflight.checked")
    reused = Attribute[int]("preflight.reused")
    duration_seconds = Attribute[Decimal]("preflight.duration_seconds")
    tokens_in = Attribute[int]("preflight.tokens_in")
    tokens_out = Attribute[int]("preflight.tokens_out")
    cost_usd = Attribute[Decimal]("preflight.cost_usd")
    saved_usd = Attribute[Decimal]("preflight.saved_usd")
    seconds = Attribute[Decimal]("preflight.seconds")
    version = Attribute[int]("preflight.version")

    @classmethod
    def has_version(cls, version: int) -> Condition:
        """The preflight has this version; records of earlier releases do not store version 0."""
        return cls.version.eq(version) if version else cls.version.not_exists() | cls.version.eq(0)

    @classmethod
    def add_forecasts(cls, forecasts: Sequence[Forecast], *, sign: int = 1) -> tuple[Action, ...]:
        """Adds forecasts to the sums of the batch's preflight, or with `sign` -1 subtracts them."""
        if not forecasts:
            return ()  # a batch without a preflight has no sums either

        def total(amounts: Iterable[Decimal]) -> Decimal:
            return sign * sum(amounts, Decimal(0))

        return (
            cls.checked.add(sign * len(forecasts)),
            cls.reused.add(sign * sum(each.reused for each in forecasts)),
            cls.duration_seconds.add(total(each.duration_seconds for each in forecasts)),
            cls.tokens_in.add(sign * sum(each.tokens_in for each in forecasts)),
            cls.tokens_out.add(sign * sum(each.tokens_out for each in forecasts)),
            cls.cost_usd.add(total(each.cost_usd for each in forecasts)),
            cls.saved_usd.add(total(each.saved_usd for each in forecasts)),
            cls.seconds.add(total(each.seconds for each in forecasts)),
            *_add_by_model("preflight.cost_by_model", [each.cost_by_model for each in forecasts], sign),
            *_add_by_model("preflight.seconds_by_model", [each.seconds_by_model for each in forecasts], sign),
        )


def _add_by_model(name: str, each: Sequence[Mapping[str, Decimal]], sign: int) -> Iterator[Action]:
    for alias in dict.fromkeys(alias for numbers in each for alias in numbers):
        number = sum((numbers.get(alias, Decimal(0)) for numbers in each), Decimal(0))
        yield Attribute[Decimal](f"{name}.{alias}").add_to_any(sign * number, Decimal(0))


class ItemRecord(Keys):
    status = Attribute[VideoStatus]()
    title = Attribute[str]()
    channel = Attribute[str]()
    channel_id = Attribute[str]()
    duration_seconds = Attribute[Decimal]()
    published_at = Attribute[datetime]()
    attempts = Attribute[int]()
    started_at = Attribute[datetime]()
    completed_at = Attribute[datetime]()
    processing_time_seconds = Attribute[Decimal]()
    tokens_in = Attribute[int]()
    tokens_out = Attribute[int]()
    cost_usd = Attribute[Decimal]()
    spent_by_model = Attribute[Mapping[str, ModelSpending]]()
    cached = Attribute[bool]()
    unverified = Attribute[int]()
    caption_kind = Attribute[str]()
    tldr = Attribute[str]()
    tags = Attribute[tuple[str, ...]]()
    error = Attribute[Problem]()
    errors = Attribute[tuple[PastError, ...]]()
    transient_failures = Attribute[tuple[str, ...]]("setbacks")
    forecast = Attribute[Forecast]()
    forecast_version = Attribute[int]("forecast.version")
    forecast_costs = Attribute[Mapping[str, Decimal]]("forecast.cost_by_model")
    forecast_seconds = Attribute[Mapping[str, Decimal]]("forecast.seconds_by_model")
    redo = Attribute[Redo]()
    redo_id = Attribute[str]("redo.id")
    redo_error = Attribute[Problem]()
    withdrawn_redo = Attribute[str]()


def has_forecast(version: int) -> Condition:
    """The item has a forecast of this version of its batch's preflight; no item has one of a later version."""
    return ItemRecord.forecast_version.eq(version) if version else ItemRecord.forecast.exists()


def has_no_forecast(version: int) -> Condition:
    return ItemRecord.forecast_version.ne(version) if version else ItemRecord.forecast.not_exists()


def still_needs_summary(item: Item) -> Condition:
    """The item still needs the same summary as when it was read: its first one, or that of the same redo."""
    return ItemRecord.redo_id.eq(item.redo.id) if item.redo else ItemRecord.status.eq(VideoStatus.PENDING)


def at_attempt(attempts: int | None) -> tuple[Condition, ...]:
    """The item has had no further attempt since then; no condition if the number of attempts is unknown."""
    if attempts is None:
        return ()
    return (ItemRecord.attempts.eq(attempts) if attempts else ItemRecord.attempts.not_exists(),)


class ReadingRecord(Keys):
    """Sets of item numbers; DynamoDB does not store an empty set."""

    read = NumberSet()
    starred = NumberSet()


class OrderRecord(Keys, SweepIndex):
    """`numbered` is the highest item number in use. The sweep's index has the record while no batch owns the items."""

    entries = Attribute[tuple[int, ...]]()
    requeued = Attribute[tuple[int, ...]]("again")
    playlists = Attribute[tuple[ListedPlaylist, ...]]()
    numbered = Attribute[int]()


class DigestRecord(Keys):
    body = Attribute[bytes]()
    answers = Attribute[tuple[str, ...]]()
    version = Attribute[int]()


class SummaryRecord(Keys):
    owner = Attribute[str]()
    summarized_at = Attribute[str]()
    fingerprint = Attribute[str]()
    video_id = Attribute[str]()
    folded_title = Attribute[str]()
    body = Attribute[bytes]()
    body_key = Attribute[str]()
    redo_id = Attribute[str]()


class DeletionRecord(Keys, SweepIndex, Expiry):
    follow_id = Attribute[str]()


class UnderWayRecord(Keys):
    """The start of each batch of a user that is under way; a condition on `version` lets one of two writes succeed."""

    batches = Attribute[dict[str, datetime | str]]()
    version = Attribute[int]()


class DayRecord(Keys, Expiry):
    videos = Attribute[int]()
    playlists = Attribute[int]()
    lookups = Attribute[int]()
    subscriptions = Attribute[int]()


class DataApiDayRecord(Keys, Expiry):
    units = Attribute[int]()


class FollowRecord(Keys):
    version = Attribute[int]()


class NewFollowsRecord(Keys):
    version = Attribute[int]()


class FollowRunRecord(Keys):
    cost_usd = Attribute[Decimal]()
    is_closed = Attribute[bool]()


class SpendingRecord(Keys, Expiry):
    """`committed` is the sum of what is spent and reserved (USD); each reservation has an attribute of its own."""

    committed = Attribute[Decimal]()

    @staticmethod
    def reservation(name: str) -> Attribute[Decimal]:
        return Attribute(name)


def stored_names(kind: type[Keys]) -> dict[str, str]:
    """The names under which the table stores fields that have been renamed since the first records were written."""
    declared = {field: value.name for field, value in vars(kind).items() if isinstance(value, Attribute)}
    return {field: name for field, name in declared.items() if name != field and "." not in name}
