"""Maps failures of YouTube, its client library and the network to our errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

import requests
import youtube_transcript_api as library

from skimlist.errors import (
    AgeRestricted,
    CaptionsDisabled,
    NoCaptions,
    SkimlistError,
    UnexpectedFailure,
    VideoNotLive,
    VideoNotReady,
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

# The library does not check the shape of YouTube's answers: an unexpected shape raises one of these errors.
_SHAPE_ERRORS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

FOREIGN_ERRORS = (library.YouTubeTranscriptApiException, requests.RequestException, ParseError, *_SHAPE_ERRORS)

# A class that is not listed has the meaning of its nearest listed base class.
MEANINGS: Mapping[type[Exception], type[SkimlistError]] = {
    # A bot check usually concerns our IP address, but YouTube demands one from everybody for some videos.
    library.RequestBlocked: YouTubeRefused,
    library.IpBlocked: YouTubeBlocked,
    library.VideoUnavailable: VideoUnavailable,
    library.InvalidVideoId: VideoUnavailable,
    library.VideoUnplayable: VideoUnplayable,
    library.AgeRestricted: AgeRestricted,
    library.TranscriptsDisabled: CaptionsDisabled,
    library.NoTranscriptFound: NoCaptions,
    library.NotTranslatable: NoCaptions,
    library.TranslationLanguageNotAvailable: NoCaptions,
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
    # urllib3 raises this only for 429, the one status that the library's rotating adapter retries.
    requests.exceptions.RetryError: YouTubeBlocked,
    requests.exceptions.ProxyError: YouTubeProxyFailed,
    requests.exceptions.SSLError: YouTubeProxyFailed,
    ParseError: YouTubeAnswerUnreadable,
    **dict.fromkeys(_SHAPE_ERRORS, YouTubeAnswerUnreadable),
}

MESSAGES: Mapping[type[Exception], str] = {
    requests.exceptions.ProxyError: "The proxy for YouTube did not let the request through.",
    requests.exceptions.SSLError: "YouTube's certificate is not trusted; the proxy may have replaced it.",
}

_STATUSES: Mapping[str, type[SkimlistError]] = {
    "LIVE_STREAM_OFFLINE": VideoNotLive,
    "AGE_CHECK_REQUIRED": AgeRestricted,
    "AGE_VERIFICATION_REQUIRED": AgeRestricted,
    "ERROR": VideoUnavailable,
}


MEMBERS_ONLY = "YouTube shows this video only to paying members."

# The keys of text for people in YouTube's answers.
_TEXTS = {"text", "simpleText", "content"}


class _Reason(NamedTuple):
    """The meaning of a refusal whose words match a pattern; the first match counts."""

    pattern: re.Pattern[str]
    meaning: type[SkimlistError]
    message: str | None = None


def _reason(words: str, meaning: type[SkimlistError], message: str | None = None) -> _Reason:
    return _Reason(re.compile(words, re.IGNORECASE), meaning, message)


# Sign-in demands and refusals share their statuses, so only the reason distinguishes them. It is in English because the
# client asks for en-US. "Try again later" means that a session is over YouTube's limit of videos per hour
# (github.com/yt-dlp/yt-dlp/wiki/Extractors): mistaken for an unavailable video, it would fail a whole batch. A reason
# is never repeated in our messages, because a channel may have written a part of it, and messages reach the log.
_REASONS = (
    _reason(r"\bnot a bot\b|\btry again later\b|captcha", YouTubeRefused),
    _reason(r"\bprivate\b", VideoPrivate),
    _reason(r"\byour age\b|\binappropriate for some users\b|\bage.restricted\b", AgeRestricted),
    _reason(
        r"\brecording is not available\b",
        VideoUnplayable,
        "YouTube says that this live stream recording is not available: it was not kept.",
    ),
    _reason(r"\blive event has ended\b|\bprocessing this video\b|\bcheck back later\b", VideoNotReady),
    _reason(
        r"\bin your (country|location|region)\b",
        VideoUnplayable,
        "The uploader has not made this video available in your country; for a proxy, that is the proxy's.",
    ),
    _reason(
        r"\bjoin this channel\b|\bmembers.only\b|\bpremium members\b",
        VideoUnplayable,
        MEMBERS_ONLY,
    ),
    _reason(
        r"\brequires payment\b|\bpurchase\b|\brent\b", VideoUnplayable, "YouTube shows this video only for payment."
    ),
    _reason(
        r"\bcopyright\b|\bwho has blocked it\b", VideoUnplayable, "This video is blocked for reasons of copyright."
    ),
)


def error_from(foreign: Exception) -> SkimlistError:
    """Returns our error for one of FOREIGN_ERRORS, by its class; its text may contain an address and is not used."""
    known = next(cls for cls in type(foreign).__mro__ if cls in MEANINGS)
    return MEANINGS[known](MESSAGES.get(known))


def error_from_playability(playability: Mapping[str, Any]) -> SkimlistError:
    """Returns the reason why YouTube does not play a video, from the `playabilityStatus` of the player's answer."""
    said = _words(playability)
    for reason in _REASONS:
        if reason.pattern.search(said):
            return reason.meaning(reason.message)
    return _STATUSES.get(str(playability.get("status")), VideoUnplayable)()


def _words(playability: Mapping[str, Any]) -> str:
    """Returns YouTube's words about its refusal, and the names of the screens that show them."""
    screens = playability.get("errorScreen") or {}
    return " ".join([*_texts([playability.get("reason"), playability.get("messages"), screens]), *screens])


def _texts(value: Any) -> Iterator[str]:
    """Yields the texts in a part of an answer, without its addresses and tracking codes."""
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for name, each in value.items():
                if name in _TEXTS or not isinstance(each, str):
                    yield from _texts(each)
