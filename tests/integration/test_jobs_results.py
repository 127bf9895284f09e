"""Summaries and answers of models: everything paid for is kept and found again."""

import json
import random
import zlib
from datetime import timedelta
from typing import Any

import pytest

from skimlist.bucket import summary_body_key
from skimlist.errors import SummaryNotFound
from skimlist.jobs.records import summary_key
from skimlist.models.summary import Summary
from testkit.account import NOW, Account
from testkit.batches import a_summary

OWN = ("b7f3", "00001")


def put(
    account: Account, item_id: str = "00001", batch_id: str = "b7f3", user_id: str = "ada", **changes: str
) -> Summary:
    summary = a_summary(**changes)
    account.results.put(user_id, batch_id, item_id, summary, NOW)
    return summary


def copy(account: Account, batch_id: str = "b7f3", **changes: str) -> Summary:
    summary = a_summary(**changes)
    account.results.put("ada", batch_id, "00001", summary, NOW, is_copy=True)
    return summary


@pytest.fixture
def incompressible() -> str:
    """Returns more text than a record can hold even when it is deflated."""
    return "".join(map(chr, random.Random(7).choices(range(0x4E00, 0x9FFF), k=250_000)))


def test_a_summary_is_read_as_it_was_stored(account: Account) -> None:
    with pytest.raises(SummaryNotFound):
        account.results.get("ada", *OWN)
    summary = put(account, text="Grüße, 世界 👋")
    assert account.results.get("ada", *OWN) == summary


def test_a_fingerprint_is_stored_only_once(account: Account) -> None:
    """Earlier releases stored it in the body, too."""
    summary = put(account, fingerprint="f1")
    stored = account.table.get_item(Key=summary_key(*OWN))["Item"]
    assert stored["fingerprint"] == "f1"
    body = json.loads(zlib.decompress(bytes(stored["body"])))
    assert body["fingerprint"] == ""
    earlier = zlib.compress(json.dumps({**body, "fingerprint": "f1"}).encode())
    account.table.put_item(Item={**stored, "body": earlier})
    assert account.results.get("ada", *OWN) == summary
    assert list(account.results.iterate("b7f3", ["00001"])) == [("00001", summary)]


def test_another_users_summary_does_not_exist(account: Account) -> None:
    put(account)
    with pytest.raises(SummaryNotFound):
        account.results.get("eve", *OWN)


def test_a_summary_that_is_too_large_for_the_table_is_stored_in_the_bucket(
    account: Account, incompressible: str
) -> None:
    summary = put(account, text=incompressible)
    objects = account.s3.list_objects_v2(Bucket=account.bucket)["Contents"]
    assert [found["Key"] for found in objects] == [summary_body_key("ada", *OWN)]
    assert account.results.get("ada", *OWN) == summary
    assert list(account.results.iterate("b7f3", ["00001"])) == [("00001", summary)]


def test_a_search_leaves_out_a_summary_whose_text_was_just_deleted(account: Account, incompressible: str) -> None:
    put(account, "00001", text=incompressible)
    other = put(account, "00002")
    (stored,) = account.s3.list_objects_v2(Bucket=account.bucket)["Contents"]
    account.s3.delete_object(Bucket=account.bucket, Key=stored["Key"])
    assert account.results.at_places([("b7f3", "00001"), ("b7f3", "00002")]) == {("b7f3", "00002"): other}
    assert account.results.list_ascending("b7f3", "", 10) == ([("00002", other)], None)


def test_a_small_summary_costs_no_object(account: Account) -> None:
    put(account, text="words " * 50_000)
    assert "Contents" not in account.s3.list_objects_v2(Bucket=account.bucket)


def test_a_summary_is_found_by_its_fingerprint(account: Account) -> None:
    summary = put(account, batch_id="another", fingerprint="f1")
    found = account.results.find("ada", "f1", OWN)
    assert found
    assert (found.summary, found.elsewhere) == (summary, True)
    assert account.results.find("ada", "f2", OWN) is None


def test_another_users_summary_is_not_found(account: Account) -> None:
    put(account, user_id="eve", batch_id="another", fingerprint="f1")
    assert account.results.find("ada", "f1", OWN) is None


def test_the_same_video_twice_in_a_batch_is_found(account: Account) -> None:
    put(account, item_id="00002", fingerprint="f1")
    found = account.results.find("ada", "f1", OWN)
    assert found
    assert found.elsewhere


def stored(account: Account) -> Any:
    """Returns the record of the user's summary, as the step reads it first."""
    return account.results.read(summary_key(*OWN))


def test_a_summary_of_an_earlier_attempt_of_the_step_is_its_own(account: Account) -> None:
    summary = put(account, fingerprint="f1")
    found = account.results.find("ada", "f1", OWN, stored(account))
    assert found
    assert (found.summary, found.elsewhere) == (summary, False)


def test_a_copy_that_an_earlier_attempt_stored_is_still_paid_for_elsewhere(account: Account) -> None:
    copy(account, fingerprint="f1")
    found = account.results.find("ada", "f1", OWN, stored(account))
    assert found
    assert found.elsewhere


def test_one_that_another_process_stored_since_is_found_too(account: Account) -> None:
    read = stored(account)
    summary = put(account, fingerprint="f1")
    assert account.results.find("ada", "f1", OWN, read) == (summary, False)


def test_a_summary_of_another_request_is_not_reused(account: Account) -> None:
    put(account, fingerprint="another")
    assert account.results.find("ada", "wanted", OWN, stored(account)) is None


def test_a_copy_is_found_when_the_batch_that_paid_is_gone(account: Account) -> None:
    put(account, batch_id="first", fingerprint="f1")
    summary = copy(account, batch_id="second", fingerprint="f1")
    account.table.delete_item(Key={"pk": "BATCH#first", "sk": "SUMMARY#00001"})
    found = account.results.find("ada", "f1", OWN)
    assert found
    assert (found.summary, found.elsewhere) == (summary, True)


def test_a_summary_whose_large_body_is_gone_is_not_found(account: Account, incompressible: str) -> None:
    put(account, batch_id="another", text=incompressible, fingerprint="f1")
    account.archive.delete_batch("ada", "another")
    assert account.results.find("ada", "f1", OWN) is None
    with pytest.raises(SummaryNotFound):
        account.results.get("ada", "another", "00001")


def test_a_summary_that_was_replaced_is_not_found_by_its_old_fingerprint(account: Account) -> None:
    put(account, batch_id="another", fingerprint="f1")
    put(account, batch_id="another", fingerprint="f2")
    assert account.results.find("ada", "f1", OWN) is None
    assert account.results.find("ada", "f2", OWN)


@pytest.mark.parametrize("order", [["00001", "00002", "00004"], ["00004", "00001", "00002"]])
def test_summaries_come_in_the_order_asked_for_and_missing_ones_are_left_out(
    account: Account, order: list[str]
) -> None:
    for item_id in ("00001", "00002", "00003", "00004"):
        put(account, item_id, title=item_id)
    put(account, "00001", batch_id="b7f3x", title="of another batch")
    found = list(account.results.iterate("b7f3", [*order, "00009"]))
    assert [(item_id, summary.title) for item_id, summary in found] == [(item_id, item_id) for item_id in order]


def test_many_summaries_come_in_an_order_that_is_not_natural(account: Account) -> None:
    wanted = [f"{number:05}" for number in range(150, 0, -1)]
    for item_id in wanted:
        put(account, item_id, title=item_id)
    assert [item_id for item_id, _ in account.results.iterate("b7f3", wanted)] == wanted


def test_a_few_summaries_are_read_without_those_before_them(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for item_id in ("00001", "00002", "00003"):
        put(account, item_id, title=item_id)
    monkeypatch.setattr(account.results, "query", None)
    assert [item_id for item_id, _ in account.results.iterate_each("b7f3", ["00002", "00003"])] == ["00002", "00003"]


def test_summaries_in_ascending_order_are_read_as_far_as_they_are_asked_for(account: Account) -> None:
    for item_id in ("00001", "00002", "00003", "00004"):
        put(account, item_id, title=item_id)
    wanted = iter(["00000", "00001", "00003", "00005"])
    found = account.results.iterate_ascending("b7f3", wanted)
    assert next(found)[0] == "00001"
    assert next(wanted) == "00003"
    assert list(found) == []


def test_no_summaries_are_none(account: Account) -> None:
    assert list(account.results.iterate("b7f3", [])) == []


def test_an_answer_of_a_model_is_recalled_by_its_user_only(account: Account) -> None:
    assert account.results.recall_answer("ada", "digest") is None
    account.results.remember_answer("ada", "digest", '{"title": "Grüße"}', NOW)
    assert account.results.recall_answer("ada", "digest") == '{"title": "Grüße"}'
    assert account.results.recall_answer("eve", "digest") is None


def test_an_answer_is_kept_for_a_week(account: Account) -> None:
    account.results.remember_answer("ada", "digest", "{}", NOW)
    record = account.table.get_item(Key={"pk": "USER#ada", "sk": "ANSWER#digest"})["Item"]
    assert record["expires_at"] == int((NOW + timedelta(days=7)).timestamp())
