"""Unusual tracks and captions in the formats in which YouTube sends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from local.youtube.failures import Failure

Snippet = dict[str, Any]
Track = dict[str, Any]

# The name of a short second track with the code of the first one.
SHORT_TRACK = "Signs"
_DUBBED = ("ar", "tr")
# YouTube's code for Hebrew, which is "he" elsewhere.
OLD_CODE = "iw"


def with_odd_tracks(tracks: dict[str, Any], failure: Failure | None) -> dict[str, Any]:
    """Returns the list of a video's tracks with oddities added; `tracks` has the only normal one."""
    (track,) = tracks["captionTracks"]
    match failure:
        case Failure.AUTO_DUBBED:
            return tracks | _dubbed(track)
        case Failure.SAME_CODE_TWICE:
            short = {**track, "name": {"runs": [{"text": SHORT_TRACK}]}, "trackName": SHORT_TRACK}
            return tracks | {"captionTracks": [track, _at(short, f"{track['baseUrl']}&name={SHORT_TRACK}")]}
        case Failure.OLD_CODE:
            return tracks | {"captionTracks": [track, _in_language(track, OLD_CODE)]}
        case Failure.RELATIVE_ADDRESS:
            return tracks | {"captionTracks": [_at(track, track["baseUrl"].partition(".com")[2])]}
        case Failure.FOREIGN_ADDRESS:
            return tracks | {"captionTracks": [_at(track, track["baseUrl"].replace("youtube.com", "example.com"))]}
    return tracks


def odd_snippets(snippets: Sequence[Snippet], failure: Failure | None) -> list[Snippet]:
    match failure:
        case Failure.SONG:
            return [{**snippet, "text": f"♪ {snippet['text']} ♪"} for snippet in snippets]
        case Failure.MASKED:
            return [{**snippet, "text": _masked(snippet["text"])} for snippet in snippets]
        case Failure.ROLLING:
            return list(_rolling(snippets))
    return list(snippets)


def _at(track: Track, address: str) -> Track:
    return {**track, "baseUrl": address}


def _in_language(track: Track, code: str) -> Track:
    address = track["baseUrl"].replace(f"lang={track['languageCode']}", f"lang={code}")
    return {**_at(track, address), "languageCode": code}


def _dubbed(track: Track) -> dict[str, Any]:
    """Adds an automatic track and an audio track per language; the video's own is in the middle and the default."""
    own = track["languageCode"]
    codes = [_DUBBED[0], own, _DUBBED[1]]
    tracks = [
        {**_in_language(track, code), "kind": "asr", "name": {"runs": [{"text": f"{code} (auto-generated)"}]}}
        for code in codes
    ]
    audio = [
        {"captionTrackIndices": [place], "audioTrackId": f"{code}.{4 if code == own else 10}"}
        for place, code in enumerate(codes)
    ]
    return {"captionTracks": tracks, "audioTracks": audio, "defaultAudioTrackIndex": 1}


def _masked(text: str) -> str:
    """Replaces the second word by YouTube's sign for a masked word."""
    first, *others = text.split()
    return " ".join([first, "[\u00a0__\u00a0]", *others[1:]])


def _rolling(snippets: Sequence[Snippet]) -> Iterator[Snippet]:
    """Returns rolling captions: a line, then it with the next one below, then the next one alone, and so on."""
    shown = None
    for snippet in snippets:
        half = snippet["duration"] / 2
        line = snippet["text"].replace("\n", " ")
        yield {**snippet, "text": line if shown is None else f"{shown}\n{line}", "duration": half}
        yield {**snippet, "text": line, "start": snippet["start"] + half, "duration": half}
        shown = line
