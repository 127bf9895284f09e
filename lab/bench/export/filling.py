"""Stores a completed batch with any number of summaries in the table, and optionally in the bucket."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lab.bench.talks import talk
from skimlist.bucket import Bucket
from skimlist.codec import to_json
from skimlist.jobs import records
from skimlist.jobs.order import Order
from skimlist.jobs.results import Results
from skimlist.models.batch import Batch, BatchStatus, QueueCursor
from skimlist.models.settings import BatchSettings, SummaryLength
from skimlist.models.summary import Chapter, Coverage, KeyPoint, Summary
from skimlist.models.video import Item, VideoStatus

USER, BATCH = "ada", "b7f3"
OBJECT_KEY = "objects/{number:05}.json"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_CAPTIONS = [segment.text for segment in talk(240).segments]


class _Filler(Results):
    """Stores many summaries in few requests."""

    def __init__(self, table: Any, archive: Bucket, writer: Any) -> None:
        super().__init__(table, archive)
        self._writer = writer

    def write(self, record: dict[str, Any]) -> None:
        self._writer.put_item(Item=record)


def fill_table(table: Any, archive: Bucket, summaries: int) -> None:
    """Stores a completed batch in queue order."""
    numbers = range(1, summaries + 1)
    batch = Batch(
        id=BATCH,
        user_id=USER,
        name="Many",
        status=BatchStatus.COMPLETED,
        settings=BatchSettings(model="openai"),
        created_at=_NOW,
        updated_at=_NOW,
        completed_at=_NOW,
        total=summaries,
        completed=summaries,
        queue=QueueCursor(head=summaries),
    )
    with table.batch_writer() as writer:
        results = _Filler(table, archive, writer)
        writer.put_item(Item=records.batch_record(batch, active=False))
        writer.put_item(Item=records.order_record(BATCH, Order(entries=tuple(numbers))))
        for number in numbers:
            writer.put_item(Item=records.item_record(BATCH, _item(number)))
            results.put(USER, BATCH, records.item_id(number), summary(number), _NOW)


def fill_bucket(client: Any, bucket: str, summaries: int) -> None:
    """Stores one object per summary."""

    def put(number: int) -> None:
        body = to_json(summary(number)).encode()
        client.put_object(Bucket=bucket, Key=OBJECT_KEY.format(number=number), Body=body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(1, summaries + 1)))


def summary(number: int) -> Summary:
    """Returns about six kilobytes of JSON, different for each summary."""
    said = _said(number, 120)
    return replace(
        _TEMPLATE,
        video_id=f"video{number:06}",
        title=f"Talk {number}",
        tldr=said[0],
        text="\n\n".join(" ".join(said[at : at + 10]) for at in range(1, 31, 10)),
        key_points=tuple(KeyPoint(text=said[at], start_seconds=float(at)) for at in range(31, 43)),
        chapters=tuple(
            Chapter(title=said[at][:40], start_seconds=at * 10.0, summary=said[at + 1]) for at in range(43, 67, 2)
        ),
        fingerprint=f"{number:064}",
    )


def _said(number: int, count: int) -> Sequence[str]:
    start = number * 7 % (len(_CAPTIONS) - count)
    return _CAPTIONS[start : start + count]


def _item(number: int) -> Item:
    return Item(
        id=records.item_id(number),
        video_id=f"video{number:06}",
        status=VideoStatus.COMPLETED,
        title=f"Talk {number}",
        channel="Skimlist samples",
        duration_seconds=Decimal(1800),
        attempts=1,
        started_at=_NOW,
        completed_at=_NOW,
        processing_time_seconds=Decimal(20),
        tokens_in=6000,
        tokens_out=700,
        cost_usd=Decimal("0.001"),
    )


_TEMPLATE = Summary(
    video_id="",
    title="",
    tldr="",
    text="",
    key_points=(),
    chapters=(),
    tags=("talk", "sample", "lighthouse"),
    language="en",
    caption_language="en",
    caption_kind="manual",
    model="gpt",
    length=SummaryLength.STANDARD,
    coverage=Coverage(characters_total=27_000, characters_used=27_000, chunks=1),
    tokens_in=6000,
    tokens_out=700,
    cost_usd=Decimal("0.001"),
    fingerprint="",
    created_at=_NOW,
    channel="Skimlist samples",
    duration_seconds=1800.0,
)
