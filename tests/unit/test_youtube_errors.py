"""Every failure of the library, of requests and of YouTube has a meaning."""

from typing import Any

import pytest
import requests
import youtube_transcript_api as library

from skimlist.errors import (
    AgeRestricted,
    SkimlistError,
    VideoNotLive,
    VideoNotReady,
    VideoPrivate,
    VideoUnavailable,
    VideoUnplayable,
    YouTubeRefused,
    YouTubeUnreachable,
)
from skimlist.youtube.errors import FOREIGN_ERRORS, MEANINGS, error_from, error_from_playability

LIBRARY_ERRORS = [
    cls for name in library.__all__ if isinstance(cls := getattr(library, name), type) and issubclass(cls, Exception)
]


def test_the_library_still_exports_its_errors() -> None:
    assert len(LIBRARY_ERRORS) >= 18


@pytest.mark.parametrize("cls", LIBRARY_ERRORS, ids=lambda cls: cls.__name__)
def test_every_error_of_the_library_is_listed(cls: type[Exception]) -> None:
    assert cls in MEANINGS


@pytest.mark.parametrize("cls", [*FOREIGN_ERRORS, *MEANINGS], ids=lambda cls: cls.__name__)
def test_every_foreign_error_has_a_meaning(cls: type[Exception]) -> None:
    assert isinstance(error_from(cls.__new__(cls)), SkimlistError)


def test_an_error_that_is_not_listed_means_what_its_base_means() -> None:
    assert type(error_from(requests.exceptions.ChunkedEncodingError())) is YouTubeUnreachable


def test_foreign_texts_are_not_passed_on() -> None:
    error = error_from(requests.exceptions.ProxyError("http://user:secret@proxy:80 refused"))
    assert "secret" not in str(error)


def screen(text: str) -> dict[str, Any]:
    return {"playerInterstitialRenderer": {"content": {"interstitialViewModel": {"title": {"content": text}}}}}


@pytest.mark.parametrize(
    ("playability", "expected"),
    [
        ({"status": "LIVE_STREAM_OFFLINE", "reason": "Premieres in 2 days"}, VideoNotLive),
        ({"status": "LOGIN_REQUIRED", "reason": "Private video"}, VideoPrivate),
        ({"status": "LOGIN_REQUIRED", "messages": ["This is a private video."]}, VideoPrivate),
        ({"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm you're not a bot"}, YouTubeRefused),
        ({"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm your age"}, AgeRestricted),
        ({"status": "AGE_VERIFICATION_REQUIRED"}, AgeRestricted),
        ({"status": "ERROR", "reason": "This content isn't available, try again later."}, YouTubeRefused),
        ({"status": "ERROR", "reason": "This video has been removed by the uploader"}, VideoUnavailable),
        ({"status": "UNPLAYABLE", "reason": "Join this channel to get access"}, VideoUnplayable),
        ({"status": "LIVE_STREAM_OFFLINE", "reason": "This live stream recording is not available."}, VideoUnplayable),
        ({"status": "LIVE_STREAM_OFFLINE", "reason": "This live event has ended."}, VideoNotReady),
        ({"status": "UNPLAYABLE", "reason": "We're processing this video. Check back later."}, VideoNotReady),
        ({"status": "UNPLAYABLE", "errorScreen": {"playerCaptchaViewModel": {}}}, YouTubeRefused),
        ({"status": "ERROR", "errorScreen": screen("This content isn't available, try again later.")}, YouTubeRefused),
        ({"status": ["of", "no", "known"], "reason": 7}, VideoUnplayable),
        ({}, VideoUnplayable),
    ],
)
def test_the_players_refusal_is_understood(playability: dict[str, Any], expected: type[SkimlistError]) -> None:
    assert type(error_from_playability(playability)) is expected


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("Join this channel to get access to members-only content.", "only to paying members"),
        ("This live stream recording is not available.", "this live stream recording is not available"),
        (
            "The uploader has not made this video available in your country",
            "not made this video available in your country",
        ),
        ("This video requires payment to watch.", "only for payment"),
        ("This video contains content from Some Label, who has blocked it on copyright grounds.", "copyright"),
        ("Words that nobody has seen yet.", "refuses to play this video."),
    ],
)
def test_a_refusal_says_why_in_words_of_our_own(reason: str, message: str) -> None:
    """A channel chooses the names of its membership levels, for example, and error messages are logged."""
    error = error_from_playability({"status": "UNPLAYABLE", "reason": f"{reason} Level: Zebra"})
    assert message in str(error)
    assert "Zebra" not in str(error)
