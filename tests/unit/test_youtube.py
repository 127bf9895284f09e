"""Fetching a transcript: the requests to YouTube, and what its responses lead to."""

import html
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from local.youtube import Failure, answers
from local.youtube.answers import Answer
from skimlist.errors import (
    NoCaptions,
    SkimlistError,
    TranscriptEmpty,
    VideoFailed,
    VideoNotReady,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    YouTubeUnreachable,
)
from skimlist.models.settings import CaptionRequest
from skimlist.models.transcript import Segment, Transcript
from tests.fakes.mutations import JSON, damaged, mutated
from tests.fakes.youtube import VIDEO, FakeYouTube, Replies

VIDEO_ID = VIDEO["video_id"]
UNTITLED = {**VIDEO, "title": None, "channel": None}
NAMELESS = {"/watch": answers.watch_page(UNTITLED, None, ""), "/youtubei/v1/player": answers.player(UNTITLED, None)}


def test_a_transcript_has_text_times_and_what_the_player_tells() -> None:
    transcript = FakeYouTube().client().fetch_transcript(VIDEO_ID)
    assert transcript.segments == (Segment("Hello, world.", 0.5, 2.0), Segment("That is all.", 2.5, 1.5))
    assert (transcript.language_code, transcript.language, transcript.is_generated) == ("en", "English", False)
    assert (transcript.title, transcript.channel, transcript.duration_seconds) == ("A talk", "A speaker", 12.0)
    assert transcript.translated_from is None


def test_three_requests_are_enough_for_a_video() -> None:
    youtube = FakeYouTube()
    youtube.client().fetch_transcript(VIDEO_ID)
    assert youtube.paths == ["/watch", "/youtubei/v1/player", "/api/timedtext"]


def test_every_request_has_time_limits() -> None:
    youtube = FakeYouTube(NAMELESS)
    youtube.client().fetch_transcript(VIDEO_ID)
    assert [options["timeout"] for options in youtube.options] == [(5.0, 20.0)] * 4


def test_a_title_that_the_player_keeps_back_is_on_the_page() -> None:
    youtube = FakeYouTube({"/youtubei/v1/player": answers.player(UNTITLED, None)})
    transcript = youtube.client().fetch_transcript(VIDEO_ID)
    assert (transcript.title, transcript.channel) == ("A talk", "A speaker")
    assert "/oembed" not in youtube.paths


@pytest.mark.parametrize(
    ("failure", "names"),
    [
        (Failure.CAPTIONS_OFF, ("A talk", "A speaker")),
        (Failure.LIVE_NOW, ("A talk", "A speaker")),
        (Failure.AGE_GATE, ("A talk", "A speaker")),
        (Failure.MEMBERS_ONLY, ("A talk", "A speaker")),
        (Failure.COUNTRY, ("A talk", "A speaker")),
        (Failure.PRIVATE, (None, None)),
        (Failure.REMOVED, (None, None)),
    ],
)
def test_a_failure_names_the_video_if_youtube_does(failure: Failure, names: tuple[str | None, str | None]) -> None:
    replies = {"/watch": answers.watch_page(VIDEO, failure, ""), "/youtubei/v1/player": answers.player(VIDEO, failure)}
    youtube = FakeYouTube(replies)
    with pytest.raises(VideoFailed) as failed:
        youtube.client().fetch_transcript(VIDEO_ID)
    assert (failed.value.title, failed.value.channel) == names
    assert "A talk" not in str(failed.value)
    assert youtube.paths == ["/watch", "/youtubei/v1/player"]


def test_the_names_of_another_video_are_not_taken_for_those_of_one_that_fails() -> None:
    youtube = FakeYouTube()
    client = youtube.client()
    client.fetch_transcript(VIDEO_ID)
    youtube.replies["/watch"] = answers.SERVER_ERROR
    with pytest.raises(YouTubeUnreachable) as failed:
        client.fetch_transcript(VIDEO_ID)
    assert failed.value.title is None


def test_a_title_that_neither_gives_comes_by_oembed() -> None:
    youtube = FakeYouTube(NAMELESS)
    transcript = youtube.client().fetch_transcript(VIDEO_ID)
    assert (transcript.title, transcript.channel, transcript.duration_seconds) == ("A talk", "A speaker", 12.0)


@pytest.mark.parametrize("reply", [answers.NOT_FOUND, Answer.html("no JSON"), requests.ConnectTimeout()])
def test_a_video_without_a_title_does_not_fail(reply: Answer | Exception) -> None:
    youtube = FakeYouTube({**NAMELESS, "/oembed": reply})
    transcript = youtube.client().fetch_transcript(VIDEO_ID)
    assert (transcript.title, transcript.channel) == (None, None)


def test_a_title_holds_nothing_that_would_steer_a_terminal() -> None:
    player = answers.player({**VIDEO, "title": "A\x1b[2J talk\x07", "channel": "\u202e"}, None)
    transcript = FakeYouTube({"/youtubei/v1/player": player}).client().fetch_transcript(VIDEO_ID)
    assert (transcript.title, transcript.channel) == ("A [2J talk", None)


def test_one_client_does_not_mix_up_two_videos() -> None:
    youtube = FakeYouTube()
    client = youtube.client()
    client.fetch_transcript(VIDEO_ID)
    youtube.replies["/youtubei/v1/player"] = answers.player({**VIDEO, "title": "Another"}, None)
    assert client.fetch_transcript(VIDEO_ID).title == "Another"


def test_captions_of_mere_sounds_are_empty() -> None:
    music = {**VIDEO, "snippets": [{"text": "[Music]", "start": 0.0, "duration": 9.0}]}
    youtube = FakeYouTube({"/api/timedtext": answers.timedtext(music, None, None)})
    with pytest.raises(TranscriptEmpty):
        youtube.client().fetch_transcript(VIDEO_ID)


def test_a_list_of_no_tracks_means_no_captions() -> None:
    answer = {
        "playabilityStatus": {"status": "OK"},
        "captions": {"playerCaptionsTracklistRenderer": {"captionTracks": []}},
    }
    youtube = FakeYouTube({"/youtubei/v1/player": Answer.json(answer)})
    with pytest.raises(NoCaptions):
        youtube.client().fetch_transcript(VIDEO_ID)


@pytest.mark.parametrize("path", ["/watch", "/youtubei/v1/player", "/api/timedtext"])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (answers.TOO_MANY_REQUESTS, YouTubeBlocked),
        (answers.SERVER_ERROR, YouTubeUnreachable),
        (requests.ReadTimeout(), YouTubeUnreachable),
        (requests.ConnectionError(), YouTubeUnreachable),
        (requests.exceptions.RetryError(), YouTubeBlocked),
        (requests.exceptions.ProxyError(), YouTubeProxyFailed),
        (requests.exceptions.SSLError(), YouTubeProxyFailed),
        (Answer.json([]), YouTubeAnswerUnreadable),
        (Answer.html(""), YouTubeAnswerUnreadable),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_a_failing_request_ends_in_an_error_of_ours(
    path: str, reply: Answer | Exception, expected: type[SkimlistError]
) -> None:
    with pytest.raises(expected) as caught:
        FakeYouTube({path: reply}).client().fetch_transcript(VIDEO_ID)
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    "refusal",
    [
        answers.TOO_MANY_REQUESTS,
        requests.exceptions.RetryError(),
        requests.ReadTimeout(),
        answers.SERVER_ERROR,
        answers.NOT_FOUND,
        Answer.xml(""),
        Answer.xml("<transcript/>"),
        Answer.html("<title>Sorry</title>"),
    ],
)
def test_a_translation_that_is_turned_away_is_replaced_by_the_captions_themselves(refusal: Answer | Exception) -> None:
    youtube = FakeYouTube({"/api/timedtext": [refusal, answers.timedtext(VIDEO, None, None)]})
    transcript = youtube.client().fetch_transcript(VIDEO_ID, CaptionRequest("de", translate=True))
    assert (transcript.language_code, transcript.translated_from) == ("en", None)
    assert [request.url is not None and "tlang=de" in request.url for request in youtube.requests[-2:]] == [True, False]


def with_address(address: str) -> Answer:
    player = json.loads(answers.player(VIDEO, None).body)
    player["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"][0]["baseUrl"] = address
    return Answer.json(player)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/api/timedtext",
        "//example.com/api/timedtext",
        "http://www.youtube.com/api/timedtext",
        "https://youtube.com.example.com/api/timedtext",
        "https://notyoutube.com/api/timedtext",
        "https://www.youtube.com@example.com/api/timedtext",
        "https://example.com\\@www.youtube.com/api/timedtext",
        "https://example.com#@www.youtube.com/api/timedtext",
        "https://www.youtube.com:8080/api/timedtext",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://www.youtube.com/api/timedtext\r\nHost: example.com",
    ],
)
def test_captions_are_asked_of_youtube_alone(address: str) -> None:
    youtube = FakeYouTube({"/youtubei/v1/player": with_address(address)})
    with pytest.raises(YouTubeAnswerUnreadable):
        youtube.client().fetch_transcript(VIDEO_ID)
    assert youtube.paths == ["/watch", "/youtubei/v1/player"]


def test_an_address_may_be_relative_and_the_format_is_the_one_that_is_read() -> None:
    youtube = FakeYouTube({"/youtubei/v1/player": with_address("/api/timedtext?v=x&fmt=srv3&lang=en")})
    youtube.client().fetch_transcript(VIDEO_ID)
    assert youtube.requests[-1].url == "https://www.youtube.com/api/timedtext?v=x&lang=en"


def test_captions_in_another_format_are_not_taken_for_none() -> None:
    captions = Answer.xml('<timedtext format="3"><body><p t="0" d="1540">Hello</p></body></timedtext>')
    with pytest.raises(YouTubeAnswerUnreadable):
        FakeYouTube({"/api/timedtext": captions}).client().fetch_transcript(VIDEO_ID)


def test_a_stream_is_not_read_before_it_has_ended() -> None:
    player = json.loads(answers.player(VIDEO, None).body)
    player["videoDetails"]["isLive"] = True
    youtube = FakeYouTube({"/youtubei/v1/player": Answer.json(player)})
    with pytest.raises(VideoNotReady):
        youtube.client().fetch_transcript(VIDEO_ID)


def test_captions_that_are_turned_away_in_both_languages_are_a_block() -> None:
    with pytest.raises(YouTubeBlocked):
        FakeYouTube({"/api/timedtext": answers.TOO_MANY_REQUESTS}).client().fetch_transcript(
            VIDEO_ID, CaptionRequest("de", translate=True)
        )


NOT_READABLE = {Failure.NOT_JSON, Failure.CUT_OFF, Failure.BLANK}
PLAYERS = [json.loads(answers.player(VIDEO, each).body) for each in [None, *Failure] if each not in NOT_READABLE]
TIMEDTEXTS = [answers.timedtext(VIDEO, failure, None).body for failure in [None, *Failure]]


def of_any_shape(answer: Any) -> Answer:
    """Generates JSON of any shape; halves of surrogate pairs are escaped, since UTF-8 cannot encode them."""
    return Answer(200, "application/json", json.dumps(answer).encode())


def transcript_or_error(replies: Mapping[str, Replies], language: str | None) -> Transcript | None:
    """Returns the transcript as it is stored and read again, or None after one of our errors; others are raised."""
    try:
        found = (
            FakeYouTube(replies)
            .client()
            .fetch_transcript(VIDEO_ID, CaptionRequest(language, translate=True, or_description=True))
        )
    except SkimlistError as error:
        assert error.code != SkimlistError.code
        return None
    assert all(0 <= segment.start <= 1e7 and 0 <= segment.duration <= 1e7 for segment in found.segments)
    return Transcript.from_json(found.to_json().encode("utf-8", "replace"))


@given(st.sampled_from(PLAYERS).flatmap(mutated), st.sampled_from([None, "de"]))
def test_a_player_that_answers_in_any_shape_ends_in_a_transcript_or_an_error_of_ours(
    player: Any, language: str | None
) -> None:
    transcript_or_error({"/youtubei/v1/player": of_any_shape(player)}, language)


@given(st.sampled_from(TIMEDTEXTS).flatmap(damaged), st.sampled_from([None, "de"]))
def test_captions_that_are_damaged_end_in_a_transcript_or_an_error_of_ours(body: bytes, language: str | None) -> None:
    transcript_or_error({"/api/timedtext": Answer(200, "text/xml; charset=utf-8", body)}, language)


@given(JSON)
def test_a_title_service_that_answers_in_any_shape_fails_no_video(answer: Any) -> None:
    replies = {"/youtubei/v1/player": answers.player(UNTITLED, None), "/oembed": of_any_shape(answer)}
    assert FakeYouTube(replies).client().fetch_transcript(VIDEO_ID).segments


def test_an_untrusted_certificate_leads_to_the_proxy() -> None:
    youtube = FakeYouTube({"/watch": requests.exceptions.SSLError("certificate verify failed")})
    with pytest.raises(YouTubeProxyFailed, match="certificate is not trusted"):
        youtube.client().fetch_transcript(VIDEO_ID)


def test_the_reason_of_the_player_is_passed_on() -> None:
    youtube = FakeYouTube({"/youtubei/v1/player": answers.player(VIDEO, Failure.COUNTRY)})
    with pytest.raises(SkimlistError, match="not made this video available in your country"):
        youtube.client().fetch_transcript(VIDEO_ID)


def test_captions_full_of_signs_are_read_as_fast_as_others() -> None:
    captions = Answer.xml(f'<transcript><text start="0" dur="1">Bread {"&amp;lt;" * 80_000}</text></transcript>')
    start = time.process_time()
    FakeYouTube({"/api/timedtext": captions}).client().fetch_transcript(VIDEO_ID)
    assert time.process_time() - start < 2


def test_captions_that_their_uploader_has_escaped_are_read_as_those_that_youtube_has_escaped() -> None:
    uploaded = "<i>It's</i> 3 < 4"
    sent = html.escape(html.escape(html.escape(uploaded)))  # by the uploader, by YouTube, for XML
    captions = Answer.xml(f'<transcript><text start="0" dur="1">{sent}</text></transcript>')
    transcript = FakeYouTube({"/api/timedtext": captions}).client().fetch_transcript(VIDEO_ID)
    assert transcript.segments == (Segment("It's 3 < 4", 0.0, 1.0),)


def test_a_reference_to_no_character_is_a_fault_of_the_caption_alone() -> None:
    captions = Answer.xml(f'<transcript><text start="0" dur="1">Bread &amp;#{"9" * 5_000}; salt</text></transcript>')
    transcript = FakeYouTube({"/api/timedtext": captions}).client().fetch_transcript(VIDEO_ID)
    assert transcript.segments == (Segment("Bread \ufffd salt", 0.0, 1.0),)
