"""Requests and steps that overlap, repeat or come late: each test is one order of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.exceptions import ReadTimeoutError

from skimlist import progress
from skimlist.errors import (
    BatchChanged,
    BatchDeleted,
    BatchNotFound,
    CaptionsDisabled,
    DailySpendingReached,
    StoppedByOperator,
    WorkflowStuck,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.halts import Halts
from skimlist.jobs.order import Order
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue import page_name
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.records import batch_key, deletion_key, item_id, item_key, request_key
from skimlist.jobs.spending import Spending
from skimlist.jobs.videos import ServiceFailure
from skimlist.models.batch import Batch, BatchRun, BatchStatus, CurrentVideo, Pause, Preflight
from skimlist.models.outage import Dependency
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.video import Forecast, Item, Stage, VideoStatus
from skimlist.progress import pause_because
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_batch
from testkit.functions import caught
from tests.fakes.summarizing import transcript
from tests.fakes.youtube import FakeTranscripts

LATER = NOW + timedelta(minutes=1)
EVENT = {"user_id": "ada", "batch_id": "b7f3", "run": 1}


def take(account: Account) -> list[int]:
    """Loads the next page; returns its numbers."""
    page = account.next_page(account.batch())
    assert page is not None
    return [int(item.id) for item in page]


def requeue(account: Account, *wanted: int) -> None:
    batch = account.batch()
    failed = [item for item in account.queue.all_items(batch) if int(item.id) in wanted]
    account.queue.requeue(batch, failed, LATER)


def fail_briefly(account: Account, number: int) -> None:
    """Lets YouTube fail for a video, which stays in the queue."""
    item = Item(id=item_id(number), video_id=video_id(number), error=YouTubeUnreachable().as_problem())
    batch = account.batch()
    page = page_name(batch.execution.run, batch.execution.pages_served)
    assert account.videos.defer(batch, item, ServiceFailure(Dependency.YOUTUBE, ()), NOW, page=page)


def work_off(account: Account) -> list[int]:
    """Processes pages until the queue is empty; each video completes in its turn."""
    done: list[int] = []
    while page := take(account):
        account.complete(*page)
        done += page
    return done


# --- A video that waits in two places ---


def test_a_video_that_is_retried_while_its_page_is_open_is_handed_out_once(account: Account) -> None:
    queue_editor = QueueEditor(account.table)
    account.begin_batch(3)
    take(account)
    account.complete(1, 2)
    account.fail(3)
    account.batches.pause(account.batch(), NOW)
    requeue(account, 3)
    with suppress(BatchChanged):
        queue_editor.reorder(account.batch(), [], NOW)
    account.batches.resume(account.batch(), NOW)
    assert take(account) == [3]
    fail_briefly(account, 3)
    assert take(account) == [3]
    assert work_off(account) == [3]


def test_a_video_that_is_retried_before_the_queue_has_reached_it_keeps_its_place(account: Account) -> None:
    preflights = Preflights(account.table)
    draft = account.create_batch(3, status=BatchStatus.DRAFT, preflight=Preflight())
    account.fail(2)
    account.batches.begin(drafts_started(account, draft), NOW)
    requeue(account, 2)
    assert take(account) == [1, 2, 3]
    fail_briefly(account, 2)
    account.complete(1, 3)
    assert take(account) == [2]
    assert preflights.order("b7f3").requeued == ()


def drafts_started(account: Account, draft: Batch) -> Batch:
    return account.batches.start(account.batch(draft.id), NOW)


def test_a_batch_whose_page_names_a_video_twice_continues(account: Account) -> None:
    account.begin_batch(3)
    take(account)
    account.complete(1)
    names_twice = {"Value": [2, 3, 2], "Action": "PUT"}
    account.table.update_item(Key=batch_key("ada", "b7f3"), AttributeUpdates={"page": names_twice})
    assert work_off(account) == [2, 3]


def test_a_video_that_fails_and_is_retried_while_a_page_is_made_is_not_in_it_as_well(account: Account) -> None:
    account.begin_batch(2)
    take(account)
    seen = account.batch()
    account.fail(2)
    requeue(account, 2)
    assert account.next_page(seen) is None
    assert set(account.batch().queue.page).isdisjoint(account.queue.order("b7f3").requeued)


# --- A request that comes twice or is cut off ---


def add_videos(account: Account, count: int) -> None:
    """Adds videos to a batch that has none yet."""
    account.begin_batch(0)
    QueueEditor(account.table).append(account.batch(), [video_id(number) for number in range(1, count + 1)], [], NOW)


def hold_back_first(monkeypatch: pytest.MonkeyPatch, operation: str) -> list[Callable[[], Any]]:
    """Holds back the next such request: its client hears nothing. Calling what is in the list lets it arrive."""
    held_back: list[Callable[[], Any]] = []
    send = Endpoint._do_get_response

    def hold_back(self: Endpoint, request: Any, model: Any, context: Any) -> Any:
        if model.name != operation or held_back:
            return send(self, request, model, context)
        held_back.append(lambda: send(self, request, model, context))
        return None, ReadTimeoutError(endpoint_url="dynamodb")

    monkeypatch.setattr(Endpoint, "_do_get_response", hold_back)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    return held_back


def lose_first_answer(monkeypatch: pytest.MonkeyPatch, operation: str, meanwhile: Callable[[], Any]) -> None:
    """Carries out the next such request and then `meanwhile`, before its client, who hears nothing, sends it again."""
    send, lost = Endpoint._do_get_response, list[Any]()

    def lose(self: Endpoint, request: Any, model: Any, context: Any) -> Any:
        answer = send(self, request, model, context)
        if model.name != operation or lost:
            return answer
        lost.append(answer)
        meanwhile()
        return None, ReadTimeoutError(endpoint_url="dynamodb")

    monkeypatch.setattr(Endpoint, "_do_get_response", lose)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)


@pytest.mark.parametrize("write", [Account.begin_batch, add_videos])
def test_a_write_of_new_videos_that_arrives_late_resets_none_of_them(
    account: Account, monkeypatch: pytest.MonkeyPatch, write: Callable[[Account, int], Any]
) -> None:
    """The first request arrives late: its repetition was answered, and a video has ended since."""
    late_requests = hold_back_first(monkeypatch, "BatchWriteItem")
    write(account, 2)
    account.complete(take(account)[0])
    (arrive,) = late_requests
    response, error = arrive()
    assert (response[0].status_code, error) == (200, None)
    assert account.statuses() == ["completed", "pending"]


def reach_the_limit(account: Account) -> Batch:
    return account.batches.pause_for(account.batch(), DailySpendingReached(), datetime.now(UTC))


def test_a_resume_that_arrives_twice_does_not_end_a_later_pause(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.batches.pause(account.begin_batch(1), NOW)
    late_requests = hold_back_first(monkeypatch, "UpdateItem")
    assert ada.post("/batch/b7f3/resume").json["status"] == "processing"
    paused = reach_the_limit(account)
    (arrive,) = late_requests
    arrive()
    assert account.batch() == paused


@pytest.mark.parametrize("parked", [False, True])
def test_a_resume_whose_answer_is_lost_does_not_end_a_later_pause(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, *, parked: bool
) -> None:
    account.batches.pause(account.begin_batch(1), NOW)
    if parked:
        account.batches.park(account.batch(), NOW)

    def pause() -> None:
        with account.meanwhile():
            reach_the_limit(account)

    lose_first_answer(monkeypatch, "UpdateItem", pause)
    answer = ada.post("/batch/b7f3/resume")
    assert (answer.status, answer.json["status"], answer.json["pause"]["code"]) == (
        202,
        "paused",
        "daily_spending_reached",
    )
    assert account.batch().execution.pauses_in_a_row == 1


@pytest.mark.parametrize("command", ["resume", "retry"])
def test_a_command_whose_answer_is_lost_is_not_refused_once_the_batch_goes_on(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    account.begin_batch(2)
    if command == "resume":
        account.batches.pause(account.batch(), NOW)
    else:
        account.fail(2, error=YouTubeUnreachable())
        account.batches.fail(account.batch(), WorkflowStuck(), NOW)

    def go_on() -> None:
        with account.meanwhile():
            account.batches.rename("ada", "b7f3", "Bread", datetime.now(UTC))

    lose_first_answer(monkeypatch, {"resume": "UpdateItem", "retry": "TransactWriteItems"}[command], go_on)
    answer = ada.post(f"/batch/b7f3/{command}")
    assert (answer.status, answer.json["status"], answer.json["name"]) == (202, "processing", "Bread")


PAUSES: dict[str, Callable[[Account, Client], Any]] = {
    "the user": lambda _, ada: ada.post("/batch/b7f3/pause"),
    "the workflow": lambda account, _: reach_the_limit(account),
    "an operator": lambda account, _: account.batches.pause_after_current(
        account.batch(), pause_because(StoppedByOperator(), account.batch(), NOW), NOW
    ),
}


@pytest.mark.parametrize("who", PAUSES)
def test_a_pause_that_arrives_twice_does_not_pause_a_resumed_batch(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    account.begin_batch(1)
    late_requests = hold_back_first(monkeypatch, "UpdateItem")
    PAUSES[who](account, ada)
    resumed = account.batches.resume(account.batch(), LATER)
    (arrive,) = late_requests
    arrive()
    assert account.batch() == resumed


def test_a_pause_that_arrives_twice_does_not_replace_a_later_one(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(1)
    reach_the_limit(account)
    late_requests = hold_back_first(monkeypatch, "UpdateItem")
    assert ada.post("/batch/b7f3/pause").json["pause"]["code"] == "paused_by_user"
    account.batches.resume(account.batch(), LATER)
    paused = reach_the_limit(account)
    (arrive,) = late_requests
    arrive()
    assert account.batch() == paused


@pytest.mark.parametrize("who", PAUSES)
def test_a_pause_whose_answer_is_lost_does_not_pause_a_resumed_batch(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    account.begin_batch(1)

    def resume() -> None:
        with account.meanwhile():
            account.batches.resume(account.batch(), datetime.now(UTC), by_user=True)

    lose_first_answer(monkeypatch, "UpdateItem", resume)
    PAUSES[who](account, ada)
    batch = account.batch()
    assert (batch.status, batch.pause) == (BatchStatus.PROCESSING, None)


@pytest.mark.parametrize("parked", [False, True])
def test_a_cancel_whose_answer_is_lost_does_not_end_a_reopened_batch(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, *, parked: bool
) -> None:
    account.begin_batch(2)
    account.fail(1, error=YouTubeUnreachable())
    if parked:
        account.batches.pause(account.batch(), NOW)
        account.batches.park(account.batch(), NOW)

    def reopen() -> None:
        with account.meanwhile():
            account.batches.park(account.batch(), NOW)
            account.reopen()

    lose_first_answer(monkeypatch, "TransactWriteItems" if parked else "UpdateItem", reopen)
    answer = ada.delete("/batch/b7f3/cancel")
    assert (answer.status, answer.json["status"]) == (202, "processing")
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_start_whose_answer_is_lost_is_not_refused_once_the_batch_goes_on(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create_batch(1, status=BatchStatus.DRAFT, preflight=Preflight())

    def go_on() -> None:
        with account.meanwhile():
            account.batches.begin(account.batch(), datetime.now(UTC))

    lose_first_answer(monkeypatch, "UpdateItem", go_on)
    answer = ada.post("/batch/b7f3/start")
    assert (answer.status, answer.json["status"]) == (202, "processing")


def test_a_cancel_that_arrives_twice_does_not_end_a_reopened_batch(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    account.fail(1, error=YouTubeUnreachable())
    late_requests = hold_back_first(monkeypatch, "UpdateItem")
    assert ada.delete("/batch/b7f3/cancel").json["status"] == "cancelled"
    account.batches.park(account.batch(), NOW)
    assert ada.post("/batch/b7f3/retry").json["status"] == "processing"
    reopened = account.batch()
    (arrive,) = late_requests
    arrive()
    assert account.batch() == reopened


def test_a_reservation_is_replaced_once_although_the_response_is_lost(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK sends each write again, because the response to the first one has not arrived."""
    sent: list[bytes] = []
    send = Endpoint._do_get_response

    def lose_first_response(self: Endpoint, request: Any, operation: Any, context: Any) -> Any:
        answer = send(self, request, operation, context)
        if operation.name != "UpdateItem" or request.body in sent:
            return answer
        sent.append(request.body)
        return None, ReadTimeoutError(endpoint_url="dynamodb")

    monkeypatch.setattr(Endpoint, "_do_get_response", lose_first_response)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    spending = Spending(account.table, usd_a_day=Decimal(1))
    for estimate in ("0.40", "0.70", "0.30"):
        spending.reserve(a_batch(), item_id(1), Decimal(estimate), NOW)
        assert spending.by_user("ada", NOW).today_usd == Decimal(estimate)
    assert len(sent) == 5  # the second and the third are first tried as new reservations


def test_a_request_that_is_overtaken_by_its_repetition_and_a_deletion_creates_nothing(account: Account) -> None:
    draft = replace(
        a_batch(), id="b7f3", status=BatchStatus.DRAFT, has_no_execution=True, total=0, completed=0, failed=0
    )
    overtaken_by: list[Batch] = []

    def be_overtaken() -> Sequence[Any]:
        """Acts between the check for deletions and the first write, when the counts are read."""
        if not overtaken_by:
            overtaken_by.append(account.batches.create(draft, [], Order()))
            account.deletions.begin(overtaken_by[0], NOW)
        return ()

    with pytest.raises(BatchDeleted):
        account.batches.create(draft, [], Order(), quota=be_overtaken)
    with pytest.raises(BatchNotFound):
        account.batch()


@contextmanager
def cut_off_at(call: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kills the function before that call to AWS, so after the one before it."""
    original = BaseClient._make_api_call
    calls = 0

    def make(client: BaseClient, operation: str, arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls < call:
            return original(client, operation, arguments)
        raise KeyboardInterrupt  # nothing of ours catches that

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", make)
        with suppress(KeyboardInterrupt):
            yield


@pytest.mark.parametrize("end", ["completed", "cancelled"])
def test_a_retry_that_is_cut_off_anywhere_is_completed_by_its_repetition(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    for call in range(1, 11):
        batch_id = f"{end}-{call}"
        an_ended_batch(account, batch_id, end)
        with cut_off_at(call, monkeypatch):
            ada.post(f"/batch/{batch_id}/retry", {"item_ids": [item_id(2)]})
        answer = ada.post(f"/batch/{batch_id}/retry", {"item_ids": [item_id(2)]})
        assert answer.status == 202, (call, answer.text)
        batch = account.batch(batch_id)
        assert (batch.status, batch.failed, progress.remaining(batch)) == (BatchStatus.PROCESSING, 0, 1), call
        assert [int(item.id) for item in account.next_page(batch) or ()] == [2], call


def an_ended_batch(account: Account, batch_id: str, end: str) -> None:
    """A batch that has ended, with two videos, the second of which failed."""
    account.create_batch(2, id=batch_id)
    account.batches.begin(account.batch(batch_id), NOW)
    account.next_page(account.batch(batch_id))
    done = Item(id=item_id(1), video_id=video_id(1))
    failed = Item(id=item_id(2), video_id=video_id(2), error=YouTubeUnreachable().as_problem())
    account.videos.complete(BatchRun("ada", batch_id, 1), done, Decimal(0), NOW)
    account.videos.fail(BatchRun("ada", batch_id, 1), failed, NOW)
    if end == "completed":
        account.batches.complete(account.batch(batch_id), NOW)
    else:
        account.batches.cancel(account.batch(batch_id), NOW)
        account.batches.park(account.batch(batch_id), NOW)


def test_a_failure_that_is_reported_again_after_a_retry_fails_nothing(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    (video,) = account.invoke("load_next_videos", EVENT)["videos"]
    failure = {**EVENT, "video": video, "error": caught(CaptionsDisabled())}
    account.invoke("record_failure", failure)
    assert ada.post("/batch/b7f3/retry", {"all": True}).status == 202
    account.invoke("record_failure", failure)
    assert account.statuses() == ["pending"]
    assert account.batch().failed == 0


def test_an_outage_that_is_reported_again_in_the_next_page_counts_once(account: Account) -> None:
    account.begin_batch(2)
    first, _ = account.invoke("load_next_videos", EVENT)["videos"]
    failure = {**EVENT, "video": first, "error": caught(YouTubeUnreachable())}
    account.invoke("record_failure", failure)
    account.invoke("load_next_videos", EVENT)
    account.invoke("record_failure", failure)
    item = account.videos.get("b7f3", item_id(1))
    assert item
    assert len(item.transient_failures) == 1


def test_a_retry_that_arrives_after_the_video_failed_once_more_changes_nothing(account: Account) -> None:
    account.begin_batch(1)
    take(account)
    failed = Item(id=item_id(1), video_id=video_id(1), started_at=NOW, error=YouTubeUnreachable().as_problem())
    account.videos.fail(BatchRun("ada", "b7f3", 1), failed, NOW + timedelta(seconds=90))
    seen, items = account.batch(), account.queue.all_items(account.batch())
    account.queue.requeue(seen, items, LATER)
    take(account)
    account.videos.fail(BatchRun("ada", "b7f3", 1), failed, NOW + timedelta(seconds=7))
    with pytest.raises(BatchChanged):
        account.queue.requeue(seen, items, LATER)
    assert account.batch().processing_seconds == 7


def test_a_retry_that_arrives_after_the_batch_was_deleted_changes_nothing(account: Account, ada: Client) -> None:
    an_ended_batch(account, "b7f3", "completed")
    failed = Item(id=item_id(1), video_id=video_id(1), status=VideoStatus.FAILED)
    batch = account.batch()
    requeued = account.queue.plan_requeue(batch, [failed])
    assert ada.delete("/batch/b7f3").status == 204
    with pytest.raises(BatchChanged):
        account.queue.requeue(batch, [failed], LATER)
    with pytest.raises(BatchNotFound):
        account.batches.reopen(batch, requeued, LATER)


VIDEO_1 = {"item_id": item_id(1), "position": 1, "video_id": video_id(1), "order_version": 0}
AFTER_CANCELLING: dict[str, Callable[[Account, Client], Any]] = {
    "deletion": lambda _, ada: ada.delete("/batch/b7f3"),
    "end of the video": lambda account, _: account.invoke("summarize_video", {**EVENT, "video": VIDEO_1}),
    "end of the execution": lambda account, _: account.invoke("load_next_videos", EVENT),
    "sweep": lambda account, _: account.invoke("resume_interrupted", {}),
}


def orders() -> list[tuple[str, ...]]:
    """Six of the 24 orders, in which any three of the events come in each of their six orders."""
    first, second, third, fourth = AFTER_CANCELLING
    return [
        *((first, second, third, fourth), (first, fourth, third, second), (second, fourth, first, third)),
        *((third, second, first, fourth), (third, fourth, first, second), (fourth, second, third, first)),
    ]


@pytest.mark.parametrize("order", orders(), ids=", ".join)
def test_a_batch_that_is_deleted_while_its_video_ends_is_gone_at_once_and_nothing_of_it_stays(
    account: Account, ada: Client, order: Sequence[str]
) -> None:
    assert account.mailbox
    account.drive(account.begin_batch(2, settings=BatchSettings(model="extractive")))
    take(account)
    captions = transcript(["Bread needs time.", "Salt comes last."], video_id=video_id(1))
    account.archive.put_transcript("ada", captions, None)
    account.invoke("fetch_transcript", {**EVENT, "video": VIDEO_1})
    account.batches.cancel(account.batch(), NOW)
    is_deleted = False
    for event in (*order, "end of the execution", "sweep"):
        with suppress(BatchNotFound):
            AFTER_CANCELLING[event](account, ada)
        is_deleted = is_deleted or event == "deletion"
        if is_deleted:
            assert ada.get("/batch/b7f3").status == ada.post("/batch/b7f3/retry").status == 404
            assert (ada.get("/batch").json["batches"], ada.get("/summaries").json["summaries"]) == ([], [])
            assert ada.get(f"/summaries/b7f3-{item_id(1)}").status == 404
    assert ada.delete("/batch/b7f3").status == 204
    assert [record["sk"] for record in account.table.scan()["Items"]] == ["DELETED#b7f3"]
    assert account.s3.list_objects_v2(Bucket=account.bucket).get("Contents", []) == []
    assert (account.read_mail(), account.executions()) == ([], ["b7f3"])


def test_a_deletion_that_is_repeated_answers_the_same_until_it_is_carried_out(account: Account, ada: Client) -> None:
    account.batches.cancel(account.begin_batch(1), NOW)
    for _ in range(2):
        answer = ada.delete("/batch/b7f3")
        assert (answer.status, answer.json) == (202, {"id": "b7f3", "deletion": "under_way"})
        assert ada.delete("/batch/b7f3/cancel").status == 404
    account.invoke("load_next_videos", EVENT)
    for _ in range(2):
        assert ada.delete("/batch/b7f3").status == 204


@contextmanager
def before_the_deletion_is_written(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> Iterator[None]:
    """Acts between the moment when a request reads the batch and the one when it deletes it."""
    begin, acted = Deletions.begin, []

    def begin_after(deletions: Deletions, batch: Batch, now: datetime) -> Batch:
        if not acted:
            acted.append(act())
        return begin(deletions, batch, now)

    with monkeypatch.context() as patch:
        patch.setattr(Deletions, "begin", begin_after)
        yield


def test_a_batch_whose_execution_ends_while_it_is_deleted_is_deleted_at_once(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.batches.cancel(account.begin_batch(1), NOW)
    with before_the_deletion_is_written(monkeypatch, lambda: account.invoke("load_next_videos", EVENT)):
        assert ada.delete("/batch/b7f3").status == 204
    assert [record["sk"] for record in account.table.scan()["Items"]] == ["DELETED#b7f3"]


def test_a_batch_that_is_retried_while_it_is_deleted_stays(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    take(account)
    account.fail(1, error=YouTubeUnreachable())
    account.batches.cancel(account.batch(), NOW)

    def retry() -> None:
        account.invoke("load_next_videos", EVENT)
        assert ada.post("/batch/b7f3/retry").status == 202

    with before_the_deletion_is_written(monkeypatch, retry):
        refused = ada.delete("/batch/b7f3")
    assert (refused.status, refused.error["code"]) == (409, "wrong_state")
    assert "Item" not in account.table.get_item(Key=deletion_key("ada", "b7f3"))
    assert (account.batch().status, account.batch().deleted_at) == (BatchStatus.PROCESSING, None)


def test_a_draft_that_is_deleted_while_it_is_checked_ends_its_check(account: Account, ada: Client) -> None:
    account.create_batch(2, status=BatchStatus.DRAFT, preflight=Preflight())
    assert account.invoke("load_next_videos", EVENT)["action"] == "check"
    assert ada.delete("/batch/b7f3").status == 202
    assert ada.post("/batch/b7f3/start").status == 404
    assert account.invoke("load_next_videos", EVENT)["action"] == "stop"
    account.invoke("resume_interrupted", {})
    assert [record["sk"] for record in account.table.scan()["Items"]] == ["DELETED#b7f3"]


def test_a_deleted_batch_whose_execution_is_lost_is_still_deleted(account: Account, ada: Client) -> None:
    account.batches.cancel(account.begin_batch(1), NOW)
    assert ada.delete("/batch/b7f3").status == 202
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3"]
    account.invoke("load_next_videos", EVENT)
    account.invoke("resume_interrupted", {})
    assert [record["sk"] for record in account.table.scan()["Items"]] == ["DELETED#b7f3"]


@pytest.mark.parametrize("is_checked", [False, True], ids=["before its check", "while it is checked"])
def test_a_draft_that_is_read_before_a_forecast_comes_can_have_the_video_left_out(
    account: Account, is_checked: bool
) -> None:
    preflights = Preflights(account.table)
    account.create_batch(2, status=BatchStatus.DRAFT, run=0, preflight=Preflight() if is_checked else None)
    seen = account.batch()
    if not is_checked:
        preflights.begin_preflight(seen, NOW)
    forecast = Forecast(
        language="English", language_code="en", caption_kind="manual", duration_seconds=Decimal(60), tokens_in=900
    )
    preflights.note_forecast("ada", "b7f3", Item(id=item_id(1), video_id=video_id(1), forecast=forecast), NOW)
    left_out = account.skip(1, batch=seen)
    assert left_out == account.batch()
    assert left_out.preflight
    assert (left_out.skipped, left_out.preflight.checked, left_out.preflight.tokens_in) == (1, 0, 0)


def test_a_video_that_never_failed_cannot_be_retried_by_its_name(account: Account, ada: Client) -> None:
    an_ended_batch(account, "b7f3", "completed")
    answer = ada.post("/batch/b7f3/retry", {"item_ids": [item_id(1), item_id(2)]})
    assert answer.status == 422
    assert [detail["message"] for detail in answer.error["details"]] == ["00001 did not fail"]


def test_an_idempotency_key_is_free_again_after_a_day_also_while_its_record_is_still_there(account: Account) -> None:
    first = account.batches.claim_request("ada", "key", "request", "first", NOW)
    again = account.batches.claim_request("ada", "key", "request", "second", NOW + timedelta(hours=23))
    next_night = account.batches.claim_request("ada", "key", "request", "third", NOW + timedelta(hours=24))
    assert (first, again, next_night) == ("first", "first", "third")
    assert account.table.get_item(Key=request_key("ada", "key"))["Item"]["batch_id"] == "third"


def test_a_deletion_is_remembered_for_longer_than_the_key_that_made_the_batch(account: Account) -> None:
    """This holds where a host's clock is slow, and while a request that has read the key is still running."""
    account.batches.claim_request("ada", "key", "request", "b7f3", NOW)
    draft = account.create_batch(1, status=BatchStatus.DRAFT, run=0, has_no_execution=True)
    account.deletions.begin(draft, NOW)
    account.deletions.finish("ada", "b7f3", NOW)
    key, note = (
        account.table.get_item(Key=each)["Item"] for each in (request_key("ada", "key"), deletion_key("ada", "b7f3"))
    )
    assert note["expires_at"] - key["expires_at"] >= timedelta(minutes=15).total_seconds()


# --- What the workflow left undone ---


def test_a_digest_that_was_due_when_the_workflow_gave_up_is_made_by_a_retry(account: Account, ada: Client) -> None:
    account.begin_batch(2, settings=BatchSettings(model="extractive", options=SummaryOptions(digest=True)))
    account.complete(*take(account))
    account.batches.fail(account.batch(), WorkflowStuck(), NOW)
    assert ada.get("/batch/b7f3").json["digest"]["status"] == "failed"
    assert ada.post("/batch/b7f3/retry").status == 202
    assert account.invoke("load_next_videos", {**EVENT, "run": account.batch().execution.run})["action"] == "digest"


def test_a_block_ends_the_check_of_a_draft_at_once(account: Account, youtube: FakeTranscripts) -> None:
    account.create_batch(3, status=BatchStatus.DRAFT, preflight=Preflight(), has_no_execution=False)
    videos = account.invoke("load_next_videos", EVENT)["videos"]
    blocked = {**EVENT, "video": videos[0], "error": caught(YouTubeBlocked())}
    account.invoke("pause_batch", blocked)
    for video in videos[1:]:
        account.invoke("fetch_transcript", {**EVENT, "video": video})
    assert youtube.asked == []


def test_an_invocation_that_is_repeated_sends_no_second_email(account: Account) -> None:
    assert account.mailbox
    account.begin_batch(1)
    account.complete(*take(account))
    account.batches.complete(account.batch(), datetime.now(UTC))
    for _ in range(3):  # Lambda repeats an event under the same request id, which is the default of these tests
        account.invoke("notify_owner", EVENT)
    assert len(account.read_mail()) == 1


# --- Commands that meet the workflow ---


def test_a_pause_holds_when_the_batch_would_wake_at_that_moment(account: Account) -> None:
    account.begin_batch(1)
    blocked = account.batches.pause_for(account.batch(), YouTubeBlocked(), NOW)
    account.batches.pause(account.batch(), NOW)
    with pytest.raises(BatchChanged):
        account.batches.resume(blocked, LATER)
    paused = account.batch()
    assert paused.status is BatchStatus.PAUSED
    assert paused.pause
    assert paused.pause.code == "paused_by_user"


def before_the_first(monkeypatch: pytest.MonkeyPatch, account: Account, command: str, act: Callable[[], Any]) -> None:
    """Lets somebody `act` after a function has read the batch, and before it carries out this command with it."""
    carry_out, acted = getattr(Batches, command), list[bool]()

    def late(batches: Batches, *given: Any, **more: Any) -> Any:
        if not acted:
            acted.append(True)
            with account.meanwhile():
                act()
        return carry_out(batches, *given, **more)

    monkeypatch.setattr(Batches, command, late)


def rename(account: Account) -> Batch:
    return account.batches.rename("ada", "b7f3", "Bread", LATER)


def test_a_batch_that_is_renamed_when_its_workflow_pauses_it_pauses_and_warns_the_others(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    video = {"id": "00001", "video_id": video_id(1)}
    before_the_first(monkeypatch, account, "pause_for", lambda: rename(account))
    account.invoke("pause_batch", {**EVENT, "video": video, "error": caught(YouTubeBlocked())})
    batch = account.batch()
    assert (batch.status, batch.pause and batch.pause.code, batch.name) == (
        BatchStatus.PAUSED,
        "youtube_blocked",
        "Bread",
    )
    assert len(Outages(account.table).reports()) == 1


@pytest.mark.parametrize(("command", "status"), [("pause", BatchStatus.PAUSED), ("cancel", BatchStatus.CANCELLED)])
def test_a_batch_that_its_user_stops_when_its_workflow_pauses_it_stays_as_they_left_it(
    account: Account, monkeypatch: pytest.MonkeyPatch, command: str, status: BatchStatus
) -> None:
    account.begin_batch(2)
    video = {"id": "00001", "video_id": video_id(1)}
    stop = getattr(account.batches, command)
    before_the_first(monkeypatch, account, "pause_for", lambda: stop(account.batch(), LATER))
    account.invoke("pause_batch", {**EVENT, "video": video, "error": caught(YouTubeBlocked())})
    batch = account.batch()
    assert (batch.status, batch.updated_at) == (status, LATER)
    assert Outages(account.table).reports() == []


def test_the_sweep_halts_a_batch_that_is_renamed_at_that_moment(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    Halts(account.table).stop("ada", NOW)
    before_the_first(monkeypatch, account, "pause_after_current", lambda: rename(account))
    account.invoke("resume_interrupted", {})
    batch = account.batch()
    assert (batch.pause and batch.pause.code, batch.name) == (StoppedByOperator.code, "Bread")


def test_the_sweep_resumes_a_batch_that_is_renamed_at_that_moment(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    halted = pause_because(StoppedByOperator(), account.begin_batch(2), NOW)
    account.batches.pause_after_current(account.batch(), halted, NOW)
    before_the_first(monkeypatch, account, "resume", lambda: rename(account))
    account.invoke("resume_interrupted", {})
    assert (account.batch().status, account.batch().name) == (BatchStatus.PROCESSING, "Bread")


def test_a_batch_that_is_paused_when_its_workflow_fails_ends_and_says_why(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    before_the_first(monkeypatch, account, "fail", lambda: account.batches.pause(account.batch(), LATER))
    account.invoke("mark_batch_failed", {**EVENT, "error": caught(WorkflowStuck())})
    batch = account.batch()
    assert (batch.status, batch.error and batch.error.code) == (BatchStatus.FAILED, WorkflowStuck.code)


def test_a_playlist_that_is_added_while_a_draft_is_parked_is_read_by_a_new_execution(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request has read the draft while its execution was about to end."""
    account.drive(account.create_batch(1, status=BatchStatus.DRAFT))
    write, ended = QueueEditor.write_items, list[str]()

    def while_it_ends(editor: QueueEditor, *given: Any) -> Any:
        if not ended:
            with account.meanwhile():
                ended.append(account.invoke("load_next_videos", EVENT)["action"])
                account.stop_execution("b7f3")
        return write(editor, *given)

    monkeypatch.setattr(QueueEditor, "write_items", while_it_ends)
    playlist = f"https://www.youtube.com/playlist?list=PL{'0' * 16}"
    assert ada.post("/batch/b7f3/items", {"urls": [playlist]}).status == 202
    assert (ended, account.executions()) == (["stop"], ["b7f3", "b7f3-2"])


def test_a_step_that_was_lost_makes_no_count_exceed_the_total(account: Account) -> None:
    """The late step completes its video after the rest was counted as skipped; then a failed video is retried."""
    account.begin_batch(3)
    take(account)
    account.fail(1)
    account.batches.cancel(account.batch(), NOW)
    account.batches.park(account.batch(), NOW)
    account.complete(2)
    seen = account.batch()
    failed = [item for item in account.queue.all_items(seen) if item.status is VideoStatus.FAILED]
    reopened = account.batches.reopen(seen, account.queue.plan_requeue(seen, failed), LATER)
    assert (reopened.completed, reopened.failed, reopened.skipped, progress.remaining(reopened)) == (1, 0, 1, 1)


def test_a_step_of_an_older_run_counts_nothing(account: Account) -> None:
    account.begin_batch(2)
    take(account)
    account.batches.adopt(account.batch(), 2, NOW)
    late = Item(id=item_id(1), video_id=video_id(1), tokens_in=900, cost_usd=Decimal("0.01"))
    assert not account.videos.complete(BatchRun("ada", "b7f3", 1), late, Decimal(0), NOW)
    refused = replace(late, error=YouTubeUnreachable().as_problem())
    assert not account.videos.fail(BatchRun("ada", "b7f3", 1), refused, NOW)
    batch = account.batch()
    assert (batch.completed, batch.failed, progress.remaining(batch)) == (0, 0, 2)


def test_the_sweep_gives_no_execution_to_a_batch_at_rest_that_its_index_still_names(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_ended_batch(account, "b7f3", "cancelled")
    listed: Callable[..., Any] = lambda _batches: [("ada", "b7f3")]  # noqa: E731 - the index is a moment behind
    monkeypatch.setattr("skimlist.jobs.batches.Batches.list_active", listed)
    account.invoke("resume_interrupted", {})
    assert account.executions() == []


def test_the_sweep_finds_a_batch_again_that_an_execution_has_taken_over(account: Account) -> None:
    an_ended_batch(account, "b7f3", "cancelled")
    account.batches.adopt(account.batch(), 2, NOW)
    assert account.batches.list_active() == [("ada", "b7f3")]
    account.batches.park(account.batch(), NOW)
    assert account.batches.list_active() == []


def test_the_execution_that_took_over_a_batch_parks_it_after_its_users_pause(account: Account) -> None:
    account.begin_batch(1)
    account.batches.pause(account.batch(), NOW)
    account.batches.adopt(account.batch(), 2, NOW)
    assert account.batches.list_active() == [("ada", "b7f3")]
    account.batches.park(account.batch(), NOW)
    assert account.batches.list_active() == []


# --- What was stored or read at the wrong moment ---


def test_a_pause_ends_with_the_batch(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.batches.pause(account.batch(), NOW)
    failed = account.batches.fail(account.batch(), WorkflowStuck(), NOW)
    assert failed.pause is None
    old = Pause(code="paused_by_user", message="You paused this batch.", advice="", since=NOW, until=None, times=0)
    stored = {"code": old.code, "message": old.message, "advice": "", "since": NOW.isoformat(), "times": 0}
    account.table.update_item(
        Key=batch_key("ada", "b7f3"), AttributeUpdates={"pause": {"Value": stored, "Action": "PUT"}}
    )
    assert ada.get("/batch/b7f3").json["pause"] is None
    assert account.reopen().pause is None


def test_a_video_took_no_less_than_no_time_whatever_two_clocks_say(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    take(account)
    ahead = CurrentVideo(item_id=item_id(1), position=1, stage=Stage.FETCHING, started_at=LATER, run=1)
    done = Item(id=item_id(1), video_id=video_id(1), started_at=ahead.started_at)
    account.videos.complete(BatchRun("ada", "b7f3", 1), done, Decimal(0), NOW)
    account.complete(2)
    account.table.update_item(  # as it was stored before
        Key=item_key("b7f3", item_id(2)),
        AttributeUpdates={"processing_time_seconds": {"Value": Decimal("-0.4"), "Action": "PUT"}},
    )
    items = ada.get("/batch/b7f3").json["items"]
    assert [item["processing_time_seconds"] for item in items] == [0, 0]


def test_a_batch_is_found_right_after_it_was_made(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.create_batch(1)
    original = BaseClient._make_api_call

    def read_late(client: BaseClient, operation: str, arguments: Any) -> Any:
        if operation == "GetItem" and not arguments.get("ConsistentRead"):
            return {}
        return original(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", read_late)
    assert account.batches.get("ada", "b7f3", consistent=False).id == "b7f3"
