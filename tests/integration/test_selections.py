"""Selections from the request to the queue: what is kept, what is left out and why, and what is put back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.youtube import API_KEY, FakeYouTube
from skimlist.export.entries import ExportedBatch
from skimlist.export.json_documents import MetadataJson
from skimlist.jobs import queue_editor as queue_editor_module
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.playlist import Playlist, PlaylistEntry, UploadTime, VideoKind
from skimlist.models.selection import LeftOut, Selection
from skimlist.models.video import VideoStatus
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_summary
from tests.channels import large_channel

WORDS = ["advert", "quiz", "news"]


@pytest.fixture
def youtube(account: Account, tmp_path: Path) -> Iterator[FakeYouTube]:
    with FakeYouTube(tmp_path, ca_folder=tmp_path) as youtube:
        account.parameters["CaBundlePath"] = str(youtube.ca_file)
        account.store_secret("youtube-proxy-url", youtube.proxy_url)
        yield youtube


def create(ada: Client, **fields: Any) -> dict[str, Any]:
    answer = ada.post("/batch/create", fields)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def event(batch: dict[str, Any]) -> dict[str, Any]:
    return {"user_id": "ada", "batch_id": batch["id"], "run": 1}


def all_items(ada: Client, batch: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 100}
    while True:
        page = ada.send("GET", f"/batch/{batch['id']}", query=query).json
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("key", [None, API_KEY], ids=["pages", "data api"])
def test_exactly_the_wanted_videos_of_a_channel_are_summarized_in_order_and_no_other_captions_fetched(
    account: Account, ada: Client, youtube: FakeYouTube, key: str | None
) -> None:
    if key:
        account.store_secret("youtube-api-key", key)
    now = datetime.now(UTC)
    videos, since = large_channel(youtube, now), (now - timedelta(days=300)).date()
    select = {
        "newest": 8,
        "since": since.isoformat(),
        "shorts": False,
        "min_duration_seconds": 600,
        "max_duration_seconds": 5_400,
        "title_excludes": WORDS,
    }
    batch = create(ada, urls=["https://www.youtube.com/@EveryDay"], select=select)
    account.invoke("expand_playlists", event(batch))
    looked_up = youtube.requests["watch"]
    fetched = []
    while (answer := account.invoke("load_next_videos", event(batch)))["action"] == "process":
        for video in answer["videos"]:
            account.invoke("fetch_transcript", {**event(batch), "video": video})
            fetched.append(video["video_id"])
            account.invoke("record_failure", {**event(batch), "video": video, "error": {"Error": "NoCaptions"}})
    wanted = [
        video["video_id"]
        for number, video in enumerate(videos)
        if datetime.fromisoformat(video["published"]).date() >= since
        and number % 5 != 3
        and 600 <= video["duration_seconds"] <= 5_400
        and number % 7 not in {1, 2, 4}
    ]
    assert len(wanted) > 8
    assert fetched == wanted[:8]
    assert youtube.requests["timedtext"] == dict.fromkeys(fetched, 1)
    assert youtube.requests["player"] == dict.fromkeys(fetched, 1)
    assert looked_up == {}  # there were enough videos after that day

    (channel,) = ada.get(f"/batch/{batch['id']}").json["playlists"]
    items = all_items(ada, batch)
    left_out = [item for item in items if item["status"] == "skipped"]
    assert [item["video_id"] for item in items] == [video["video_id"] for video in videos[: len(items)]]
    assert (channel["title"], channel["added"], channel["truncated"]) == ("Every day", len(items), True)
    assert sum(channel["not_selected"].values()) == len(left_out) == len(items) - 8
    assert {item["error"]["code"] for item in left_out} == {"not_selected"}
    assert channel["select"]["since"] == since.isoformat()
    exact = [datetime.fromisoformat(item["published_at"]) for item in items if not item["published_at_is_approximate"]]
    assert len(exact) == (len(items) if key else 0)


def a_list(*entries: PlaylistEntry, newest_first: bool = False) -> Playlist:
    return Playlist(id="PL1", title="Talks", channel=None, entries=entries, newest_first=newest_first)


def entry(number: int, **fields: Any) -> PlaylistEntry:
    return PlaylistEntry(video_id=video_id(number), title=f"Talk {number}", **fields)


def a_draft(account: Account, ada: Client, **select: Any) -> dict[str, Any]:
    return create(ada, urls=["PL0123456789abcdef"], start=False, select=select)


def expand(account: Account, batch: dict[str, Any], playlist: Playlist, **options: Any) -> ListedPlaylist:
    editor = QueueEditor(account.table)
    editor.expand(account.batches.get("ada", batch["id"]), 0, playlist, NOW, **options)
    return account.queue.order(batch["id"]).playlists[0]


def test_a_draft_says_what_was_left_out_and_why_and_puts_it_back(account: Account, ada: Client) -> None:
    batch = a_draft(account, ada, shorts=False, max_duration_seconds=600)
    entries = [entry(1, kind=VideoKind.SHORT, duration_seconds=30), entry(2, duration_seconds=60)]
    expand(account, batch, a_list(*entries, entry(3, duration_seconds=6_000), entry(4, unavailable="It is private.")))
    shown = ada.get(f"/batch/{batch['id']}").json
    assert [(item["status"], item["error"] and item["error"]["message"]) for item in shown["items"]] == [
        ("skipped", "This is a Short."),
        ("pending", None),
        ("skipped", "This video is too long."),
        ("skipped", "It is private."),
    ]
    (listed,) = shown["playlists"]
    assert listed["not_selected"] == {"short": 1, "too_long": 1}
    assert (listed["added"], listed["unavailable"], listed["left_out"]) == (4, 1, 0)
    assert (shown["progress"]["total"], shown["progress"]["skipped"], shown["progress"]["left"]) == (4, 3, 1)
    restored = ada.post(f"/batch/{batch['id']}/items/00003/restore")
    assert (restored.status, restored.json["progress"]["left"]) == (202, 2)
    assert ada.get(f"/batch/{batch['id']}").json["items"][2]["error"] is None


def test_a_video_that_was_left_out_counts_towards_the_day_when_it_is_put_back(account: Account, ada: Client) -> None:
    account.parameters["VideosPerDayPerUser"] = "2"
    batch = a_draft(account, ada, newest=1)
    uploaded = UploadTime.exactly(NOW)
    quota = lambda **counts: [] if counts["videos"] == 1 else pytest.fail(str(counts))  # noqa: E731
    entries = [entry(number, uploaded=uploaded) for number in (1, 2, 3, 4)]
    expand(account, batch, a_list(*entries, newest_first=True), quota=quota)
    for item, status in (("00002", 202), ("00003", 202), ("00004", 429)):
        assert ada.post(f"/batch/{batch['id']}/items/{item}/restore").status == status


def test_wanted_videos_get_the_room_that_a_batch_has(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "MAX_VIDEOS", 4)
    batch = a_draft(account, ada, shorts=False)
    kinds = [VideoKind.SHORT, VideoKind.SHORT, None, VideoKind.SHORT, None, None]
    listed = expand(account, batch, a_list(*(entry(number, kind=kind) for number, kind in enumerate(kinds))))
    items = account.queue.all_items(account.batches.get("ada", batch["id"]))
    assert [item.video_id for item in items] == [video_id(number) for number in (0, 2, 4, 5)]
    assert [item.status for item in items] == [VideoStatus.SKIPPED, *[VideoStatus.PENDING] * 3]
    assert (listed.added, listed.left_out, listed.not_selected) == (4, 2, {LeftOut.SHORT: 1})


def test_videos_that_the_user_has_a_summary_of_are_left_out(
    account: Account, ada: Client, youtube: FakeYouTube
) -> None:
    youtube.playlists["PL0123456789abcdef"] = ["Made_000011", "Made_000021"]
    account.results.put("ada", "earlier", "00001", a_summary(video_id="Made_000021"), NOW)
    account.results.put("eve", "another", "00001", a_summary(video_id="Made_000011"), NOW)
    batch = a_draft(account, ada, not_in_history=True)
    account.invoke("expand_playlists", event(batch))
    statuses = {item["video_id"]: item["status"] for item in all_items(ada, batch)}
    assert statuses == {"Made_000011": "pending", "Made_000021": "skipped"}


def test_summaries_of_a_batch_that_is_being_deleted_do_not_count(
    account: Account, ada: Client, youtube: FakeYouTube
) -> None:
    youtube.playlists["PL0123456789abcdef"] = ["Made_000011", "Made_000021"]
    earlier = account.begin_batch(id="earlier")  # deleted before its current video has ended
    for batch_id, video in (("earlier", "Made_000011"), ("another", "Made_000021")):
        account.results.put("ada", batch_id, "00001", a_summary(video_id=video), NOW)
    account.deletions.begin(account.batches.cancel(earlier, NOW), NOW)
    batch = a_draft(account, ada, not_in_history=True)
    account.invoke("expand_playlists", event(batch))
    statuses = {item["video_id"]: item["status"] for item in all_items(ada, batch)}
    assert statuses == {"Made_000011": "pending", "Made_000021": "skipped"}


def test_a_refreshed_batch_has_the_selections_of_the_earlier_one(account: Account, ada: Client) -> None:
    batch = a_draft(account, ada, newest=3, since="2026-01-01")
    expand(account, batch, a_list(entry(1, uploaded=UploadTime.exactly(NOW))))
    refreshed = ada.post(f"/batch/{batch['id']}/refresh", {"start": False}).json
    (listed,) = account.queue.order(refreshed["id"]).playlists
    assert listed.selection == Selection(newest=3, since=NOW.date().replace(month=1, day=1))


def test_playlists_that_are_added_later_have_a_selection_of_their_own(account: Account, ada: Client) -> None:
    batch = a_draft(account, ada, shorts=False)
    ada.post(f"/batch/{batch['id']}/items", {"urls": ["@google.dev"], "select": {"newest": 20}})
    ada.post(f"/batch/{batch['id']}/items", {"urls": ["@google.dev/shorts"]})
    selections = [listed.selection for listed in account.queue.order(batch["id"]).playlists]
    assert selections == [Selection(shorts=False), Selection(newest=20), Selection()]


def test_a_source_may_have_a_selection_of_its_own(account: Account, ada: Client) -> None:
    urls = [
        "@google.dev",
        {"url": "https://www.youtube.com/@workshop\nPL0123456789abcdef", "select": {"newest": 5}},
        {"url": "@everything", "select": None},
        {"url": video_id(1), "select": {"newest": 1}},
        {"url": "@workshop", "select": {"newest": 6}},
    ]
    batch = create(ada, urls=urls, select={"shorts": False}, start=False)
    expected = [
        ("@google.dev", Selection(shorts=False)),
        ("@workshop", Selection(newest=5)),
        ("PL0123456789abcdef", Selection(newest=5)),
        ("@everything", Selection()),
    ]
    assert [(each.id, each.selection) for each in account.queue.order(batch["id"]).playlists] == expected
    assert (batch["progress"]["total"], batch["duplicates"]) == (1, 1)
    more = [{"url": "@later", "select": {"newest": 7}}, "@later", "@other"]
    added = ada.post(f"/batch/{batch['id']}/items", {"urls": more, "select": {"newest": 8}})
    assert added.status == 202
    listed = {each.id: each.selection for each in account.queue.order(batch["id"]).playlists}
    assert (listed["@later"], listed["@other"]) == (Selection(newest=7), Selection(newest=8))


def test_the_metadata_of_an_export_says_what_was_wanted_of_each_source(account: Account, ada: Client) -> None:
    urls = ["PL0123456789abcdef", {"url": "@workshop", "select": {"newest": 5}}, video_id(1)]
    batch = create(ada, urls=urls, select={"shorts": False})
    written = io.BytesIO()
    sources = account.queue.order(batch["id"]).playlists
    exported_batch = ExportedBatch(account.batches.get("ada", batch["id"]), sources=sources)
    MetadataJson(written, exported_batch).finish([])
    exported = json.loads(written.getvalue())
    wanted = {source["id"]: (source["select"]["newest"], source["select"]["shorts"]) for source in exported["sources"]}
    assert wanted == {"PL0123456789abcdef": (None, False), "@workshop": (5, True)}


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"url": "@workshop", "select": {"newest": 0}}, "urls.0.select.newest"),
        ({"url": "@workshop"}, "urls.0.select"),
        ({"select": None}, "urls.0.url"),
        ({"url": "@workshop", "select": None, "limit": 3}, "urls.0.limit"),
        (5, "urls.0"),
        (None, "urls.0"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_with_its_field(ada: Client, entry: Any, field: str) -> None:
    answer = ada.post("/batch/create", {"urls": [entry]})
    assert (answer.status, [detail["field"] for detail in answer.error["details"]]) == (422, [field])


@pytest.mark.parametrize(
    ("select", "field"),
    [
        ({"newest": 0}, "select.newest"),
        ({"newest": 5_001}, "select.newest"),
        ({"since": "March"}, "select.since"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "select"),
        ({"min_duration_seconds": 60, "max_duration_seconds": 59}, "select"),
        ({"min_duration_seconds": -1}, "select.min_duration_seconds"),
        ({"title_includes": [" "]}, "select.title_includes.0"),
        ({"title_excludes": ["x"] * 21}, "select.title_excludes"),
        ({"latest": 3}, "select.latest"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused_with_its_field(
    ada: Client, select: dict[str, Any], field: str
) -> None:
    answer = ada.post("/batch/create", {"urls": [video_id(1)], "select": select})
    assert (answer.status, [detail["field"] for detail in answer.error["details"]]) == (422, [field])
