"""What the failures of YouTube, of its client library and of the way there mean to a batch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

import requests
import youtube_transcript_api as library

from skimlist.errors import (
    AgeRestricted,
    CaptionsDisabled,
    LanguageUnavailable,
    SkimlistError,
    UnexpectedFailure,
    VideoNotLive,
    VideoPrivate,
    VideoUnavailable,
    VideoUnplayable,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    YouTubeRefused,
    YouTubeTokenRequired,
    YouTubeUnreachable,
)
from skimlist.readable import printable

# The library reads YouTube's answers without checking their shape: an answer of another shape ends in one of these.
_SHAPE_ERRORS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

FOREIGN_ERRORS = (library.YouTubeTranscriptApiException, requests.RequestException, ParseError, *_SHAPE_ERRORS)

# A class that is not listed means what the nearest of its base classes means.
MEANINGS: Mapping[type[Exception], type[SkimlistError]] = {
    # A bot check is meant for the address as a rule, but some videos are shown to nobody without one.
    library.RequestBlocked: YouTubeRefused,
    library.IpBlocked: YouTubeBlocked,
    library.VideoUnavailable: VideoUnavailable,
    library.InvalidVideoId: VideoUnavailable,
    library.VideoUnplayable: VideoUnplayable,
    library.AgeRestricted: AgeRestricted,
    library.TranscriptsDisabled: CaptionsDisabled,
    library.NoTranscriptFound: LanguageUnavailable,
    library.NotTranslatable: LanguageUnavailable,
    library.TranslationLanguageNotAvailable: LanguageUnavailable,
    library.YouTubeRequestFailed: YouTubeUnreachable,
    library.YouTubeDataUnparsable: YouTubeAnswerUnreadable,
    library.FailedToCreateConsentCookie: YouTubeAnswerUnreadable,
    library.PoTokenRequired: YouTubeTokenRequired,
    library.CookieError: UnexpectedFailure,
    library.CookieInvalid: UnexpectedFailure,
    library.CookiePathInvalid: UnexpectedFailure,
    library.CouldNotRetrieveTranscript: YouTubeAnswerUnreadable,
    library.YouTubeTranscriptApiException: YouTubeAnswerUnreadable,
    requests.RequestException: YouTubeUnreachable,
    requests.exceptions.InvalidJSONError: YouTubeAnswerUnreadable,
    # urllib3 gives up only on 429, the one status for which the library's rotating adapter tries again.
    requests.exceptions.RetryError: YouTubeBlocked,
    requests.exceptions.ProxyError: YouTubeProxyFailed,
    requests.exceptions.SSLError: YouTubeProxyFailed,
    ParseError: YouTubeAnswerUnreadable,
    **dict.fromkeys(_SHAPE_ERRORS, YouTubeAnswerUnreadable),
}

_MESSAGES: Mapping[type[Exception], str] = {
    requests.exceptions.ProxyError: "The proxy that YOUTUBE_PROXY_URL names did not let the request through.",
    requests.exceptions.SSLError: (
        "YouTube's certificate is not trusted; if a proxy inspects TLS, CA_BUNDLE must name its CA file."
    ),
}

_STATUSES: Mapping[str, type[SkimlistError]] = {
    "LIVE_STREAM_OFFLINE": VideoNotLive,
    "AGE_CHECK_REQUIRED": AgeRestricted,
    "AGE_VERIFICATION_REQUIRED": AgeRestricted,
}

# Sign-in demands and refusals share their statuses, so that only the reason tells them apart. It is English because the
# client asks for en-US. "Try again later" is a session over YouTube's limit of videos an hour
# (github.com/yt-dlp/yt-dlp/wiki/Extractors): taken for a dead video it would fail a whole batch.
_REASONS: Mapping[re.Pattern[str], type[SkimlistError]] = {
    re.compile(r"\bnot a bot\b|\btry again later\b", re.IGNORECASE): YouTubeRefused,
    re.compile(r"\bprivate\b", re.IGNORECASE): VideoPrivate,
    re.compile(r"\byour age\b|\binappropriate for some users\b", re.IGNORECASE): AgeRestricted,
}


def error_from(foreign: Exception) -> SkimlistError:
    """Our error for one of FOREIGN_ERRORS, by its class; its text is never passed on, it may hold an address."""
    known = next(cls for cls in type(foreign).__mro__ if cls in MEANINGS)
    return MEANINGS[known](_MESSAGES.get(known))


def error_from_playability(playability: Mapping[str, Any]) -> SkimlistError:
    """Why YouTube does not play a video: `playability` is the `playabilityStatus` of the player's answer."""
    status, reason = playability.get("status", ""), _reason(playability)
    if status in _STATUSES:
        return _STATUSES[status]()
    for pattern, meaning in _REASONS.items():
        if pattern.search(reason):
            return meaning()
    if status == "ERROR":
        return VideoUnavailable()
    return VideoUnplayable(f"YouTube refuses to play this video: {reason}" if reason else None)


def _reason(playability: Mapping[str, Any]) -> str:
    screen = playability.get("errorScreen", {}).get("playerErrorMessageRenderer", {})
    details = [run.get("text", "") for run in screen.get("subreason", {}).get("runs", [])]
    parts = [playability.get("reason", ""), *playability.get("messages", []), "".join(details)]
    return printable(" ".join(dict.fromkeys(part.strip() for part in parts if part.strip())))
