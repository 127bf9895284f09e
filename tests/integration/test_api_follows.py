"""Following a source through the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from skimlist.errors import BatchNotFound
from skimlist.jobs import records
from skimlist.jobs.follows import Follows, run_record, seen_record
from skimlist.models.batch import BatchRun
from skimlist.models.follow import FollowRun
from skimlist.models.video import Item
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client

PLAYLIST = "PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"
LINK = f"https://www.youtube.com/playlist?list={PLAYLIST}"


def create(client: Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/follows", {"source": LINK, **fields})
    assert answer.status == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def test_a_follow_needs_nothing_but_a_source(ada: Client) -> None:
    follow = create(ada)
    assert follow["source"] == {"id": PLAYLIST, "url": LINK, "title": None}
    assert (follow["every"], follow["at"], follow["weekday"], follow["zone"]) == ("day", "07:00", None, "UTC")
    assert (follow["status"], follow["notify"], follow["max_cost_usd_per_month"]) == ("active", True, None)
    assert follow["name"] == PLAYLIST
    assert datetime.fromisoformat(follow["next_look_at"]) - datetime.now(UTC) < timedelta(minutes=1)
    assert ada.get("/follows").json == {"follows": [follow]}
    assert ada.get(f"/follows/{follow['id']}").json == {**follow, "runs": []}
    assert follow["month_usd"] == 0


@pytest.mark.parametrize(
    ("source", "source_id", "url"),
    [
        ("UCxxxxxxxxxxxxxxxxxxxxxx", "UCxxxxxxxxxxxxxxxxxxxxxx", "channel/UCxxxxxxxxxxxxxxxxxxxxxx"),
        ("https://youtube.com/@talks/videos", "@talks/videos", "@talks/videos"),
    ],
)
def test_a_channel_is_followed_by_its_link(ada: Client, source: str, source_id: str, url: str) -> None:
    shown = {"id": source_id, "url": f"https://www.youtube.com/{url}", "title": None}
    assert create(ada, source=source)["source"] == shown


def test_the_link_of_a_followed_handle_leads_to_the_channel_that_is_read(account: Account, ada: Client) -> None:
    """Somebody else may have the handle by now."""
    follow_id = create(ada, source="@talks/videos")["id"]
    channel_id = "UC" + "Skimlist" * 2 + "-Talks"
    Follows(account.table).change("ada", follow_id, lambda follow: replace(follow, channel_id=channel_id))
    url = f"https://www.youtube.com/channel/{channel_id}/videos"
    assert ada.get(f"/follows/{follow_id}").json["source"] == {"id": "@talks/videos", "url": url, "title": None}


def test_settings_come_from_a_preset_and_from_the_request(ada: Client) -> None:
    preset = {"model": "extractive", "summary_length": "brief", "options": {"digest": True}, "max_cost_usd": 0.5}
    assert ada.put("/presets/News", preset).status == 200
    follow = create(ada, preset="News", summary_length="detailed", max_cost_usd_per_month=3)
    assert follow["settings"]["model"] == "extractive"
    assert follow["settings"]["summary_length"] == "detailed"
    assert follow["settings"]["options"]["digest"] is True
    assert (follow["max_cost_usd_per_run"], follow["max_cost_usd_per_month"]) == (0.5, 3)
    assert create(ada, preset="News", max_cost_usd_per_run=None)["max_cost_usd_per_run"] is None
    assert ada.post("/follows", {"source": LINK, "preset": "Old"}).json["error"]["code"] == "preset_not_found"


def test_hourly_follows_are_spread_over_the_hour(account: Account, ada: Client) -> None:
    ids = [create(ada, every="hour")["id"] for _ in range(5)]
    assert {follow["at"] for follow in ada.get("/follows").json["follows"]} == {None}
    minutes = {follow.schedule.at for follow in Follows(account.table).list_of("ada")}
    assert len(ids) == 5
    assert len(minutes) > 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source": "https://youtu.be/dQw4w9WgXcQ"}, "source"),
        ({"source": "https://vimeo.com/1"}, "source"),
        ({"source": f"{LINK} {LINK}0"}, "source"),
        ({"source": "https://www.youtube.com/playlist?list=WL"}, "source"),
        ({"source": "  "}, "source"),
        ({"every": "minute"}, "every"),
        ({"at": "24:00"}, "at"),
        ({"every": "hour", "at": "07:00"}, ""),
        ({"every": "day", "weekday": "monday"}, ""),
        ({"every": "week", "weekday": "mon"}, "weekday"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"max_cost_usd_per_month": 0}, "max_cost_usd_per_month"),
        ({"max_cost_usd_per_run": -1}, "max_cost_usd_per_run"),
        ({"model": "gpt-0"}, "model"),
        ({"name": "\x07"}, "name"),
        ({"start": True}, "start"),
    ],
)
def test_an_error_names_its_field(ada: Client, fields: dict[str, Any], field: str) -> None:
    answer = ada.post("/follows", {"source": LINK, **fields})
    assert answer.status == 422
    assert [detail["field"] for detail in answer.json["error"]["details"]] == [field]
    assert ada.get("/follows").json == {"follows": []}


def test_the_same_request_with_the_same_key_makes_one_follow(ada: Client) -> None:
    answers = [ada.post("/follows", {"source": LINK}, {"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    other = ada.post("/follows", {"source": LINK, "every": "week"}, {"Idempotency-Key": "k1"})
    assert other.json["error"]["code"] == "idempotency_key_reused"
    assert len(ada.get("/follows").json["follows"]) == 1


def test_a_late_repetition_does_not_bring_back_a_deleted_follow(account: Account, ada: Client) -> None:
    request = {"source": LINK}, {"Idempotency-Key": "k1"}
    path = f"/follows/{ada.post('/follows', *request).json['id']}"
    for _ in range(2):
        assert ada.delete(path).status == 204
        repeated = ada.post("/follows", *request)
        assert (repeated.status, repeated.json["error"]["code"]) == (409, "follow_deleted")
    assert ada.get("/follows").json == {"follows": []}
    (deletion,) = [record for record in account.table.scan()["Items"] if record["sk"].startswith("DELETED#")]
    assert timedelta(hours=24) < datetime.fromtimestamp(int(deletion["expires_at"]), UTC) - datetime.now(UTC)
    assert ada.post("/follows", {"source": LINK}, {"Idempotency-Key": "k2"}).status == 201


def test_deleting_a_missing_follow_leaves_nothing_behind(account: Account, ada: Client) -> None:
    assert ada.delete("/follows/019c51a2-0000-7000-8000-000000000000").status == 204
    assert account.table.scan()["Items"] == []


def test_two_requests_at_once_do_not_exceed_the_limit(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.config.Settings.follows", 1)
    write, answers = Follows.transact_writes, []

    def write_after_the_other(table: Follows, *writes: Any) -> bool:
        monkeypatch.setattr(Follows, "transact_writes", write)
        answers.append(ada.post("/follows", {"source": LINK}))
        return write(table, *writes)

    monkeypatch.setattr(Follows, "transact_writes", write_after_the_other)
    answers.append(ada.post("/follows", {"source": LINK}))
    assert [answer.status for answer in answers] == [201, 409]
    assert len(ada.get("/follows").json["follows"]) == 1
    assert account.table.scan()["Count"] > 1


def test_a_change_leaves_the_other_settings_as_they_are(ada: Client) -> None:
    follow = create(ada, max_cost_usd_per_month=3, name="Talks", zone="Europe/Berlin", at="06:15")
    path = f"/follows/{follow['id']}"
    changed = ada.patch(path, {"every": "week", "weekday": "friday", "max_cost_usd_per_month": None}).json
    same = {"source", "name", "settings", "zone", "max_cost_usd_per_run", "notify", "status", "created_at"}
    assert {key: changed[key] for key in same} == {key: follow[key] for key in same}
    assert (changed["every"], changed["weekday"], changed["at"]) == ("week", "friday", "06:15")
    assert changed["max_cost_usd_per_month"] is None
    assert ada.patch(path, {"summary_length": "brief"}).json["settings"]["summary_length"] == "brief"
    assert ada.patch(path, {"notify": False}).json["notify"] is False
    assert ada.patch(path, {}).status == 422
    assert ada.patch(path, {"every": "day", "weekday": "monday"}).status == 422
    assert (ada.patch(path, {"every": "day"}).json["at"], ada.patch(path, {"every": "hour"}).json["at"]) == (
        "06:15",
        None,
    )
    assert ada.patch(path, {"every": "day"}).json["at"] == "07:00"  # an hourly one has none to keep


@pytest.mark.parametrize(("every", "change"), [("hour", {"at": "06:00"}), ("day", {"weekday": "friday"})])
def test_a_change_that_its_kind_of_follow_does_not_have_is_refused(
    account: Account, ada: Client, every: str, change: dict[str, str]
) -> None:
    made = create(ada, every=every)
    before = Follows(account.table).get("ada", made["id"])
    refused = ada.patch(f"/follows/{made['id']}", change)
    assert (refused.status, refused.json["error"]["details"][0]["field"]) == (422, next(iter(change)))
    assert Follows(account.table).get("ada", made["id"]) == before


def test_a_paused_follow_is_checked_when_it_is_resumed(ada: Client) -> None:
    path = f"/follows/{create(ada)['id']}"
    assert ada.patch(path, {"status": "paused"}).json["next_look_at"] is None
    resumed = ada.patch(path, {"status": "active"}).json
    assert resumed["status"] == "active"
    assert datetime.fromisoformat(resumed["next_look_at"]) <= datetime.now(UTC)


def test_nobody_else_sees_a_users_follows(ada: Client, eve: Client) -> None:
    path = f"/follows/{create(ada)['id']}"
    assert eve.get("/follows").json == {"follows": []}
    assert [eve.get(path).status, eve.patch(path, {"notify": False}).status] == [404, 404]
    assert eve.delete(path).status == 204  # as if it had never existed
    assert ada.get(path).json["notify"] is True


def test_a_user_has_as_many_follows_as_the_deployment_allows(
    ada: Client, eve: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.config.Settings.follows", 2)
    create(ada)
    path = f"/follows/{create(ada)['id']}"
    refused = ada.post("/follows", {"source": LINK})
    assert (refused.status, refused.json["error"]["code"]) == (409, "too_many_follows")
    create(eve)
    assert ada.delete(path).status == 204
    create(ada)


def test_nothing_is_left_of_a_deleted_follow(account: Account, ada: Client) -> None:
    made = create(ada)
    kept = create(ada)
    follows = Follows(account.table)
    for each in (made, kept):
        follow = follows.get("ada", each["id"])
        follows.write(seen_record(follow, ["dQw4w9WgXcQ"]))
        follows.write(run_record(follow, FollowRun(month="2026-11", batch_id="b7f3")))
    for _ in range(2):
        assert ada.delete(f"/follows/{made['id']}").status == 204
    assert ada.get(f"/follows/{made['id']}").status == 404
    left = [record for record in account.table.scan()["Items"] if "FOLLOW" in record["pk"]]
    assert {record["sk"] for record in left} == {f"ada#{kept['id']}", "VIDEOS", "RUN#2026-11#b7f3"}
    assert all(kept["id"] in record["pk"] + record["sk"] for record in left)


def test_the_month_shows_what_its_batches_have_cost(account: Account, ada: Client) -> None:
    made = create(ada)
    follows = Follows(account.table)
    follow = follows.get("ada", made["id"])
    batch = account.create_batch(1)
    month = f"{datetime.now(UTC):%Y-%m}"
    account.table.update_item(
        Key=records.batch_key("ada", batch.id),
        UpdateExpression="SET cost_usd = :usd",
        ExpressionAttributeValues={":usd": Decimal("0.75")},
    )
    for run in (
        FollowRun(month="2020-01", batch_id="old", cost_usd=Decimal(9)),
        FollowRun(month=month, batch_id="deleted", earlier_usd=Decimal("0.1"), cost_usd=Decimal("0.3")),
        FollowRun(month=month, batch_id=batch.id, earlier_usd=Decimal("0.25")),
    ):
        follows.write(run_record(follow, run))
    shown = ada.get(f"/follows/{made['id']}").json
    assert shown["month_usd"] == 0.7
    assert [each["month_usd"] for each in ada.get("/follows").json["follows"]] == [0.7]
    assert [run["batch_id"] for run in shown["runs"]] == ["deleted", batch.id, "old"]


def test_a_month_counts_what_a_deleted_batch_costs_until_its_last_video_has_ended(
    account: Account, ada: Client
) -> None:
    made = create(ada)
    follows = Follows(account.table)
    account.begin_batch(2, follow_id=made["id"])
    month = f"{datetime.now(UTC):%Y-%m}"
    follows.write(run_record(follows.get("ada", made["id"]), FollowRun(month=month, batch_id="b7f3")))
    account.next_page(account.batch())
    assert ada.delete("/batch/b7f3/cancel").status == 202
    assert ada.delete("/batch/b7f3").status == 202
    last = Item(id="00001", video_id=video_id(1), tokens_in=900, cost_usd=Decimal("0.75"))
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), last, Decimal(0), NOW)
    account.invoke("load_next_videos", {"user_id": "ada", "batch_id": "b7f3", "run": 1})
    for _ in range(2):
        account.invoke("resume_interrupted", {})
    with pytest.raises(BatchNotFound):
        account.batch()
    assert ada.get(f"/follows/{made['id']}").json["month_usd"] == 0.75


def test_two_changes_at_once_are_both_made(account: Account, ada: Client) -> None:
    follows = Follows(account.table)
    follow = follows.get("ada", create(ada)["id"])
    changed = follows.change("ada", follow.id, lambda each: each)
    assert changed.version == follow.version
    assert ada.patch(f"/follows/{follow.id}", {"notify": False}).status == 200
    assert follows.get("ada", follow.id).version == follow.version + 1
    assert follow.created_at > NOW
