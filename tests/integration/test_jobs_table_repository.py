"""What DynamoDB does partly or refuses briefly is retried with growing delays, but not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from skimlist import aws
from skimlist.errors import StorageUnavailable
from skimlist.jobs.attributes import ItemRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.records import item_key
from skimlist.models.video import Item
from testkit.account import Account, video_id

TRIES = 6
REFUSED = {
    "throttled": {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": ""}},
    "invalid": {"Error": {"Code": "ValidationException", "Message": ""}},
    "failed inside": {"Error": {"Code": "InternalServerError"}, "ResponseMetadata": {"HTTPStatusCode": 500}},
    **{
        code: {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": "None"}, {"Code": code}],
        }
        for code in ("ThrottlingError", "TransactionConflict")
    },
}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr("skimlist.jobs.table_repository.sleep", waits.append)
    return waits


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets a client's call fail so many times, each time before or after it was carried out."""

    def begin(client: Any, method: str, reason: str, times: int, *, done: bool = False) -> None:
        call, left = getattr(client, method), iter(range(times))

        def fail_at_first(**request: Any) -> Any:
            if next(left, None) is None:
                return call(**request)
            if done:
                call(**request)
            raise ClientError(REFUSED[reason], method)  # type: ignore[arg-type]

        monkeypatch.setattr(client, method, fail_at_first)

    return begin


def new_videos(count: int) -> list[Item]:
    return [Item(id="", video_id=video_id(number)) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("reason", "done", "numbers"),
    [("throttled", False, [1, 2]), ("failed inside", True, [3, 4]), ("failed inside", False, [3, 4])],
)
def test_only_a_write_that_may_have_been_carried_out_takes_new_numbers(
    account: Account, waits: list[float], refuse: Callable[..., None], reason: str, done: bool, numbers: list[int]
) -> None:
    refuse(aws.table(account.table.name, attempts=1).meta.client, "batch_write_item", reason, 1, done=done)
    assert list(account.queue.write_items("b7f3", new_videos(2))) == numbers
    assert len(waits) == 1


def test_videos_that_dynamodb_leaves_are_written_under_their_numbers(
    account: Account, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = aws.table(account.table.name, attempts=1).meta.client
    write = client.batch_write_item

    def all_but_the_last(RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
        ((table, writes),) = RequestItems.items()
        write(RequestItems={table: writes[:-1] or writes})
        return {"UnprocessedItems": {table: writes[-1:]} if len(writes) > 1 else {}}

    monkeypatch.setattr(client, "batch_write_item", all_but_the_last)
    assert list(account.queue.write_items("b7f3", new_videos(30))) == list(range(1, 31))
    written = account.queue.query("BATCH#b7f3", "ITEM#")
    assert [record["video_id"] for record in written] == [video_id(number) for number in range(1, 31)]
    assert len(waits) == 2  # one for each request of 25


def test_new_videos_are_written_a_few_times_and_no_more(
    account: Account, waits: list[float], refuse: Callable[..., None]
) -> None:
    client = aws.table(account.table.name, attempts=1).meta.client
    refuse(client, "batch_write_item", "throttled", TRIES)
    with pytest.raises(StorageUnavailable):
        account.queue.write_items("b7f3", new_videos(1))
    assert (len(waits), waits) == (TRIES - 1, sorted(waits))
    refuse(client, "batch_write_item", "invalid", 1)
    with pytest.raises(ClientError, match="ValidationException"):
        account.queue.write_items("b7f3", new_videos(1))


@pytest.mark.parametrize("reason", ["ThrottlingError", "TransactionConflict"])
def test_a_cancelled_transaction_is_sent_again(
    account: Account, waits: list[float], refuse: Callable[..., None], reason: str
) -> None:
    """botocore does not retry it."""
    refuse(account.table.meta.client, "transact_write_items", reason, TRIES - 1)
    assert account.create_batch(1) == account.batch()
    assert (len(waits), waits) == (TRIES - 1, sorted(waits))
    refuse(account.table.meta.client, "transact_write_items", reason, TRIES)
    with pytest.raises(StorageUnavailable):
        account.queue.transact((item_key("b7f3", "00001"), Update(ItemRecord.title.remove())))


@pytest.mark.parametrize("times", [0, 2, TRIES])
def test_reading_waits_only_before_it_asks_for_what_dynamodb_left(
    account: Account, waits: list[float], monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    account.create_batch(2)
    client, left = account.table.meta.client, iter(range(times))
    read, keys = client.batch_get_item, [item_key("b7f3", item_id) for item_id in ("00001", "00002")]

    def leave_all_at_first(RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
        if next(left, None) is None:
            return read(RequestItems=RequestItems)
        return {"Responses": {}, "UnprocessedKeys": RequestItems}

    monkeypatch.setattr(client, "batch_get_item", leave_all_at_first)
    if times < TRIES:
        assert len(account.queue.read_many(keys)) == 2
    else:
        with pytest.raises(StorageUnavailable):
            account.queue.read_many(keys)
    assert (len(waits), waits) == (min(times, TRIES - 1), sorted(waits))
