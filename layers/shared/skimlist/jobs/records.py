"""How batches and items lie in the table: keys, attributes, and expressions to change them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from skimlist.jobs.order import Order
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo, Pause, Preflight, PreflightStatus
from skimlist.models.digest import DigestState, DigestStatus
from skimlist.models.outage import Dependency, OutageReport, RecentFailure
from skimlist.models.playlist import ListedPlaylist, PlaylistStatus
from skimlist.models.summary import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.video import Forecast, Item, PastError, Stage, VideoError, VideoStatus

Record = dict[str, Any]

_USER_PREFIX = "USER#"
BATCH_PREFIX = "BATCH#"
ITEM_PREFIX = "ITEM#"
SUMMARY_PREFIX = "SUMMARY#"
DELETION_PREFIX = "DELETED#"
ANSWER_PREFIX = "ANSWER#"
KNOWN_PREFIX = "KNOWN"
UNDER_WAY = "UNDER_WAY"
OUTAGES = "OUTAGES"
SPENDING = "SPENDING"
HALTS = "HALTED"
HALTED_USER_PREFIX = "USER#"
DISABLED_PREFIX = "DISABLED#"
# The part of the index that the sweep reads with the items of batches that do not exist yet, and maybe never will. Each
# is listed under the time from which on nobody can be creating the batch any more.
UNOWNED = "unowned"

# A record may have 400 KB.
_KNOWN_A_RECORD = 20_000

# What the end of a video writes into its item.
ITEM_RESULT = (
    "status",
    "title",
    "channel",
    "duration_seconds",
    "started_at",
    "completed_at",
    "processing_time_seconds",
    "tokens_in",
    "tokens_out",
    "cost_usd",
    "cached",
    "error",
    "errors",
)

_FORECAST_SUMS = ("duration_seconds", "tokens_in", "tokens_out", "cost_usd", "saved_usd", "seconds")


def user_partition(user_id: str) -> str:
    """What a user has: batches, requests, answers of models, and what is counted."""
    return f"{_USER_PREFIX}{user_id}"


def batch_partition(batch_id: str) -> str:
    """What lies below a batch: items, their order, summaries, the digest."""
    return f"{BATCH_PREFIX}{batch_id}"


def batch_key(user_id: str, batch_id: str) -> Record:
    """A batch lies below its owner: who does not know the owner's id cannot even ask for it."""
    return {"pk": user_partition(user_id), "sk": f"{BATCH_PREFIX}{batch_id}"}


def request_key(user_id: str, digest: str) -> Record:
    return {"pk": user_partition(user_id), "sk": f"REQUEST#{digest}"}


def deletion_key(user_id: str, batch_id: str) -> Record:
    return {"pk": user_partition(user_id), "sk": f"{DELETION_PREFIX}{batch_id}"}


def under_way_key(user_id: str) -> Record:
    return {"pk": user_partition(user_id), "sk": UNDER_WAY}


def day_key(user_id: str, now: datetime) -> Record:
    return {"pk": user_partition(user_id), "sk": f"DAY#{now.astimezone(UTC):%Y-%m-%d}"}


def day_spending_key(user_id: str, now: datetime) -> Record:
    return {"pk": user_partition(user_id), "sk": f"SPENT#{now.astimezone(UTC):%Y-%m-%d}"}


def month_spending_key(now: datetime) -> Record:
    return {"pk": SPENDING, "sk": f"{now.astimezone(UTC):%Y-%m}"}


def general_halt_key() -> Record:
    return {"pk": HALTS, "sk": "ALL"}


def user_halt_key(user_id: str) -> Record:
    return {"pk": HALTS, "sk": f"{HALTED_USER_PREFIX}{user_id}"}


def disabled_user_key(user_id: str) -> Record:
    return {"pk": HALTS, "sk": f"{DISABLED_PREFIX}{user_id}"}


def answer_key(user_id: str, digest: str) -> Record:
    return {"pk": user_partition(user_id), "sk": f"{ANSWER_PREFIX}{digest}"}


def outage_key(cause: str, batch: str) -> Record:
    return {"pk": OUTAGES, "sk": f"{cause}#{batch}"}


def order_key(batch_id: str) -> Record:
    return {"pk": batch_partition(batch_id), "sk": "ORDER"}


def known_key(batch_id: str, index: int = 0) -> Record:
    return {"pk": batch_partition(batch_id), "sk": f"{KNOWN_PREFIX}#{index}" if index else KNOWN_PREFIX}


def item_key(batch_id: str, item_id: str) -> Record:
    return {"pk": batch_partition(batch_id), "sk": f"{ITEM_PREFIX}{item_id}"}


def summary_key(batch_id: str, item_id: str) -> Record:
    return {"pk": batch_partition(batch_id), "sk": f"{SUMMARY_PREFIX}{item_id}"}


def digest_key(batch_id: str) -> Record:
    return {"pk": batch_partition(batch_id), "sk": "DIGEST"}


def item_id(number: int) -> str:
    """Items are numbered as they are added; the order keeps the numbers, which are shorter than the ids."""
    return f"{number:05d}"


def change(update: str, condition: str = "", **values: Any) -> Record:
    """The arguments of an update: attribute names are written `#name`, values `:value`, and collected from there."""
    names = set(re.findall(r"#(\w+)", f"{update} {condition}"))
    arguments: Record = {
        "UpdateExpression": update,
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
        "ExpressionAttributeValues": {f":{name}": plain(value) for name, value in values.items()},
    }
    if condition:
        arguments["ConditionExpression"] = condition
    return arguments


def plain(value: Any) -> Any:  # noqa: PLR0911
    """`value` in the types that DynamoDB keeps: times as ISO 8601, fractions as Decimal, nothing that is None."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))
    return value


def batch_record(batch: Batch, *, active: bool) -> Record:
    return {
        **batch_key(batch.user_id, batch.id),
        **plain({field.name: getattr(batch, field.name) for field in fields(Batch) if field.name != "recent_failures"}),
        **plain({failures_of(service): failures for service, failures in batch.recent_failures.items()}),
        **({"active": "yes"} if active else {}),
    }


def is_active(status: BatchStatus) -> bool:
    """Whether an execution should be driving the batch, so that it belongs into the index which the sweep reads."""
    return status in {BatchStatus.PENDING, BatchStatus.PROCESSING}


def batch_from(record: Record) -> Batch:
    settings = record["settings"]
    known = {field.name for field in fields(Batch)}
    return Batch(
        **{
            **_numbers({name: value for name, value in record.items() if name in known}),
            "status": BatchStatus(record["status"]),
            "settings": BatchSettings(
                model=settings["model"],
                summary_length=SummaryLength(settings["summary_length"]),
                options=SummaryOptions.from_dict(settings["options"]),
            ),
            **_times(record, "created_at", "updated_at", "started_at", "completed_at", "insisted_at"),
            "page": tuple(int(number) for number in record["page"]),
            "current": _current(record.get("current")),
            "pause": _pause(record.get("pause")),
            "error": _error(record.get("error")),
            "preflight": _preflight(record.get("preflight")),
            "digest": _digest(record.get("digest")),
            "recent_failures": _recent_failures(record),
        }
    )


def outage_record(report: OutageReport, expires_at: datetime) -> Record:
    return {
        **outage_key(report.cause, report.batch),
        **plain(report),
        "expires_at": int(expires_at.timestamp()),
    }


def outage_report_from(record: Record) -> OutageReport:
    known = {field.name: record[field.name] for field in fields(OutageReport)}
    return OutageReport(**{**known, "sources": tuple(record["sources"]), **_times(record, "reported_at", "until")})


def order_from(record: Record | None) -> Order:
    record = record or {}
    return Order(
        entries=tuple(int(number) for number in record.get("entries", ())),
        again=tuple(int(number) for number in record.get("again", ())),
        playlists=tuple(_playlist(playlist) for playlist in record.get("playlists", ())),
    )


def known_records(batch_id: str, video_ids: Iterable[str]) -> list[Record]:
    """What the playlists of a batch are not to bring again: up to 20,000 ids a record, which take about 180 KB."""
    known = sorted(video_ids)
    return [
        {
            **known_key(batch_id, index),
            "video_ids": zlib.compress(" ".join(known[start : start + _KNOWN_A_RECORD]).encode(), level=9),
        }
        for index, start in enumerate(range(0, len(known), _KNOWN_A_RECORD))
    ]


def known_from(found: Iterable[Record]) -> frozenset[str]:
    return frozenset(
        video_id for record in found for video_id in zlib.decompress(bytes(record["video_ids"])).decode().split()
    )


def _playlist(record: Record) -> ListedPlaylist:
    status = PlaylistStatus(record["status"])
    return ListedPlaylist(**{**_numbers(record), "status": status, "error": _error(record.get("error"))})


def item_record(batch_id: str, item: Item) -> Record:
    """An item as it is added; what is None or zero comes when the video ends."""
    known = {"video_id", "status", "title", "channel", "duration_seconds", "error"}
    return {**item_key(batch_id, item.id), **plain({name: getattr(item, name) for name in sorted(known)})}


_KEPT_OF_AN_ITEM = {field.name for field in fields(Item)} - {"id", "position", "stage"}


def item_from(record: Record) -> Item:
    return Item(
        **{
            **_numbers({name: value for name, value in record.items() if name in _KEPT_OF_AN_ITEM}),
            "id": record["sk"].removeprefix(ITEM_PREFIX),
            "status": VideoStatus(record["status"]),
            **_times(record, "started_at", "completed_at"),
            "processing_time_seconds": _not_negative(record.get("processing_time_seconds")),
            "error": _error(record.get("error")),
            "errors": tuple(PastError(**{**past, **_times(past, "at")}) for past in record.get("errors", ())),
            "transient_failures": tuple(record.get("setbacks", ())),
            "forecast": Forecast(**_numbers(record["forecast"])) if "forecast" in record else None,
        }
    )


def _not_negative(seconds: Decimal | None) -> Decimal | None:
    """Two machines' clocks once made such a time less than none, and it was stored."""
    return None if seconds is None else max(seconds, Decimal(0))


_FRACTIONS = {
    "cost_usd", "saved_usd", "max_cost_usd", "processing_seconds", "processing_time_seconds", "duration_seconds",
    "seconds",
}  # fmt: skip


def _numbers(record: Record) -> Record:
    """DynamoDB gives every number back as Decimal; counts become int again."""
    return {
        name: int(value) if isinstance(value, Decimal) and name not in _FRACTIONS else value
        for name, value in record.items()
    }


def _times(record: Record, *names: str) -> Record:
    return {name: datetime.fromisoformat(record[name]) if record.get(name) else None for name in names}


def _error(record: Record | None) -> VideoError | None:
    return VideoError(**record) if record else None


def _digest(record: Record | None) -> DigestState | None:
    if not record:
        return None
    error = _error(record.get("error"))
    return DigestState(**{**_numbers(record), "status": DigestStatus(record["status"]), "error": error})


def _current(record: Record | None) -> CurrentVideo | None:
    if not record:
        return None
    return CurrentVideo(**{**_numbers(record), "stage": Stage(record["stage"]), **_times(record, "started_at")})


def failures_of(service: Dependency) -> str:
    """An attribute for each service: one that is not there can be removed all the same."""
    return f"{service}_failures"


def _recent_failures(record: Record) -> dict[Dependency, tuple[RecentFailure, ...]]:
    return {
        service: tuple(RecentFailure(**failure) for failure in record[failures_of(service)])
        for service in Dependency
        if failures_of(service) in record
    }


def _preflight(record: Record | None) -> Preflight | None:
    if not record:
        return None
    status = PreflightStatus(record["status"])
    return Preflight(**{**_numbers(record), "status": status, "error": _error(record.get("error"))})


def _pause(record: Record | None) -> Pause | None:
    if not record:
        return None
    return Pause(**{**_numbers(record), **_times(record, "since", "until")})


def tally(forecast: Forecast, *, sign: int = 1) -> dict[str, Any]:
    """What a forecast adds to the sums of the batch's preflight, or with `sign` -1 takes out of them again."""
    sums = {name: sign * getattr(forecast, name) for name in _FORECAST_SUMS}
    return {"checked": sign, "reused": sign * forecast.reused, **sums}


def preflight_plus(tally: Iterable[str]) -> str:
    """Assignments for a SET that add `:name` for each name; DynamoDB's ADD knows top-level attributes only."""
    return ", ".join(f"#preflight.#{name} = #preflight.#{name} + :{name}" for name in tally)


def ids_from(key: Record, prefix: str = BATCH_PREFIX) -> tuple[str, str]:
    """User id and batch id of the key of a batch, or of another record that lies below its user."""
    return str(key["pk"]).removeprefix(_USER_PREFIX), str(key["sk"]).removeprefix(prefix)


def batch_id_from(key: Record) -> str:
    """Batch id of the key of a record that lies below the batch."""
    return str(key["pk"]).removeprefix(BATCH_PREFIX)


def place_from(key: Record) -> tuple[str, str]:
    """Batch id and item id of a summary's key."""
    return batch_id_from(key), str(key["sk"]).removeprefix(SUMMARY_PREFIX)


def at_attempt(attempts: int | None) -> tuple[str, Record]:
    """A further condition on an item, and its values: it has not ended since it had that many attempts.

    No condition where nobody knows how many it had.
    """
    if attempts is None:
        return "", {}
    if not attempts:
        return " AND attribute_not_exists(#attempts)", {}
    return " AND #attempts = :attempts", {"attempts": attempts}


def set_and_remove(names: Iterable[str], removed: Iterable[str]) -> str:
    """`SET #a = :a, … REMOVE #b, …`"""
    update = "SET " + ", ".join(f"#{name} = :{name}" for name in sorted(names))
    removals = ", ".join(f"#{name}" for name in removed)
    return f"{update} REMOVE {removals}" if removals else update
