"""Batches and items on their way into the table and back."""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from skimlist.jobs import records
from skimlist.jobs.order import Order
from skimlist.jobs.records import change, plain, set_and_remove
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo, Pause, Preflight
from skimlist.models.playlist import ListedPlaylist
from skimlist.models.summary import BatchSettings, SummaryOptions
from skimlist.models.video import Forecast, Item, PastError, VideoError, VideoStatus
from testkit.batches import a_batch

MOMENTS = st.datetimes(timezones=st.just(UTC))
COUNTS = st.integers(0, 10**12)
AMOUNTS = st.decimals(0, 10**12, places=6).map(lambda amount: amount.normalize() + Decimal(0))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

OPTIONS = st.builds(SummaryOptions, focus_areas=st.lists(TEXTS).map(tuple))
FORECASTS = st.builds(
    Forecast,
    language=TEXTS,
    tokens_in=COUNTS,
    tokens_out=COUNTS,
    **dict.fromkeys(["duration_seconds", "cost_usd", "saved_usd", "seconds"], AMOUNTS),
)
PREFLIGHTS = st.builds(
    Preflight,
    error=st.none() | st.builds(VideoError),
    **dict.fromkeys(["checked", "reused", "tokens_in", "tokens_out", "up_to"], COUNTS),
    **dict.fromkeys(["duration_seconds", "cost_usd", "saved_usd", "seconds"], AMOUNTS),
)
BATCHES = st.builds(
    Batch,
    settings=st.builds(BatchSettings, model=TEXTS, options=OPTIONS),
    current=st.none() | st.builds(CurrentVideo, started_at=MOMENTS, position=COUNTS, run=COUNTS, percent=COUNTS),
    pause=st.none() | st.builds(Pause, since=MOMENTS, until=st.none() | MOMENTS, times=COUNTS),
    error=st.none() | st.builds(VideoError),
    preflight=st.none() | PREFLIGHTS,
    page=st.lists(COUNTS).map(tuple),
    max_cost_usd=st.none() | AMOUNTS,
    **dict.fromkeys([field.name for field in fields(Batch) if field.type == "datetime"], MOMENTS),
    **dict.fromkeys([field.name for field in fields(Batch) if field.type == "datetime | None"], st.none() | MOMENTS),
    **dict.fromkeys([field.name for field in fields(Batch) if field.type == "Decimal"], AMOUNTS),
    **dict.fromkeys([field.name for field in fields(Batch) if field.type == "int"], COUNTS),
    parked=st.booleans(),
)
ITEMS = st.builds(
    Item,
    id=st.integers(1, 99_999).map(records.item_id),
    video_id=TEXTS,
    position=st.none(),
    stage=st.none(),
    attempts=COUNTS,
    tokens_in=COUNTS,
    tokens_out=COUNTS,
    cost_usd=AMOUNTS,
    cached=st.booleans(),
    started_at=st.none() | MOMENTS,
    completed_at=st.none() | MOMENTS,
    duration_seconds=st.none() | AMOUNTS,
    processing_time_seconds=st.none() | AMOUNTS,
    error=st.none() | st.builds(VideoError),
    errors=st.lists(st.builds(PastError, at=MOMENTS)).map(tuple),
    forecast=st.none(),
)


def through_the_table(record: dict[str, Any]) -> dict[str, Any]:
    """What DynamoDB gives back for a record."""
    write, read = TypeSerializer(), TypeDeserializer()
    return {name: read.deserialize(write.serialize(value)) for name, value in record.items()}


@given(BATCHES)
def test_a_batch_comes_back_as_it_was(batch: Batch) -> None:
    assert records.batch_from(through_the_table(records.batch_record(batch, active=True))) == batch


@given(ITEMS)
def test_an_ended_item_comes_back_as_it_was(item: Item) -> None:
    result = {name: plain(getattr(item, name)) for name in records.ITEM_RESULT if getattr(item, name) is not None}
    record = {**records.item_record("b7f3", item), **result, "attempts": item.attempts}
    assert records.item_from(through_the_table(record)) == item


@given(ITEMS)
def test_a_new_item_comes_back_with_what_is_known_when_it_is_added(item: Item) -> None:
    stored = records.item_from(through_the_table(records.item_record("b7f3", item)))
    assert stored == Item(
        id=item.id,
        video_id=item.video_id,
        status=item.status,
        title=item.title,
        channel=item.channel,
        duration_seconds=item.duration_seconds,
        error=item.error,
    )


NUMBERS = st.lists(st.integers(1, 99_999), max_size=5).map(tuple)
PLAYLISTS = st.builds(ListedPlaylist, error=st.none() | st.builds(VideoError))


@given(st.builds(Order, entries=NUMBERS, again=NUMBERS, playlists=st.lists(PLAYLISTS, max_size=3).map(tuple)))
def test_an_order_comes_back_as_it_was(order: Order) -> None:
    assert records.order_from(through_the_table({**records.order_key("b7f3"), **plain(order)})) == order


@given(FORECASTS)
def test_a_forecast_comes_back_as_it_was(forecast: Forecast) -> None:
    stored = {**records.item_key("b7f3", "00001"), "video_id": "x", "status": "pending", "forecast": plain(forecast)}
    assert records.item_from(through_the_table(stored)).forecast == forecast


@given(FORECASTS)
def test_what_a_forecast_adds_it_takes_out_again(forecast: Forecast) -> None:
    added, removed = records.tally(forecast), records.tally(forecast, sign=-1)
    assert {name: -number for name, number in added.items()} == removed
    assert set(added) <= {field.name for field in fields(Preflight)}


@given(st.frozensets(st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True)))
def test_what_is_known_comes_back_as_it_was(video_ids: frozenset[str]) -> None:
    assert records.known_from(map(through_the_table, records.known_records("b7f3", video_ids))) == video_ids


def test_however_many_are_known_no_record_outgrows_the_table() -> None:
    video_ids = frozenset(secrets.token_urlsafe(8) for _ in range(60_000))  # random text compresses least
    stored = records.known_records("b7f3", video_ids)
    assert all(len(record["video_ids"]) < 350_000 for record in stored)
    assert records.known_from(stored) == video_ids
    assert len({record["sk"] for record in stored}) == len(stored)


def test_a_missing_order_is_empty() -> None:
    assert records.order_from(None) == Order()


def test_numbers_come_back_in_their_own_types() -> None:
    batch = records.batch_from(through_the_table(records.batch_record(a_batch(page=(1, 2)), active=True)))
    assert {type(batch.total), type(batch.revision), *map(type, batch.page)} == {int}
    assert {type(batch.cost_usd), type(batch.processing_seconds)} == {Decimal}


def test_nothing_that_is_none_is_stored() -> None:
    stored = records.batch_record(a_batch(started_at=None), active=True)
    assert "started_at" not in stored
    assert None not in stored["settings"]["options"].values()


@pytest.mark.parametrize("status", BatchStatus)
def test_only_a_batch_that_is_being_driven_is_in_the_index_of_the_sweep(status: BatchStatus) -> None:
    stored = records.batch_record(a_batch(status=status), active=records.is_active(status))
    assert ("active" in stored) == (status in {BatchStatus.PENDING, BatchStatus.PROCESSING})


def test_item_ids_sort_like_their_numbers_up_to_the_longest_batch() -> None:
    ids = [records.item_id(number) for number in range(1, 5_001)]
    assert ids == sorted(ids)


def test_a_key_tells_user_and_batch() -> None:
    assert records.ids_from(records.batch_key("ada", "b7f3")) == ("ada", "b7f3")


def test_a_change_collects_the_names_that_it_uses() -> None:
    made = change("SET #current = :current", "#current.#item_id = :item_id", current={"a": None}, item_id="00001")
    assert made == {
        "UpdateExpression": "SET #current = :current",
        "ConditionExpression": "#current.#item_id = :item_id",
        "ExpressionAttributeNames": {"#current": "current", "#item_id": "item_id"},
        "ExpressionAttributeValues": {":current": {}, ":item_id": "00001"},
    }


def test_an_update_sets_and_removes() -> None:
    assert set_and_remove(["b", "a"], []) == "SET #a = :a, #b = :b"
    assert set_and_remove(["a"], ["c", "d"]) == "SET #a = :a REMOVE #c, #d"


def test_a_status_is_stored_as_its_word() -> None:
    stored = records.item_record("b7f3", replace(Item(id="00001", video_id="x"), status=VideoStatus.FAILED))
    assert type(stored["status"]) is str
    assert stored["status"] == "failed"
