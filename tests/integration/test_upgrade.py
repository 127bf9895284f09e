"""Data of the first release after an update: its recorded table under today's functions."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from ops.first_release import upgrade
from testkit import template
from testkit.account import Account
from testkit.api_client import Client
from testkit.template import ROOT

RECORDED = ROOT / "tests" / "fakes" / "first_release.jsonl"

# Keys cannot be changed without losing what is stored, and AWS adds one index in an update: see docs/upgrade.md.
KEYS = {"pk": "HASH", "sk": "RANGE"}
INDEXES = {
    "ActiveBatches": {"active": "HASH", "created_at": "RANGE"},
    "History": {"owner": "HASH", "summarized_at": "RANGE"},
    "Fingerprints": {"owner": "HASH", "fingerprint": "RANGE"},
}


@pytest.fixture
def _first_release(account: Account) -> None:
    """Stores two batches of ada like the first release: a completed one with a failed video, and a paused one."""
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        account.table.put_item(Item={name: _value(typed) for name, typed in json.loads(line).items()})


def _value(typed: dict[str, Any]) -> Any:
    return base64.b64decode(typed["B"]) if "B" in typed else TypeDeserializer().deserialize(typed)


def _keys(schema: list[dict[str, str]]) -> dict[str, str]:
    return {key["AttributeName"]: key["KeyType"] for key in schema}


def _statuses(client: Client, batch_id: str) -> list[str]:
    return [item["status"] for item in client.get(f"/batch/{batch_id}").json["items"]]


@pytest.mark.usefixtures("_first_release")
def test_batches_of_the_first_release_keep_their_videos_and_summaries(account: Account, ada: Client) -> None:
    upgrade(account.table, account.archive)
    assert _statuses(ada, "first") == ["completed", "failed", "completed"]
    assert _statuses(ada, "paused") == ["pending"] * 3
    listed = ada.get("/summaries").json["summaries"]
    assert [summary["id"] for summary in listed] == ["first-00003", "first-00001"]
    for summary in listed:
        assert ada.get(f"/summaries/{summary['id']}").json["text"]
    stored = account.results.get("ada", "first", "00001")
    assert account.results.find("ada", stored.fingerprint, ("another", "00001")) == (stored, True)


@pytest.mark.usefixtures("_first_release")
def test_videos_that_are_added_after_the_update_take_no_number_that_is_in_use(account: Account, ada: Client) -> None:
    upgrade(account.table, account.archive)
    added = ada.post("/batch/paused/items", {"urls": ["https://youtu.be/zHvTiHr506c"]})
    assert added.status == 202, added.text
    items = ada.get("/batch/paused").json["items"]
    assert [item["id"] for item in items] == ["00001", "00002", "00003", "00004"]


@pytest.mark.usefixtures("_first_release")
def test_batches_of_the_first_release_continue(account: Account, ada: Client) -> None:
    upgrade(account.table, account.archive)
    assert ada.post("/batch/paused/resume").json["progress"]["left"] == 3
    assert ada.post("/batch/first/retry", {"all": True}).status == 202
    assert _statuses(ada, "first") == ["completed", "pending", "completed"]


@pytest.mark.usefixtures("_first_release")
def test_a_second_upgrade_changes_nothing(account: Account) -> None:
    batches, orders, summaries, notes = 2, 2, 2, 2
    assert upgrade(account.table, account.archive) == batches + orders + summaries + notes
    assert upgrade(account.table, account.archive) == 0


def test_records_of_todays_release_need_no_upgrade(account: Account) -> None:
    account.create_batch()
    assert upgrade(account.table, account.archive) == 0


def test_the_keys_of_the_table_are_those_of_stored_records() -> None:
    table = template.properties("Table")
    assert _keys(table["KeySchema"]) == KEYS
    assert {index["IndexName"]: _keys(index["KeySchema"]) for index in table["GlobalSecondaryIndexes"]} == INDEXES


@pytest.mark.parametrize("resource", ["Table", "Bucket", "UserPool"])
def test_a_resource_with_data_outlives_a_replacement_and_the_stack_but_not_a_first_deployment_that_fails(
    resource: str,
) -> None:
    described = template.template()["Resources"][resource]
    assert (described["DeletionPolicy"], described["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
