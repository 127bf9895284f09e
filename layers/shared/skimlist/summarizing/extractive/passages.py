"""The text of the extractive model: passages of one or several sentences, as they were spoken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain

from skimlist.models.settings import SummaryLength
from skimlist.summarizing.drafts import Request
from skimlist.summarizing.extractive.sentences import INTRODUCTION_LINES, Sentences
from skimlist.summarizing.stretches import Tenths
from skimlist.text.sentences import as_sentence, ends_sentence
from skimlist.text.words import capitalized, count_words, join

# The text has at most one word for this many that were spoken, because TL;DR, key points and chapters quote more.
_WORDS_A_WORD = 5
_INTRODUCTION_SHARE = 0.5
# A passage of several sentences begins with one of the best sentences of its section, of which there are this many.
_RANKED_FOR_PASSAGES = 6
# Single sentences do not fill up this last share of the words.
_LEFT_OUT_SHARE = 0.3
_LONGEST_PASSAGE = 3
# A sentence is quoted with those after it, as long as an editor would use them with at least this probability.
_USABLE = 0.7
# A later member of a series ("secondly") follows the first one even if it is less usable.
_USABLE_IN_SERIES = 0.4
_MIN_CONTINUATION_WORDS = 6


class Passages:
    """Chooses passages for the text of a summary."""

    def __init__(self, sentences: Sentences, request: Request) -> None:
        self._sentences = sentences
        self._length = request.length
        self._words = request.target.words

    def select(self, taken: Sequence[int]) -> list[int]:
        """Selects passages: clear sentences that are not taken, with those that continue them.

        Half of them are from the introduction, which says what the video is for. The others are the best of the
        sections, as far as these have several sentences; single ones, which read worse, only fill up a short text.
        """
        if self._length is SummaryLength.DETAILED:
            return self.select_everywhere(taken)
        spoken = sum(count_words(line.text) for line in self._sentences.lines)
        words = min(self._words, spoken // _WORDS_A_WORD)
        chosen: list[int] = []
        left = self._add_passages(chosen, self._introduction(taken), words * _INTRODUCTION_SHARE, taken)
        left += words * (1 - _INTRODUCTION_SHARE)
        left = self._add_passages(chosen, self._longer_passages([*taken, *chosen]), left, taken)
        everywhere = self._sentences.spread([*taken, *chosen])
        self._add_passages(chosen, everywhere, left - words * _LEFT_OUT_SHARE, taken)
        return chosen

    def select_everywhere(self, taken: Sequence[int]) -> list[int]:
        """Selects as many words from all parts of the video, single sentences included.

        A detailed text has a sentence from every tenth of the video before any of them is continued; a brief one has no
        room for that.
        """
        tenths = Tenths(self._sentences.lines)
        best: dict[int, int] = {}
        for index in self._sentences.best_clear(taken):
            for tenth in tenths.covered([self._sentences.lines[index].start]):
                best.setdefault(tenth, index)
        chosen: list[int] = []
        left: float = self._words
        if self._length is SummaryLength.DETAILED:
            left = self._add(chosen, ([index] for index in best.values()), left)
            left = self._add(chosen, (self._continuation(index, [*taken, *chosen]) for index in [*chosen]), left)
        everywhere = self._sentences.spread(taken)
        starts = chain(best.values(), self._longer_passages([*taken, *best.values()]), everywhere)
        self._add_passages(chosen, starts, left, taken)
        return chosen

    def paragraphs(self, indices: Sequence[int]) -> str:
        """Joins the sentences in order, with one paragraph for each section that they come from."""
        by_section = ([index for index in indices if index in section] for section in self._sentences.sections)
        return "\n\n".join(reduce(join, self._as_spoken(paragraph)) for paragraph in by_section if paragraph)

    def _introduction(self, taken: Sequence[int]) -> list[int]:
        """Returns the clear sentences of the introduction, best first."""
        first = self._sentences.talk.clips
        introduction = range(first, first + min(INTRODUCTION_LINES, len(self._sentences) // 4))
        return self._sentences.best_of(introduction, taken)

    def _longer_passages(self, taken: Sequence[int]) -> list[int]:
        """Returns where the best passage of several sentences begins in each section that has one, best first."""
        found: list[int] = []
        for section in self._sentences.sections:
            best = self._sentences.best_of(section, taken)[:_RANKED_FOR_PASSAGES]
            found += [index for index in best if next(self._continuation(index, taken), None) is not None][:1]
        return sorted(found, key=self._sentences.scores.__getitem__, reverse=True)

    def _add_passages(self, chosen: list[int], starts: Iterable[int], words: float, taken: Sequence[int]) -> float:
        """Adds passages that begin at the given lines, and returns how many of the words are left; below 0 if any.

        A question is only added together with what is said after it.
        """
        passages = ([index, *self._continuation(index, [*taken, *chosen])] for index in starts if index not in chosen)
        complete = (passage for passage in passages if len(passage) > 1 or not self._sentences.asks(passage[0]))
        return self._add(chosen, complete, words)

    def _add(self, chosen: list[int], passages: Iterable[Iterable[int]], words: float) -> float:
        """Adds whole passages as long as any of the words are left, and returns how many are left after that."""
        left = words
        for passage in passages:
            if left <= 0:
                break
            added = [*passage]
            chosen += added
            left -= sum(count_words(self._sentences.lines[each].text) for each in added)
        return left

    def _continuation(self, index: int, taken: Sequence[int]) -> Iterator[int]:
        """Yields the sentences after one that belong to it."""
        sentences = self._sentences
        section = next(section for section in sentences.sections if index in section)
        for following in range(index + 1, min(index + _LONGEST_PASSAGE, section.stop)):
            needed = _USABLE_IN_SERIES if sentences.continues_series(following) else _USABLE
            is_usable = sentences.ratings[following].usable >= needed and following not in taken
            is_long = count_words(sentences.talk.fluent[following]) >= _MIN_CONTINUATION_WORDS
            if not (is_usable and is_long and sentences.is_whole(following)) or sentences.is_off_topic(following):
                break
            yield following

    def _as_spoken(self, indices: Sequence[int]) -> Iterator[str]:
        """Yields each line as a sentence; consecutive lines are kept as spoken, without a sign of a cut."""
        talk, lines = self._sentences.talk, self._sentences.lines
        for position, index in enumerate(indices):
            continues = index + 1 in indices[position + 1 : position + 2]
            follows = index - 1 in indices[max(position - 1, 0) : position]
            text = talk.fluent[index] if follows else talk.quoted[index]
            begins = not follows or ends_sentence(lines[index - 1].text)
            shown = text if continues else as_sentence(text)
            yield capitalized(shown) if begins else text[:1] + shown[1:]
