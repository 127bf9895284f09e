"""Fetching a transcript: what is asked of YouTube, and what becomes of its answers."""

import html
import json
import time
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
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    YouTubeUnreachable,
)
from skimlist.models import Segment
from tests.fakes.youtube import VIDEO, FakeYouTube

VIDEO_ID = VIDEO["video_id"]
UNTITLED = {**VIDEO, "title": None, "channel": None}


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
    youtube = FakeYouTube({"/youtubei/v1/player": answers.player(UNTITLED, None)})
    youtube.client().fetch_transcript(VIDEO_ID)
    assert [options["timeout"] for options in youtube.options] == [(5.0, 20.0)] * 4


def test_a_title_that_the_player_keeps_back_comes_by_oembed() -> None:
    youtube = FakeYouTube({"/youtubei/v1/player": answers.player(UNTITLED, None)})
    transcript = youtube.client().fetch_transcript(VIDEO_ID)
    assert (transcript.title, transcript.channel, transcript.duration_seconds) == ("A talk", "A speaker", 12.0)


@pytest.mark.parametrize("reply", [answers.NOT_FOUND, Answer.html("no JSON"), requests.ConnectTimeout()])
def test_a_video_without_a_title_is_no_failure(reply: Answer | Exception) -> None:
    youtube = FakeYouTube({"/youtubei/v1/player": answers.player(UNTITLED, None), "/oembed": reply})
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


@pytest.mark.parametrize("refusal", [answers.TOO_MANY_REQUESTS, requests.exceptions.RetryError()])
def test_a_translation_that_is_turned_away_is_replaced_by_the_captions_themselves(refusal: Answer | Exception) -> None:
    youtube = FakeYouTube({"/api/timedtext": [refusal, answers.timedtext(VIDEO, None, None)]})
    transcript = youtube.client().fetch_transcript(VIDEO_ID, "de")
    assert (transcript.language_code, transcript.translated_from) == ("en", None)
    assert [request.url is not None and "tlang=de" in request.url for request in youtube.requests[-2:]] == [True, False]


def test_captions_that_are_turned_away_in_both_languages_are_a_block() -> None:
    with pytest.raises(YouTubeBlocked):
        FakeYouTube({"/api/timedtext": answers.TOO_MANY_REQUESTS}).client().fetch_transcript(VIDEO_ID, "de")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(data=st.data())
def test_a_player_that_answers_in_any_shape_ends_in_a_transcript_or_an_error_of_ours(data: st.DataObject) -> None:
    """One value of its answer, anywhere in it, is another than YouTube's."""
    answer = json.loads(answers.player(VIDEO, data.draw(st.sampled_from([None, *Failure]))).body)
    place, steps = answer, data.draw(st.integers(1, 6))
    for _ in range(steps):
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if steps == 1 or not isinstance(place[key], dict | list) or not place[key]:
            break
        place, steps = place[key], steps - 1
    place[key] = data.draw(JSON)
    try:
        FakeYouTube({"/youtubei/v1/player": Answer.json(answer)}).client().fetch_transcript(VIDEO_ID)
    except SkimlistError as error:
        assert error.code != "internal"


@given(JSON)
def test_a_title_service_that_answers_in_any_shape_fails_no_video(answer: Any) -> None:
    replies = {"/youtubei/v1/player": answers.player(UNTITLED, None), "/oembed": Answer.json(answer)}
    assert FakeYouTube(replies).client().fetch_transcript(VIDEO_ID).segments


def test_an_untrusted_certificate_leads_to_the_setting() -> None:
    youtube = FakeYouTube({"/watch": requests.exceptions.SSLError("certificate verify failed")})
    with pytest.raises(YouTubeProxyFailed, match="CA_BUNDLE"):
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
