"""Turns captions into numbered lines of running text, which the models read and cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from skimlist.formatting import printable, unescaped
from skimlist.models.transcript import Segment
from skimlist.summarizing.borders import find_sentences
from skimlist.text.language_codes import primary_language
from skimlist.text.sentences import ends_sentence
from skimlist.text.splitting import abbreviates, sentences
from skimlist.text.spoken import Speech, speech
from skimlist.text.words import SPACELESS, estimate_tokens, is_spaceless, join
from skimlist.youtube.captions import spoken_words

# Captions with fewer than one sentence end in this many tokens count as captions without punctuation.
_TOKENS_A_SENTENCE = 150
# The minimum size of a line for a language model, in tokens: numbering every sentence costs tokens too.
NUMBERED_LINE_TOKENS = 30
# The maximum size of a line, in tokens: of a punctuated sentence, where a longer one is a run-on sentence; of a window
# of captions without punctuation; and of a sentence whose end was guessed.
_MAX_SENTENCE_TOKENS = 75
_MAX_WINDOW_TOKENS = 45
_MAX_RESTORED_TOKENS = 60
# A silence of this length ends a line of captions without punctuation.
_PAUSE_SECONDS = 1.5

# Looking for single characters is fast, and most captions have none at which the slower pattern could match.
_ENDING = re.compile(r"[.!?…؟।۔。！？]")

# Words that mostly begin a clause, for captions without punctuation: English, French, Portuguese, Spanish, German,
# Russian.
_CLAUSE_WORDS = (
    "and|but|so|because|now|then|et|mais|donc|alors|parce|e|mas|então|porque|y|pero|entonces|und|aber|dann|weil|denn|"
    "и|но|а|поэтому|потом"
)
_CLAUSE_START = re.compile(rf"(?:{_CLAUSE_WORDS})\s", re.IGNORECASE)
_CLAUSE_BORDER = re.compile(rf"\s(?=(?:{_CLAUSE_WORDS})\s)", re.IGNORECASE)
# Languages that are written in a script without spaces.
_SPACELESS_LANGUAGES = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km"})
# A space between words of a script that has none.
_GAP = re.compile(rf"(?<=[{SPACELESS}])(?<=\w)\s+(?=\w)(?=[{SPACELESS}])")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of speech: its number (1…n), its start and end in seconds, and its text without line breaks."""

    number: int
    start: float
    end: float
    text: str

    @property
    def tokens(self) -> int:
        return estimate_tokens(self.text)

    @property
    def size(self) -> int:
        """The tokens that the piece adds to a longer line; at least 1."""
        return max(self.tokens, 1)


def caption_lines(segments: Sequence[Segment], language: str = "", *, at_least: int = 0) -> tuple[Line, ...]:
    """Turns captions into lines: whole sentences, or windows between pauses if sentences cannot be found.

    `language` is the BCP 47 code of the captions; its typical words show where sentences end if there is no
    punctuation. Sound notes, speaker marks, repeated captions and the second language of bilingual captions are left
    out. Neighbours are joined until a line has `at_least` tokens. A line's start is interpolated within the caption in
    which it begins.
    """
    own = _without_translation(segments, language)
    spoken = [(caption, _pieces(caption.text, _MAX_SENTENCE_TOKENS, language)) for caption in _spoken(own)]
    ends = sum(len(parts) - 1 + ends_sentence(caption.text) for caption, parts in spoken)
    punctuated = ends * _TOKENS_A_SENTENCE >= sum(caption.tokens for caption, _ in spoken)
    if punctuated:
        found = _sentences(
            (piece for caption, parts in spoken for piece in _timed(caption, parts)), language, punctuated
        )
    elif (habits := speech(language)).often_begins:
        pieces = [piece for caption, _ in spoken for piece in _timed(caption, _short(caption.text, language))]
        found = _restored(pieces, habits)
    else:
        clauses = (piece for caption, _ in spoken for piece in _timed(caption, _clauses(caption.text, language)))
        found = _sentences(clauses, language, punctuated)
    lines = _joined(found, at_least, punctuated=punctuated)
    return tuple(Line(number, line.start, line.end, line.text) for number, line in enumerate(lines, start=1))


def _without_translation(segments: Sequence[Segment], language: str) -> Sequence[Segment]:
    """Removes the translation from captions that mostly have it on a line of its own, in a script of the other kind.

    Chinese captions are often bilingual, and their sentences would be torn apart by the English ones in between.
    """
    spaceless = primary_language(language) in _SPACELESS_LANGUAGES
    own = [_lines_of_script(segment.text, spaceless=spaceless) for segment in segments]
    translated = sum(
        0 < len(lines) < len(segment.text.splitlines()) for lines, segment in zip(own, segments, strict=True)
    )
    if 2 * translated <= len(segments):
        return segments
    return [
        replace(segment, text="\n".join(lines)) if lines else segment
        for lines, segment in zip(own, segments, strict=True)
    ]


def _lines_of_script(text: str, *, spaceless: bool) -> list[str]:
    """Returns the lines of a caption that are, or are not, in a script without spaces."""
    return [line for line in text.splitlines() if is_spaceless(line) is spaceless]


def _spoken(segments: Iterable[Segment]) -> Iterator[Line]:
    previous = ""
    for segment in sorted(segments, key=lambda segment: segment.start):
        text = spoken_words(printable(unescaped(segment.text)))
        if text and text != previous:
            yield Line(0, segment.start, segment.start + segment.duration, text)
            previous = text


def _pieces(text: str, longest: int, language: str) -> list[str]:
    """Splits one caption into sentences; a sentence that is too long is cut, between words if possible."""
    pieces: list[str] = []
    for sentence in sentences(text, language) if _ENDING.search(text) else (text,):
        # No character is more than one token.
        too_long = len(sentence) > longest and estimate_tokens(sentence) > longest
        pieces += re.findall(rf"\S.{{0,{longest - 1}}}(?!\S)|\S{{{longest}}}", sentence) if too_long else [sentence]
    return [piece.strip() for piece in pieces if piece.strip()]


def _short(text: str, language: str) -> list[str]:
    return _pieces(text, _MAX_WINDOW_TOKENS, language)


def _clauses(text: str, language: str) -> list[str]:
    return [clause for piece in _short(text, language) for clause in _CLAUSE_BORDER.split(piece)]


def _restored(pieces: Sequence[Line], habits: Speech) -> Iterator[Line]:
    """Yields sentences of captions without punctuation, and adds the missing full stop unless a sentence was cut.

    A space between Chinese or Japanese words stands for a comma.
    """
    for parts, is_cut in find_sentences(pieces, habits, _MAX_RESTORED_TOKENS):
        text = " ".join(pieces[index].text[part] for index, part in parts)
        (first, first_part), (last, last_part) = parts[0], parts[-1]
        start = _time_at(pieces[first], first_part.start)
        stop = ("。" if is_spaceless(text) else ".") if not is_cut and not ends_sentence(text) else ""
        text = _GAP.sub("，", text).rstrip(",;:") + stop
        yield Line(0, start, max(_time_at(pieces[last], last_part.stop), start), text)


def _time_at(piece: Line, position: int) -> float:
    """Estimates the second at which the character at a position is spoken."""
    return piece.start + (piece.end - piece.start) * position / len(piece.text)


def _timed(caption: Line, pieces: Sequence[str]) -> Iterator[Line]:
    if pieces == [caption.text]:
        yield caption
        return
    seconds = (caption.end - caption.start) / len(caption.text)
    position = 0
    for piece in pieces:
        position = caption.text.index(piece, position)
        start = caption.start + position * seconds
        position += len(piece)
        yield Line(0, start, caption.start + position * seconds, piece)


def _sentences(pieces: Iterable[Line], language: str, punctuated: bool) -> Iterator[Line]:
    longest = _MAX_SENTENCE_TOKENS if punctuated else _MAX_WINDOW_TOKENS
    held: list[Line] = []
    size = 0
    for piece in pieces:
        own_size = piece.size
        if held and _ends(held[-1], piece, language, punctuated=punctuated):
            yield _merged(held, punctuated=punctuated)
            held, size = [], 0
        elif held and size + own_size > longest:
            end = len(held) if punctuated else _last_clause(held, longest)
            yield _merged(held[:end], punctuated=punctuated)
            held = held[end:]
            size = _size(held)
        held.append(piece)
        size += own_size
    if held:
        yield _merged(held, punctuated=punctuated)


def _size(pieces: Iterable[Line]) -> int:
    return sum(piece.size for piece in pieces)


def _ends(previous: Line, piece: Line, language: str, *, punctuated: bool) -> bool:
    pause = not punctuated and piece.start - previous.end >= _PAUSE_SECONDS
    return pause or (ends_sentence(previous.text) and not abbreviates(previous.text, piece.text, language))


def _last_clause(pieces: Sequence[Line], longest: int) -> int:
    """Returns the index at which a window's last clause begins, or its end if that is not in its second half."""
    for start in range(len(pieces) - 1, 0, -1):
        if _size(pieces[:start]) < longest / 2:
            break
        if _CLAUSE_START.match(pieces[start].text):
            return start
    return len(pieces)


def _joined(lines: Iterable[Line], at_least: int, *, punctuated: bool) -> Iterator[Line]:
    held: list[Line] = []
    size = 0
    for line in lines:
        held.append(line)
        size += line.size
        if size >= at_least:
            yield _merged(held, punctuated=punctuated)
            held, size = [], 0
    if held:
        yield _merged(held, punctuated=punctuated)


def _merged(pieces: Sequence[Line], *, punctuated: bool) -> Line:
    if len(pieces) == 1:
        return pieces[0]
    # Without punctuation, the border between two captions is the only sign of a clause's end in Chinese.
    text = reduce(join, (piece.text for piece in pieces)) if punctuated else " ".join(piece.text for piece in pieces)
    return Line(0, pieces[0].start, max(piece.end for piece in pieces), text)
