"""Several videos are left out or put back by one request: all that can be, exactly once, however often it is sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key

from skimlist.errors import StorageUnavailable
from skimlist.jobs import queue_editor as queue_editor_module
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.records import item_id
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo, Preflight, PreflightStatus
from skimlist.models.selection import NOT_SELECTED
from skimlist.models.settings import BatchSettings
from skimlist.models.video import Forecast, Item, Redo, Stage
from testkit.account import NOW, Account, video_id
from testkit.api_client import Answer, Client


def skip(client: Client, *numbers: int) -> Answer:
    return client.post("/batch/b7f3/skip", {"item_ids": [item_id(number) for number in numbers]})


def restore(client: Client, *numbers: int) -> Answer:
    return client.post("/batch/b7f3/restore", {"item_ids": [item_id(number) for number in numbers]})


def counts(answer: Answer) -> tuple[int, int, int, int]:
    progress = answer.json["progress"]
    return progress["completed"], progress["failed"], progress["skipped"], progress["left"]


def claim(account: Account, number: int) -> None:
    batch = account.batch()
    current = CurrentVideo(
        item_id=item_id(number), position=number, stage=Stage.FETCHING, started_at=NOW, run=batch.execution.run
    )
    assert account.videos.claim("ada", "b7f3", current, batch.queue.order_version, NOW)


def redo(account: Account, *numbers: int) -> None:
    settings = BatchSettings(model="extractive")
    for number in numbers:
        item = account.list_items(account.batch(), number - 1, 1)[0]
        again = Redo(id=f"redo {number}", settings=settings, tokens_in=0, tokens_out=0, cost_usd=Decimal(0))
        account.queue.apply(account.batch(), account.queue.plan_redo(account.batch(), item, again), NOW)


# --- Leaving out ---


def test_waiting_and_failed_videos_are_left_out_and_put_back_as_they_were(account: Account, ada: Client) -> None:
    account.begin_batch(6)
    account.next_page(account.batch())
    account.complete(1)
    account.fail(2, 3)
    before, shown = account.batch(), ada.get("/batch/b7f3").json
    for _ in range(2):
        answer = skip(ada, 5, 2, 4, 5)
        assert (answer.status, answer.json["too_late"], counts(answer)) == (202, [], (1, 1, 3, 1))
        assert account.batch().revision == before.revision + 1
    assert account.statuses() == ["completed", "skipped", "failed", "skipped", "skipped", "pending"]
    for _ in range(2):
        answer = restore(ada, 5, 2, 4)
        assert (answer.status, answer.json["too_late"]) == (202, [])
        assert account.batch().revision == before.revision + 2
    after = ada.get("/batch/b7f3").json
    assert (after["progress"], after["items"]) == (shown["progress"], shown["items"])
    assert account.batch() == replace(before, revision=account.batch().revision, updated_at=account.batch().updated_at)


def test_many_videos_are_left_out_and_put_back_in_as_few_transactions_as_dynamodb_allows(
    account: Account, ada: Client
) -> None:
    before = account.create_batch(120)
    out = range(1, 120)
    answer = skip(ada, *out)
    assert (answer.status, counts(answer)) == (202, (0, 0, 119, 1))
    assert account.statuses() == ["skipped"] * 119 + ["pending"]
    assert account.batch().revision == before.revision + 2
    answer = restore(ada, *out)
    assert (answer.status, counts(answer)) == (202, (0, 0, 0, 120))
    assert account.statuses() == ["pending"] * 120
    assert account.batch().revision == before.revision + 4


def test_a_request_that_is_cut_off_is_finished_by_its_repetition(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_SKIPPED_AT_ONCE", "_RESTORED_AT_ONCE"):
        monkeypatch.setattr(queue_editor_module, name, 2)
    account.begin_batch(6)
    account.fail(5)
    wanted = (1, 2, 3, 5, 6)
    with monkeypatch.context() as patch:
        cut_off_after(patch, 1)
        assert skip(ada, *wanted).status == 503
    assert account.batch().skipped == 2
    assert counts(skip(ada, *wanted)) == (0, 0, 5, 1)
    with monkeypatch.context() as patch:
        cut_off_after(patch, 2)
        assert restore(ada, *wanted).status == 503
    assert account.batch().skipped == 1
    assert counts(restore(ada, *wanted)) == (0, 1, 0, 5)
    assert account.statuses() == [*["pending"] * 4, "failed", "pending"]


def cut_off_after(patch: pytest.MonkeyPatch, transactions: int) -> None:
    """Lets the editor make so many transactions and no more."""
    real, made = QueueEditor.update_batch, list[None]()

    def update(editor: QueueEditor, *given: Any) -> Batch | None:
        if len(made) == transactions:
            raise StorageUnavailable
        made.append(None)
        return real(editor, *given)

    patch.setattr(QueueEditor, "update_batch", update)


def test_a_video_that_begins_at_that_moment_is_named_and_the_others_are_left_out(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(3)
    account.next_page(account.batch())
    real, begun = QueueEditor._skip_at_once, list[None]()

    def begin_and_skip(editor: QueueEditor, *given: Any) -> Batch:
        if not begun:
            begun.append(None)
            with account.meanwhile():
                claim(account, 1)
        return real(editor, *given)

    monkeypatch.setattr(QueueEditor, "_skip_at_once", begin_and_skip)
    answer = skip(ada, 1, 2, 3)
    assert (answer.status, answer.json["too_late"], counts(answer)) == (202, ["00001"], (0, 0, 2, 1))
    account.complete(1)
    again = skip(ada, 1, 2, 3)
    assert (again.status, again.json["too_late"], counts(again)) == (202, ["00001"], (1, 0, 2, 0))


def test_videos_that_have_all_begun_or_ended_are_not_left_out(account: Account, ada: Client) -> None:
    account.begin_batch(3)
    account.next_page(account.batch())
    account.complete(1)
    claim(account, 2)
    before = account.batch()
    answer = skip(ada, 1, 2)
    assert (answer.status, answer.error["code"], account.batch()) == (409, "wrong_state", before)


@pytest.mark.parametrize("command", ["skip", "restore"])
def test_videos_that_the_batch_does_not_have_are_named_and_nothing_changes(
    account: Account, ada: Client, command: str
) -> None:
    account.create_batch(3)
    account.skip(3)
    before = account.batch()
    answer = ada.post(f"/batch/b7f3/{command}", {"item_ids": ["00009", "00001", "x", "00003"]})
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert [detail["message"] for detail in answer.error["details"]] == [
        "00009 is not in the batch",
        "x is not in the batch",
    ]
    assert account.batch() == before
    assert account.statuses() == ["pending", "pending", "skipped"]


@pytest.mark.parametrize("command", ["skip", "restore"])
@pytest.mark.parametrize("body", [None, {}, {"item_ids": []}, {"item_ids": ["00001"] * 5_001}, {"item_ids": [1]}])
def test_a_request_that_names_no_videos_or_too_many_is_refused(
    account: Account, ada: Client, command: str, body: Any
) -> None:
    before = account.create_batch(1)
    assert ada.post(f"/batch/b7f3/{command}", body).status in {400, 422}
    assert account.batch() == before


@pytest.mark.parametrize("end", ["cancelled", "completed"])
def test_waiting_videos_of_a_batch_that_has_ended_are_not_left_out(account: Account, ada: Client, end: str) -> None:
    before = account.create_batch(2, status=BatchStatus(end))
    answer = skip(ada, 1, 2)
    assert (answer.status, answer.error["code"], account.batch()) == (409, "wrong_state", before)


def test_a_repetition_is_answered_although_the_batch_has_ended_without_its_videos(
    account: Account, ada: Client
) -> None:
    account.begin_batch(3)
    account.complete(1)
    skip(ada, 2, 3)
    account.batches.complete(account.batch(), NOW)
    answer = skip(ada, 2, 3)
    assert (answer.status, answer.json["status"], counts(answer)) == (202, "completed", (1, 0, 2, 0))


def test_finished_videos_that_wait_for_a_new_summary_keep_the_old_one(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "_WITHDRAWN_AT_ONCE", 2)
    account.begin_batch(6)
    account.next_page(account.batch())
    account.complete(1, 2, 3, 4)
    account.next_page(account.batch())
    redo(account, 1, 2, 4)
    assert account.queue.order("b7f3").requeued == (1, 2, 4)
    for _ in range(2):
        answer = skip(ada, 1, 2, 3, 4, 5)
        assert (answer.status, answer.json["too_late"], counts(answer)) == (202, ["00003"], (4, 0, 1, 1))
    assert [item["redo"] for item in ada.get("/batch/b7f3").json["items"]] == [None] * 6
    assert account.queue.order("b7f3").requeued == ()


# --- Putting back ---


def test_completed_videos_stay_as_they_are_when_others_are_put_back(account: Account, ada: Client) -> None:
    account.begin_batch(3)
    account.complete(1, 2)
    account.skip(3)
    assert restore(ada, 1, 2).status == 409
    assert ada.post("/batch/b7f3/items/00001/restore").error["message"] == (
        "The video is completed; only a video that was left out can be put back."
    )
    answer = restore(ada, 1, 2, 3)
    assert (answer.status, answer.json["too_late"], counts(answer)) == (202, ["00001", "00002"], (2, 0, 0, 1))


def test_a_completed_batch_is_reopened_once_for_all_that_are_put_back(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "_RESTORED_AT_ONCE", 2)
    account.begin_batch(6)
    account.next_page(account.batch())
    account.complete(1)
    account.fail(2)
    account.skip(2, 3, 4, 5, 6)
    account.batches.complete(account.batch(), NOW)
    for _ in range(2):
        answer = restore(ada, 2, 3, 4, 5, 6)
        assert (answer.status, answer.json["status"], counts(answer)) == (202, "processing", (1, 1, 0, 4))
    assert account.executions() == ["b7f3-2"]
    page = account.next_page(account.batch())
    assert page
    assert [item.id for item in page] == [item_id(number) for number in (3, 4, 5, 6)]


def test_a_completed_batch_is_reopened_with_videos_that_wait_even_if_the_rest_is_cut_off(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "_RESTORED_AT_ONCE", 2)
    account.begin_batch(5)
    account.fail(1, 2)
    account.skip(1, 2, 3, 4, 5)
    account.batches.complete(account.batch(), NOW)
    with monkeypatch.context() as patch:
        cut_off_after(patch, 0)
        assert restore(ada, 1, 2, 3, 4, 5).status == 503
    assert account.statuses() == ["skipped", "skipped", "pending", "pending", "skipped"]
    answer = restore(ada, 1, 2, 3, 4, 5)
    assert (answer.status, answer.json["status"], counts(answer)) == (202, "processing", (0, 2, 0, 3))
    assert account.executions() == ["b7f3-2"]


@pytest.mark.parametrize("end", ["cancelled", "completed"])
def test_failed_videos_are_put_back_into_a_batch_that_has_ended_without_a_new_attempt(
    account: Account, ada: Client, end: str
) -> None:
    account.begin_batch(3)
    account.fail(1, 2)
    account.skip(3)
    if end == "completed":
        account.batches.complete(account.batch(), NOW)
    else:
        account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    account.skip(1, 2)
    answer = restore(ada, 1, 2)
    assert (answer.status, answer.json["status"], counts(answer)) == (202, end, (0, 2, 1, 0))
    assert account.executions() == []


def test_videos_of_a_cancelled_batch_are_not_put_back(account: Account, ada: Client) -> None:
    account.begin_batch(3)
    account.fail(1)
    account.skip(1, 2)
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    before = account.batch()
    answer = restore(ada, 1, 2)
    assert (answer.status, answer.error["code"], account.batch()) == (409, "wrong_state", before)


def test_videos_that_a_selection_left_out_are_put_back_only_if_the_day_has_room_for_all(
    account: Account, ada: Client
) -> None:
    account.parameters["VideosPerDayPerUser"] = "2"
    account.create_batch(3)
    account.skip(1, 2, 3)
    for number in (1, 2, 3):
        account.table.update_item(
            Key={"pk": "BATCH#b7f3", "sk": f"ITEM#{item_id(number)}"},
            AttributeUpdates={"error": {"Value": not_selected(), "Action": "PUT"}},
        )
    before = account.batch()
    assert (restore(ada, 1, 2, 3).status, account.batch()) == (429, before)
    assert counts(restore(ada, 1, 3)) == (0, 0, 1, 2)
    assert restore(ada, 1, 2, 3).status == 429
    assert counts(restore(ada, 1, 3)) == (0, 0, 1, 2)


def not_selected() -> dict[str, Any]:
    return {"code": NOT_SELECTED, "message": "This is a Short.", "advice": "", "retryable": False}


def test_forecasts_leave_the_sums_of_a_draft_with_their_videos_and_come_back(account: Account, ada: Client) -> None:
    account.create_batch(4, status=BatchStatus.DRAFT, preflight=Preflight.begun(), has_no_execution=True)
    note_forecasts(account, 1, 2, 3)
    before = account.batch()
    answer = skip(ada, 1, 3)
    sums = answer.json["preflight"]
    assert (answer.status, sums["checked"], sums["tokens_in"], sums["cost_usd"]) == (202, 1, 200, 0.02)
    assert account.batch().preflight.cost_by_model == {"openai": Decimal("0.02")}
    assert restore(ada, 1, 3).status == 202
    assert account.batch().preflight == before.preflight
    assert account.executions() == []


def note_forecasts(account: Account, *numbers: int) -> None:
    """Notes forecasts whose tokens are the hundreds, and whose cost the cents, of the videos' numbers."""
    for number in numbers:
        cost = Decimal(number) / 100
        forecast = Forecast(
            language="English",
            language_code="en",
            caption_kind="manual",
            duration_seconds=Decimal(60),
            tokens_in=100 * number,
            cost_usd=cost,
            cost_by_model={"openai": cost},
        )
        item = Item(id=item_id(number), video_id=video_id(number), forecast=forecast)
        assert Preflights(account.table).note_forecast("ada", "b7f3", item, NOW)


def test_unchecked_videos_are_checked_when_they_are_put_back_even_if_the_first_request_was_cut_off(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "_RESTORED_AT_ONCE", 1)
    checked_draft(account, 4)
    note_forecasts(account, 3, 4)
    skip(ada, 1, 2, 3)
    with monkeypatch.context() as patch:
        cut_off_after(patch, 2)
        assert restore(ada, 1, 2, 3).status == 503
    # The one that is checked already came first.
    assert account.statuses() == ["pending", "skipped", "pending", "pending"]
    assert (account.executions(), videos_today(account)) == ([], 0)
    for _ in range(2):
        answer = restore(ada, 1, 2, 3)
        assert (answer.status, answer.json["preflight"]["status"], counts(answer)) == (202, "checking", (0, 0, 0, 4))
        assert (account.executions(), videos_today(account)) == (["b7f3-2"], 2)


def test_videos_that_are_put_back_during_a_check_count_towards_the_day(account: Account, ada: Client) -> None:
    checked_draft(account, 3)
    note_forecasts(account, 3)
    skip(ada, 1, 2)
    for number in (1, 2):
        assert restore(ada, number).json["preflight"]["status"] == "checking"
        assert videos_today(account) == number


@pytest.mark.parametrize("status", [PreflightStatus.READY, PreflightStatus.STOPPED])
def test_videos_that_wait_already_begin_no_check_of_those_that_could_not_be_checked(
    account: Account, ada: Client, status: PreflightStatus
) -> None:
    checked_draft(account, 3, status)
    note_forecasts(account, 3)
    before = account.batch()
    assert restore(ada, 1, 2, 3).status == 202
    assert ada.post("/batch/b7f3/items/00001/restore").status == 202
    assert (account.batch(), account.executions(), videos_today(account)) == (before, [], 0)


def test_a_draft_that_is_started_meanwhile_is_not_checked(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "_RESTORED_AT_ONCE", 1)
    checked_draft(account, 3)
    skip(ada, 1, 2)
    real, started = QueueEditor.apply, list[None]()

    def apply_and_start(editor: QueueEditor, *given: Any) -> Batch:
        applied = real(editor, *given)
        if started:
            return applied
        started.append(None)
        with account.meanwhile():
            return account.batches.start(applied, NOW)

    monkeypatch.setattr(QueueEditor, "apply", apply_and_start)
    answer = restore(ada, 1, 2)
    assert (answer.status, answer.json["status"], counts(answer)) == (202, "pending", (0, 0, 0, 3))
    assert answer.json["preflight"]["status"] == "ready"
    assert videos_today(account) == 0


def checked_draft(account: Account, total: int, status: PreflightStatus = PreflightStatus.READY) -> None:
    account.parameters["VideosPerDayPerUser"] = "9"
    checked = replace(Preflight.begun(), status=status)
    account.create_batch(total, status=BatchStatus.DRAFT, preflight=checked, has_no_execution=True)


def videos_today(account: Account) -> int:
    days = account.table.query(KeyConditionExpression=Key("pk").eq("USER#ada") & Key("sk").begins_with("DAY#"))
    return sum(int(day["videos"]) for day in days["Items"])
