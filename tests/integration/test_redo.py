"""A finished video is summarized again: what is requested and paid again, and what stays until then."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from local.model import Failure, FakeModelServer
from skimlist.config import Settings
from skimlist.errors import (
    BudgetReached,
    CaptionsDisabled,
    ModelAnswerInvalid,
    ModelKeyMissing,
    RedoModelNotOffered,
    StorageUnavailable,
    WorkflowStuck,
)
from skimlist.jobs.videos import Videos
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings
from skimlist.models.video import Item
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.functions import caught
from tests.fakes.summarizing import transcript

REDO = "/batch/b7f3/items/00001/redo"
CAPTIONS = [f"Sentence number {number} speaks of bread, water and salt." for number in range(40)]


def a_finished_batch(account: Account, videos: int = 1) -> Batch:
    account.begin_batch(videos, settings=BatchSettings(model="openai"))
    for number in range(1, videos + 1):
        captions = transcript(CAPTIONS, video_id=video_id(number), title=f"Talk {number}", channel="A speaker")
        account.archive.put_transcript("ada", captions, None)
    assert work_off(account) == [f"{number:05}" for number in range(1, videos + 1)]
    assert account.batch().status is BatchStatus.COMPLETED
    return account.batch()


def next_video(account: Account) -> dict[str, Any]:
    """Claims the next video; returns its event."""
    video = load(account)["videos"][0]
    event = batch_event(account, video=video)
    account.invoke("fetch_transcript", event)
    return event


def work_off(account: Account) -> list[str]:
    """Processes what is left like the workflow; returns the ids of the videos in the order of their processing."""
    done = []
    while videos := load(account)["videos"]:
        for video in videos:
            event = batch_event(account, video=video)
            account.invoke("fetch_transcript", event)
            account.invoke("summarize_video", event)
            done.append(video["item_id"])
    return done


def load(account: Account) -> dict[str, Any]:
    answer: dict[str, Any] = account.invoke("load_next_videos", batch_event(account))
    return answer


def batch_event(account: Account, **more: Any) -> dict[str, Any]:
    return {"user_id": "ada", "batch_id": "b7f3", "run": account.batch().execution.run, **more}


def the_item(account: Account) -> Item:
    return account.queue.all_items(account.batch())[0]


def test_a_redo_asks_and_pays_again_though_nothing_else_was_changed(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    before, item = a_finished_batch(account, 2), the_item(account)
    answer = ada.post(REDO)
    assert (answer.status, answer.json["status"], answer.json["progress"]["completed"]) == (202, "processing", 2)
    assert account.executions() == ["b7f3-2"]
    waiting = ada.get("/batch/b7f3").json["items"][0]
    assert (waiting["status"], waiting["redo"]) == ("completed", {"model": "openai", "summary_length": "standard"})
    assert ada.get(f"/summaries/{waiting['summary_id']}").status == 200
    assert work_off(account) == ["00001"]
    assert model.requests["asked"] == 3
    after, redone = account.batch(), the_item(account)
    assert (after.status, after.completed, after.failed, after.skipped) == (BatchStatus.COMPLETED, 2, 0, 0)
    assert after.cost_usd == before.cost_usd + item.cost_usd
    assert (redone.cost_usd, redone.tokens_in, redone.attempts) == (2 * item.cost_usd, 2 * item.tokens_in, 2)
    assert (redone.redo, redone.redo_error, redone.cached) == (None, None, False)
    assert (after.timed_videos, after.unverified) == (2, before.unverified)


def test_a_redo_can_take_another_model_and_length(account: Account, ada: Client, model: FakeModelServer) -> None:
    before = a_finished_batch(account)
    ada.post(REDO, {"model": "extractive", "summary_length": "brief"})
    assert work_off(account) == ["00001"]
    assert account.results.get("ada", "b7f3", "00001").model == "extractive"
    assert (account.batch().cost_usd, model.requests["asked"]) == (before.cost_usd, 1)
    assert account.batch().settings.model == "openai"


def test_a_redo_that_fails_leaves_the_summary_and_says_why(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    before, item = a_finished_batch(account), the_item(account)
    summary = account.results.get("ada", "b7f3", "00001")
    ada.post(REDO)
    event = next_video(account)
    assert the_item(account).stage == "fetching"
    for _ in range(2):
        account.invoke("record_failure", {**event, "error": caught(CaptionsDisabled())})
    assert work_off(account) == []
    shown = ada.get("/batch/b7f3").json["items"][0]
    assert (shown["status"], shown["error"], shown["redo"]) == ("completed", None, None)
    assert shown["redo_error"]["code"] == CaptionsDisabled.code
    after = account.batch()
    assert (after.completed, after.failed, after.cost_usd) == (1, 0, before.cost_usd)
    assert (after.timed_videos, after.processing_seconds) == (before.timed_videos, before.processing_seconds)
    kept = the_item(account)
    assert (kept.tldr, kept.tags, kept.completed_at) == (item.tldr, item.tags, item.completed_at)
    assert account.results.get("ada", "b7f3", "00001") == summary
    ada.post(REDO)
    assert work_off(account) == ["00001"]
    assert the_item(account).redo_error is None


def cut_off_before_it_counts(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> tuple[Batch, dict[str, Any]]:
    """Makes a redo that fails after its summary was stored and before it is counted.

    Returns the batch as it was before, and the event of the video.
    """
    before = a_finished_batch(account)
    ada.post(REDO)
    event = next_video(account)

    def die(*_: Any, **__: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch, pytest.raises(StorageUnavailable):
        patch.setattr(Videos, "complete", die)
        account.invoke("summarize_video", event)
    return before, event


def test_a_redo_that_is_cut_off_is_paid_once(
    account: Account, ada: Client, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, event = cut_off_before_it_counts(account, ada, monkeypatch)
    account.invoke("summarize_video", event)
    account.invoke("summarize_video", event)
    assert (model.requests["asked"], account.batch().cost_usd) == (2, 2 * before.cost_usd)


def test_a_redo_in_a_cancelled_batch_leaves_its_unread_playlist_alone(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    account.begin_batch(2, settings=BatchSettings(model="openai"))
    account.archive.put_transcript("ada", transcript(CAPTIONS, video_id=video_id(1)), None)
    account.invoke("summarize_video", next_video(account))
    playlist = f"https://www.youtube.com/playlist?list=PL{'0' * 16}"
    assert ada.post("/batch/b7f3/items", {"urls": [playlist]}).status == 202
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    assert ada.post(REDO).status == 202
    assert [video["item_id"] for video in load(account)["videos"]] == ["00001"]


def test_a_cancelled_batch_drops_its_redo(account: Account, ada: Client, model: FakeModelServer) -> None:
    a_finished_batch(account, 2)
    ada.post(REDO)
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    shown = ada.get("/batch/b7f3").json
    assert (shown["progress"]["completed"], shown["progress"]["skipped"]) == (2, 0)
    assert (shown["items"][0]["status"], shown["items"][0]["redo"]) == ("completed", None)
    ada.post("/batch/b7f3/items/00002/redo")
    assert work_off(account) == ["00002"]


def test_the_same_redo_is_asked_for_once_and_another_one_waits_for_it(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    a_finished_batch(account)
    for _ in range(2):
        assert ada.post(REDO).status == 202
    assert ada.post(REDO, {"model": "extractive"}).status == 409
    assert work_off(account) == ["00001"]


@pytest.mark.parametrize(
    ("item_id", "body", "status"),
    [("00001", {"model": "none"}, 422), ("00002", None, 409), ("00009", None, 404), ("00001", {"name": "x"}, 422)],
)
def test_only_a_finished_video_is_summarized_again_and_only_as_can_be_asked(
    account: Account, ada: Client, item_id: str, body: Any, status: int
) -> None:
    account.begin_batch(2)
    account.complete(1)
    before = account.batch()
    assert ada.post(f"/batch/b7f3/items/{item_id}/redo", body).status == status
    assert account.batch() == before


def test_a_redo_of_a_running_batch_comes_next_and_within_the_budget(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    a_finished_batch(account)
    ada.post(REDO)
    spent = account.batch().cost_usd
    account.batches.pause(account.batch(), NOW)
    account.batches.resume(account.batch(), NOW, by_user=True, max_cost_usd=spent + Decimal("0.000001"))
    event = next_video(account)
    with pytest.raises(Exception, match="would cost about"):
        account.invoke("summarize_video", event)
    assert account.batch().cost_usd == spent


# --- A redo that is withdrawn ---


def kept_summary(account: Account, ada: Client) -> Any:
    """Withdraws the redo of the first video, and returns it as it is shown then."""
    answer = ada.delete("/batch/b7f3/items/00001")
    assert answer.status == 202, answer.text
    return ada.get("/batch/b7f3").json["items"][0]


def test_a_redo_beyond_the_budget_can_be_withdrawn_and_no_longer_stops_the_batch(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    a_finished_batch(account)
    summary, spent = account.results.get("ada", "b7f3", "00001"), account.batch().cost_usd
    ada.post(REDO, {"model": "openai-large", "summary_length": "detailed"})
    assert ada.post("/batch/b7f3/items", {"urls": [video_id(2)]}).status == 202
    account.archive.put_transcript("ada", transcript(CAPTIONS, video_id=video_id(2), title="Talk 2"), None)
    account.batches.pause(account.batch(), NOW)
    account.batches.resume(account.batch(), NOW, by_user=True, max_cost_usd=2 * spent + Decimal("0.0002"))
    event = next_video(account)
    with pytest.raises(BudgetReached) as refused:
        account.invoke("summarize_video", event)
    account.invoke("pause_batch", {**event, "error": caught(refused.value)})
    assert load(account)["action"] == "halt"

    shown = kept_summary(account, ada)
    assert (shown["status"], shown["redo"], shown["redo_error"]) == ("completed", None, None)
    assert ada.post("/batch/b7f3/resume").status == 202
    assert work_off(account) == ["00002"]
    batch = account.batch()
    assert (batch.status, batch.completed, batch.skipped) == (BatchStatus.COMPLETED, 2, 0)
    assert account.results.get("ada", "b7f3", "00001") == summary


@pytest.mark.parametrize("is_served", [False, True], ids=["waiting", "handed out"])
def test_a_withdrawn_redo_leaves_nothing_to_do_and_can_be_requested_again(
    account: Account, ada: Client, model: FakeModelServer, is_served: bool
) -> None:
    a_finished_batch(account)
    ada.post(REDO)
    videos = load(account)["videos"] if is_served else []
    kept_summary(account, ada)
    for video in videos:
        account.invoke("fetch_transcript", batch_event(account, video=video))
    assert account.batch().current is None
    assert work_off(account) == []
    assert account.batch().status is BatchStatus.COMPLETED
    assert ada.post("/batch/b7f3/retry").status == 409
    before = account.batch()
    again = ada.delete("/batch/b7f3/items/00001")  # the response to the first request was lost
    assert (again.status, again.json["status"], account.batch()) == (202, "completed", before)
    assert model.requests["asked"] == 1
    ada.post(REDO)
    assert work_off(account) == ["00001"]
    assert ada.delete("/batch/b7f3/items/00001").status == 409


def test_a_redo_whose_failed_attempt_was_paid_keeps_that_cost_when_it_is_withdrawn(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    a_finished_batch(account)
    ada.post(REDO)
    model.fail(Failure.NOT_JSON, times=2)
    with pytest.raises(ModelAnswerInvalid):
        account.invoke("summarize_video", next_video(account))
    account.batches.pause_for(account.batch(), ModelKeyMissing(), NOW)
    paid = account.batch().cost_usd
    assert Decimal(str(kept_summary(account, ada)["cost_usd"])) == paid
    ada.post("/batch/b7f3/resume")
    ada.post(REDO)
    assert work_off(account) == ["00001"]
    assert the_item(account).cost_usd == account.batch().cost_usd > paid


def test_a_redo_that_the_end_of_its_batch_has_cut_off_can_be_withdrawn(
    account: Account, ada: Client, model: FakeModelServer
) -> None:
    a_finished_batch(account)
    ada.post(REDO)
    load(account)
    account.batches.fail(account.batch(), WorkflowStuck(), NOW)
    assert kept_summary(account, ada)["redo"] is None
    ada.post(REDO)
    assert work_off(account) == ["00001"]


def test_a_redo_under_way_is_not_withdrawn(account: Account, ada: Client, model: FakeModelServer) -> None:
    a_finished_batch(account)
    ada.post(REDO)
    event = next_video(account)
    refused = ada.delete("/batch/b7f3/items/00001")
    assert (refused.status, refused.error["code"]) == (409, "wrong_state")
    account.invoke("summarize_video", event)
    assert the_item(account).attempts == 2


def test_a_redo_whose_new_summary_is_stored_is_counted_instead_of_withdrawn(
    account: Account, ada: Client, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = cut_off_before_it_counts(account, ada, monkeypatch)
    account.batches.pause_for(account.batch(), ModelKeyMissing(), NOW)
    assert ada.delete("/batch/b7f3/items/00001").status == 409
    ada.post("/batch/b7f3/resume")
    assert work_off(account) == ["00001"]
    assert (model.requests["asked"], account.batch().cost_usd) == (2, 2 * before.cost_usd)


# --- A redo whose model is no longer offered ---


@pytest.fixture
def without_openai(monkeypatch: pytest.MonkeyPatch, model: FakeModelServer) -> Callable[[], None]:
    """Gives the deployment another model instead, as a deployment with other settings does."""
    return lambda: monkeypatch.setattr(Settings, "endpoint", Endpoint(base_url=model.base_url, model="own"))


def test_a_redo_whose_model_is_no_longer_offered_fails_alone_and_keeps_the_summary(
    account: Account, ada: Client, model: FakeModelServer, without_openai: Callable[[], None]
) -> None:
    a_finished_batch(account)
    summary, item = account.results.get("ada", "b7f3", "00001"), the_item(account)
    ada.post(REDO)
    event = next_video(account)
    without_openai()
    with pytest.raises(RedoModelNotOffered) as refused:
        account.invoke("summarize_video", event)
    account.invoke("record_failure", {**event, "error": caught(refused.value)})
    assert work_off(account) == []
    shown = ada.get("/batch/b7f3").json
    assert (shown["status"], shown["progress"]["completed"], shown["progress"]["failed"]) == ("completed", 1, 0)
    (video,) = shown["items"]
    assert (video["status"], video["redo"], video["redo_error"]["code"]) == (
        "completed",
        None,
        "redo_model_not_offered",
    )
    assert account.results.get("ada", "b7f3", "00001") == summary
    assert (the_item(account).tldr, the_item(account).cost_usd) == (item.tldr, item.cost_usd)


def test_a_redo_that_has_replaced_the_summary_is_counted_though_its_model_is_no_longer_offered(
    account: Account,
    ada: Client,
    model: FakeModelServer,
    monkeypatch: pytest.MonkeyPatch,
    without_openai: Callable[[], None],
) -> None:
    before, event = cut_off_before_it_counts(account, ada, monkeypatch)
    stored = account.results.get("ada", "b7f3", "00001")
    without_openai()
    account.invoke("summarize_video", event)
    assert load(account)["action"] == "finish"
    assert (the_item(account).redo, the_item(account).redo_error) == (None, None)
    assert (account.batch().cost_usd, model.requests["asked"]) == (2 * before.cost_usd, 2)
    assert account.results.get("ada", "b7f3", "00001") == stored


def test_a_redo_that_has_replaced_the_summary_is_counted_though_the_captions_were_replaced_since(
    account: Account, ada: Client, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, event = cut_off_before_it_counts(account, ada, monkeypatch)
    account.archive.put_transcript("ada", transcript(CAPTIONS[:9], video_id=video_id(1), title="Talk 1"), None)
    account.invoke("summarize_video", event)
    assert (account.batch().cost_usd, model.requests["asked"]) == (2 * before.cost_usd, 2)
