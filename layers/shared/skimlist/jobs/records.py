"""The keys and attributes of all records in the table, and their conversion to and from models."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from skimlist.batch_names import is_named_by_date
from skimlist.codec import decode, to_dynamodb
from skimlist.jobs.attributes import BEGUN_PREFIX, BatchRecord, ItemRecord, Keys, OrderRecord, stored_names
from skimlist.jobs.order import Order
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.outage import Dependency, OutageReport
from skimlist.models.video import Item
from skimlist.periods import day_in_california

Record = dict[str, Any]

_USER_PREFIX = "USER#"
BATCH_PREFIX = "BATCH#"
ITEM_PREFIX = "ITEM#"
SUMMARY_PREFIX = "SUMMARY#"
DELETION_PREFIX = "DELETED#"
ANSWER_PREFIX = "ANSWER#"
PRESET_PREFIX = "PRESET#"
KNOWN_PREFIX = "KNOWN"
UNDER_WAY = "UNDER_WAY"
OUTAGES = "OUTAGES"
SPENDING = "SPENDING"
DATA_API = "DATA_API"
FOLLOWS = "FOLLOWS"
FOLLOW_RUN_PREFIX = "RUN#"
RUN_STATEMENTS_PREFIX = "SAID#"
HALTS = "HALTED"
HALTED_USER_PREFIX = "USER#"
DISABLED_PREFIX = "DISABLED#"
# The partition of the sweep's index for items whose batch does not exist, or not yet. They are listed under the time
# after which no request can still be creating the batch.
UNOWNED = "unowned"

# A record may have 400 KB.
_KNOWN_A_RECORD = 20_000


def user_partition(user_id: str) -> str:
    """The partition of a user: batches, requests, answers of models, and counts."""
    return f"{_USER_PREFIX}{user_id}"


def batch_partition(batch_id: str) -> str:
    """The partition of a batch: items, their order, summaries, the digest."""
    return f"{BATCH_PREFIX}{batch_id}"


def batch_key(user_id: str, batch_id: str) -> Record:
    """The key includes the owner's id, so nobody can ask for a batch without knowing it."""
    return {"pk": user_partition(user_id), "sk": f"{BATCH_PREFIX}{batch_id}"}


def request_key(user_id: str, key_hash: str) -> Record:
    return {"pk": user_partition(user_id), "sk": f"REQUEST#{key_hash}"}


def deletion_key(user_id: str, deleted_id: str) -> Record:
    """The key of the record about a deleted batch or follow."""
    return {"pk": user_partition(user_id), "sk": f"{DELETION_PREFIX}{deleted_id}"}


def under_way_key(user_id: str) -> Record:
    return {"pk": user_partition(user_id), "sk": UNDER_WAY}


def day_key(user_id: str, now: datetime) -> Record:
    return {"pk": user_partition(user_id), "sk": f"DAY#{now.astimezone(UTC):%Y-%m-%d}"}


def day_spending_key(user_id: str, now: datetime) -> Record:
    return {"pk": user_partition(user_id), "sk": f"SPENT#{now.astimezone(UTC):%Y-%m-%d}"}


def month_of_spending_prefix(now: datetime) -> str:
    """The common beginning of the keys of a user's spending on each day of this month."""
    return f"SPENT#{now.astimezone(UTC):%Y-%m}-"


def data_api_day_key(now: datetime) -> Record:
    """The record of a day as Google counts it for the YouTube Data API."""
    return {"pk": DATA_API, "sk": f"{day_in_california(now)}"}


def month_spending_key(now: datetime) -> Record:
    return {"pk": SPENDING, "sk": f"{now.astimezone(UTC):%Y-%m}"}


def general_halt_key() -> Record:
    return {"pk": HALTS, "sk": "ALL"}


def user_halt_key(user_id: str) -> Record:
    return {"pk": HALTS, "sk": f"{HALTED_USER_PREFIX}{user_id}"}


def disabled_user_key(user_id: str) -> Record:
    return {"pk": HALTS, "sk": f"{DISABLED_PREFIX}{user_id}"}


def answer_key(user_id: str, request_hash: str) -> Record:
    return {"pk": user_partition(user_id), "sk": f"{ANSWER_PREFIX}{request_hash}"}


def outage_key(cause: str, batch: str) -> Record:
    return {"pk": OUTAGES, "sk": f"{cause}#{batch}"}


def preset_key(user_id: str, name: str) -> Record:
    return {"pk": user_partition(user_id), "sk": f"{PRESET_PREFIX}{name}"}


def new_follows_key(user_id: str) -> Record:
    return {"pk": user_partition(user_id), "sk": "NEW_FOLLOWS"}


def follow_key(user_id: str, follow_id: str) -> Record:
    """All follows are in one partition, which the function that looks at their sources reads every few minutes."""
    return {"pk": FOLLOWS, "sk": f"{user_id}#{follow_id}"}


def followed_partition(user_id: str, follow_id: str) -> str:
    """The partition of a follow: the videos that it has seen, its batches, and what the videos of these say."""
    return f"FOLLOW#{user_id}#{follow_id}"


def followed_videos_key(user_id: str, follow_id: str) -> Record:
    return {"pk": followed_partition(user_id, follow_id), "sk": "VIDEOS"}


def follow_run_key(user_id: str, follow_id: str, month: str, batch_id: str) -> Record:
    return {"pk": followed_partition(user_id, follow_id), "sk": f"{FOLLOW_RUN_PREFIX}{month}#{batch_id}"}


def run_statements_key(user_id: str, follow_id: str, batch_id: str) -> Record:
    return {"pk": followed_partition(user_id, follow_id), "sk": f"{RUN_STATEMENTS_PREFIX}{batch_id}"}


def feed_link_key(follow_id: str) -> Record:
    """The key contains no user id: whoever asks for a feed does not know it."""
    return {"pk": f"FEED#{follow_id}", "sk": "LINK"}


def follow_checks_key() -> Record:
    return {"pk": "FOLLOW_CHECKS", "sk": "STATE"}


def notifications_key(user_id: str) -> Record:
    return {"pk": user_partition(user_id), "sk": "NOTIFICATIONS"}


def reading_key(batch_id: str) -> Record:
    return {"pk": batch_partition(batch_id), "sk": "READING"}


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
    """Items are numbered as they are added; the order stores these numbers, which are shorter than ids."""
    return f"{number:05d}"


def batch_record(batch: Batch, *, active: bool) -> Record:
    """The fields of `execution` and `queue` are stored on the same level as those of the batch."""
    stored = to_dynamodb(batch)
    stored |= stored.pop("execution") | stored.pop("queue")
    failures, begun = stored.pop("recent_failures"), stored.pop("begun_models")
    became = stored.pop("last_became")
    del stored["made_by_model"]  # a new batch has none
    return {
        **batch_key(batch.user_id, batch.id),
        **_with_stored_names(BatchRecord, stored),
        **{BatchRecord.failures_of(Dependency(service)).name: failed for service, failed in failures.items()},
        **{BatchRecord.begun_model(name).name: model for name, model in begun.items()},
        **{BatchRecord.last_became(BatchStatus(status)).name: at for status, at in became.items()},
        **({"active": "yes"} if active else {}),
    }


def batch_from(record: Record) -> Batch:
    fields = _with_field_names(BatchRecord, record)
    fields["recent_failures"] = {
        service: record[name] for service in Dependency if (name := BatchRecord.failures_of(service).name) in record
    }
    fields["last_became"] = {
        status: record[name] for status in BatchStatus if (name := BatchRecord.last_became(status).name) in record
    }
    fields["begun_models"] = {
        name.removeprefix(BEGUN_PREFIX): model for name, model in record.items() if name.startswith(BEGUN_PREFIX)
    }
    fields["made_by_model"] = BatchRecord.made_by_model(record)
    batch = decode(Batch, {**fields, "execution": fields, "queue": fields})
    by_content = _name_by_content(record, batch)
    return replace(batch, name=by_content) if by_content and is_named_by_date(batch) else batch


def _name_by_content(record: Record, batch: Batch) -> str | None:
    """The batch's name made from its content's title; early batches have stored that name whole, with its number."""
    if BatchRecord.title.name in record:
        return str(record[BatchRecord.title.name])
    return batch.content_title.name(batch.total) if batch.content_title else None


def outage_record(report: OutageReport, expires_at: datetime) -> Record:
    return {
        **outage_key(report.cause, report.batch),
        **to_dynamodb(report),
        "expires_at": int(expires_at.timestamp()),
    }


def outage_report_from(record: Record) -> OutageReport:
    return decode(OutageReport, record)


def order_record(batch_id: str, order: Order) -> Record:
    return {**order_key(batch_id), **_with_stored_names(OrderRecord, to_dynamodb(order))}


def order_from(record: Record | None) -> Order:
    return decode(Order, _with_field_names(OrderRecord, record or {}))


def known_records(batch_id: str, video_ids: Iterable[str]) -> list[Record]:
    """Records of videos that the playlists of a batch must not add again: up to 20,000 ids each, about 180 KB."""
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


def item_record(batch_id: str, item: Item) -> Record:
    """The record of a new item; the attributes of its result are added when the video ends."""
    known = {"video_id", "status", "title", "channel", "channel_id", "duration_seconds", "error"}
    known |= {"published_at", "published_by"}
    return {**item_key(batch_id, item.id), **to_dynamodb({name: getattr(item, name) for name in sorted(known)})}


def item_from(record: Record) -> Item:
    kept = {**_with_field_names(ItemRecord, record), "id": record["sk"].removeprefix(ITEM_PREFIX)}
    if "processing_time_seconds" in record:
        # Because the clocks of two machines differed, negative times were once stored.
        kept["processing_time_seconds"] = max(record["processing_time_seconds"], Decimal(0))
    return decode(Item, kept)


# Fields that the table stores under other names.
_STORED_NAMES: Mapping[type[Keys], Mapping[str, str]] = {
    kind: stored_names(kind) for kind in (BatchRecord, ItemRecord, OrderRecord)
}


def _with_stored_names(kind: type[Keys], fields: Record) -> Record:
    names = _STORED_NAMES[kind]
    return {names.get(name, name): value for name, value in fields.items()}


def _with_field_names(kind: type[Keys], record: Record) -> Record:
    names = _STORED_NAMES[kind]
    return {**record, **{field: record[name] for field, name in names.items() if name in record}}


def ids_from(key: Record, prefix: str = BATCH_PREFIX) -> tuple[str, str]:
    """User id and batch id from the key of a batch or of another record of its user."""
    return str(key["pk"]).removeprefix(_USER_PREFIX), str(key["sk"]).removeprefix(prefix)


def batch_id_from(key: Record) -> str:
    """Batch id from the key of a record of the batch."""
    return str(key["pk"]).removeprefix(BATCH_PREFIX)


def place_from(key: Record) -> tuple[str, str]:
    """Batch id and item id from the key of a summary."""
    return batch_id_from(key), str(key["sk"]).removeprefix(SUMMARY_PREFIX)
