"""Limits per user, at once and a day: counted exactly, also when requests race, repeat or get lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from skimlist.errors import BatchChanged, NoCaptions, TooManyBatches, TooManyVideos
from skimlist.jobs.order import Order
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.quotas import Quotas
from skimlist.models.batch import Batch, BatchRun, BatchStatus
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.video import Forecast, Item, VideoStatus
from testkit.account import NOW, Account, video_id
from testkit.api_client import Answer, Client
from testkit.batches import a_batch
from testkit.functions import load_function

DAY = "DAY#2026-03-01"


@pytest.fixture
def limits(account: Account) -> Callable[..., None]:
    def set_limits(batches: int = 0, videos: int = 0, playlists: int = 0) -> None:
        account.parameters |= {
            "BatchesAtOncePerUser": str(batches),
            "VideosPerDayPerUser": str(videos),
            "PlaylistsPerDayPerUser": str(playlists),
        }

    return set_limits


def create(user: Client, first: int = 1, videos: int = 1, **options: Any) -> Answer:
    headers = options.pop("headers", None)
    return user.post(
        "/batch/create", {"urls": [video_id(n) for n in range(first, first + videos)], **options}, headers=headers
    )


def videos_today(account: Account, user: str = "ada") -> int:
    day = f"DAY#{datetime.now(UTC):%Y-%m-%d}"
    return int(account.table.get_item(Key={"pk": f"USER#{user}", "sk": day}).get("Item", {}).get("videos", 0))


def test_one_batch_more_than_may_be_under_way_waits_for_another_to_end(
    ada: Client, eve: Client, limits: Callable[..., None]
) -> None:
    limits(batches=2)
    ids = [create(ada).json["id"] for _ in range(2)]
    refused = create(ada)
    assert (refused.status, refused.error["code"]) == (429, "too_many_batches")
    assert "when one of them has ended" in refused.error["message"]
    assert len(ada.get("/batch").json["batches"]) == 2
    assert create(eve).status == 201
    assert ada.delete(f"/batch/{ids[0]}/cancel").status == 202
    account_of_minute_later = create(ada)
    assert account_of_minute_later.status == 429, "a batch that was just let in counts for a minute"


def test_ended_batches_make_room(account: Account) -> None:
    quotas = Quotas(account.table, batches_at_once=1)
    first = account.begin_batch()
    quotas.require_slot(first, NOW)
    quotas.require_slot(first, NOW)
    with pytest.raises(TooManyBatches):
        quotas.reserve_slot(a_batch(id="second"), NOW + timedelta(hours=1))
    cancelled = account.batches.cancel(first, NOW)
    with pytest.raises(TooManyBatches):  # its execution may still work on the video that was begun
        quotas.reserve_slot(a_batch(id="second"), NOW + timedelta(hours=1))
    account.batches.park(cancelled, NOW)
    assert quotas.reserve_slot(a_batch(id="second"), NOW + timedelta(hours=1))


def test_an_accepted_batch_that_never_began_makes_room_after_a_minute(account: Account) -> None:
    quotas = Quotas(account.table, batches_at_once=1)
    quotas.require_slot(a_batch(id="lost"), NOW)
    with pytest.raises(TooManyBatches):
        quotas.require_slot(a_batch(id="second"), NOW + timedelta(seconds=59))
    quotas.require_slot(a_batch(id="second"), NOW + timedelta(seconds=61))


def test_drafts_are_counted_when_they_start(ada: Client, limits: Callable[..., None]) -> None:
    limits(batches=1)
    drafts = [create(ada, start=False).json["id"] for _ in range(3)]
    assert ada.post(f"/batch/{drafts[0]}/start").status == 202
    refused = ada.post(f"/batch/{drafts[1]}/start")
    assert (refused.status, refused.error["code"]) == (429, "too_many_batches")
    assert ada.get(f"/batch/{drafts[1]}").json["status"] == "draft"


def test_a_retry_that_opens_a_batch_again_is_counted(
    account: Account, ada: Client, limits: Callable[..., None]
) -> None:
    limits(batches=1)
    account.begin_batch(1)
    account.fail(1)
    account.batches.complete(account.batch(), NOW)
    other = create(ada).json["id"]
    refused = ada.post("/batch/b7f3/retry", {"all": True})
    assert (refused.status, account.batch().status, account.statuses()) == (429, BatchStatus.COMPLETED, ["failed"])
    limits(batches=2)
    assert ada.post("/batch/b7f3/retry", {"all": True}).status == 202
    assert other


def test_videos_of_a_day_are_counted_and_the_refusal_says_when_it_works_again(
    account: Account, ada: Client, eve: Client, limits: Callable[..., None]
) -> None:
    limits(videos=5)
    batch = create(ada, videos=3).json["id"]
    refused = create(ada, videos=3)
    assert (refused.status, refused.error["code"]) == (429, "too_many_videos")
    assert "2 left today" in refused.error["message"]
    assert "00:00 UTC" in refused.error["message"]
    assert 0 < int(refused.headers["retry-after"]) <= 86_401
    assert create(eve, videos=5).status == 201
    assert ada.post(f"/batch/{batch}/items", {"urls": [video_id(n) for n in range(2, 6)]}).status == 202
    assert videos_today(account) == 5
    refused = ada.post(f"/batch/{batch}/items", {"urls": [video_id(9)]})
    assert (refused.status, refused.error["code"]) == (429, "too_many_videos")
    assert ada.get(f"/batch/{batch}").json["progress"]["total"] == 5
    assert create(ada, start=False).status == 429


def test_a_repeated_request_is_counted_once(account: Account, ada: Client, limits: Callable[..., None]) -> None:
    limits(batches=1, videos=3)
    answers = [create(ada, videos=3, headers={"idempotency-key": "one"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [201] * 3
    assert len({answer.json["id"] for answer in answers}) == 1
    assert videos_today(account) == 3


def test_a_request_that_comes_too_late_leaves_only_what_the_sweep_deletes(account: Account) -> None:
    quotas = Quotas(account.table, batches_at_once=1)
    batch = a_batch(id="late", status=BatchStatus.PENDING)

    def quota() -> list[dict[str, Any]]:
        writes = quotas.reserve_slot(batch, NOW)
        quotas.require_slot(a_batch(id="faster"), NOW)  # after the look and before the write
        return writes

    with pytest.raises(TooManyBatches):
        account.batches.create(batch, [Item(id="00001", video_id=video_id(1))], Order(entries=(1,)), ["known"], quota)
    assert account.deletions.list_unowned(NOW + timedelta(hours=1)) == ["late"]
    account.deletions.delete_unowned("late", NOW + timedelta(hours=1))
    assert [record["sk"] for record in account.table.scan()["Items"]] == ["UNDER_WAY"]


def test_a_request_that_comes_twice_at_once_does_not_undo_itself(account: Account) -> None:
    quotas = Quotas(account.table, videos_a_day=1)
    batch = a_batch(id="twice", status=BatchStatus.PENDING, total=1)
    parts = ([Item(id="00001", video_id=video_id(1))], Order(entries=(1,)), ())
    first: list[Batch] = []

    def quota() -> list[dict[str, Any]]:
        writes = quotas.count_today("ada", NOW, videos=1)
        if not first:
            first.append(account.batches.create(batch, *parts, lambda: writes))
        return writes

    assert account.batches.create(batch, *parts, quota) == account.batches.get("ada", "twice")
    assert len(account.queue.all_items(batch)) == 1
    with pytest.raises(TooManyVideos):
        quota()


def test_a_request_that_comes_twice_at_once_is_not_refused_for_what_it_has_used_up_itself(account: Account) -> None:
    quotas = Quotas(account.table, videos_a_day=1)
    batch = a_batch(id="twice", status=BatchStatus.PENDING, total=1)
    parts = ([Item(id="00001", video_id=video_id(1))], Order(entries=(1,)), ())

    def quota() -> list[dict[str, Any]]:
        account.batches.create(batch, *parts, lambda: quotas.count_today("ada", NOW, videos=1))
        return quotas.count_today("ada", NOW, videos=1)

    assert account.batches.create(batch, *parts, quota) == account.batches.get("ada", "twice")


def test_two_that_saw_the_same_room_do_not_both_take_it(account: Account) -> None:
    quotas = Quotas(account.table, batches_at_once=1, videos_a_day=5)
    first, second = (
        [*quotas.reserve_slot(a_batch(id=name), NOW), *quotas.count_today("ada", NOW, videos=4)]
        for name in ("first", "second")
    )
    assert account.batches.transact_writes(*first)
    assert not account.batches.transact_writes(*second)
    assert not account.batches.transact_writes(second[1])
    record = account.table.get_item(Key={"pk": "USER#ada", "sk": DAY})["Item"]
    assert record["videos"] == 4
    assert record["expires_at"] == int((datetime(2026, 3, 3, tzinfo=UTC)).timestamp())


def test_the_next_day_begins_at_zero(account: Account) -> None:
    quotas = Quotas(account.table, videos_a_day=5)
    assert account.batches.transact_writes(*quotas.count_today("ada", NOW, videos=5))
    with pytest.raises(TooManyVideos):
        quotas.count_today("ada", NOW, videos=1)
    assert quotas.count_today("ada", NOW + timedelta(days=1), videos=5)


def test_a_playlist_that_is_too_long_for_today_adds_nothing_and_says_so(
    account: Account, ada: Client, limits: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_session: Any, playlist_id: str, **_: Any) -> Playlist:
        first = 10 if playlist_id.endswith("0") else 20
        entries = tuple(PlaylistEntry(video_id=video_id(number)) for number in range(first, first + 3))
        return Playlist(id=playlist_id, title="Talks", channel=None, entries=entries)

    monkeypatch.setattr(load_function("expand_playlists"), "read_playlist", read)
    limits(videos=4)
    urls = [video_id(1), *(f"https://www.youtube.com/playlist?list=PLtalks012345{n}" for n in range(2))]
    batch = ada.post("/batch/create", {"urls": urls}).json["id"]
    for _ in range(2):
        account.invoke("expand_playlists", {"user_id": "ada", "batch_id": batch, "run": 1})
    shown = ada.get(f"/batch/{batch}").json
    assert (shown["progress"]["total"], videos_today(account)) == (4, 4)
    taken, refused = shown["playlists"]
    assert (taken["status"], taken["added"]) == ("expanded", 3)
    assert (refused["status"], refused["added"], refused["error"]["code"]) == ("failed", 0, "playlist_over_quota")
    assert "0 left today" in refused["error"]["message"]


def test_without_limits_nothing_is_counted(account: Account, ada: Client) -> None:
    assert create(ada, videos=20).status == 201
    kinds = {record["sk"].partition("#")[0] for record in account.table.scan()["Items"]}
    assert kinds == {"BATCH", "ITEM", "ORDER"}


def test_a_batch_that_is_refused_leaves_nothing_behind(
    account: Account, ada: Client, limits: Callable[..., None]
) -> None:
    limits(videos=2)
    assert create(ada, videos=3).status == 429
    assert account.table.scan()["Items"] == []


# --- What costs again counts again ---


def playlist(number: int) -> str:
    return f"https://www.youtube.com/playlist?list=PLtalks01234{number:03}"


def test_a_retry_counts_its_videos(account: Account, ada: Client, limits: Callable[..., None]) -> None:
    limits(videos=3)
    account.begin_batch(4)
    account.fail(1, 2, 3, 4)
    refused = ada.post("/batch/b7f3/retry", {"all": True})
    assert (refused.status, refused.error["code"]) == (429, "too_many_videos")
    assert account.statuses() == ["failed"] * 4
    assert ada.post("/batch/b7f3/retry", {"item_ids": ["00001", "00002", "00003"]}).status == 202
    assert videos_today(account) == 3
    assert ada.post("/batch/b7f3/retry", {"all": True}).status == 429


def test_a_retry_of_many_videos_counts_each_once(account: Account, ada: Client, limits: Callable[..., None]) -> None:
    limits(videos=200)
    account.begin_batch(120)
    account.mark(VideoStatus.FAILED, *range(1, 121))
    account.table.update_item(
        Key={"pk": "USER#ada", "sk": "BATCH#b7f3"}, AttributeUpdates={"failed": {"Value": 120, "Action": "PUT"}}
    )
    assert ada.post("/batch/b7f3/retry", {"all": True}).status == 202
    assert videos_today(account) == 120


def test_playlists_of_drafts_are_counted(account: Account, ada: Client, limits: Callable[..., None]) -> None:
    limits(playlists=3)
    draft = ada.post("/batch/create", {"urls": [playlist(1), playlist(2)], "start": False})
    assert draft.status == 201
    refused = ada.post("/batch/create", {"urls": [playlist(number) for number in range(3, 5)], "start": False})
    assert (refused.status, refused.error["code"]) == (429, "too_many_playlists")
    assert "1 left today" in refused.error["message"]
    refused = ada.post(f"/batch/{draft.json['id']}/items", {"urls": [playlist(3), playlist(4)]})
    assert (refused.status, refused.error["code"]) == (429, "too_many_playlists")
    refreshed = ada.post(f"/batch/{draft.json['id']}/refresh", {"start": False})
    assert (refreshed.status, refreshed.error["code"]) == (429, "too_many_playlists")
    assert ada.post(f"/batch/{draft.json['id']}/items", {"urls": [playlist(3)]}).status == 202


def test_a_draft_that_is_prepared_counts_as_under_way(
    account: Account, ada: Client, limits: Callable[..., None]
) -> None:
    limits(batches=1)
    checked = create(ada, start=False, preflight=True).json["id"]
    for options in ({"preflight": True}, {"urls": [playlist(1)]}):
        refused = ada.post("/batch/create", {"urls": [video_id(9)], "start": False, **options})
        assert (refused.status, refused.error["code"]) == (429, "too_many_batches")
    at_rest = create(ada, start=False).json["id"]
    for path, body in (("preflight", None), ("items", {"urls": [playlist(1)]}), ("start", None)):
        refused = ada.post(f"/batch/{at_rest}/{path}", body)
        assert (refused.status, refused.error["code"]) == (429, "too_many_batches"), path
    preflights = Preflights(account.table)
    preflights.end_preflight(account.batch(checked), NOW)
    drafts_parked = account.batches.park(account.batch(checked), NOW)
    assert drafts_parked
    quotas = Quotas(account.table, batches_at_once=1)
    assert quotas.reserve_slot(account.batch(at_rest), datetime.now(UTC) + timedelta(minutes=2))


def a_checked_draft(account: Account, ada: Client) -> str:
    """A draft of five videos: four were checked, one of them has no captions, and one could not be checked."""
    batch_id: str = create(ada, videos=5, start=False, preflight=True).json["id"]
    preflights = Preflights(account.table)
    forecast = Forecast(language="English", language_code="en", caption_kind="manual", duration_seconds=Decimal(60))
    preflights.next_to_check(account.batch(batch_id), preflights.order(batch_id), NOW)
    for number in (1, 2, 3):
        item = Item(id=f"{number:05}", video_id=video_id(number), forecast=forecast)
        assert preflights.note_forecast("ada", batch_id, item, NOW)
    failed = Item(id="00004", video_id=video_id(4), error=NoCaptions().as_problem())
    assert account.videos.fail(BatchRun("ada", batch_id, account.batch(batch_id).execution.run), failed, NOW)
    assert preflights.end_preflight(account.batch(batch_id), NOW)
    assert account.batches.park(account.batch(batch_id), NOW)
    return batch_id


def test_videos_that_are_checked_once_more_count_again(
    account: Account, ada: Client, limits: Callable[..., None]
) -> None:
    limits(videos=100)
    batch_id = a_checked_draft(account, ada)
    assert videos_today(account) == 5
    assert ada.post(f"/batch/{batch_id}/preflight").status == 202
    assert videos_today(account) == 6
    assert ada.post(f"/batch/{batch_id}/preflight").status == 202, "the check under way goes on"
    assert videos_today(account) == 6


@pytest.mark.parametrize(
    ("path", "body", "counted"),
    [
        ("items", {"urls": [video_id(9)]}, 2),
        ("items", {"urls": [video_id(1)]}, 0),  # it is there already
        ("retry", {"all": True}, 2),
    ],
)
def test_a_draft_that_is_changed_counts_what_it_is_checked_for(
    account: Account, ada: Client, limits: Callable[..., None], path: str, body: Any, counted: int
) -> None:
    limits(videos=100)
    batch_id = a_checked_draft(account, ada)
    assert ada.post(f"/batch/{batch_id}/{path}", body).status == 202
    assert videos_today(account) == 5 + counted


def test_a_draft_that_is_checked_later_counts_its_videos_then(
    account: Account, ada: Client, limits: Callable[..., None]
) -> None:
    limits(videos=5)
    batch_id = create(ada, videos=3, start=False).json["id"]
    refused = ada.post(f"/batch/{batch_id}/preflight")
    assert (refused.status, refused.error["code"]) == (429, "too_many_videos")
    limits(videos=6)
    assert ada.post(f"/batch/{batch_id}/preflight").status == 202
    assert videos_today(account) == 6


@pytest.mark.parametrize(
    ("path", "body", "limit", "code"),
    [
        ("items", {"urls": [video_id(9)]}, {"videos": 1}, "too_many_videos"),  # one more is looked at again with it
        ("retry", {"all": True}, {"videos": 1}, "too_many_videos"),
        ("items", {"urls": [video_id(9)]}, {"batches": 1}, "too_many_batches"),
        ("retry", {"all": True}, {"batches": 1}, "too_many_batches"),
    ],
)
def test_a_change_whose_check_is_refused_changes_nothing(
    account: Account, ada: Client, limits: Callable[..., None], path: str, body: Any, limit: dict[str, int], code: str
) -> None:
    batch_id = a_checked_draft(account, ada)
    limits(**limit)
    if "batches" in limit:
        assert create(ada).status == 201
    before, counted = account.batch(batch_id), videos_today(account)
    refused = ada.post(f"/batch/{batch_id}/{path}", body)
    assert (refused.status, refused.error["code"]) == (429, code)
    assert (account.batch(batch_id), videos_today(account)) == (before, counted)


def test_a_draft_that_moves_on_between_the_addition_and_its_check_is_checked_all_the_same(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = a_checked_draft(account, ada)
    begin, tries = Preflights.begin_preflight, count(1)

    def begin_late(preflights: Preflights, batch: Batch, *more: Any) -> Batch:
        if next(tries) == 1:
            raise BatchChanged
        return begin(preflights, batch, *more)

    monkeypatch.setattr(Preflights, "begin_preflight", begin_late)
    added = ada.post(f"/batch/{batch_id}/items", {"urls": [video_id(9)]})
    assert (added.status, added.json["preflight"]["status"]) == (202, "checking")
    assert added.json["validation"]["duplicates"] == 0
