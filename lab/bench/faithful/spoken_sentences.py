"""Measures for summaries that consist of spoken sentences. Shares are between 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from skimlist.formatting import printable, unescaped
from skimlist.models.transcript import Segment
from skimlist.text.salience import terms
from skimlist.text.sentences import ends_sentence
from skimlist.text.spoken import speech
from skimlist.text.stop_words import stop_words
from skimlist.youtube.captions import spoken_words

# A sentence's end: marks before a space or the end of a caption; those of Chinese and Japanese anywhere.
_END = re.compile(r"[.!?…؟۔]+[\"”»’)]*(?=\s|$)|[。！？]+")
# Punctuation between words, or within running text of Chinese and Japanese, but not inside a word.
_PUNCTUATION = re.compile(r"(?<!\w)[^\w\s]+|[^\w\s]+(?!\w)|[，。！？；：、「」『』《》…]+")
# Captions with fewer than one sentence end in this many letters are not fully punctuated.
_LETTERS_AN_END = 250


@dataclass(frozen=True, slots=True)
class Borders:
    """The numbers of sentence ends that were predicted, that are true, and that are both."""

    found: int = 0
    true: int = 0
    right: int = 0

    def __add__(self, other: Borders) -> Borders:
        return Borders(self.found + other.found, self.true + other.true, self.right + other.right)

    @property
    def precision(self) -> float:
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.true, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(self.found + self.true, 1)


def said(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Returns the captions without sound notes and without repetitions of the caption before."""
    kept: list[Segment] = []
    for segment in segments:
        text = spoken_words(printable(unescaped(segment.text)))
        if _bare(text) and not (kept and _bare(kept[-1].text) == _bare(text)):
            kept.append(Segment(text, segment.start, segment.duration))
    return tuple(kept)


def bare(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Returns the captions without punctuation and capitals, as YouTube's recognition wrote them for years."""
    return tuple(Segment(_bare(segment.text), segment.start, segment.duration) for segment in segments)


def _bare(text: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", text).lower().split())


def is_punctuated(segments: Sequence[Segment]) -> bool:
    return letters("".join(each.text for each in segments)) <= _LETTERS_AN_END * len(true_ends(segments))


def true_ends(segments: Iterable[Segment]) -> set[int]:
    """Returns the positions (in letters) at which sentences end by their punctuation."""
    text = " ".join(segment.text for segment in segments)
    return set(_counted(text, (end.start() for end in _END.finditer(text))))


def borders(lines: Iterable[str], ends: set[int]) -> Borders:
    """Compares the ends of lines with the true ends of sentences."""
    found, position = set(), 0
    for line in lines:
        position += letters(line)
        found.add(position)
    return Borders(len(found), len(ends), len(found & ends))


def letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def dangling(sentences: Sequence[str], language: str) -> int:
    """Counts the sentences that make no sense without the one before, or whose end is cut off."""
    habits = speech(language)
    return sum(
        habits.needs_context(text)
        or habits.without_opening(text) != text
        or text.endswith("…")
        or not ends_sentence(text)
        for text in sentences
    )


def title_words(text: str, title: str, language: str) -> float | None:
    """Returns the share of a title's words that a text contains; None if the title has only stop words."""
    wanted = terms(title, stop_words(language))
    return len(wanted & terms(text, stop_words(language))) / len(wanted) if wanted else None


def _counted(text: str, positions: Iterable[int]) -> Iterator[int]:
    count, start = 0, 0
    for position in positions:
        count += letters(text[start:position])
        start = position
        yield count
