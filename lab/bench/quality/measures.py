"""Measures of a summary that need no judge. Shares are between 0 and 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise
from statistics import mean
from typing import TYPE_CHECKING, Any

from skimlist.models.settings import SummaryLength
from skimlist.models.summary import Chapter
from skimlist.models.transcript import Segment
from skimlist.text.words import count_words, tokens

if TYPE_CHECKING:
    from rouge_score.rouge_scorer import RougeScorer

PARTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One text about one video; `parts` has, for each tenth of the video, whether the text cites it (0 to 1)."""

    folder: str
    language: str
    length: SummaryLength
    method: str
    parts: Sequence[float]
    redundancy: float
    compression: float
    chapters: float | None = None
    rouge: Mapping[str, float] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        return mean(self.parts)


def parts_drawn_on(starts: Iterable[float], duration: float) -> set[int]:
    """Returns the tenths of the video (0…9) that contain these seconds."""
    return {min(int(start / duration * PARTS), PARTS - 1) for start in starts}


def sources(statements: Iterable[str], segments: Sequence[Segment]) -> Iterator[float]:
    """Returns for each statement the second at which something like it is said.

    From that caption on, as many words as the statement has have the most words in common with it.
    """
    first_word = [0, *accumulate(len(tokens(segment.text)) for segment in segments)]
    said = [word for segment in segments for word in tokens(segment.text)]
    for statement in statements:
        wanted = Counter(tokens(statement))
        shared = [
            (Counter(said[first : first + wanted.total()]) & wanted).total() for first in first_word[: len(segments)]
        ]
        yield segments[shared.index(max(shared))].start


def redundancy(text: str) -> float:
    """Returns the share of repeated word pairs (See, Liu and Manning, "Get To The Point", ACL 2017)."""
    pairs = list(pairwise(tokens(text)))
    return 1 - len(set(pairs)) / len(pairs) if pairs else 0.0


def compression(text: str, segments: Sequence[Segment]) -> float:
    """Returns the words of the summary per spoken word."""
    return count_words(text) / max(sum(count_words(segment.text) for segment in segments), 1)


def valid_chapters(chapters: Sequence[Chapter], duration: float) -> float:
    """Returns the share of chapters that begin within the video, after the one before, and with a unique title."""
    titles = Counter(chapter.title for chapter in chapters)
    valid = [
        0 <= chapter.start_seconds < duration
        and (index == 0 or chapter.start_seconds > chapters[index - 1].start_seconds)
        and bool(chapter.title.strip())
        and titles[chapter.title] == 1
        for index, chapter in enumerate(chapters)
    ]
    return sum(valid) / len(valid) if valid else 0.0


def rouge(text: str, abstract: str) -> dict[str, float]:
    """Returns F1 of ROUGE-1, -2 and -L (Lin, 2004), over words of any script."""
    scores = _scorer().score(abstract, text)
    return {name: scores[name].fmeasure for name in _ROUGE}


_ROUGE = ("rouge1", "rouge2", "rougeL")


class _Words:
    """A tokenizer for any script; the package's own one supports Latin letters only."""

    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


@cache
def _scorer() -> RougeScorer:
    from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415 - only where there is an abstract

    words: Any = _Words()
    return RougeScorer(list(_ROUGE), tokenizer=words)
