"""An odd response stops its own video and no other user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count

import httpx
import pytest

from local.model import Failure as ModelFailure
from local.youtube import Failure
from local.youtube.synthetic import synthetic_id
from testkit.whole_stack import WholeStack, create_batch, follow, resume

BAD_PLAYLIST = "PLunreadable00001"
_fresh = count(40_000)  # videos that no other test has


@pytest.fixture
def neighbour(stack: WholeStack) -> Iterator[httpx.Client]:
    """Another user, who has a batch at the same time."""
    with closing(stack.client_of_new_user()) as client:
        yield client


def videos(number: int) -> list[str]:
    return [synthetic_id(next(_fresh)) for _ in range(number)]


def seen_statuses(api: httpx.Client, batch_id: str) -> tuple[set[str], dict[str, str | None]]:
    """Waits for the end of a batch; returns its statuses on the way, and its videos with their errors."""
    statuses, batch = set(), {}
    for batch in follow(api, batch_id):
        statuses.add(batch["status"])
    return statuses, {item["video_id"]: item["error"] and item["error"]["code"] for item in batch["items"]}


def test_the_third_of_five_videos_fails_alone(stack: WholeStack, user: httpx.Client, neighbour: httpx.Client) -> None:
    """The other failures that it may meet are tried in tests/integration/test_third_of_five.py."""
    five, two = videos(5), videos(2)
    stack.youtube.fail(Failure.MALFORMED, five[2])
    own, beside = create_batch(user, *five)["id"], create_batch(neighbour, *two)["id"]
    assert "paused" not in seen_statuses(neighbour, beside)[0]
    statuses, errors = seen_statuses(user, own)
    assert "paused" not in statuses
    assert errors == {**dict.fromkeys(five), five[2]: "youtube_answer_unreadable"}


def test_one_odd_answer_of_a_model_pauses_no_batch(
    stack: WholeStack, user: httpx.Client, neighbour: httpx.Client
) -> None:
    stack.model.latency = 0.5
    own = create_batch(user, *videos(5), model="openai")["id"]
    for batch in follow(user, own):
        if batch["progress"]["completed"] >= 2:
            break
    stack.model.fail(ModelFailure.FORBIDDEN, times=1)
    stack.model.latency = 0
    statuses, errors = seen_statuses(user, own)
    beside = create_batch(neighbour, *videos(2), model="openai")["id"]
    assert "paused" not in statuses | seen_statuses(neighbour, beside)[0]
    assert not any(errors.values())


def test_two_bad_videos_in_a_row_pause_their_own_batch_alone(
    stack: WholeStack, user: httpx.Client, neighbour: httpx.Client
) -> None:
    five = videos(5)
    for bad in five[1:3]:
        stack.youtube.fail(Failure.PO_TOKEN, bad)
    own = create_batch(user, *five)["id"]
    assert any(batch["status"] == "paused" for batch in follow(user, own))
    assert "paused" not in seen_statuses(neighbour, create_batch(neighbour, *videos(2))["id"])[0]
    resume(user, own)
    batch = next(batch for batch in follow(user, own) if batch["progress"]["completed"] == 3)
    done = {item["video_id"] for item in batch["items"] if item["status"] == "completed"}
    assert done == set(five) - set(five[1:3])


def test_a_playlist_that_cannot_be_read_stops_neither_its_batch_nor_another(
    stack: WholeStack, user: httpx.Client, neighbour: httpx.Client
) -> None:
    three = videos(3)
    stack.youtube.playlists[BAD_PLAYLIST] = {"title": "Odd", "channel": "Somebody", "videos": videos(2)}
    stack.youtube.fail(Failure.MALFORMED, BAD_PLAYLIST)
    own = create_batch(user, f"https://www.youtube.com/playlist?list={BAD_PLAYLIST}", *three)["id"]
    statuses, errors = seen_statuses(user, own)
    assert "paused" not in statuses
    assert errors == dict.fromkeys(three)
    (playlist,) = user.get(f"batch/{own}").json()["playlists"]
    assert (playlist["status"], playlist["error"]["code"]) == ("failed", "youtube_answer_unreadable")
    assert "paused" not in seen_statuses(neighbour, create_batch(neighbour, *videos(2))["id"])[0]
