"""Unusual videos, captions and playlists beside usual ones, and their results."""

from __future__ import annotations

import httpx

from local.youtube import Failure
from local.youtube.oddities import OLD_CODE
from local.youtube.synthetic import synthetic_id
from testkit.whole_stack import WholeStack, await_status, create_batch, follow
from tests.link_lines import ID, PLAYLIST, PLAYLIST_FORMS, TEXT, VIDEO_FORMS

FIRST = 41_000  # videos that no other test has
# The code of the error with which a video ends, None for a summary.
ENDS = {
    Failure.FOREIGN_ADDRESS: "youtube_answer_unreadable",  # tried again, so that others have to come behind it
    Failure.AUTO_DUBBED: None,
    Failure.SAME_CODE_TWICE: None,
    Failure.RELATIVE_ADDRESS: None,
    Failure.SONG: None,
    Failure.ROLLING: None,
    Failure.MASKED: None,
    Failure.CONSENT: None,
    Failure.LIVE_NOW: "video_not_ready",
    Failure.JUST_ENDED: "video_not_ready",
    Failure.STILL_PROCESSED: "video_not_ready",
    Failure.RECORDING_GONE: "video_unplayable",
    Failure.MEMBERS_ONLY: "video_unplayable",
    Failure.REMOVED: "video_unavailable",
}


def test_each_unusual_video_ends_by_itself(stack: WholeStack, user: httpx.Client) -> None:
    expected: dict[str, str | None] = {}
    for number, (failure, code) in enumerate(ENDS.items(), start=FIRST):
        stack.youtube.fail(failure, synthetic_id(number))
        expected[synthetic_id(number)] = code
    expected["Lighthouse1"] = None
    statuses, batch = set(), {}
    for batch in follow(user, create_batch(user, *expected)["id"]):
        statuses.add(batch["status"])
    assert {item["video_id"]: item["error"] and item["error"]["code"] for item in batch["items"]} == expected
    assert "paused" not in statuses
    assert "exclusive perks" not in stack.functions_log(), "YouTube's words are not for the log."


def test_a_translation_that_youtube_turns_away_stops_nobody(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.TRANSLATION_BLOCKED)
    videos = [synthetic_id(FIRST + 100), synthetic_id(FIRST + 101)]
    batch = create_batch(user, *videos, options={"language": "fr", "translate_captions": True})
    ended = await_status(user, batch["id"])
    assert [item["status"] for item in ended["items"]] == ["completed"] * 2
    assert [stack.youtube.requests["timedtext"][video] for video in videos] == [2, 2], "Translated, and as it is."


def test_captions_are_found_by_the_old_code_of_their_language(stack: WholeStack, user: httpx.Client) -> None:
    video_id = synthetic_id(FIRST + 200)
    stack.youtube.fail(Failure.OLD_CODE, video_id)
    batch = await_status(user, create_batch(user, video_id, options={"language": "he"})["id"])
    summary = user.get(f"summaries/{batch['items'][0]['summary_id']}").raise_for_status().json()
    assert (summary["caption_language"], summary["notes"]) == (OLD_CODE, [])


def test_a_playlist_is_read_without_the_list_of_what_cannot_be_watched(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.playlists["PLhalf_hidden_001"] = {
        "title": "Half hidden",
        "videos": ["Lighthouse1", "Hidden_Film"],
        "private": ["Hidden_Film"],
    }
    stack.youtube.fail(Failure.RELOAD_INCOMPLETE, "PLhalf_hidden_001")
    batch = create_batch(user, "https://www.youtube.com/playlist?list=PLhalf_hidden_001")
    assert [item["video_id"] for item in await_status(user, batch["id"])["items"]] == ["Lighthouse1"]


def test_every_form_of_a_link_is_read(user: httpx.Client) -> None:
    lines = [*VIDEO_FORMS, *PLAYLIST_FORMS, *TEXT]
    read = user.post("batch/validate", json={"text": "\n".join(lines)}).raise_for_status().json()
    found = {link["line"]: link["video_id"] or link["playlist_id"] for link in read["lines"]}
    assert [found.get(number) for number in range(1, len(lines) + 1)] == [
        *[ID] * len(VIDEO_FORMS),
        *[PLAYLIST] * len(PLAYLIST_FORMS),
        *[None] * len(TEXT),
    ]
    assert read["invalid"] == 0
    assert read["passed_over"] == len(TEXT)
