"""Playlists through the Data API: pages, durations, what is missing, and every refusal."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.youtube.answers import Answer
from skimlist import errors
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.youtube import data_api, playlists
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.lists import read_list
from tests.fakes.mutations import mutated
from tests.fakes.youtube import FakeYouTube, Replies

PLAYLISTS, ITEMS, VIDEOS = "/youtube/v3/playlists", "/youtube/v3/playlistItems", "/youtube/v3/videos"
ABOUT = Answer.json({"items": [{"snippet": {"title": "Talks", "channelTitle": "A speaker"}}]})


def item(video_id: str, privacy: str = "public") -> dict[str, Any]:
    snippet = {"title": f"Title of {video_id}", "videoOwnerChannelTitle": "A guest"}
    return {"snippet": snippet, "contentDetails": {"videoId": video_id}, "status": {"privacyStatus": privacy}}


def videos(**durations: str) -> Answer:
    return Answer.json({"items": [{"id": i, "contentDetails": {"duration": d}} for i, d in durations.items()]})


def read(replies: dict[str, Replies], limit: int = 5_000) -> Playlist:
    return read_from(FakeYouTube({PLAYLISTS: ABOUT, **replies}), limit)


def read_from(youtube: FakeYouTube, limit: int = 5_000, key: str = "key") -> Playlist:
    with data_api.opened(youtube.session(), DataApiKey(key)) as lists:
        return read_list(lists, "PLtalks", limit)


def refused(status: int, *reasons: str, details: tuple[str, ...] = ()) -> Answer:
    named, detailed = ([{"reason": reason} for reason in each] for each in (reasons, details))
    return Answer.json({"error": {"code": status, "errors": named, "details": detailed}}, status)


def test_pages_follow_each_other() -> None:
    pages = [Answer.json({"items": [item("a")], "nextPageToken": "2"}), Answer.json({"items": [item("b")]})]
    youtube = FakeYouTube({PLAYLISTS: ABOUT, ITEMS: [*pages], VIDEOS: videos(a="PT1S", b="PT2S")})
    playlist = read_from(youtube)
    assert (playlist.id, playlist.title, playlist.channel) == ("PLtalks", "Talks", "A speaker")
    assert playlist.entries == (
        PlaylistEntry(video_id="a", title="Title of a", channel="A guest", duration_seconds=1),
        PlaylistEntry(video_id="b", title="Title of b", channel="A guest", duration_seconds=2),
    )
    assert ["pageToken=2" in str(request.url) for request in youtube.requests] == [False, False, True, False, False]


def test_the_key_is_in_no_address() -> None:
    youtube = FakeYouTube({PLAYLISTS: ABOUT, ITEMS: Answer.json({"items": [item("a")]}), VIDEOS: videos(a="PT1S")})
    read_from(youtube, key="the-secret-key")
    assert all(request.headers["X-Goog-Api-Key"] == "the-secret-key" for request in youtube.requests)
    assert not any("the-secret-key" in str(request.url) for request in youtube.requests)


def test_videos_that_cannot_be_watched_keep_their_places() -> None:
    items = [item("a"), item("b", "private"), item("c", "privacyStatusUnspecified"), item("d")]
    playlist = read({ITEMS: Answer.json({"items": items}), VIDEOS: videos(a="PT1S", d="PT1S")})
    assert [entry.video_id for entry in playlist.entries] == ["a", "b", "c", "d"]
    assert playlist.entries[1] == PlaylistEntry(video_id="b", unavailable=errors.VideoPrivate.message)
    assert playlist.entries[2] == PlaylistEntry(video_id="c", unavailable=errors.VideoUnavailable.message)


@pytest.mark.parametrize(("broadcast", "is_awaited"), [("none", False), ("upcoming", True), ("live", True)])
def test_announced_and_live_videos_are_awaited(broadcast: str, is_awaited: bool) -> None:
    """The values are those that Google documents for `snippet.liveBroadcastContent` of a video."""
    video = {"id": "a", "snippet": {"liveBroadcastContent": broadcast}, "contentDetails": {"duration": "PT9M"}}
    youtube = FakeYouTube(
        {PLAYLISTS: ABOUT, ITEMS: Answer.json({"items": [item("a")]}), VIDEOS: Answer.json({"items": [video]})}
    )
    (entry,) = read_from(youtube).entries
    assert entry.is_awaited is is_awaited
    (request,) = [request for request in youtube.requests if VIDEOS in str(request.url)]
    assert {"snippet", "contentDetails"} <= set(request.url.split("part=")[1].split("&")[0].split("%2C"))


def test_a_limit_asks_for_no_page_behind_it() -> None:
    page = {"items": [item("a"), item("b"), item("c")], "nextPageToken": "2"}
    replies: dict[str, Replies] = {
        ITEMS: [Answer.json(page), AssertionError("one page was enough")],
        VIDEOS: videos(a="PT1S", b="PT1S", c="PT1S"),
    }
    playlist = read(replies, limit=2)
    assert [entry.video_id for entry in playlist.entries] == ["a", "b"]
    assert playlist.truncated


def test_a_playlist_that_ends_at_the_limit_is_whole() -> None:
    playlist = read({ITEMS: Answer.json({"items": [item("a")]}), VIDEOS: videos(a="PT1S")}, limit=1)
    assert not playlist.truncated


def test_a_playlist_of_which_only_the_videos_are_known_has_its_id_as_title() -> None:
    nothing = Answer.json({"items": []})
    playlist = read({PLAYLISTS: nothing, ITEMS: Answer.json({"items": [item("a")]}), VIDEOS: videos(a="PT1S")})
    assert (playlist.title, playlist.channel) == ("PLtalks", None)


def duration_of(text: str) -> int | None:
    return read({ITEMS: Answer.json({"items": [item("a")]}), VIDEOS: videos(a=text)}).entries[0].duration_seconds


@given(days=st.integers(0, 30), hours=st.integers(0, 23), minutes=st.integers(0, 59), seconds=st.integers(1, 59))
def test_durations_are_given_in_seconds(days: int, hours: int, minutes: int, seconds: int) -> None:
    units = [(hours, "H"), (minutes, "M"), (seconds, "S")]
    text = f"P{days}D" * (days > 0) + "P" * (days == 0) + "T" + "".join(f"{n}{unit}" for n, unit in units if n)
    assert duration_of(text) == ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@pytest.mark.parametrize("text", ["P0D", "", "soon"])
def test_a_stream_that_has_not_started_has_no_duration(text: str) -> None:
    assert duration_of(text) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refused(404, "playlistNotFound"), errors.PlaylistUnavailable),
        (refused(403, "playlistItemsNotAccessible"), errors.PlaylistPrivate),
        (refused(403, "quotaExceeded"), errors.DataApiQuotaExceeded),
        (refused(403, "dailyLimitExceeded"), errors.DataApiQuotaExceeded),
        (refused(403, "rateLimitExceeded"), errors.YouTubeUnreachable),
        (refused(429), errors.YouTubeUnreachable),
        (refused(400, "badRequest", details=("API_KEY_INVALID",)), errors.DataApiKeyRejected),
        (refused(403, "forbidden", details=("API_KEY_SERVICE_BLOCKED",)), errors.DataApiKeyRejected),
        (refused(403, "accessNotConfigured"), errors.DataApiKeyRejected),
        (refused(401), errors.DataApiKeyRejected),
        (refused(400, "invalidPageToken"), errors.YouTubeAnswerUnreadable),
        (refused(500, "backendError"), errors.YouTubeUnreachable),
        (Answer.html("<title>503</title>", 503), errors.YouTubeUnreachable),
        (Answer.html("<title>A proxy's own page</title>", 403), errors.YouTubeAnswerUnreadable),
        (Answer.html("<title>Not JSON</title>"), errors.YouTubeAnswerUnreadable),
        (Answer.json({"kind": "something else"}), errors.YouTubeAnswerUnreadable),
        (Answer.json(["something else"]), errors.YouTubeAnswerUnreadable),
    ],
)
def test_each_refusal_means_what_it_says(answer: Answer, expected: type[Exception]) -> None:
    with pytest.raises(expected) as caught:
        read({ITEMS: answer})
    assert type(caught.value) is expected


@given(
    mutated(
        {
            PLAYLISTS: json.loads(ABOUT.body),
            ITEMS: {"items": [item("a" * 11), item("b" * 11, "private")]},
            VIDEOS: json.loads(videos(**{"a" * 11: "PT1S"}).body),
        }
    ),
    st.sampled_from([200, 200, 200, 403, 500]),
)
def test_answers_of_any_shape_end_in_a_playlist_or_an_error_of_ours(told: Any, status: int) -> None:
    told = told if isinstance(told, dict) else {}
    replies = {
        path: Answer(status, "application/json", json.dumps(told.get(path)).encode())
        for path in (PLAYLISTS, ITEMS, VIDEOS)
    }
    try:
        playlists.read_playlist(FakeYouTube(replies).session(), "PLtalks", api_key="key")
    except errors.SkimlistError as error:
        assert error.code != errors.SkimlistError.code
