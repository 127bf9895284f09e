"""Which caption track of a video to take, and what of its captions is text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from skimlist.errors import NoCaptions
from skimlist.formatting import unescaped
from skimlist.models.transcript import Segment
from skimlist.text.language_codes import canonical, same_language


class Language(Protocol):
    @property
    def language_code(self) -> str: ...

    @property
    def language(self) -> str:
        """Its name for people."""
        ...


class Track(Language, Protocol):
    """One caption track of a video."""

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
    """A track, and the language into which YouTube has to translate it, if it has to."""

    track: T
    translate_to: Language | None = None


# Of what comes as one caption, no more than this many characters stay together.
_LONGEST_CAPTION = 10_000
# Seconds, 115 days: no stream is longer, and every place that keeps a time can keep this one.
_LONGEST_VIDEO = 10_000_000.0


def choose_track(tracks: Sequence[T], language: str | None, own: str | None = None) -> Choice[T]:
    """The track to summarize from: in `language` (BCP 47), or in the video's own language when it is None.

    `own` is the language in which the video is spoken, None if that is not known. Captions that a person wrote come
    before automatic ones, a regional variant counts as the language (`pt` is served by `pt-BR` and the other way
    round), the first of several equal tracks is taken, and YouTube's own translation is the last resort. Where it has
    none, the track is in the video's own language: a model can write in another one than it reads.

    Raises NoCaptions if there is no track.
    """
    if not tracks:
        raise NoCaptions
    own = own or _likely_language(tracks)
    wanted = language or own
    track = min(_variants(tracks, wanted), key=lambda track: track.is_generated, default=None)
    return Choice(track) if track else _translation(tracks, wanted, own)


def clean_segments(captions: Iterable[Caption]) -> tuple[Segment, ...]:
    """The captions as plain text on one line each, in the order of time; those without text are left out.

    A line that stays on the screen while the next one appears below it counts once, where it appears. A caption that
    is longer than any that a person could read becomes several, so that the length of each has a limit.
    """
    shown: list[str] = []
    segments: list[Segment] = []
    for caption in sorted(captions, key=lambda caption: seconds(caption.start)):
        lines = _lines(caption.text)
        text = " ".join(_new_lines(shown, lines))
        segments += _divided(Segment(text, seconds(caption.start), seconds(caption.duration))) if text else ()
        shown = lines
    return tuple(segments)


def spoken(text: str) -> str:
    """What is said or sung in a caption: its text without notes on sounds, signs of music and marks of speakers.

    "[Music]" and "(applause)" are notes. "[ __ ]" is not: it is YouTube's sign for a word that it masks.
    """
    if _NOTE_OR_MARK.search(text):
        text = _SPEAKER_MARK.sub(" ", _SOUND_NOTE.sub(" ", _MUSIC_SIGN.sub(" ", text)))
        text = " ".join(text.split())
    return text if _LETTER_OR_DIGIT.search(text) else ""


def has_words(segments: Iterable[Segment]) -> bool:
    """Whether anything is said or sung."""
    return any(spoken(segment.text) for segment in segments)


def seconds(value: float) -> float:
    """A time in a video; some uploaders' files begin before the video does, or end before they begin."""
    return value if 0 <= value <= _LONGEST_VIDEO else 0.0


def _likely_language(tracks: Sequence[Track]) -> str:
    """YouTube generates captions in the language that it hears; without them its first track is the best guess."""
    return next((track.language_code for track in tracks if track.is_generated), tracks[0].language_code)


def _variants(candidates: Iterable[L], wanted: str) -> list[L]:
    """Those in the wanted language, exactly the wanted variant first."""
    variants = [c for c in candidates if same_language(c.language_code, wanted)]
    return sorted(variants, key=lambda c: canonical(c.language_code) != canonical(wanted))


def _translation(tracks: Sequence[T], wanted: str, own: str) -> Choice[T]:
    original = choose_track(tracks, own).track
    for track in (original, *tracks):
        for target in _variants(track.translation_languages, wanted):
            return Choice(track, target)
    return Choice(original)


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\ufeff]")

# To look for single characters is fast; most captions hold none with which the slower patterns could begin.
_NOTE_OR_MARK = re.compile(r"[\[【(（♩♪♫♬🎵🎶>»•–—-]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_MUSIC_SIGN = re.compile(r"[♩♪♫♬🎵🎶]+")
# [Music], (applause) alone or at the start of a caption. A pair of brackets around nothing but "_" or "*" is a mask.
_SOUND_NOTE = re.compile(r"\[(?![\s_*]{1,60}\])[^\]]{0,60}\]|【[^】]{0,20}】|^(?:[-–>»\s]*[(（][^)）]{1,60}[)）])+")
_SPEAKER_MARK = re.compile(r"^\s*(?:[-–—•]|>>+|»)+\s*|\s?>>+\s*")


def _lines(text: str) -> list[str]:
    # Some uploaders' files are escaped once more than YouTube's format asks for, so entities and tags come through.
    plain = _INVISIBLE.sub("", _TAG.sub("", unescaped(text)))
    return [" ".join(line.split()) for line in plain.splitlines() if line.strip()]


def _new_lines(shown: Sequence[str], lines: Sequence[str]) -> Sequence[str]:
    """Those of a caption's lines that were not on the screen in the one before; it keeps its last lines at the top.

    Whole lines are compared, because speakers do repeat words.
    """
    kept = next((n for n in range(min(len(shown), len(lines)), 0, -1) if shown[-n:] == lines[:n]), 0)
    return lines[kept:]


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
