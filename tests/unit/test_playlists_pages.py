"""Playlists from YouTube's pages: what yt-dlp is asked for, and what its failures mean."""

import json
from typing import Any

import pytest
import requests
from hypothesis import given

from local.youtube.answers import Answer
from skimlist import errors
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.youtube import pages, playlists
from skimlist.youtube.lists import read_list
from skimlist.youtube.session import YouTubeSession
from tests.fakes.mutations import mutated
from tests.fakes.youtube import FakeYouTube, Replies

PAGE, BROWSE, RESOLVE = "/playlist", "/youtubei/v1/browse", "/youtubei/v1/navigation/resolve_url"
BLOCKED = Answer.html("<title>429</title>", 429)
BROKEN = Answer.html("<title>500</title>", 500)


def row(video_id: str, title: str, seconds: int | None = None) -> dict[str, Any]:
    length = {} if seconds is None else {"lengthSeconds": str(seconds)}
    return {"videoId": video_id, "title": {"runs": [{"text": title}]}, **length}


def playlist(*rows: dict[str, Any], count: int | None = None) -> dict[str, Any]:
    videos = {"playlistVideoListRenderer": {"contents": [{"playlistVideoRenderer": each} for each in rows]}}
    section = {"itemSectionRenderer": {"contents": [videos]}}
    tab = {"tabRenderer": {"selected": True, "content": {"sectionListRenderer": {"contents": [section]}}}}
    stats = {"stats": [{"simpleText": f"{len(rows) if count is None else count} videos"}]}
    return {
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [tab]}},
        "metadata": {"playlistMetadataRenderer": {"title": "Talks"}},
        "sidebar": {"playlistSidebarRenderer": {"items": [{"playlistSidebarPrimaryInfoRenderer": stats}]}},
    }


def page(data: dict[str, Any]) -> Answer:
    return Answer.html(f"<script>var ytInitialData = {json.dumps(data)};</script>")


def refusal(text: str) -> dict[str, Any]:
    return {"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": text}}}]}


def read(data: dict[str, Any]) -> Playlist:
    return read_with(FakeYouTube({PAGE: page(data), BROWSE: Answer.json(data)}).session())


def read_with(session: YouTubeSession) -> Playlist:
    with pages.opened(session) as lists:
        return read_list(lists, "PLtalks", 5_000)


def test_places_without_a_video_are_known_by_their_titles() -> None:
    rows = [row("a" * 11, "A talk", 61), row("b" * 11, "[Private video]"), row("c" * 11, "[Deleted video]")]
    assert read(playlist(*rows)).entries == (
        PlaylistEntry(video_id="a" * 11, title="A talk", duration_seconds=61),
        PlaylistEntry(video_id="b" * 11, unavailable=errors.VideoPrivate.message),
        PlaylistEntry(video_id="c" * 11, unavailable=errors.VideoUnavailable.message),
    )


def test_a_video_that_has_a_length_may_be_called_anything() -> None:
    (entry,) = read(playlist(row("a" * 11, "[Private video]", 61))).entries
    assert (entry.title, entry.unavailable) == ("[Private video]", None)


@pytest.mark.parametrize(
    ("marks", "is_awaited"),
    [
        ({}, False),
        # As YouTube.js reads them in `PlaylistVideo`: a premiere has its length before it begins, a stream has none.
        ({"upcomingEventData": {"startTime": "1790583300"}}, True),
        ({"thumbnailOverlays": [{"thumbnailOverlayTimeStatusRenderer": {"style": "LIVE"}}]}, True),
        ({"videoInfo": {"runs": [{"text": "1.2K views"}, {"text": " • "}, {"text": "Streamed 2 days ago"}]}}, False),
    ],
)
@pytest.mark.parametrize("seconds", [61, None])
def test_announced_and_live_videos_are_awaited(marks: dict[str, Any], is_awaited: bool, seconds: int | None) -> None:
    (entry,) = read(playlist(row("a" * 11, "A talk", seconds) | marks)).entries
    assert (entry.is_awaited, entry.can_be_summarized) == (is_awaited, not is_awaited)


def test_other_playlists_that_the_page_recommends_are_left_out() -> None:
    data = playlist(row("a" * 11, "A talk", 61))
    (section,) = data["contents"]["twoColumnBrowseResultsRenderer"]["tabs"][0]["tabRenderer"]["content"].values()
    recommended = {"playlistRenderer": {"playlistId": "PLother_talks", "title": {"simpleText": "Other talks"}}}
    section["contents"][0]["itemSectionRenderer"]["contents"].append(recommended)
    assert [entry.video_id for entry in read(data).entries] == ["a" * 11]


def test_a_page_that_shows_none_of_its_videos_was_not_understood() -> None:
    with pytest.raises(errors.YouTubeAnswerUnreadable):
        read(playlist(count=217))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The playlist does not exist.", errors.PlaylistUnavailable),
        ("This playlist type is unviewable.", errors.PlaylistUnavailable),
        ("This playlist is private.", errors.PlaylistPrivate),
        ("Unknown error.", errors.YouTubeAnswerUnreadable),
        ("Something that nobody has seen yet.", errors.YouTubeAnswerUnreadable),
    ],
)
def test_a_refusal_in_words(text: str, expected: type[Exception]) -> None:
    with pytest.raises(expected) as caught:
        read(refusal(text))
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.json({"error": {"code": 400}}, 400), errors.PlaylistUnavailable),
        (Answer.json({"error": {"code": 404}}, 404), errors.PlaylistUnavailable),
        (Answer.json({"error": {"code": 403}}, 403), errors.PlaylistPrivate),
        (Answer.html("<title>Sorry</title>", 403), errors.YouTubeRefused),
        (BLOCKED, errors.YouTubeBlocked),
        (BROKEN, errors.YouTubeUnreachable),
        (requests.exceptions.ReadTimeout(), errors.YouTubeUnreachable),
        (requests.exceptions.ProxyError(), errors.YouTubeProxyFailed),
        (requests.exceptions.SSLError(), errors.YouTubeProxyFailed),
        (Answer.html("<title>Not JSON</title>"), errors.YouTubeAnswerUnreadable),
        (Answer.json({}), errors.YouTubeAnswerUnreadable),
    ],
)
def test_each_failure_means_what_it_means_elsewhere(answer: Replies, expected: type[Exception]) -> None:
    youtube = FakeYouTube({PAGE: Answer.html("<title>No list</title>"), RESOLVE: answer})
    with pytest.raises(expected) as caught:
        read_with(youtube.session())
    assert type(caught.value) is expected


@pytest.mark.parametrize("answer", [BLOCKED, requests.exceptions.ProxyError()])
def test_an_error_that_blocks_the_batch_is_not_retried(answer: Replies) -> None:
    youtube = FakeYouTube({PAGE: answer})
    with pytest.raises(errors.BatchBlocked):
        read_with(youtube.session())
    assert youtube.paths == [PAGE]


@pytest.mark.parametrize(
    "reloaded",
    [
        pytest.param(Answer.json({"responseContext": {}}), id="incomplete"),
        pytest.param(Answer.json(playlist()), id="without its videos"),
        pytest.param(Answer.json(refusal("This playlist type is unviewable.")), id="refused in words"),
        pytest.param(Answer.html("<title>Not JSON</title>"), id="not JSON"),
        pytest.param(Answer.json([]), id="another shape"),
        pytest.param(BROKEN, id="server error"),
        pytest.param(BLOCKED, id="too many requests"),
        pytest.param(Answer.html("<title>Sorry</title>", 403), id="forbidden"),
        pytest.param(requests.exceptions.ReadTimeout(), id="timeout"),
    ],
)
def test_a_playlist_does_without_the_list_of_what_cannot_be_watched(reloaded: Replies) -> None:
    youtube = FakeYouTube({PAGE: page(playlist(row("a" * 11, "A talk", 61))), BROWSE: reloaded})
    found = read_with(youtube.session())
    assert [entry.video_id for entry in found.entries] == ["a" * 11]


def test_a_transient_error_is_retried() -> None:
    data = playlist(row("a" * 11, "A talk", 61))
    youtube = FakeYouTube({PAGE: [BROKEN, requests.exceptions.ReadTimeout(), page(data)], BROWSE: Answer.json(data)})
    assert len(read_with(youtube.session()).entries) == 1
    assert youtube.paths == [PAGE, PAGE, PAGE, BROWSE]


def test_a_rotating_proxy_asks_from_another_address() -> None:
    data = playlist(row("a" * 11, "A talk", 61))
    youtube = FakeYouTube({PAGE: [BLOCKED, BLOCKED, page(data)], BROWSE: Answer.json(data)})
    assert read_with(youtube.session("webshare://user:word@")).entries
    assert {request.headers["Connection"] for request in youtube.requests} == {"close"}


def test_the_page_that_asks_for_consent_is_answered_beforehand() -> None:
    data = playlist(row("a" * 11, "A talk", 61))
    youtube = FakeYouTube({PAGE: page(data), BROWSE: Answer.json(data)})
    read_with(youtube.session())
    assert all("SOCS=" in request.headers["Cookie"] for request in youtube.requests)


def test_every_request_has_the_time_limits_of_the_session() -> None:
    data = playlist(row("a" * 11, "A talk", 61))
    youtube = FakeYouTube({PAGE: page(data), BROWSE: Answer.json(data)})
    session = youtube.session()
    read_with(session)
    assert {options["timeout"] for options in youtube.options} == {session.timeout}


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(errors.YouTubeUnreachable):
        read_with(FakeYouTube({PAGE: BROKEN, RESOLVE: BROKEN}).session())
    assert capsys.readouterr() == ("", "")


WHOLE = playlist(row("a" * 11, "A talk", 61), row("b" * 11, "[Private video]"))


@given(mutated({PAGE: WHOLE, BROWSE: WHOLE, RESOLVE: refusal("Unknown error.")}))
def test_pages_of_any_shape_end_in_a_playlist_or_an_error_of_ours(answers: Any) -> None:
    """The options are those for reading a playlist, with everything that is asked about its entries."""
    answers = answers if isinstance(answers, dict) else {}
    body = json.dumps(answers.get(PAGE))
    shown = Answer(200, "text/html", f"<script>var ytInitialData = {body};</script>".encode())
    rest = {path: Answer(200, "application/json", json.dumps(answers.get(path)).encode()) for path in (BROWSE, RESOLVE)}
    try:
        playlists.read_playlist(FakeYouTube({PAGE: shown, **rest}).session(), "PLtalks")
    except errors.SkimlistError as error:
        assert error.code != errors.SkimlistError.code
