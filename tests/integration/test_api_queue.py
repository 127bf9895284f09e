"""The routes by which a user prepares a draft and changes a queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from skimlist.errors import BatchChanged, BudgetReached, WorkflowStuck
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue_editor import MAX_PLAYLISTS, QueueEditor
from skimlist.models.batch import Batch, BatchStatus, Preflight, PreflightStatus
from skimlist.models.listed_playlist import PlaylistStatus
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.video import Forecast, Item
from testkit.account import NOW, Account, video_id
from testkit.api_client import Answer, Client

PLAYLIST = "PL0123456789abcdef"


def playlist_url(playlist_id: str = PLAYLIST) -> str:
    return f"https://www.youtube.com/playlist?list={playlist_id}"


def create(client: Client, *urls: str, **fields: Any) -> dict[str, Any]:
    answer = client.post("/batch/create", {"urls": list(urls), **fields})
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def put_order(client: Client, *item_ids: str, version: int | None = None) -> Answer:
    headers = {} if version is None else {"if-match": str(version)}
    return client.send("PUT", "/batch/b7f3/order", text=json.dumps({"item_ids": item_ids}), headers=headers)


def items(client: Client) -> list[str]:
    shown = client.get("/batch/b7f3").json["items"]
    assert [item["position"] for item in shown] == list(range(1, len(shown) + 1))
    return [item["id"] for item in shown]


# --- Preflights ---


def test_a_draft_is_kept_until_it_is_started(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), video_id(2), start=False)
    assert (draft["status"], draft["progress"]["total"]) == ("draft", 2)
    assert account.executions() == []
    assert account.batches.list_active() == []
    started = ada.post(f"/batch/{draft['id']}/start")
    assert (started.status, started.json["status"]) == (202, "pending")
    assert account.executions() == [draft["id"]]
    assert ada.post(f"/batch/{draft['id']}/start").status == 409
    assert account.executions() == [draft["id"]]


def test_a_draft_with_a_playlist_is_driven_until_the_playlist_is_read(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), playlist_url(), start=False)
    assert draft["status"] == "draft"
    assert account.executions() == [draft["id"]]
    assert account.batches.list_active() == [("ada", draft["id"])]


def test_a_draft_that_is_still_being_expanded_is_started_without_a_second_execution(
    account: Account, ada: Client
) -> None:
    draft = create(ada, playlist_url(), start=False)
    assert ada.post(f"/batch/{draft['id']}/start").json["status"] == "pending"
    assert account.executions() == [draft["id"]]


def test_a_draft_that_was_expanded_is_started_by_a_new_execution(account: Account, ada: Client) -> None:
    draft = create(ada, playlist_url(), start=False)
    batch = account.batch(draft["id"])
    entries = (PlaylistEntry(video_id=video_id(1)),)
    playlist = Playlist(id=PLAYLIST, title="Talks", channel=None, entries=entries)
    batch = QueueEditor(account.table).expand(batch, 0, playlist, NOW)
    account.batches.park(batch, NOW)
    ada.post(f"/batch/{draft['id']}/start")
    assert account.executions() == [draft["id"], f"{draft['id']}-2"]


def test_a_draft_is_cancelled_at_once(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), video_id(2), start=False)
    cancelled = ada.delete(f"/batch/{draft['id']}/cancel")
    assert (cancelled.status, cancelled.json["status"], cancelled.json["progress"]["skipped"]) == (202, "cancelled", 2)
    assert account.batches.list_active() == []
    assert account.executions() == []


@pytest.mark.parametrize("status", [status for status in BatchStatus if status is not BatchStatus.DRAFT])
def test_only_a_draft_is_started(account: Account, ada: Client, status: BatchStatus) -> None:
    before = account.create_batch(1, status=status)
    answer = ada.post("/batch/b7f3/start")
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")
    assert account.batch() == before


@pytest.mark.parametrize("command", ["/pause", "/resume", "/retry"])
def test_a_draft_says_what_is_possible(account: Account, ada: Client, command: str) -> None:
    before = account.create_batch(1, status=BatchStatus.DRAFT)
    assert ada.post(f"/batch/b7f3{command}").status == 409
    assert account.batch() == before


def test_a_video_of_a_playlist_stands_for_all_of_it_if_requested(account: Account, ada: Client) -> None:
    link = f"https://www.youtube.com/watch?v={video_id(1)}&list={PLAYLIST}"
    for whole, kind in ((False, "valid"), (True, "playlist")):
        (line,) = ada.post("/batch/validate", {"text": link, "whole_playlists": whole}).json["lines"]
        assert (line["status"], line["playlist_id"]) == (kind, PLAYLIST)
    draft = create(ada, link, start=False, whole_playlists=True)
    assert draft["progress"]["total"] == 0
    assert [playlist.id for playlist in account.queue.order(draft["id"]).playlists] == [PLAYLIST]


# --- Order ---


def test_the_order_is_changed(account: Account, ada: Client) -> None:
    account.create_batch(3, status=BatchStatus.DRAFT)
    answer = put_order(ada, "00003", "00001")
    assert (answer.status, answer.json["order_version"]) == (202, 1)
    assert items(ada) == ["00003", "00002", "00001"]


def test_an_order_that_is_based_on_an_older_one_is_refused_with_the_present_version(
    account: Account, ada: Client
) -> None:
    account.create_batch(3)
    assert put_order(ada, "00003", "00001", version=0).status == 202
    late = put_order(ada, "00002", "00001", version=0)
    assert (late.status, late.error["code"]) == (409, "batch_changed")
    assert late.error["details"] == [{"field": "If-Match", "message": "The current order_version is 1."}]
    assert items(ada) == ["00003", "00002", "00001"]
    assert put_order(ada, "00001", "00002", version=1).json["order_version"] == 2
    assert items(ada) == ["00003", "00001", "00002"]


def test_videos_that_are_not_waiting_are_named(account: Account, ada: Client) -> None:
    account.create_batch(2)
    answer = put_order(ada, "00002", "00009")
    assert (answer.status, answer.error["details"]) == (
        *(422, [{"field": "item_ids", "message": "00009 is not waiting"}]),
    )


def test_the_order_of_a_batch_that_has_ended_is_not_changed(account: Account, ada: Client) -> None:
    account.create_batch(2, status=BatchStatus.COMPLETED)
    assert put_order(ada, "00002", "00001").status == 409


def test_an_order_of_nothing_is_refused(account: Account, ada: Client) -> None:
    account.create_batch(2)
    assert put_order(ada).status == 422


def test_a_change_of_the_order_is_not_hidden_by_the_last_etag(account: Account, ada: Client) -> None:
    account.create_batch(2)
    etag = ada.get("/batch/b7f3").headers["etag"]
    put_order(ada, "00002", "00001")
    assert ada.get("/batch/b7f3", {"if-none-match": etag}).status == 200


# --- Leaving out ---


def test_a_video_is_left_out(account: Account, ada: Client) -> None:
    account.create_batch(2)
    for _ in range(2):
        answer = ada.delete("/batch/b7f3/items/00001")
        assert (answer.status, answer.json["progress"]["skipped"], answer.json["progress"]["left"]) == (202, 1, 1)
    assert [item["status"] for item in ada.get("/batch/b7f3").json["items"]] == ["skipped", "pending"]


@pytest.mark.parametrize(
    ("item_id", "status"), [("00001", 409), ("00009", 404), ("x", 404), ("9" * 64, 404), ("9" * 65, 422)]
)
def test_a_video_that_is_not_waiting_is_not_left_out(account: Account, ada: Client, item_id: str, status: int) -> None:
    account.begin_batch(2)
    account.complete(1)
    answer = ada.delete(f"/batch/b7f3/items/{item_id}")
    assert answer.status == status
    if status == 409:
        assert answer.error["message"] == "The video is completed; only a waiting or a failed video can be left out."
    assert account.batch().skipped == 0


ENDS: Mapping[str, Callable[[Account], object]] = {
    "processing": lambda account: None,
    "completed": lambda account: account.batches.complete(account.batch(), NOW),
    "failed": lambda account: account.batches.fail(account.batch(), WorkflowStuck(), NOW),
    "cancelled": lambda account: account.batches.park(account.batches.cancel(account.batch(), NOW), NOW),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_failed_video_is_left_out_and_put_back_as_it_was(account: Account, ada: Client, end: str) -> None:
    account.begin_batch(2)
    account.fail(1)
    if end == "completed":
        account.complete(2)
    ENDS[end](account)
    before, shown = account.batch(), ada.get("/batch/b7f3").json
    assert shown["status"] == end
    for _ in range(2):
        answer = ada.delete("/batch/b7f3/items/00001")
        counts = answer.json["progress"]
        assert (answer.status, answer.json["status"], counts["failed"]) == (202, end, 0)
        assert (counts["skipped"], counts["left"]) == (
            shown["progress"]["skipped"] + 1,
            shown["progress"]["left"],
        )
    left_out = ada.get("/batch/b7f3").json["items"][0]
    assert (left_out["status"], left_out["error"]["code"]) == ("skipped", "captions_disabled")
    for _ in range(2):
        assert ada.post("/batch/b7f3/items/00001/restore").status == 202
    after = ada.get("/batch/b7f3").json
    assert (after["status"], after["progress"], after["items"]) == (end, shown["progress"], shown["items"])
    assert account.batch() == replace(before, revision=account.batch().revision, updated_at=account.batch().updated_at)
    assert account.executions() == []


def test_a_failed_video_that_was_left_out_is_not_tried_again(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.fail(1, 2)
    account.batches.complete(account.batch(), NOW)
    ada.delete("/batch/b7f3/items/00001")
    assert ada.post("/batch/b7f3/retry", {"all": True}).status == 202
    page = account.next_page(account.batch())
    assert page
    assert [item.id for item in page] == ["00002"]


def test_a_failed_video_that_was_left_out_is_not_taken_again_from_its_playlist(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    account.fail(1)
    ada.delete("/batch/b7f3/items/00001")
    assert QueueEditor(account.table).known_videos(account.batch()) == {video_id(1)}


# --- Putting back ---


def test_a_video_that_was_left_out_is_put_back(account: Account, ada: Client) -> None:
    account.create_batch(2)
    ada.delete("/batch/b7f3/items/00001")
    for _ in range(2):
        answer = ada.post("/batch/b7f3/items/00001/restore")
        assert (answer.status, answer.json["progress"]["skipped"], answer.json["progress"]["left"]) == (202, 0, 2)
    assert [item["status"] for item in ada.get("/batch/b7f3").json["items"]] == ["pending", "pending"]


def test_a_batch_that_ended_because_its_last_video_was_left_out_continues_with_it(
    account: Account, ada: Client
) -> None:
    account.begin_batch(2)
    account.complete(1)
    ada.delete("/batch/b7f3/items/00002")
    account.batches.complete(account.batch(), NOW)
    for _ in range(2):
        answer = ada.post("/batch/b7f3/items/00002/restore")
        assert (answer.status, answer.json["status"]) == (202, "processing")
    assert account.executions() == ["b7f3-2"]
    page = account.next_page(account.batch())
    assert page
    assert [item.id for item in page] == ["00002"]


def test_a_video_of_a_checked_draft_that_was_never_checked_is_checked_when_it_is_put_back(
    account: Account, ada: Client
) -> None:
    checked = Preflight(status=PreflightStatus.READY)
    account.create_batch(2, status=BatchStatus.DRAFT, preflight=checked, has_no_execution=True)
    ada.delete("/batch/b7f3/items/00001")
    answer = ada.post("/batch/b7f3/items/00001/restore")
    assert (answer.status, answer.json["preflight"]["status"]) == (202, "checking")
    assert account.executions() == ["b7f3-2"]


# --- Adding ---


def test_videos_and_playlists_are_added_and_what_is_not_one_is_reported(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    answer = ada.post("/batch/b7f3/items", {"urls": [video_id(8), playlist_url(), "https://vimeo.com/1", video_id(8)]})
    assert (answer.status, answer.json["progress"]["total"]) == (202, 2)
    validation = answer.json["validation"]
    assert {name: validation[name] for name in ("valid", "playlists", "duplicates", "invalid")} == {
        **{"valid": 1, "playlists": 1, "duplicates": 1, "invalid": 1}
    }
    assert [line["status"] for line in validation["lines"]] == ["invalid", "duplicate"]
    assert account.queue.order("b7f3").entries == (1, 2, -1)
    assert account.executions() == []


def test_the_answer_separates_added_videos_from_those_already_in_the_batch(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    ada.post("/batch/b7f3/items", {"urls": [playlist_url()]})
    answer = ada.post("/batch/b7f3/items", {"urls": [video_id(1), playlist_url(), video_id(8)]})
    validation = answer.json["validation"]
    assert (validation["valid"], validation["playlists"], validation["duplicates"]) == (1, 0, 2)
    assert [(line["line"], line["status"], line["reason"]) for line in validation["lines"]] == [
        (1, "duplicate", "The batch already has this."),
        (2, "duplicate", "The batch already has this."),
    ]
    again = ada.post("/batch/b7f3/items", {"urls": [video_id(8)]}).json
    assert (again["progress"]["total"], again["validation"]["valid"], again["validation"]["duplicates"]) == (2, 0, 1)


@pytest.mark.parametrize("end", [end for end in ENDS if end not in {"completed", "processing"}])
def test_a_cancelled_or_failed_batch_accepts_no_more_videos(account: Account, ada: Client, end: str) -> None:
    account.begin_batch(1)
    ENDS[end](account)
    before = account.batch()
    assert ada.post("/batch/b7f3/items", {"urls": [video_id(8)]}).status == 409
    assert account.batch() == before


def test_a_completed_batch_continues_with_what_is_added(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.complete(1)
    account.fail(2)
    account.batches.complete(account.batch(), NOW)
    for total in (4, 4):  # the second request came because the first one's answer was lost
        answer = ada.post("/batch/b7f3/items", {"urls": [video_id(2), video_id(8), video_id(9)]})
        assert (answer.status, answer.json["status"], answer.json["completed_at"]) == (202, "processing", None)
        assert (answer.json["progress"]["total"], answer.json["progress"]["left"]) == (total, 2)
    assert account.executions() == ["b7f3-2"]
    assert account.batches.list_active() == [("ada", "b7f3")]
    page = account.next_page(account.batch())
    assert page
    assert [item.video_id for item in page] == [video_id(8), video_id(9)]
    assert items(ada) == ["00001", "00002", "00003", "00004"]


def test_a_completed_batch_that_has_everything_already_stays_completed(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    account.complete(1)
    before = account.batches.complete(account.batch(), NOW)
    answer = ada.post("/batch/b7f3/items", {"urls": [video_id(1)]})
    assert (answer.status, answer.json["status"], answer.json["validation"]["duplicates"]) == (202, "completed", 1)
    assert account.batch() == before
    assert account.executions() == []


def test_a_completed_batch_reads_a_playlist_that_is_added(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    account.complete(1)
    account.batches.complete(account.batch(), NOW)
    answer = ada.post("/batch/b7f3/items", {"urls": [playlist_url()]})
    assert (answer.status, answer.json["status"]) == (202, "processing")
    entries = (PlaylistEntry(video_id=video_id(1)), PlaylistEntry(video_id=video_id(7)))
    playlist = Playlist(id=PLAYLIST, title="Talks", channel=None, entries=entries)
    batch = QueueEditor(account.table).expand(account.batch(), 0, playlist, NOW)
    page = account.next_page(batch)
    assert page
    assert [item.video_id for item in page] == [video_id(7)]


def test_two_simultaneous_additions_to_a_completed_batch_are_both_kept(account: Account, ada: Client) -> None:
    """The second one finds the batch reopened by the first."""
    account.begin_batch(1)
    account.complete(1)
    ended = account.batches.complete(account.batch(), NOW)
    editor = QueueEditor(account.table)
    changes = [editor.plan_append(ended, [video_id(number)], [])[0] for number in (8, 9)]
    assert changes[0]
    assert changes[1]
    account.batches.reopen(ended, changes[0], NOW)
    with pytest.raises(BatchChanged):
        account.batches.reopen(ended, changes[1], NOW + timedelta(seconds=1))
    assert ada.post("/batch/b7f3/items", {"urls": [video_id(9)]}).json["progress"]["total"] == 3


def test_a_playlist_that_is_added_to_a_draft_gets_an_execution_to_read_it(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), start=False)
    ada.post(f"/batch/{draft['id']}/items", {"urls": [video_id(2)]})
    assert account.executions() == []
    ada.post(f"/batch/{draft['id']}/items", {"urls": [playlist_url()]})
    assert account.executions() == [draft["id"]]


def test_adding_nothing_is_refused_with_a_reason_for_each_line(account: Account, ada: Client) -> None:
    before = account.create_batch(1)
    answer = ada.post("/batch/b7f3/items", {"urls": ["https://vimeo.com/1"]})
    assert answer.status == 422
    assert answer.error["details"][0]["message"] == "vimeo.com is not YouTube."
    assert account.batch() == before


def test_more_playlists_than_a_batch_takes_are_refused(account: Account, ada: Client) -> None:
    account.create_batch(1)
    urls = [playlist_url(f"{PLAYLIST}{number:04}") for number in range(MAX_PLAYLISTS + 1)]
    for path in ("/batch/create", "/batch/b7f3/items"):
        answer = ada.post(path, {"urls": urls})
        assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert len(ada.get("/batch").json["batches"]) == 1


def test_more_videos_than_a_batch_takes_are_refused_however_few_the_lines(account: Account, ada: Client) -> None:
    lines = [" ".join(video_id(start + number) for number in range(100)) for start in range(0, 5_100, 100)]
    answer = ada.post("/batch/create", {"urls": lines})
    assert (answer.status, answer.error["message"]) == (
        422,
        "A batch can have at most 5,000 videos; this one has room for 5,000 more.",
    )
    assert ada.get("/batch").json["batches"] == []


# --- Playlists ---


def test_a_batch_of_a_playlist_alone_is_created_and_shows_it(account: Account, ada: Client) -> None:
    created = create(ada, playlist_url())
    assert (created["status"], created["validation"]["playlists"]) == ("pending", 1)
    shown = ada.get(f"/batch/{created['id']}").json
    assert shown["items"] == []
    assert [(each["id"], each["status"], each["error"]) for each in shown["playlists"]] == [(PLAYLIST, "pending", None)]
    assert ada.get(f"/batch/{created['id']}", items="false").json["playlists"] is None


def test_links_keep_their_places_among_playlists(account: Account, ada: Client) -> None:
    created = create(ada, video_id(1), playlist_url(), video_id(2), playlist_url(f"{PLAYLIST}2"), video_id(1))
    order = account.queue.order(created["id"])
    assert order.entries == (1, -1, 2, -2)
    assert [playlist.id for playlist in order.playlists] == [PLAYLIST, f"{PLAYLIST}2"]


def test_a_retry_of_a_cancelled_batch_does_not_read_what_it_left_out(account: Account, ada: Client) -> None:
    created = create(ada, playlist_url(), video_id(1), video_id(2))
    account.batches.park(account.batches.cancel(account.batch(created["id"]), NOW), NOW)
    account.table.update_item(
        Key={"pk": f"BATCH#{created['id']}", "sk": "ITEM#00001"},
        UpdateExpression="SET #status = :failed",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":failed": "failed"},
    )
    answer = ada.post(f"/batch/{created['id']}/retry", {"all": True})
    assert answer.json["status"] == "processing"
    order = account.queue.order(created["id"])
    assert order.unread_playlists == ()
    assert order.playlists[0].status is PlaylistStatus.FAILED
    assert order.playlists[0].error
    assert order.playlists[0].error.code == "playlist_cancelled"


# --- Budget ---


def test_a_budget_is_kept_and_shown(account: Account, ada: Client) -> None:
    created = create(ada, video_id(1), max_cost_usd=1.25)
    assert created["max_cost_usd"] == 1.25
    assert account.batch(created["id"]).max_cost_usd == Decimal("1.25")


@pytest.mark.parametrize("budget", [0, -1, "much", 1e9, 0.0000001])
def test_an_invalid_budget_is_refused(ada: Client, budget: Any) -> None:
    answer = ada.post("/batch/create", {"urls": [video_id(1)], "max_cost_usd": budget})
    assert (answer.status, answer.error["details"][0]["field"]) == (422, "max_cost_usd")


@pytest.mark.parametrize(("body", "budget"), [({"max_cost_usd": 3}, 3), ({}, 1), (None, 1)])
def test_a_batch_continues_with_a_higher_budget(account: Account, ada: Client, body: Any, budget: int) -> None:
    batch = account.begin_batch(2, max_cost_usd=Decimal(1))
    account.batches.park(account.batches.pause_for(batch, BudgetReached(), NOW), NOW)
    shown = ada.get("/batch/b7f3").json
    assert (shown["status"], shown["pause"]["code"], shown["pause"]["until"]) == ("paused", "budget_reached", None)
    resumed = ada.post("/batch/b7f3/resume", body)
    assert (resumed.status, resumed.json["status"], resumed.json["max_cost_usd"]) == (202, "processing", budget)
    assert account.executions() == ["b7f3-2"]


# --- Again, only what is new ---


def read_playlists(account: Account, batch_id: str, *video_ids: str) -> None:
    """Reads the batch's only playlist, as the workflow does."""
    entries = tuple(PlaylistEntry(video_id=each) for each in video_ids)
    playlist = Playlist(id=PLAYLIST, title="Talks", channel=None, entries=entries)
    QueueEditor(account.table).expand(account.batch(batch_id), 0, playlist, NOW)


def test_a_refresh_takes_only_what_the_playlist_has_gained(account: Account, ada: Client) -> None:
    source = create(ada, playlist_url(), video_id(7), name="Talks", summary_length="brief")
    read_playlists(account, source["id"], video_id(1), video_id(2))
    answer = ada.post(f"/batch/{source['id']}/refresh")
    assert (answer.status, answer.json["status"]) == (201, "pending")
    assert answer.json["settings"] == source["settings"]
    fresh = answer.json["id"]
    assert account.executions() == sorted([source["id"], fresh])
    read_playlists(account, fresh, video_id(3), video_id(1), video_id(7), video_id(2), video_id(4))
    shown = ada.get(f"/batch/{fresh}").json
    assert [item["video_id"] for item in shown["items"]] == [video_id(3), video_id(4)]
    assert (shown["playlists"][0]["added"], shown["playlists"][0]["known"]) == (2, 3)


def test_a_refresh_of_a_refresh_knows_what_both_had_though_the_first_was_deleted(account: Account, ada: Client) -> None:
    first = account.batch(create(ada, playlist_url(), start=False, name="Talks")["id"])
    read_playlists(account, first.id, video_id(1))
    second = ada.post(f"/batch/{first.id}/refresh", {"start": False}).json
    read_playlists(account, second["id"], video_id(1), video_id(2))
    account.batches.park(account.batch(first.id), NOW)
    assert ada.delete(f"/batch/{first.id}").status == 204
    third = ada.post(f"/batch/{second['id']}/refresh", {"start": False}).json
    read_playlists(account, third["id"], video_id(1), video_id(2), video_id(3))
    assert [item["video_id"] for item in ada.get(f"/batch/{third['id']}").json["items"]] == [video_id(3)]
    assert second["name"] == third["name"] == f"Talks · new since {first.created_at:%Y-%m-%d}"


def test_a_refresh_of_a_batch_that_is_deleted_meanwhile_takes_nothing_again(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = create(ada, playlist_url(), start=False)["id"]
    read_playlists(account, source, video_id(1))
    account.batches.park(account.batch(source), NOW)
    known_videos = QueueEditor.known_videos

    def delete_first(queue_editor: QueueEditor, batch: Batch) -> frozenset[str]:
        account.deletions.begin(account.batch(source), NOW)
        account.deletions.finish("ada", source, NOW)
        return known_videos(queue_editor, batch)

    monkeypatch.setattr(QueueEditor, "known_videos", delete_first)
    assert ada.post(f"/batch/{source}/refresh").status == 404
    assert account.batches.list_newest_first("ada", 10) == ([], None)


def test_a_refresh_that_comes_twice_makes_one_batch(account: Account, ada: Client) -> None:
    source = create(ada, playlist_url())
    key = {"idempotency-key": "again"}
    first, second = (ada.post(f"/batch/{source['id']}/refresh", {}, headers=key).json for _ in range(2))
    assert first["id"] == second["id"]
    other = ada.post(f"/batch/{source['id']}/refresh", {"start": False}, headers=key)
    assert (other.status, other.error["code"]) == (422, "idempotency_key_reused")


def test_only_a_batch_with_playlists_can_be_refreshed(account: Account, ada: Client, eve: Client) -> None:
    account.create_batch(1)
    answer = ada.post("/batch/b7f3/refresh")
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")
    assert eve.post("/batch/b7f3/refresh").status == 404


# --- The preflight of a draft ---


def test_a_draft_is_checked_if_that_is_asked_for(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), video_id(1), start=False, preflight=True)
    assert (draft["status"], draft["duplicates"]) == ("draft", 1)
    assert draft["preflight"] == {
        **{"status": "checking", "checked": 0, "reused": 0, "duration_seconds": 0, "tokens_in": 0, "tokens_out": 0},
        **{"cost_usd": 0, "saved_usd": 0, "seconds": 0, "error": None},
    }
    assert account.executions() == [draft["id"]]
    assert account.batches.list_active() == [("ada", draft["id"])]


def test_a_batch_that_starts_at_once_is_not_checked_first(ada: Client) -> None:
    answer = ada.post("/batch/create", {"urls": [video_id(1)], "preflight": True})
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert "preflight" in answer.error["details"][0]["message"]


def test_a_forecast_is_shown_with_its_video_and_in_the_sums(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), start=False, preflight=True)
    forecast = Forecast(
        language="English",
        language_code="en",
        caption_kind="automatic",
        duration_seconds=Decimal(754),
        tokens_in=3_000,
        tokens_out=900,
        cost_usd=Decimal("0.00075"),
        seconds=Decimal("11.5"),
    )
    item = Item(id="00001", video_id=video_id(1), title="A talk", forecast=forecast)
    Preflights(account.table).note_forecast("ada", draft["id"], item, NOW)
    shown = ada.get(f"/batch/{draft['id']}").json
    assert shown["items"][0]["title"] == "A talk"
    assert shown["items"][0]["preflight"] == {
        **{"language": "English", "language_code": "en", "caption_kind": "automatic", "duration_seconds": 754},
        **{"tokens_in": 3_000, "tokens_out": 900, "cost_usd": 0.00075, "seconds": 11.5, "reused": False},
    }
    sums = {name: shown["preflight"][name] for name in ("checked", "tokens_in", "cost_usd", "seconds")}
    assert sums == {"checked": 1, "tokens_in": 3_000, "cost_usd": 0.00075, "seconds": 11.5}


def test_videos_that_are_added_to_a_checked_draft_are_checked_too(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), start=False, preflight=True)
    batch = account.batches.park(account.batch(draft["id"]), NOW)
    assert batch
    Preflights(account.table).end_preflight(batch, NOW)
    answer = ada.post(f"/batch/{draft['id']}/items", {"urls": [video_id(2), video_id(1)]})
    assert (answer.status, answer.json["preflight"]["status"], answer.json["duplicates"]) == (202, "checking", 1)
    assert account.executions() == [draft["id"], f"{draft['id']}-2"]


def test_a_draft_is_checked_later(account: Account, ada: Client) -> None:
    draft = create(ada, video_id(1), start=False)
    assert draft["preflight"] is None
    answer = ada.post(f"/batch/{draft['id']}/preflight")
    assert (answer.status, answer.json["preflight"]["status"]) == (202, "checking")
    assert account.executions() == [f"{draft['id']}"]


def test_a_running_batch_is_not_checked(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    answer = ada.post("/batch/b7f3/preflight")
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")


def test_a_video_that_failed_in_a_draft_is_checked_again_in_its_place(account: Account, ada: Client) -> None:
    account.create_batch(3, status=BatchStatus.DRAFT, preflight=Preflight(), has_no_execution=True)
    account.fail(2)
    answer = ada.post("/batch/b7f3/retry", {"all": True})
    assert (answer.status, answer.json["preflight"]["status"]) == (202, "checking")
    assert answer.json["progress"]["failed"] == 0
    assert items(ada) == ["00001", "00002", "00003"]
    assert account.queue.order("b7f3").requeued == ()
