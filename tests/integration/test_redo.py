"""A finished video is summarized again: what is requested and paid again, and what stays until then."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from local.model import FakeModelServer
from skimlist.errors import CaptionsDisabled, StorageUnavailable
from skimlist.jobs.videos import Videos
from skimlist.models.batch import Batch, BatchStatus
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


def test_a_redo_that_is_cut_off_is_paid_once(
    account: Account, ada: Client, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = a_finished_batch(account)
    ada.post(REDO)
    event = next_video(account)

    def die(*_: Any, **__: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch, pytest.raises(StorageUnavailable):
        patch.setattr(Videos, "complete", die)
        account.invoke("summarize_video", event)
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
