"""Creates answers of YouTube in the formats that its clients read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from local.youtube.failures import Failure
from local.youtube.oddities import SHORT_TRACK, odd_snippets, with_odd_tracks

ORIGIN = "https://www.youtube.com"

_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "iw": "Hebrew",
    "ja": "Japanese",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh-Hans": "Chinese (Simplified)",
    "zh-Hant": "Chinese (Traditional)",
}

Video = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: bytes

    @classmethod
    def html(cls, text: str, status: int = 200) -> Answer:
        return cls(status, "text/html; charset=utf-8", text.encode())

    @classmethod
    def json(cls, data: Any, status: int = 200) -> Answer:
        return cls(status, "application/json; charset=utf-8", json.dumps(data, ensure_ascii=False).encode())

    @classmethod
    def xml(cls, text: str) -> Answer:
        return cls(200, "text/xml; charset=utf-8", text.encode())


BAD_REQUEST = Answer.html("<title>400 Bad Request</title>", 400)
NOT_FOUND = Answer.html("<title>404 Not Found</title>", 404)
SERVER_ERROR = Answer.html("<title>500 Internal Server Error</title>", 500)
TOO_MANY_REQUESTS = Answer.html("<title>429 Too Many Requests</title>", 429)


_CONSENT_FORM = '<form action="https://consent.youtube.com/s" method="POST">{}</form>'


def watch_page(video: Video | None, failure: Failure | None, cookies: str) -> Answer:
    if failure is Failure.CAPTCHA:
        return Answer.html('<form id="captcha-form"><div class="g-recaptcha"></div></form>')
    if failure is Failure.CONSENT_BROKEN:
        return Answer.html(_CONSENT_FORM.format(""))
    if failure is Failure.CONSENT and "CONSENT=YES" not in cookies:
        return Answer.html(_CONSENT_FORM.format('<input type="hidden" name="v" value="cb">'))
    config = '<script>ytcfg.set({"INNERTUBE_API_KEY":"fake","INNERTUBE_API_VERSION":"v1"});</script>'
    published = f'"publishDate":"{video["published"]}"' if video and "published" in video else ""
    player = f"<script>var ytInitialPlayerResponse = {{{published}}};</script>"
    names = _names_in_page(video) if video and failure not in _NAMELESS else ""
    return Answer.html(names + config + player + (_chapters_in_page(video) if video else ""))


def _names_in_page(video: Video) -> str:
    title, channel = (html.escape(video.get(name) or "") for name in ("title", "channel"))
    return f'<meta name="title" content="{title}"><link itemprop="name" content="{channel}">'


def _chapters_in_page(video: Video) -> str:
    """Returns the chapters that the player shows."""
    if not (chapters := video.get("chapters")):
        return ""
    shown = [
        {"chapterRenderer": {"title": {"simpleText": each["title"]}, "timeRangeStartMillis": each["start"] * 1000}}
        for each in chapters
    ]
    markers = [{"key": "DESCRIPTION_CHAPTERS", "value": {"chapters": shown}}]
    bar: dict[str, Any] = {"multiMarkersPlayerBarRenderer": {"markersMap": markers}}
    for name in ("playerBar", *["decoratedPlayerBarRenderer"] * 2, "playerOverlayRenderer", "playerOverlays"):
        bar = {name: bar}
    data = json.dumps(bar, separators=(",", ":")).replace("<", "\\u003c")
    return f"<script>var ytInitialData = {data};</script>"


_REFUSALS: Mapping[Failure, Mapping[str, Any]] = {
    Failure.BOT_CHECK: {"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm you’re not a bot"},
    Failure.SESSION_LIMIT: {"status": "UNPLAYABLE", "reason": "This content isn’t available, try again later."},
    Failure.PRIVATE: {
        "status": "LOGIN_REQUIRED",
        "reason": "Private video",
        "messages": ["This is a private video. Please sign in to verify that you may see it."],
    },
    Failure.AGE_GATE: {"status": "LOGIN_REQUIRED", "reason": "This video may be inappropriate for some users."},
    Failure.NOT_LIVE: {"status": "LIVE_STREAM_OFFLINE", "reason": "This live event will begin in 3 hours."},
    Failure.COUNTRY: {
        "status": "UNPLAYABLE",
        "reason": "Video unavailable",
        "errorScreen": {
            "playerErrorMessageRenderer": {
                "subreason": {"runs": [{"text": "The uploader has not made this video available in your country"}]}
            }
        },
    },
    Failure.UNAVAILABLE: {"status": "ERROR", "reason": "This video is unavailable"},
    Failure.REMOVED: {"status": "ERROR", "reason": "This video has been removed by the uploader"},
    Failure.MEMBERS_ONLY: {
        "status": "UNPLAYABLE",
        "reason": "Join this channel to get access to members-only content like this video, and other exclusive perks.",
    },
    Failure.RECORDING_GONE: {
        "status": "LIVE_STREAM_OFFLINE",
        "reason": "This live stream recording is not available.",
    },
    Failure.STILL_PROCESSED: {"status": "UNPLAYABLE", "reason": "We're processing this video. Check back later."},
}
# Of these videos, YouTube's pages do not even show the title.
_NAMELESS = {Failure.PRIVATE, Failure.UNAVAILABLE, Failure.REMOVED}
# Details of videos without captions.
_BROADCASTS: Mapping[Failure | None, Mapping[str, bool]] = {
    Failure.LIVE_NOW: {"isLive": True},
    Failure.JUST_ENDED: {"isPostLiveDvr": True},
}


def player(video: Video | None, failure: Failure | None, channel_id: str | None = None) -> Answer:
    """Returns the player's answer about a video of a channel; `video` is None if there are no captions of it."""
    if failure and failure in _REFUSALS:
        return Answer.json({"playabilityStatus": _REFUSALS[failure]})
    if video is None and failure is not Failure.CAPTIONS_OFF:
        return Answer.json({"playabilityStatus": _REFUSALS[Failure.UNAVAILABLE]})
    if failure is Failure.NOT_JSON:
        return Answer.html("<title>Not what was asked for</title>")
    if failure is Failure.BLANK:
        return Answer.html("")
    answer: dict[str, Any] = {"playabilityStatus": {"status": "OK"}}
    if video:
        answer["videoDetails"] = {**_video_details(video, channel_id), **_BROADCASTS.get(failure, {})}
    if video and failure is not Failure.CAPTIONS_OFF and failure not in _BROADCASTS:
        tracks = with_odd_tracks(_tracks(video, failure), failure)
        answer["captions"] = {"playerCaptionsTracklistRenderer": tracks}
    return _cut_off(Answer.json(answer)) if failure is Failure.CUT_OFF else Answer.json(answer)


def _cut_off(answer: Answer) -> Answer:
    """Returns the first half of an answer that was cut off."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _video_details(video: Video, channel_id: str | None) -> dict[str, Any]:
    details = {
        "videoId": video["video_id"],
        "title": video.get("title"),
        "author": video.get("channel"),
        "channelId": channel_id,
        "shortDescription": video.get("description"),
        "lengthSeconds": str(round(video["duration_seconds"])),
    }
    return {name: value for name, value in details.items() if value is not None}


def _tracks(video: Video, failure: Failure | None) -> dict[str, Any]:
    code = video["language_code"]
    kind = {"kind": "asr"} if video["is_generated"] else {}
    query = f"v={video['video_id']}&lang={code}" + "".join(f"&{k}={v}" for k, v in kind.items())
    token = "&exp=xpe" if failure is Failure.PO_TOKEN else ""
    track = {
        "baseUrl": f"{ORIGIN}/api/timedtext?{query}{token}&fmt=srv3",
        "name": {"runs": [{"text": video["language"]}]},
        "languageCode": code,
        "isTranslatable": True,
        **kind,
    }
    languages = [{"languageCode": c, "languageName": {"runs": [{"text": name}]}} for c, name in _LANGUAGES.items()]
    return {"captionTracks": [track], "translationLanguages": languages}


_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def timedtext(video: Video, failure: Failure | None, translate_to: str | None, track: str | None = None) -> Answer:
    """Returns the captions as XML, with the text escaped twice like YouTube's; a translation marks each caption.

    `track` is the name of the track, which only tracks with a shared code have.
    """
    if failure is Failure.TRANSLATION_BLOCKED and translate_to:
        return TOO_MANY_REQUESTS
    if failure is Failure.EMPTY:
        return Answer.xml("")
    if failure is Failure.MALFORMED:
        return Answer.xml('<?xml version="1.0" encoding="utf-8" ?><transcript><text start="0" dur="1">')
    mark = f"({translate_to}) " if translate_to else ""
    captions = (
        f'<text start="{snippet["start"]}" dur="{snippet["duration"]}">{mark}{_escaped(snippet["text"])}</text>'
        for snippet in odd_snippets(video["snippets"][: 1 if track == SHORT_TRACK else None], failure)
    )
    return Answer.xml(f'<?xml version="1.0" encoding="utf-8" ?><transcript>{"".join(captions)}</transcript>')


def _escaped(text: str) -> str:
    return escape(html.escape(_NOT_IN_XML.sub("", text)))


def oembed(video: Video) -> Answer:
    return Answer.json({"type": "video", "title": video.get("title"), "author_name": video.get("channel")})
