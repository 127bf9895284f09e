"""A queue that its user changes from draft to end, with playlists among its links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local.youtube.synthetic import synthetic_id
from testkit.whole_stack import WholeStack, await_status, create_batch

VIDEOS = 12
TALKS = "PLtwelvetalks0123"
SAMPLES = "PLSkimlistSamples"


@pytest.fixture
def talks(stack: WholeStack) -> Iterator[WholeStack]:
    """A playlist of synthetic videos on a YouTube slow enough to act while a video is processed."""
    stack.youtube.playlists[TALKS] = {"title": "Twelve talks", "channel": "Everybody", "videos": VIDEOS}
    stack.youtube.latency = 0.2
    yield stack
    stack.youtube.latency = 0.0
    del stack.youtube.playlists[TALKS]


def playlist_url(playlist_id: str) -> str:
    return f"https://www.youtube.com/playlist?list={playlist_id}"


def is_expanded(batch: dict[str, Any]) -> bool:
    return all(playlist["status"] != "pending" for playlist in batch["playlists"])


def ids(batch: dict[str, Any], *statuses: str) -> list[str]:
    return [item["id"] for item in batch["items"] if not statuses or item["status"] in statuses]


def put_order(user: httpx.Client, batch: dict[str, Any], item_ids: list[str]) -> dict[str, Any]:
    headers = {"If-Match": str(batch["order_version"])}
    answer = user.put(f"batch/{batch['id']}/order", json={"item_ids": item_ids}, headers=headers)
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


def moved(order: list[str], item_ids: list[str]) -> list[str]:
    """Returns the queue with these items in this order, in the slots that they already occupy."""
    wanted = iter(item_ids)
    return [next(wanted) if item_id in item_ids else item_id for item_id in order]


def test_a_queue_is_steered_from_the_draft_to_its_end(talks: WholeStack, user: httpx.Client) -> None:
    created = create_batch(user, playlist_url(TALKS), start=False)
    draft = await_status(user, created["id"], {"draft"}, is_expanded)
    assert [item["video_id"] for item in draft["items"]] == [synthetic_id(number) for number in range(1, VIDEOS + 1)]
    assert all(item["title"] and item["channel"] and item["duration_seconds"] for item in draft["items"])

    put_order(user, draft, ids(draft)[::-1])
    skipped = ids(draft)[-4]
    user.delete(f"batch/{draft['id']}/items/{skipped}").raise_for_status()
    added = user.post(f"batch/{draft['id']}/items", json={"urls": ["Lighthouse1"]}).raise_for_status().json()
    stale = user.put(f"batch/{draft['id']}/order", json={"item_ids": ids(draft)}, headers={"If-Match": "0"})
    assert (stale.status_code, added["progress"]["total"]) == (httpx.codes.CONFLICT, VIDEOS + 1)
    user.post(f"batch/{draft['id']}/start").raise_for_status()

    running = await_status(user, draft["id"], {"processing"}, lambda batch: batch["progress"]["completed"] >= 2)
    order = ids(running)
    assert order[:-1] == ids(draft)[::-1]
    # The next ones may be begun at any moment; behind them the last comes first.
    waiting = ids(running, "pending")[3:]
    turned = [waiting[-1], *waiting[:-1]]
    put_order(user, running, turned)
    order = moved(order, turned)

    assert user.post(f"batch/{draft['id']}/pause").json()["status"] == "paused"
    paused = await_status(
        user, draft["id"], {"paused"}, lambda batch: all(item["status"] != "processing" for item in batch["items"])
    )
    assert ids(paused) == order
    talks.youtube.latency = 0.0
    assert user.post(f"batch/{draft['id']}/resume").json()["status"] == "processing"
    done = await_status(user, draft["id"])

    assert done["status"] == "completed"
    assert ids(done) == order
    assert [item["position"] for item in done["items"]] == list(range(1, VIDEOS + 2))
    counts = {name: done["progress"][name] for name in ("total", "completed", "failed", "skipped", "left", "percent")}
    assert counts == {
        **{"total": VIDEOS + 1, "completed": VIDEOS, "failed": 0, "skipped": 1, "left": 0, "percent": 100}
    }
    assert ids(done, "skipped") == [skipped]
    completed = [item for item in done["items"] if item["status"] == "completed"]
    assert sorted(completed, key=lambda item: item["started_at"]) == completed
    assert [item["attempts"] for item in completed] == [1] * VIDEOS
    fetched = talks.youtube.requests["timedtext"]
    assert {fetched.get(synthetic_id(number), 0) for number in range(1, VIDEOS + 1)} == {0, 1}


def test_a_playlist_gives_its_videos_and_one_that_is_missing_fails_alone(user: httpx.Client) -> None:
    created = create_batch(user, playlist_url(SAMPLES), playlist_url("PLnobodyhasthis01"), "Sauerteig_1")
    batch = await_status(user, created["id"])
    assert batch["status"] == "completed"
    read, missing = batch["playlists"]
    assert (read["status"], read["title"], read["added"], read["unavailable"], read["duplicates"]) == (
        *("expanded", "Five short talks", 5, 1, 1),
    )
    assert (missing["status"], missing["added"], missing["error"]["code"]) == ("failed", 0, "playlist_unavailable")
    assert [item["video_id"] for item in batch["items"]] == [
        *("Lighthouse1", "Hidden_Film", "Polinesia_1", "Momiji_no_1", "Steel_Box_1", "Sauerteig_1")
    ]
    hidden = batch["items"][1]
    assert (hidden["status"], hidden["error"]["code"]) == ("skipped", "video_unavailable")
    counts = {name: batch["progress"][name] for name in ("total", "completed", "failed", "skipped", "left")}
    assert counts == {"total": 6, "completed": 5, "failed": 0, "skipped": 1, "left": 0}


def test_a_batch_of_a_missing_playlist_alone_fails_and_says_why(user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, playlist_url("PLnobodyhasthis01"))["id"])
    assert (batch["status"], batch["error"]["code"]) == ("failed", "playlists_unreadable")
    assert (batch["progress"]["total"], batch["items"]) == (0, [])
    assert [playlist["error"]["code"] for playlist in batch["playlists"]] == ["playlist_unavailable"]


def is_checked(batch: dict[str, Any]) -> bool:
    return bool(batch["preflight"]["status"] != "checking")


def test_a_draft_is_checked_before_anything_is_paid(stack: WholeStack, user: httpx.Client) -> None:
    asked = stack.model.requests["asked"]
    urls = (playlist_url(SAMPLES), "Silent_Film")
    created = create_batch(user, *urls, model="openai", start=False, preflight=True)
    draft = await_status(user, created["id"], {"draft"}, lambda batch: is_expanded(batch) and is_checked(batch))
    sheet = draft["preflight"]
    assert (sheet["status"], sheet["checked"], sheet["reused"]) == ("ready", 5, 0)
    assert stack.model.requests["asked"] == asked
    statuses = {item["video_id"]: item["status"] for item in draft["items"]}
    assert (statuses.pop("Silent_Film"), statuses.pop("Hidden_Film")) == ("failed", "skipped")
    assert set(statuses.values()) == {"pending"}
    forecasts = {item["video_id"]: item["preflight"] for item in draft["items"] if item["preflight"]}
    assert set(forecasts) == set(statuses)
    assert sheet["tokens_in"] == sum(forecast["tokens_in"] for forecast in forecasts.values())
    assert 0 < sheet["cost_usd"] < 0.01

    user.post(f"batch/{draft['id']}/start").raise_for_status()
    done = await_status(user, draft["id"])
    assert (done["status"], done["progress"]["completed"], done["progress"]["failed"]) == ("completed", 5, 1)

    again = create_batch(user, *urls, model="openai", start=False, preflight=True)
    sheet = await_status(user, again["id"], {"draft"}, is_checked)["preflight"]
    assert (sheet["reused"], sheet["tokens_in"], sheet["cost_usd"]) == (5, 0, 0)
    assert sheet["saved_usd"] == pytest.approx(done["cost"]["usd"])


def test_a_batch_is_continued_with_what_its_playlist_has_gained(talks: WholeStack, user: httpx.Client) -> None:
    talks.youtube.latency = 0.0
    talks.youtube.playlists[TALKS]["videos"] = 2
    first = await_status(user, create_batch(user, playlist_url(TALKS))["id"])
    talks.youtube.playlists[TALKS]["videos"] = 4
    answer = user.post(f"batch/{first['id']}/refresh")
    assert answer.status_code == httpx.codes.CREATED, answer.text
    second = await_status(user, answer.json()["id"])
    assert [item["video_id"] for item in second["items"]] == [synthetic_id(3), synthetic_id(4)]
    assert (second["status"], second["playlists"][0]["known"]) == ("completed", 2)
