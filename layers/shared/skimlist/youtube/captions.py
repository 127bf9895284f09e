"""Chooses a caption track of a video, and cleans its captions."""

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
from skimlist.youtube.values import seconds


class Language(Protocol):
    @property
    def language_code(self) -> str: ...

    @property
    def language(self) -> str:
        """The name of the language."""
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
    """A track, and the language into which YouTube has to translate it, if any."""

    track: T
    translate_to: Language | None = None


# Captions with more characters are split.
_MAX_CAPTION_LENGTH = 10_000
# No screen has more lines. Comparing all of longer captions would take a time that grows with their number squared.
_MAX_LINES_ON_SCREEN = 100


def choose_track(
    tracks: Sequence[T], language: str | None, own: str | None = None, *, translate: bool = False
) -> Choice[T]:
    """Chooses the track to summarize: in `language` (BCP 47), or in the video's own language if it is None.

    `own` is the spoken language of the video, None if it is unknown. Captions written by a person are preferred to
    automatic ones, a regional variant counts as the language (`pt` matches `pt-BR` and vice versa), and the first of
    several equal tracks is taken. If there is none, YouTube's own translation is taken with `translate`; otherwise the
    track is in the video's own language, because a model can write in another language than it reads.

    Raises NoCaptions if there is no track.
    """
    if not tracks:
        raise NoCaptions
    own = own or _likely_language(tracks)
    wanted = language or own
    track = min(_variants(tracks, wanted), key=lambda track: track.is_generated, default=None)
    if track:
        return Choice(track)
    return _translation(tracks, wanted, own) if translate else choose_track(tracks, own)


def clean_segments(captions: Iterable[Caption]) -> tuple[Segment, ...]:
    """Returns the captions as plain text on one line each, ordered by time; captions without text are left out.

    A line that stays on the screen while the next one appears below it counts only once. A caption that is longer than
    any person could read is split, so that each has a limited length.
    """
    shown: list[str] = []
    segments: list[Segment] = []
    for caption in sorted(captions, key=lambda caption: seconds(caption.start)):
        lines = _lines(caption.text)
        text = " ".join(_new_lines(shown, lines))
        segments += _split(Segment(text, seconds(caption.start), seconds(caption.duration))) if text else ()
        shown = lines
    return tuple(segments)


def spoken_words(text: str) -> str:
    """Returns the spoken or sung words of a caption, without sound notes, signs of music and marks of speakers.

    "[Music]" and "(applause)" are notes. "[ __ ]" is not: it is YouTube's sign for a masked word.
    """
    if _NOTE_OR_MARK.search(text):
        text = _SPEAKER_MARK.sub(" ", _SOUND_NOTE.sub(" ", _MUSIC_SIGN.sub(" ", text)))
        text = " ".join(text.split())
    return text if _LETTER_OR_DIGIT.search(text) else ""


def has_words(segments: Iterable[Segment]) -> bool:
    """Whether any caption has spoken or sung words."""
    return any(spoken_words(segment.text) for segment in segments)


def _likely_language(tracks: Sequence[Track]) -> str:
    """Guesses the spoken language: that of captions that YouTube generated from the sound, or of the first track."""
    return next((track.language_code for track in tracks if track.is_generated), tracks[0].language_code)


def _variants(candidates: Iterable[L], wanted: str) -> list[L]:
    """Returns the candidates in the wanted language, exact matches of the variant first."""
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

# Looking for single characters is fast, and most captions have none at which the slower patterns could match.
_NOTE_OR_MARK = re.compile(r"[\[【(（♩♪♫♬🎵🎶>»•–—-]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_MUSIC_SIGN = re.compile(r"[♩♪♫♬🎵🎶]+")
# [Music], (applause) alone or at the start of a caption. A pair of brackets around nothing but "_" or "*" is a mask. A
# short word of capitals between a word and a comma is what somebody said: a token [CLS], then a second one.
_SOUND_NOTE = re.compile(
    r"(?!(?<=\w )\[[A-Z]{2,4}\][,.;:])\[(?![\s_*]{1,60}\])[^\]]{0,60}\]"
    r"|【[^】]{0,20}】|^(?:[-–>»\s]*[(（][^)）]{1,60}[)）])+"
)
_SPEAKER_MARK = re.compile(r"^\s*(?:[-–—•]|>>+|»)+\s*|\s?>>+\s*")


def _lines(text: str) -> list[str]:
    # Some uploaders' files are escaped once more than YouTube's format requires, so they still have entities and tags.
    plain = _INVISIBLE.sub("", _TAG.sub("", unescaped(text)))
    return [" ".join(line.split()) for line in plain.splitlines() if line.strip()]


def _new_lines(shown: Sequence[str], lines: Sequence[str]) -> Sequence[str]:
    """Returns the lines of a caption that were not already on the screen; repeated ones are at its top.

    Whole lines are compared, because speakers sometimes repeat words.
    """
    most = min(len(shown), len(lines), _MAX_LINES_ON_SCREEN)
    kept = next((n for n in range(most, 0, -1) if shown[-n:] == lines[:n]), 0)
    return lines[kept:]


def _split(caption: Segment) -> Iterator[Segment]:
    """Splits a caption into parts of limited length with their shares of the time, between words if possible."""
    if len(caption.text) <= _MAX_CAPTION_LENGTH:
        yield caption
        return
    parts = textwrap.wrap(caption.text, _MAX_CAPTION_LENGTH, break_on_hyphens=False)
    start, seconds_a_character = caption.start, caption.duration / sum(map(len, parts))
    for part in parts:
        duration = len(part) * seconds_a_character
        yield Segment(part, start, duration)
        start += duration
