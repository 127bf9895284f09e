"""Finds the ends of sentences in captions without punctuation, by pauses, the words around a gap, and casing.

The words around a gap fall into a few classes, listed in `text/spoken.toml`; the weights below were fitted on captions
whose punctuation had been removed. `docs/decisions/0022` says what else was tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from skimlist.text.spoken import Speech
from skimlist.text.words import count_words, estimate_tokens, is_spaceless

# The weights of the evidence that a sentence ends in the gap between two words; negative ones speak against it.
# The next word mostly, often or seldom begins a sentence.
_MOSTLY_BEGINS = 3.2
_OFTEN_BEGINS = 1.0
_SELDOM_BEGINS = -2.0
# The next word has an initial capital that only the start of a sentence explains.
_CAPITAL = 4.0
# The gap is a second of silence, or a shorter one in proportion.
_SECOND_OF_SILENCE = 5.25
# The gap is the border of two captions. This weight is multiplied by the alignment of the captions, up to the maximum:
# some captions are cut at sentences, others wherever the line was full.
_CAPTION_BORDER = 2.75
_MAX_ALIGNMENT = 1.5
# The word before the gap needs another one after it.
_WANTS_ANOTHER = -4.0
# The sentence has fewer words than this, and no silence of this many seconds ends it.
_HARDLY_BEGUN = -6.0
_MIN_WORDS = 4
_SILENCE_ENOUGH = 0.6
# The sum that makes an end, in captions that are cut at sentences (with at least this alignment) and in others.
_NEEDED_IF_ALIGNED = 4.0
_NEEDED = 2.0
_MIN_ALIGNMENT = 0.25

_WORD = re.compile(r"\S+")
_MAX_SPACELESS_LENGTH = 3
_AROUND_A_WORD = ".,;:!?…\"“”«»'()[]-–—"


class Piece(Protocol):
    """A caption, or a part of one."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...

    @property
    def text(self) -> str: ...


class _Word(NamedTuple):
    """A word, or in a language without spaces the text between two spaces, with its first and its last word."""

    first: str
    last: str
    words: float
    is_capital: bool
    piece: int
    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence, as the slices of captions (by index) that it consists of; it `is_cut` if its end is missing."""

    parts: Sequence[tuple[int, slice]]
    is_cut: bool


def find_sentences(pieces: Sequence[Piece], speech: Speech, longest: int) -> Iterator[Sentence]:
    """Yields the sentences; those longer than about `longest` tokens are cut where an end is most likely."""
    words = [
        _word(found[0], speech, number, found.start())
        for number, piece in enumerate(pieces)
        for found in _WORD.finditer(piece.text)
    ]
    scores = _scores(words, pieces, speech)
    start = 0
    for end, is_cut in _sentence_ends(words, scores, pieces, longest):
        yield Sentence(list(_slices(words[start:end])), is_cut)
        start = end


def _word(text: str, speech: Speech, piece: int, start: int) -> _Word:
    word = text.strip(_AROUND_A_WORD).lower()
    if not is_spaceless(word):
        return _Word(word, word, 1.0, _has_capital(text), piece, start, start + len(text))
    beginnings = (word[:size] for size in range(_MAX_SPACELESS_LENGTH, 1, -1))
    first = next((each for each in beginnings if each in speech.mostly_begins or each in speech.often_begins), word[:1])
    last = word[-2:] if word[-2:] in speech.wants_another else word[-1]
    return _Word(first, last, count_words(word), False, piece, start, start + len(text))


def _has_capital(word: str) -> bool:
    return word[:1].isupper() and not word[1:2].isupper() and word[:2] not in {"I", "I'", "I’"}


def _scores(words: Sequence[_Word], pieces: Sequence[Piece], speech: Speech) -> list[float]:
    """Scores the gap after each word: above 0, a sentence ends there."""
    begins = [_starting_score(word, speech) for word in words]
    alignment = _alignment(words, begins)
    needed = _NEEDED_IF_ALIGNED if alignment > _MIN_ALIGNMENT else _NEEDED
    scores = []
    for index, (word, following) in enumerate(pairwise(words)):
        score = begins[index + 1] - needed
        if following.is_capital and begins[index + 1] != 0 and not word.is_capital:
            score += _CAPITAL
        if word.last in speech.wants_another:
            score += _WANTS_ANOTHER
        if following.piece != word.piece:
            score += _CAPTION_BORDER * max(min(alignment, _MAX_ALIGNMENT), 0.0)
            score += _SECOND_OF_SILENCE * min(_silence(pieces, word.piece), 1.0)
        scores.append(score)
    return scores


def _starting_score(word: _Word, speech: Speech) -> float:
    if word.first in speech.mostly_begins:
        return _MOSTLY_BEGINS
    if word.first in speech.often_begins:
        return _OFTEN_BEGINS
    return _SELDOM_BEGINS if word.first in speech.seldom_begins else 0.0


def _alignment(words: Sequence[_Word], begins: Sequence[float]) -> float:
    """Measures how well captions are cut at sentences.

    The value is the relative excess of words that begin sentences among the first words of captions; 0 means that they
    are as frequent there as anywhere else.
    """
    first = [score > 0 for word, score in zip(words, begins, strict=True) if word.start == 0]
    everywhere = sum(score > 0 for score in begins)
    return sum(first) / len(first) * len(begins) / everywhere - 1 if everywhere else 0.0


def _silence(pieces: Sequence[Piece], piece: int) -> float:
    return max(pieces[piece + 1].start - pieces[piece].end, 0.0)


def _sentence_ends(
    words: Sequence[_Word], scores: Sequence[float], pieces: Sequence[Piece], longest: int
) -> Iterator[tuple[int, bool]]:
    """Yields the index after the last word of each sentence, and whether the sentence is cut there."""
    characters = sum(len(piece.text) for piece in pieces)
    tokens_a_character = sum(estimate_tokens(piece.text) for piece in pieces) / max(characters, 1)
    start, size = 0, 0.0
    for index, word in enumerate(words):
        size += (word.end - word.start + 1) * tokens_a_character
        if size > longest and index > start:
            middle = (start + index) // 2
            cut = max(range(middle, index), key=lambda gap: (scores[gap], gap)) + 1
            yield cut, True
            size -= sum(each.end - each.start + 1 for each in words[start:cut]) * tokens_a_character
            start = cut
        if index < len(scores) and scores[index] + _early_end_score(words, pieces, start, index) > 0:
            yield index + 1, False
            start, size = index + 1, 0.0
    if start < len(words):
        yield len(words), False


def _early_end_score(words: Sequence[_Word], pieces: Sequence[Piece], start: int, index: int) -> float:
    """Scores how much speaks against an end after the word at `index` because the sentence from `start` on is short."""
    if sum(word.words for word in words[max(start, index + 1 - _MIN_WORDS) : index + 1]) >= _MIN_WORDS:
        return 0.0
    at_border = words[index + 1].piece != words[index].piece
    return 0.0 if at_border and _silence(pieces, words[index].piece) >= _SILENCE_ENOUGH else _HARDLY_BEGUN


def _slices(words: Sequence[_Word]) -> Iterator[tuple[int, slice]]:
    """Yields the part of each caption that these neighbouring words cover."""
    start = words[0]
    for word, following in zip(words, [*words[1:], None], strict=True):
        if following is None or following.piece != word.piece:
            yield word.piece, slice(start.start, word.end)
            if following is not None:
                start = following
