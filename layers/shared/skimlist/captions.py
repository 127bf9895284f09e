"""Which caption track of a video to take, and what of its captions is text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Generic, Protocol, TypeVar

from skimlist.errors import LanguageUnavailable, NoCaptions
from skimlist.models import Segment
from skimlist.readable import unescaped


class Language(Protocol):
    @property
    def language_code(self) -> str: ...


class Track(Language, Protocol):
    """One caption track of a video, as youtube_transcript_api.Transcript describes it."""

    @property
    def is_generated(self) -> bool: ...

    @property
    def translation_languages(self) -> Sequence[Language]: ...


class Caption(Protocol):
    """One caption as YouTube sends it; `start` and `duration` are seconds."""

    @property
    def text(self) -> str: ...

    @property
    def start(self) -> float: ...

    @property
    def duration(self) -> float: ...


L = TypeVar("L", bound=Language)
T = TypeVar("T", bound=Track)


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """A track, and the code of the language into which YouTube has to translate it, if it has to."""

    track: T
    translate_to: str | None = None


# Of what comes as one caption, no more than this many characters stay together.
_LONGEST_CAPTION = 10_000

# YouTube still uses some codes that the IANA Language Subtag Registry replaced, and names Chinese now by region and now
# by script (CLDR "likely subtags").
_SAME_LANGUAGE = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
}


def choose_track(tracks: Sequence[T], language: str | None) -> Choice[T]:
    """The track to summarize from: in `language` (BCP 47), or in the video's own language when it is None.

    Captions that a person wrote come before automatic ones, a regional variant counts as the language (`pt` is served
    by `pt-BR` and the other way round), and YouTube's own translation is the last resort.

    Raises NoCaptions if there is no track, LanguageUnavailable if none is in or translatable into `language`.
    """
    if not tracks:
        raise NoCaptions
    wanted = language or _spoken_language(tracks)
    track = min(_variants(tracks, wanted), key=lambda track: track.is_generated, default=None)
    return Choice(track) if track else _translation(tracks, wanted)


def clean_segments(captions: Iterable[Caption]) -> tuple[Segment, ...]:
    """The captions as plain text on one line each, in the order of time; those without text are left out.

    One that is longer than any that a person could read becomes several, so that the length of each has a limit.
    """
    segments = (Segment(_plain_text(c.text), _seconds(c.start), _seconds(c.duration)) for c in captions)
    parts = (part for segment in segments if segment.text for part in _divided(segment))
    return tuple(sorted(parts, key=lambda segment: segment.start))


def has_words(segments: Iterable[Segment]) -> bool:
    """Whether anything is said; "[Music]", "(applause)" and notes are no words."""
    return any(any(map(str.isalnum, _SOUND.sub("", segment.text))) for segment in segments)


def _spoken_language(tracks: Sequence[Track]) -> str:
    """YouTube generates captions in the language that it hears; without them its first track is the best guess."""
    return next((track.language_code for track in tracks if track.is_generated), tracks[0].language_code)


def _variants(candidates: Iterable[L], wanted: str) -> list[L]:
    """Those in the wanted language, exactly the wanted variant first."""
    variants = [c for c in candidates if _primary(c.language_code) == _primary(wanted)]
    return sorted(variants, key=lambda c: _canonical(c.language_code) != _canonical(wanted))


def _translation(tracks: Sequence[T], wanted: str) -> Choice[T]:
    own = choose_track(tracks, None).track
    for track in (own, *tracks):
        for target in _variants(track.translation_languages, wanted):
            return Choice(track, target.language_code)
    raise LanguageUnavailable


def _canonical(code: str) -> str:
    return _SAME_LANGUAGE.get(code.lower(), code.lower())


def _primary(code: str) -> str:
    return _canonical(code).partition("-")[0]


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\ufeff]")
_SOUND = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）")


def _seconds(value: float) -> float:
    """Some uploaders' files begin before the video does, or end before they begin."""
    return value if 0 <= value < inf else 0.0


def _plain_text(text: str) -> str:
    # Some uploaders' files are escaped once more than YouTube's format asks for, so entities and tags come through.
    return " ".join(_INVISIBLE.sub("", _TAG.sub("", unescaped(text))).split())


def _divided(caption: Segment) -> Iterator[Segment]:
    """A caption in parts of limited length, each with its share of the time; cut between words where there are any."""
    if len(caption.text) <= _LONGEST_CAPTION:
        yield caption
        return
    parts = textwrap.wrap(caption.text, _LONGEST_CAPTION, break_on_hyphens=False)
    start, seconds_a_character = caption.start, caption.duration / sum(map(len, parts))
    for part in parts:
        duration = len(part) * seconds_a_character
        yield Segment(part, start, duration)
        start += duration
