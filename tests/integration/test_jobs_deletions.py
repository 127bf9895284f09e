"""Deleting a batch: it disappears at once and completely, and an interrupted deletion can be repeated."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ops.restore import restore
from skimlist.bucket import export_key
from skimlist.errors import (
    BatchChanged,
    BatchDeleted,
    BatchNotFound,
    StorageUnavailable,
    SummaryNotFound,
    UnexpectedFailure,
    WorkflowStuck,
    WrongState,
    YouTubeBlocked,
)
from skimlist.jobs.batches import OwnersBatches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.digests import StoredDigest
from skimlist.jobs.history import HistoryFilter
from skimlist.jobs.order import Order
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.quotas import Quotas
from skimlist.jobs.records import item_key
from skimlist.jobs.table_repository import LAST_WRITES
from skimlist.models.batch import Batch, BatchRun, BatchStatus, CurrentVideo
from skimlist.models.outage import Dependency
from skimlist.models.video import Item, Stage
from testkit import template
from testkit.account import NOW, Account, video_id
from testkit.batches import a_batch, a_summary
from tests.fakes.digesting import a_digest
from tests.fakes.summarizing import transcript

LATER = NOW + timedelta(hours=1)
NOTE = {"pk": "USER#ada", "sk": "DELETED#b7f3"}
LARGE = "".join(map(chr, random.Random(7).choices(range(0x4E00, 0x9FFF), k=250_000)))


def ended(account: Account, videos: int = 3) -> Batch:
    """A batch that is done, with a summary of each video (the first too large for the table) and an archive."""
    account.begin_batch(videos)
    for number in range(1, videos + 1):
        summary = a_summary(number, fingerprint=f"f{number}", text=LARGE if number == 1 else "short")
        account.results.put("ada", "b7f3", f"{number:05}", summary, NOW)
        account.complete(number)
    account.digests.put(account.batch(), a_digest(), StoredDigest(), set(), NOW)
    account.s3.put_object(Bucket=account.bucket, Key=export_key("ada", "b7f3", 4, "zip"), Body=b"zip")
    return account.batches.complete(account.batch(), NOW)


def delete(account: Account) -> None:
    account.deletions.begin(account.batch(), NOW)
    account.deletions.finish("ada", "b7f3", NOW)


def table_keys(account: Account) -> list[tuple[str, str]]:
    return sorted((record["pk"], record["sk"]) for record in account.table.scan()["Items"])


def object_keys(account: Account) -> list[str]:
    return [found["Key"] for found in account.s3.list_objects_v2(Bucket=account.bucket).get("Contents", [])]


def test_nothing_of_a_deleted_batch_stays_but_a_note(account: Account) -> None:
    account.archive.put_transcript("ada", transcript(["Bread."], video_id="video000001"), None)
    ended(account)
    delete(account)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]
    assert object_keys(account) == []
    assert account.history.list_newest_first("ada", HistoryFilter(), 10) == ([], None)
    account.deletions.finish("ada", "b7f3", LATER)
    note = account.table.get_item(Key=NOTE)["Item"]
    assert note == {**NOTE, "expires_at": int((NOW + timedelta(hours=25)).timestamp())}


def fetch(account: Account, number: int, user: str = "ada", language: str | None = None) -> None:
    account.archive.put_transcript(user, transcript(["Bread."], video_id=video_id(number)), language)


def test_transcripts_stay_for_other_batches_that_need_them_and_for_other_users(account: Account) -> None:
    ended(account)
    for number in range(1, 5):
        fetch(account, number)
    fetch(account, 1, language="de")
    fetch(account, 1, user="eve")
    account.batches.complete(account.begin_batch(1, id="other"), NOW)
    account.results.put("ada", "other", "00001", a_summary(2, video_id=video_id(2), fingerprint="f9"), NOW)
    account.begin_batch(3, id="open")
    account.videos.fail(BatchRun("ada", "open", 1), Item(id="00001", video_id=video_id(1)), NOW)
    account.table.delete_item(Key=item_key("open", "00001"))
    account.table.delete_item(Key=item_key("open", "00002"))
    delete(account)
    assert object_keys(account) == [
        "transcripts/ada/video000002/own.json.gz",  # a summary of another batch was made from it
        "transcripts/ada/video000003/own.json.gz",  # another batch may still come to it
        "transcripts/ada/video000004/own.json.gz",  # no video of this batch
        "transcripts/eve/video000001/own.json.gz",
    ]


def test_the_last_batch_of_a_user_is_deleted_with_answers_of_models_and_the_record_under_way(account: Account) -> None:
    account.results.remember_answer("ada", "digest", "An answer.", NOW)
    account.results.remember_answer("eve", "digest", "An answer.", NOW)
    ended(account)
    Quotas(account.table, batches_at_once=5).require_slot(account.batch(), NOW)
    other = account.batches.complete(account.begin_batch(1, id="other"), NOW)
    delete(account)
    assert ("USER#ada", "ANSWER#digest") in table_keys(account)
    account.deletions.begin(other, NOW)
    account.deletions.finish("ada", "other", NOW)
    assert table_keys(account) == [
        ("USER#ada", "DELETED#b7f3"),
        ("USER#ada", "DELETED#other"),
        ("USER#eve", "ANSWER#digest"),
    ]


def test_a_batch_is_gone_before_its_records_are(account: Account) -> None:
    batch = ended(account)
    account.deletions.begin(batch, NOW)
    with pytest.raises(BatchNotFound):
        account.batch()
    assert account.batches.list_newest_first("ada", 10) == ([], None)
    with pytest.raises(BatchNotFound):
        account.reopen(batch)


def test_other_batches_stay_as_they_are(account: Account) -> None:
    ended(account)
    other = account.batches.complete(account.begin_batch(1, id="b7f3x"), NOW)
    copy = a_summary(1, fingerprint="f1")
    account.results.put("ada", "b7f3x", "00001", copy, NOW, is_copy=True)
    account.results.put("eve", "theirs", "00001", a_summary(fingerprint="f1"), NOW)
    account.s3.put_object(Bucket=account.bucket, Key=export_key("ada", "b7f3x", 4, "zip"), Body=b"zip")
    delete(account)
    assert account.batch("b7f3x") == other
    assert len(account.queue.all_items(other)) == 1
    assert account.results.get("ada", "b7f3x", "00001") == copy
    assert account.results.get("eve", "theirs", "00001")
    assert object_keys(account) == [export_key("ada", "b7f3x", 4, "zip")]
    found = account.results.find("ada", "f1", ("new", "00001"))
    assert found
    assert (found.summary, found.elsewhere) == (copy, True)
    assert account.results.find("ada", "f2", ("new", "00001")) is None


def pause(account: Account) -> None:
    account.batches.park(account.batches.pause(account.begin_batch(), NOW), NOW)


def pause_by_itself(account: Account) -> None:
    account.batches.park(account.batches.pause_for(account.begin_batch(), YouTubeBlocked(), NOW), NOW)


@pytest.mark.parametrize("prepare", [Account.create_batch, Account.begin_batch, pause, pause_by_itself])
def test_a_batch_that_continues_has_to_be_cancelled_first(account: Account, prepare: Callable[[Account], Any]) -> None:
    prepare(account)
    before = account.batch()
    with pytest.raises(WrongState, match="cancel it first"):
        account.deletions.begin(before, NOW)
    assert account.batch() == before
    with pytest.raises(BatchNotFound):
        account.deletions.finish("ada", "b7f3", NOW)
    assert len(account.queue.all_items(before)) == 3


def test_a_cancelled_batch_is_hidden_at_once_and_deleted_once_it_is_parked(account: Account) -> None:
    account.batches.cancel(account.begin_batch(), NOW)
    owners = OwnersBatches(account.table)
    account.deletions.begin(account.batch(), NOW)
    assert owners.list_newest_first("ada", 10) == ([], None)
    for consistent in (True, False):
        with pytest.raises(BatchNotFound):
            owners.get("ada", "b7f3", consistent=consistent)
    with pytest.raises(BatchDeleted):
        owners.create(replace(account.batch(), deleted_at=None), [], Order())
    assert not account.deletions.finish("ada", "b7f3", NOW)
    assert account.deletions.list_unfinished(NOW) == [("ada", "b7f3")]
    assert len(account.queue.all_items(account.batch())) == 3
    assert account.batches.park(account.batch(), NOW)
    assert account.deletions.finish("ada", "b7f3", NOW)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]


def test_hidden_batches_do_not_end_a_list(account: Account) -> None:
    for batch_id in ("b1", "b2", "b3"):
        account.begin_batch(1, id=batch_id)
    for batch_id in ("b2", "b3"):
        account.deletions.begin(account.batches.cancel(account.batch(batch_id), NOW), NOW)
    owners = OwnersBatches(account.table)
    hidden, cursor = owners.list_newest_first("ada", 2)
    assert (hidden, cursor) == ([], "b2")
    assert [batch.id for batch in owners.list_newest_first("ada", 2, cursor)[0]] == ["b1"]


def test_a_batch_that_an_execution_takes_over_while_it_is_deleted_stays_until_that_ends(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.deletions.begin(account.batches.cancel(account.begin_batch(), NOW), NOW)
    account.batches.park(account.batch(), NOW)
    remove = Deletions._remove

    def remove_too_late(deletions: Deletions, batch: Batch, *writes: Any) -> bool:
        account.batches.adopt(batch, 2, NOW)
        return remove(deletions, batch, *writes)

    with monkeypatch.context() as patch:
        patch.setattr(Deletions, "_remove", remove_too_late)
        assert not account.deletions.finish("ada", "b7f3", NOW)
    assert not account.deletions.finish("ada", "b7f3", NOW)
    assert account.batches.list_active() == [("ada", "b7f3")]
    account.batches.park(account.batch(), NOW)
    assert account.deletions.finish("ada", "b7f3", NOW)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]


def backed_up(account: Account) -> str:
    """Copies the table as it is now; returns the name of the copy."""
    backup = boto3.resource("dynamodb").create_table(**{**template.table_arguments(), "TableName": "restored"})
    for record in account.table.scan()["Items"]:
        backup.put_item(Item=record)
    return "restored"


def remove_all(account: Account) -> None:
    for pk, sk in table_keys(account):
        account.table.delete_item(Key={"pk": pk, "sk": sk})


def survives_the_sweep(account: Account) -> None:
    """The restored batch stays for good: its execution ends, and every deletion that is still noted is carried out."""
    shown = OwnersBatches(account.table).get("ada", "b7f3")
    run = {"user_id": "ada", "batch_id": "b7f3", "run": shown.execution.run}
    for _ in range(2):
        account.invoke("resume_interrupted", {})
        account.invoke("load_next_videos", run)
    later = NOW + LAST_WRITES + timedelta(minutes=1)
    assert account.deletions.list_unfinished(later) == []
    shown = OwnersBatches(account.table).get("ada", "b7f3")
    assert shown.has_no_execution
    assert len(account.queue.all_items(shown)) == 3
    assert "Item" not in account.table.get_item(Key=NOTE)


@pytest.mark.parametrize("restored_id", ["b7f3", None], ids=["one batch", "whole table"])
@pytest.mark.parametrize("becomes", ["hidden", "removed", "lost"])
@pytest.mark.parametrize("had_begun", [True, False], ids=["had begun", "later"])
def test_a_batch_that_was_deleted_stays_once_it_is_restored(
    account: Account, had_begun: bool, becomes: str, restored_id: str | None
) -> None:
    cancelled = account.batches.cancel(account.begin_batch(), NOW)
    if had_begun:
        account.deletions.begin(cancelled, NOW)
        backup = backed_up(account)
    else:
        backup = backed_up(account)
        account.deletions.begin(cancelled, NOW)
    if becomes == "removed":
        account.batches.park(account.batch(), NOW)
        assert account.deletions.finish("ada", "b7f3", NOW)
    if becomes == "lost":
        remove_all(account)
    restore(boto3.client("dynamodb"), backup, account.table.name, restored_id)
    survives_the_sweep(account)


@pytest.mark.parametrize("restored_id", ["b7f3", None], ids=["one batch", "whole table"])
def test_a_batch_that_was_deleted_at_rest_stays_once_it_is_restored(account: Account, restored_id: str | None) -> None:
    ended(account)
    backup = backed_up(account)
    delete(account)
    assert restore(boto3.client("dynamodb"), backup, account.table.name, restored_id) > 3
    assert restore(boto3.client("dynamodb"), backup, account.table.name, restored_id) == 0
    survives_the_sweep(account)


@pytest.mark.parametrize("restored_id", ["b7f3", None], ids=["one batch", "whole table"])
def test_what_is_left_of_a_deleted_batch_is_not_restored(account: Account, restored_id: str | None) -> None:
    account.deletions.begin(ended(account), NOW)
    backup = backed_up(account)  # of a deletion that was cut off
    assert account.deletions.finish("ada", "b7f3", NOW)
    assert restore(boto3.client("dynamodb"), backup, account.table.name, restored_id) == 0
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]
    remove_all(account)
    assert restore(boto3.client("dynamodb"), backup, account.table.name) == 1
    assert account.deletions.list_unfinished(NOW) == [("ada", "b7f3")]


def test_a_failed_batch_and_a_draft_at_rest_are_deleted(account: Account) -> None:
    account.batches.fail(account.begin_batch(), WorkflowStuck(), NOW)
    delete(account)
    draft = account.create_batch(id="draft", status=BatchStatus.DRAFT, has_no_execution=True)
    account.deletions.begin(draft, NOW)
    account.deletions.finish("ada", "draft", NOW)
    assert {sk for _, sk in table_keys(account)} == {"DELETED#b7f3", "DELETED#draft"}


def test_a_batch_that_changed_since_it_was_read_is_not_deleted(account: Account) -> None:
    read = ended(account)
    reopened = account.reopen(read)
    with pytest.raises(BatchChanged):
        account.deletions.begin(read, NOW)
    assert account.batch() == reopened
    with pytest.raises(BatchNotFound):
        account.deletions.finish("ada", "b7f3", NOW)


@pytest.mark.parametrize("failing", ["Query", "BatchWriteItem", "ListObjectsV2", "DeleteObjects", "TransactWriteItems"])
def test_a_deletion_that_was_cut_off_continues(account: Account, failing: str) -> None:
    ended(account, videos=2)
    fetch(account, 2)
    account.deletions.begin(account.batch(), NOW)

    def cut_off(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "Cut"}}, failing)

    clients = [account.table.meta.client.meta, account.s3.meta]
    for client in clients:
        client.events.register(f"before-call.*.{failing}", cut_off)
    with pytest.raises(ClientError):
        account.deletions.finish("ada", "b7f3", NOW)
    for client in clients:
        client.events.unregister(f"before-call.*.{failing}", cut_off)

    assert account.deletions.list_unfinished(NOW) == [("ada", "b7f3")]
    account.deletions.finish("ada", "b7f3", NOW)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]
    assert object_keys(account) == []
    assert account.deletions.list_unfinished(NOW) == []


@pytest.mark.parametrize("now", [NOW, LATER])
def test_a_deletion_that_is_repeated_changes_nothing(account: Account, now: datetime) -> None:
    ended(account)
    delete(account)
    account.deletions.finish("ada", "b7f3", now)
    note = account.table.get_item(Key=NOTE)["Item"]
    account.deletions.finish("ada", "b7f3", now)
    assert account.table.get_item(Key=NOTE)["Item"] == note


def test_late_writes_are_deleted_once_no_step_can_be_working_any_more(account: Account) -> None:
    ended(account)
    delete(account)
    account.results.put("ada", "b7f3", "00001", a_summary(1, text=LARGE), NOW)
    assert account.deletions.list_unfinished(NOW + timedelta(minutes=16)) == []  # a function has 15
    assert account.deletions.list_unfinished(LATER) == [("ada", "b7f3")]
    account.deletions.finish("ada", "b7f3", LATER)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]
    assert object_keys(account) == []
    assert account.deletions.list_unfinished(LATER) == []


def test_a_batch_that_never_existed_is_not_found(account: Account) -> None:
    with pytest.raises(BatchNotFound):
        account.deletions.finish("ada", "unknown", NOW)


def test_the_sweep_does_not_take_a_deleted_batch_for_one_to_be_driven(account: Account) -> None:
    ended(account)
    account.deletions.begin(account.batch(), NOW)
    assert account.batches.list_active() == []


def test_a_deleted_batch_is_not_made_again(account: Account) -> None:
    batch = ended(account)
    account.deletions.begin(batch, NOW)
    for _ in range(2):
        with pytest.raises(BatchDeleted):
            account.batches.create(batch, [], Order())
        account.deletions.finish("ada", "b7f3", NOW)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]


LateWrite = Callable[[Account, Batch], Any]
IN_HAND = CurrentVideo(item_id="00001", position=1, stage=Stage.SUMMARIZING, started_at=NOW, run=1)
LATE_WRITES: dict[str, LateWrite] = {
    "claim the email": lambda account, batch: account.batches.claim_notification(batch, "completed", "request"),
    "release the email": lambda account, batch: account.batches.release_notification(batch, "completed", "request"),
    "abandon notification": lambda account, batch: account.batches.abandon_notification(batch),
    "take over": lambda account, batch: account.batches.adopt(batch, batch.execution.run + 1, NOW),
    "count a restart": lambda account, batch: account.batches.count_restart(batch, NOW),
    "count a round": lambda account, batch: account.batches.count_round(batch, NOW),
    "park": lambda account, batch: account.batches.park(batch, NOW),
    "complete a video": lambda account, batch: account.complete(1, run=batch.execution.run),
    "fail a video": lambda account, batch: account.fail(2, run=batch.execution.run),
    "show a video": lambda account, batch: account.videos.show_progress("ada", batch.id, IN_HAND, NOW),
    "note an answer": lambda account, batch: account.videos.note_answer(
        replace(batch, execution=replace(batch.execution, recent_failures={Dependency.MODEL: ()})),
        Dependency.MODEL,
        NOW,
    ),
    "store a digest": lambda account, batch: account.digests.put(batch, a_digest(), StoredDigest(), set(), NOW),
    "fail the digest": lambda account, batch: account.digests.fail(batch, UnexpectedFailure().as_problem(), NOW),
    "end a check": lambda account, batch: Preflights(account.table).end_preflight(batch, NOW),
}


@pytest.mark.parametrize("write", LATE_WRITES.values(), ids=LATE_WRITES.keys())
def test_no_step_that_comes_late_brings_a_deleted_batch_back(account: Account, write: LateWrite) -> None:
    batch = ended(account)
    delete(account)
    write(account, batch)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]
    with pytest.raises(SummaryNotFound):
        account.results.get("ada", "b7f3", "00001")


def test_deletions_that_dynamodb_leaves_for_later_are_repeated_after_a_while(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BatchWriteItem answers 200 and names what it did not do, once a partition has had its units of the second."""
    ended(account)
    client, waits = account.table.meta.client, list[float]()
    write = client.batch_write_item
    monkeypatch.setattr("skimlist.jobs.table_repository.sleep", waits.append)

    def all_but_one(RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
        ((table, writes),) = RequestItems.items()
        write(RequestItems={table: writes[:1]})
        return {"UnprocessedItems": {table: writes[1:]} if len(writes) > 1 else {}}

    monkeypatch.setattr(client, "batch_write_item", all_but_one)
    account.deletions.begin(account.batch(), NOW)
    with pytest.raises(StorageUnavailable):
        account.deletions.finish("ada", "b7f3", NOW)
    assert len(waits) == 5
    assert account.deletions.list_unfinished(NOW) == [("ada", "b7f3")]
    account.deletions.finish("ada", "b7f3", NOW)
    assert table_keys(account) == [("USER#ada", "DELETED#b7f3")]


# --- What was written for a batch that was never created ---


def cut_off_creation(account: Account, videos: int = 30) -> tuple[Batch, list[Item], Order]:
    """Kills the function between the items of a new batch and the batch itself."""
    batch = a_batch(status=BatchStatus.PENDING, total=videos)
    items = [Item(id=f"{number:05}", video_id=video_id(number)) for number in range(1, videos + 1)]
    account.batches.write_items(batch.id, items, new_at=NOW)
    return batch, items, Order(entries=tuple(range(1, videos + 1)))


def test_the_sweep_deletes_the_items_of_an_interrupted_creation(account: Account) -> None:
    cut_off_creation(account)
    account.invoke("resume_interrupted", {})
    assert table_keys(account) == []


def test_items_whose_batch_may_still_be_created_stay(account: Account) -> None:
    cut_off_creation(account)
    assert account.deletions.list_unowned(NOW + timedelta(minutes=16)) == []  # a function has 15
    assert account.deletions.list_unowned(LATER) == ["b7f3"]


def test_a_batch_that_the_next_attempt_has_created_keeps_its_items(account: Account) -> None:
    account.batches.create(*cut_off_creation(account, 3))
    assert account.deletions.list_unowned(LATER) == []
    account.deletions.delete_unowned("b7f3", LATER)
    assert [item.video_id for item in account.queue.all_items(account.batch())] == [video_id(n) for n in (1, 2, 3)]


def test_a_request_that_comes_again_while_its_first_items_are_deleted_keeps_its_own(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, items, order = cut_off_creation(account, 2)
    query = Deletions.query

    def query_while_it_comes(deletions: Deletions, *given: Any, **more: Any) -> Any:
        numbers = account.batches.write_items(batch.id, items, new_at=LATER)
        assert list(numbers) == [3, 4]
        return query(deletions, *given, **more)

    monkeypatch.setattr(Deletions, "query", query_while_it_comes)
    account.deletions.delete_unowned("b7f3", LATER)
    assert [sk for _, sk in table_keys(account)] == ["ITEM#00003", "ITEM#00004", "ORDER"]
    assert list(account.batches.write_items(batch.id, items, new_at=LATER)) == [5, 6]
    assert account.batches.create(batch, items, order) == batch


def test_a_request_that_comes_again_after_the_sweep_has_listed_its_first_items_keeps_them_all(account: Account) -> None:
    batch, items, order = cut_off_creation(account, 2)
    listed = account.deletions.list_unowned(LATER)
    numbers = account.batches.write_items(batch.id, items, new_at=LATER)
    for batch_id in listed:
        account.deletions.delete_unowned(batch_id, LATER)
    assert [sk for _, sk in table_keys(account)] == [*(f"ITEM#0000{number}" for number in (1, 2, *numbers)), "ORDER"]
    assert account.batches.create(batch, items, order) == batch
    assert [item.video_id for item in account.queue.all_items(batch)] == [video_id(1), video_id(2)]


def test_a_late_attempt_leaves_a_created_batch_as_it_is(account: Account) -> None:
    """What it writes would be taken for items of no batch, and those of the batch be deleted with them."""
    account.create_batch(2)
    with pytest.raises(BatchChanged):
        account.batches.write_items("b7f3", [Item(id="00001", video_id=video_id(1))], new_at=NOW)
    assert account.deletions.list_unowned(LATER) == []
