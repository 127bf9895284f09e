"""The real client library against the fake YouTube, through its proxy and over TLS, with a user's settings."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from local.youtube import Failure, FakeYouTube
from local.youtube.synthetic import synthetic_id
from skimlist import errors
from skimlist.models.settings import CaptionRequest
from skimlist.youtube.session import youtube_session
from skimlist.youtube.transcripts import YouTube
from tests.fakes.browsers import FROM_WEBSITES

SAMPLES = Path(__file__).parents[2] / "local" / "samples"
VIDEO_IDS = sorted(file.stem for file in SAMPLES.glob("*1.json"))
VIDEO_ID = "Lighthouse1"


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeYouTube]:
    with FakeYouTube(SAMPLES, ca_folder=tmp_path) as fake:
        yield fake


@pytest.fixture
def youtube(fake: FakeYouTube) -> YouTube:
    return YouTube(youtube_session(fake.proxy_url, str(fake.ca_file), read_timeout=3.0))


def sample(video_id: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SAMPLES / f"{video_id}.json").read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize("video_id", VIDEO_IDS)
def test_captions_arrive_as_they_were_sent(youtube: YouTube, video_id: str) -> None:
    sent, transcript = sample(video_id), youtube.fetch_transcript(video_id)
    assert [(s.text, s.start, s.duration) for s in transcript.segments] == [
        (s["text"], s["start"], s["duration"]) for s in sent["snippets"]
    ]
    for name in ("video_id", "title", "channel", "language", "language_code", "is_generated"):
        assert getattr(transcript, name) == sent[name]
    assert transcript.duration_seconds == pytest.approx(sent["duration_seconds"], abs=0.5)


def test_the_creators_details_of_a_video_arrive(youtube: YouTube) -> None:
    sent, transcript = sample("Steel_Box_1"), youtube.fetch_transcript("Steel_Box_1")
    assert transcript.description == sent["description"]
    assert transcript.published_at == datetime(2024, 5, 17, 16, 30, tzinfo=UTC)
    assert [(chapter.title, chapter.start) for chapter in transcript.chapters] == [
        ("Loading by hand", 0),
        ("A truck without wheels", 68),
        ("Twenty years of standards", 121),
        ("What the box moved", 187),
    ]


def test_a_video_has_the_id_of_its_channel_if_the_player_has_it(fake: FakeYouTube, youtube: YouTube) -> None:
    channel_id = "UC" + "Skimlist" * 2 + "-Talks"
    assert youtube.fetch_transcript(VIDEO_ID).channel_id is None
    fake.playlists[channel_id] = {"title": "The Workshop", "videos": [VIDEO_ID]}
    try:
        assert youtube.fetch_transcript(VIDEO_ID).channel_id == channel_id
    finally:
        del fake.playlists[channel_id]


def test_the_chapters_that_the_player_shows_come_first(fake: FakeYouTube, youtube: YouTube) -> None:
    shown = [{"title": "One </script>", "start": 0}, {"title": "Two", "start": 61.5}]
    fake.videos["Steel_Box_1"] = {**sample("Steel_Box_1"), "chapters": shown}
    assert youtube.fetch_transcript("Steel_Box_1").chapters == (("One </script>", 0), ("Two", 61.5))


def test_a_description_stands_in_for_captions_only_where_it_is_wanted(fake: FakeYouTube, youtube: YouTube) -> None:
    fake.fail(Failure.CAPTIONS_OFF, "Steel_Box_1")
    with pytest.raises(errors.CaptionsDisabled):
        youtube.fetch_transcript("Steel_Box_1")
    described = youtube.fetch_transcript("Steel_Box_1", CaptionRequest(or_description=True))
    assert (described.caption_kind, described.language_code, described.has_times) == ("description", "en", False)
    assert [segment.text for segment in described.segments] == [
        "the steel box that shrank the world.",
        "Before the 1950s, ships were loaded piece by piece. This talk tells how a plain steel box changed that.",
        "More talks.",
        "Loading by hand; A truck without wheels; Twenty years of standards; What the box moved.",
    ]
    fake.fail(Failure.CAPTIONS_OFF, VIDEO_ID)  # which has no description
    with pytest.raises(errors.CaptionsDisabled):
        youtube.fetch_transcript(VIDEO_ID, CaptionRequest(or_description=True))


def test_a_translation_says_what_it_was_made_from(youtube: YouTube) -> None:
    transcript = youtube.fetch_transcript(VIDEO_ID, CaptionRequest("fr-CA", translate=True))
    assert (transcript.language_code, transcript.translated_from) == ("fr", "en")
    assert all(segment.text.startswith("(fr) ") for segment in transcript.segments)


@pytest.mark.parametrize("headers", FROM_WEBSITES)
def test_websites_cannot_control_it(fake: FakeYouTube, youtube: YouTube, headers: dict[str, str]) -> None:
    failing = json.dumps({VIDEO_ID: "private"})
    for method, path in (("PUT", "/failures"), ("DELETE", "/requests"), ("GET", "/requests"), ("PUT", "/playlists")):
        answer = youtube_session().request(method, fake.proxy_url + path, headers=headers, data=failing)
        assert answer.status_code == 403
    youtube.fetch_transcript(VIDEO_ID)


def test_a_language_that_youtube_does_not_translate_into(youtube: YouTube) -> None:
    transcript = youtube.fetch_transcript(VIDEO_ID, CaptionRequest("eo", translate=True))
    assert (transcript.language_code, transcript.translated_from) == ("en", None)


EXPECTED = {
    Failure.BLOCKED: errors.YouTubeBlocked,
    Failure.HANG: errors.YouTubeUnreachable,
    Failure.SERVER_ERROR: errors.YouTubeUnreachable,
    Failure.CAPTCHA: errors.YouTubeBlocked,
    Failure.CONSENT: None,
    Failure.CONSENT_BROKEN: errors.YouTubeAnswerUnreadable,
    Failure.BOT_CHECK: errors.YouTubeRefused,
    Failure.SESSION_LIMIT: errors.YouTubeRefused,
    Failure.PRIVATE: errors.VideoPrivate,
    Failure.AGE_GATE: errors.AgeRestricted,
    Failure.NOT_LIVE: errors.VideoNotLive,
    Failure.COUNTRY: errors.VideoUnplayable,
    Failure.UNAVAILABLE: errors.VideoUnavailable,
    Failure.CAPTIONS_OFF: errors.CaptionsDisabled,
    Failure.PO_TOKEN: errors.YouTubeTokenRequired,
    Failure.MALFORMED: errors.YouTubeAnswerUnreadable,
    Failure.EMPTY: errors.YouTubeAnswerUnreadable,
    Failure.MEMBERS_ONLY: errors.VideoUnplayable,
    Failure.REMOVED: errors.VideoUnavailable,
    Failure.LIVE_NOW: errors.VideoNotReady,
    Failure.JUST_ENDED: errors.VideoNotReady,
    Failure.RECORDING_GONE: errors.VideoUnplayable,
    Failure.STILL_PROCESSED: errors.VideoNotReady,
    Failure.NOT_JSON: errors.YouTubeAnswerUnreadable,
    Failure.CUT_OFF: errors.YouTubeAnswerUnreadable,
    Failure.BLANK: errors.YouTubeAnswerUnreadable,
    Failure.FOREIGN_ADDRESS: errors.YouTubeAnswerUnreadable,
    # Unusual, and no failures.
    Failure.AUTO_DUBBED: None,
    Failure.SAME_CODE_TWICE: None,
    Failure.OLD_CODE: None,
    Failure.RELATIVE_ADDRESS: None,
    Failure.TRANSLATION_BLOCKED: None,
    Failure.SONG: None,
    Failure.ROLLING: None,
    Failure.MASKED: None,
    # Of playlists alone.
    Failure.RELOAD_INCOMPLETE: None,
    Failure.RELOAD_FAILS: None,
    Failure.INCOMPLETE: None,
    Failure.QUOTA_EXCEEDED: None,
}


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_ends_in_its_error_and_passes(fake: FakeYouTube, youtube: YouTube, failure: Failure) -> None:
    fake.fail(failure, VIDEO_ID)
    if expected := EXPECTED[failure]:
        with pytest.raises(expected) as caught:
            youtube.fetch_transcript(VIDEO_ID)
        assert type(caught.value) is expected
    else:
        assert youtube.fetch_transcript(VIDEO_ID).segments
    fake.recover()
    assert youtube.fetch_transcript(VIDEO_ID).segments


@pytest.mark.parametrize(
    ("failure", "language"),
    [
        (Failure.AUTO_DUBBED, None),
        (Failure.SAME_CODE_TWICE, None),
        (Failure.RELATIVE_ADDRESS, None),
        (Failure.TRANSLATION_BLOCKED, "de"),
        (Failure.ROLLING, None),
    ],
)
def test_an_unusual_video_gives_the_same_captions_as_a_usual_one(
    fake: FakeYouTube, youtube: YouTube, failure: Failure, language: str | None
) -> None:
    expected = youtube.fetch_transcript(VIDEO_ID)
    fake.fail(failure, VIDEO_ID)
    found = youtube.fetch_transcript(VIDEO_ID, CaptionRequest(language, translate=True))
    assert [(s.text, s.start) for s in found.segments] == [(s.text, s.start) for s in expected.segments]
    assert (found.language_code, found.translated_from) == (expected.language_code, None)


def test_a_video_that_fails_on_purpose_and_one_that_does_not_exist(youtube: YouTube) -> None:
    with pytest.raises(errors.CaptionsDisabled):
        youtube.fetch_transcript("Silent_Film")
    with pytest.raises(errors.VideoUnavailable):
        youtube.fetch_transcript("nowhere_at1")


def test_a_failure_can_pass_by_itself(fake: FakeYouTube, youtube: YouTube) -> None:
    fake.fail(Failure.SERVER_ERROR, times=2)
    for _ in range(2):
        with pytest.raises(errors.YouTubeUnreachable):
            youtube.fetch_transcript(VIDEO_ID)
    assert youtube.fetch_transcript(VIDEO_ID).title == sample(VIDEO_ID)["title"]


def test_answers_are_held_back_until_they_may_go_on(fake: FakeYouTube, youtube: YouTube) -> None:
    impatient = YouTube(youtube_session(fake.proxy_url, str(fake.ca_file), read_timeout=1.0))
    for held, go_on in (((VIDEO_ID,), lambda: fake.go_on(VIDEO_ID)), ((), fake.recover)):
        fake.hold(*held)
        with pytest.raises(errors.YouTubeUnreachable):
            impatient.fetch_transcript(VIDEO_ID)
        if held:
            assert youtube.fetch_transcript("Steel_Box_1").segments
        go_on()
        assert youtube.fetch_transcript(VIDEO_ID).segments


def test_a_rotating_proxy_tries_again_from_another_address(fake: FakeYouTube) -> None:
    webshare = fake.proxy_url.replace("http://", "webshare://user:word@")
    youtube = YouTube(youtube_session(webshare, str(fake.ca_file)))
    fake.fail(Failure.BLOCKED, VIDEO_ID, times=1)
    fake.fail(Failure.BOT_CHECK, "Steel_Box_1", times=1)
    assert youtube.fetch_transcript(VIDEO_ID).segments
    assert youtube.fetch_transcript("Steel_Box_1").segments
    assert fake.requests["watch"] == {VIDEO_ID: 2, "Steel_Box_1": 2}


def test_a_rotating_proxy_gives_up_at_last(fake: FakeYouTube) -> None:
    webshare = fake.proxy_url.replace("http://", "webshare://user:word@")
    fake.fail(Failure.BLOCKED)
    with pytest.raises(errors.YouTubeBlocked):
        YouTube(youtube_session(webshare, str(fake.ca_file))).fetch_transcript(VIDEO_ID)


def test_without_the_ca_file_the_error_tells_of_the_certificate(fake: FakeYouTube) -> None:
    with pytest.raises(errors.YouTubeProxyFailed, match="certificate is not trusted"):
        YouTube(youtube_session(fake.proxy_url)).fetch_transcript(VIDEO_ID)


def test_a_proxy_that_is_not_there_is_told(fake: FakeYouTube, youtube: YouTube) -> None:
    fake.stop()
    with pytest.raises(errors.YouTubeProxyFailed, match="did not let the request through"):
        youtube.fetch_transcript(VIDEO_ID)


def test_nothing_but_youtube_is_behind_the_proxy(fake: FakeYouTube) -> None:
    session = youtube_session(fake.proxy_url, str(fake.ca_file))
    with pytest.raises(requests.exceptions.ProxyError):
        session.get("https://example.com/")


def test_requests_are_counted_and_failures_switched_over_http(fake: FakeYouTube, youtube: YouTube) -> None:
    control = youtube_session()
    failures = {VIDEO_ID: {"failure": "captions_off", "times": 1}}
    control.put(f"{fake.proxy_url}/failures", json=failures).raise_for_status()
    with pytest.raises(errors.CaptionsDisabled):
        youtube.fetch_transcript(VIDEO_ID)
    youtube.fetch_transcript(VIDEO_ID)
    counts = control.get(f"{fake.proxy_url}/requests").json()
    assert counts["watch"] == counts["player"] == {VIDEO_ID: 2}
    assert counts["timedtext"] == {VIDEO_ID: 1}
    control.delete(f"{fake.proxy_url}/requests").raise_for_status()
    assert fake.requests["watch"] == {}


@pytest.mark.parametrize("body", ["nonsense", "[]", '{"*": "no such failure"}', '{"*": {"times": 1}}'])
def test_a_wrong_switch_is_refused(fake: FakeYouTube, body: str) -> None:
    assert youtube_session().put(f"{fake.proxy_url}/failures", data=body).status_code == 400


def test_failures_can_be_cleared_over_http(fake: FakeYouTube, youtube: YouTube) -> None:
    fake.fail(Failure.UNAVAILABLE)
    youtube_session().delete(f"{fake.proxy_url}/failures").raise_for_status()
    assert youtube.fetch_transcript(VIDEO_ID).segments


def test_a_video_that_a_playlist_calls_private_is_private(youtube: YouTube) -> None:
    with pytest.raises(errors.VideoPrivate):
        youtube.fetch_transcript("Hidden_Film")


def test_synthetic_videos_speak_several_languages_and_always_say_the_same(youtube: YouTube) -> None:
    transcripts = [youtube.fetch_transcript(synthetic_id(number)) for number in range(1, 9)]
    assert len({transcript.language_code for transcript in transcripts}) >= 4
    assert len({transcript.text for transcript in transcripts}) == len(transcripts)
    assert youtube.fetch_transcript(synthetic_id(1)) == transcripts[0]
    assert all(transcript.title and transcript.channel for transcript in transcripts)
    assert all(120 <= transcript.end_seconds <= 240 for transcript in transcripts)
