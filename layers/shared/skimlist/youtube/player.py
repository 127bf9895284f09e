"""Reads the answer of YouTube's player about a video; parts of an unknown shape count as missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skimlist.errors import YouTubeAnswerUnreadable
from skimlist.models.channel import is_channel_id
from skimlist.text.language_codes import same_language
from skimlist.youtube.values import clean_name, seconds

_TRACK_LIST = ("captions", "playerCaptionsTracklistRenderer")
# BCP 47 as YouTube uses it. The codes become parts of addresses and file names.
_LANGUAGE_CODE = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True)
class Language:
    language_code: str
    language: str


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """A caption track. `address` is where its captions are: absolute, or relative to YouTube's pages."""

    language_code: str
    language: str
    is_generated: bool
    address: str
    translation_languages: tuple[Language, ...] = ()


def caption_tracks(player: Any) -> list[CaptionTrack]:
    """Returns the video's tracks in YouTube's order, of which several may have the same language.

    Raises YouTubeAnswerUnreadable if there are tracks but none can be read.
    """
    found = _each(player, *_TRACK_LIST, "captionTracks")
    translations = tuple(
        Language(code, _name(language, "languageName") or code)
        for language in _each(player, *_TRACK_LIST, "translationLanguages")
        if (code := _language_code(language))
    )
    tracks = [track for each in found if (track := _track(each, translations))]
    if found and not tracks:
        raise YouTubeAnswerUnreadable
    return tracks


def own_language(player: Any) -> str | None:
    """Returns the spoken language of the video, None if the player does not give it.

    Dubbed videos have one automatic caption track and one audio track per dubbed language. YouTube by default plays the
    dubbed audio that it thinks matches the viewer's language; the list of formats calls one audio track the original
    (github.com/yt-dlp/yt-dlp/issues/11753).
    """
    captioned = [code for track in _each(player, *_TRACK_LIST, "captionTracks") if (code := _language_code(track))]
    return next((code for code in _spoken(player) if any(same_language(code, other) for other in captioned)), None)


def is_live(player: Any) -> bool:
    return _at(player, "videoDetails", "isLive") is True


def was_just_live(player: Any) -> bool:
    """Whether the video is a stream that has ended, but whose recording is not ready yet."""
    return _at(player, "videoDetails", "isPostLiveDvr") is True


def title_and_channel(player: Any) -> tuple[str | None, str | None]:
    return clean_name(_at(player, "videoDetails", "title")), clean_name(_at(player, "videoDetails", "author"))


def channel_id(player: Any) -> str | None:
    found = _at(player, "videoDetails", "channelId")
    return found if isinstance(found, str) and is_channel_id(found) else None


def length_seconds(player: Any) -> float | None:
    length = _at(player, "videoDetails", "lengthSeconds")
    return seconds(float(length)) or None if str(length).isdecimal() and len(str(length)) < 10 else None


def _spoken(player: Any) -> Iterator[str]:
    """Yields candidates for the spoken language from the player's answer, the most reliable first."""
    yield from _original_audio(player)
    tracks = _each(player, *_TRACK_LIST, "captionTracks")
    audio = _item(_each(player, *_TRACK_LIST, "audioTracks"), _at(player, *_TRACK_LIST, "defaultAudioTrackIndex") or 0)
    yield from _language_of_audio(_at(audio, "audioTrackId"))
    captions = [_item(tracks, index) for index in _each(audio, "captionTrackIndices")] or tracks
    heard = [code for track in captions if _is_generated(track) and (code := _language_code(track))]
    if len({*heard}) == 1:
        yield heard[0]
    if code := _language_code(_item(tracks, _at(audio, "defaultCaptionTrackIndex"))):
        yield code
    yield from heard


def _original_audio(player: Any) -> Iterator[str]:
    for each in _each(player, "streamingData", "adaptiveFormats"):
        # The name is in English, because the client asks for it.
        if "original" in str(_at(each, "audioTrack", "displayName")).lower():
            yield from _language_of_audio(_at(each, "audioTrack", "id"))


def _language_of_audio(track_id: Any) -> Iterator[str]:
    """Yields the language of an audio track's id, such as `pt-BR` of `pt-BR.4`."""
    code = str(track_id).partition(".")[0]
    if track_id and _LANGUAGE_CODE.fullmatch(code):
        yield code


def _track(found: Any, translations: tuple[Language, ...]) -> CaptionTrack | None:
    code, address = _language_code(found), _at(found, "baseUrl")
    if not code or not isinstance(address, str):
        return None
    return CaptionTrack(
        language_code=code,
        language=_name(found, "name") or code,
        is_generated=_is_generated(found),
        address=address,
        translation_languages=translations if _at(found, "isTranslatable") is True else (),
    )


def _is_generated(track: Any) -> bool:
    return bool(_at(track, "kind") == "asr")


def _language_code(found: Any) -> str | None:
    code = _at(found, "languageCode")
    return code if isinstance(code, str) and _LANGUAGE_CODE.fullmatch(code) else None


def _name(found: Any, key: str) -> str | None:
    return clean_name(_at(found, key, "runs", 0, "text")) or clean_name(_at(found, key, "simpleText"))


def _at(value: Any, *path: str | int) -> Any:
    """Returns the value at a path of keys and indices; None if there is none."""
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def _each(value: Any, *path: str | int) -> list[Any]:
    found = _at(value, *path)
    return found if isinstance(found, list) else []


def _item(items: list[Any], index: Any) -> Any:
    return items[index] if isinstance(index, int) and 0 <= index < len(items) else None
