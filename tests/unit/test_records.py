"""Batches and items are written to the table and read back."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from skimlist.batch_names import name_by_date
from skimlist.codec import to_dynamodb
from skimlist.jobs import records
from skimlist.jobs.order import Order
from skimlist.models.batch import Batch
from skimlist.models.outage import OutageReport
from skimlist.models.video import Item, VideoStatus
from testkit.batches import ENDED, a_batch

ITEM_IDS = st.integers(1, 99_999).map(records.item_id)


def through_the_table(record: dict[str, Any]) -> dict[str, Any]:
    """Returns a record as DynamoDB returns it after a write."""
    write, read = TypeSerializer(), TypeDeserializer()
    return {name: read.deserialize(write.serialize(value)) for name, value in record.items()}


@given(st.from_type(Batch))
def test_a_batch_comes_back_as_it_was(filled: Batch) -> None:
    batch = replace(filled, made_by_model={})  # only counted, one model at a time
    assert records.batch_from(through_the_table(records.batch_record(batch, active=True))) == batch


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ({"content_title": {"text": "Bread", "videos": 1}}, "Bread and 4 more"),
        ({"content_title": {"text": "Baking", "videos": 5}}, "Baking"),
        ({"title": "Bread and 2 more"}, "Bread and 2 more"),
        ({"title": "Bread and 2 more", "content_title": {"text": "Baking", "videos": 1}}, "Bread and 2 more"),
    ],
)
def test_a_name_by_content_counts_what_is_there_now_unless_it_was_stored_whole(
    stored: dict[str, Any], name: str
) -> None:
    batch = a_batch(total=5)
    record = records.batch_record(replace(batch, name=name_by_date(batch.created_at)), active=True)
    assert records.batch_from(through_the_table({**record, **stored})).name == name


@given(st.from_type(Item), ITEM_IDS)
def test_an_item_comes_back_as_it_was(filled: Item, item_id: str) -> None:
    item = replace(filled, id=item_id, position=None, stage=None)
    stored = {**to_dynamodb(item), "setbacks": list(item.transient_failures), **records.item_key("b7f3", item_id)}
    assert records.item_from(through_the_table(stored)) == item


@given(st.from_type(Item), ITEM_IDS)
def test_a_new_item_comes_back_with_what_is_known_when_it_is_added(filled: Item, item_id: str) -> None:
    item = replace(filled, id=item_id)
    stored = records.item_from(through_the_table(records.item_record("b7f3", item)))
    assert stored == Item(
        id=item.id,
        video_id=item.video_id,
        status=item.status,
        title=item.title,
        channel=item.channel,
        duration_seconds=item.duration_seconds,
        published_at=item.published_at,
        published_by=item.published_by,
        channel_id=item.channel_id,
        error=item.error,
    )


@given(st.from_type(Order))
def test_an_order_comes_back_as_it_was(order: Order) -> None:
    assert records.order_from(through_the_table(records.order_record("b7f3", order))) == order


@given(st.from_type(OutageReport))
def test_a_report_of_an_outage_comes_back_as_it_was(report: OutageReport) -> None:
    stored = records.outage_record(report, expires_at=report.until)
    assert records.outage_report_from(through_the_table(stored)) == report


@given(st.frozensets(st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True)))
def test_known_videos_come_back_as_they_were(video_ids: frozenset[str]) -> None:
    assert records.known_from(map(through_the_table, records.known_records("b7f3", video_ids))) == video_ids


def test_however_many_are_known_no_record_outgrows_the_table() -> None:
    video_ids = frozenset(secrets.token_urlsafe(8) for _ in range(60_000))  # random text compresses least
    stored = records.known_records("b7f3", video_ids)
    assert all(len(record["video_ids"]) < 350_000 for record in stored)
    assert records.known_from(stored) == video_ids
    assert len({record["sk"] for record in stored}) == len(stored)


def test_a_missing_order_is_empty() -> None:
    assert records.order_from(None) == Order()


def test_none_is_never_stored() -> None:
    stored = records.batch_record(a_batch(started_at=None), active=True)
    assert "started_at" not in stored
    assert None not in stored["settings"]["options"].values()


def test_item_ids_sort_like_their_numbers_up_to_the_longest_batch() -> None:
    ids = [records.item_id(number) for number in range(1, 5_001)]
    assert ids == sorted(ids)


def test_a_key_holds_user_and_batch() -> None:
    assert records.ids_from(records.batch_key("ada", "b7f3")) == ("ada", "b7f3")


def test_a_status_is_stored_as_its_word() -> None:
    stored = records.item_record("b7f3", replace(Item(id="00001", video_id="x"), status=VideoStatus.FAILED))
    assert type(stored["status"]) is str
    assert stored["status"] == "failed"


def test_attributes_keep_the_names_that_stored_records_have() -> None:
    batch = records.batch_record(a_batch(has_no_execution=True, resumed_by_user_at=ENDED), active=False)
    assert batch.keys() >= {"parked", "timed", "served", "insisted_at", "restarted_at", "run", "head", "page"}
    assert records.order_record("b7f3", Order()).keys() == {"pk", "sk", "entries", "again", "playlists"}
    kept = records.item_from(
        {**records.item_key("b7f3", "00001"), "video_id": "x", "status": "pending", "setbacks": ["1"]}
    )
    assert kept.transient_failures == ("1",)
