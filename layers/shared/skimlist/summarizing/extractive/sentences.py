"""The sentences of a video with their ratings, and which of them a summary may quote."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from math import sqrt

from skimlist.summarizing.drafts import Finding, Request
from skimlist.summarizing.extractive.sentence_ratings import Talk
from skimlist.summarizing.extractive.topics import section_starts
from skimlist.summarizing.lines import Line
from skimlist.text.salience import most_relevant, terms
from skimlist.text.sentences import as_sentence, ends_sentence, is_question
from skimlist.text.stop_words import stop_words
from skimlist.text.words import count_words, join

# The first lines, in which a talk introduces itself.
INTRODUCTION_LINES = 25
# A sentence about a focus area gains the score of the most relevant sentence.
_FOCUS_BONUS = 1.0
# A sentence is clear without others if an editor would say so with at least this probability. The best ones count as
# clear in any case: twice as many as the summary has statements, but not more than this share of all.
_CLEAR = 0.3
_CLEAR_SHARE = 0.45
_MIN_CLEAR_WORDS = 5
# A conclusion in this last share of the lines gains this much.
_CLOSING_SHARE = 0.1
_CONCLUSION_BONUS = 0.15
_GOOD_CONCLUSION = 0.4
# A sentence is quoted with one that refers to it if an editor would use that one with at least this probability, and if
# both together have at most this many words.
_COMPLETES = 0.6
_MAX_WORDS_TOGETHER = 50
# A sentence may run over this many lines: the check of a claim looks no further than at the line after the cited one.
_MAX_LINES = 2
# A shorter first sentence is a greeting or the title read aloud.
_MIN_FIRST_WORDS = 8
_MIN_ANNOUNCEMENT_WORDS = 12
# The maximum number of lines from one section, and the number of its best lines that they are picked from.
_RANKED_A_SECTION = 40
_SHORTLIST = 4 * _RANKED_A_SECTION


class Sentences:
    """The sentences of one request, rated, and divided into sections by topic; each is identified by its index.

    `lines` are those of the request, but a sentence that was too long for one is joined again. `scores` say how good
    each sentence is for a summary (0 to 1, more with a bonus), `clear` are those that may be quoted without others, and
    `sections` are the indices of each section.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self.lines = tuple(_joined(request.lines, request.chapter_lines))
        self.talk = Talk([line.text for line in self.lines], request.language, request.title or "")
        self.ratings = self.talk.ratings()
        self._focus = {area: terms(area, stop_words(request.language)) for area in request.options.focus_areas}
        self.clear = self._find_clear()
        self.scores = [
            sqrt(rating.alone * rating.key)
            + _FOCUS_BONUS * self.is_wanted(index)
            + _CONCLUSION_BONUS * self.is_conclusion(index)
            for index, rating in enumerate(self.ratings)
        ]
        starts = [line.start for line in self.lines]
        borders = self._creator_borders() or section_starts(
            self.talk.units, self.talk.weights, starts, request.target.chapters
        )
        self.sections = [range(start, end) for start, end in pairwise([*borders, len(self.lines)])]

    def __len__(self) -> int:
        return len(self.lines)

    # --- One sentence ------------------------------------------------------------------------------------------------

    def quoted(self, index: int) -> str:
        """Returns the sentence as a summary quotes it alone."""
        return as_sentence(self.talk.quoted[index])

    def words(self, index: int) -> int:
        """Counts the words with which the sentence is quoted."""
        return count_words(self.talk.quoted[index])

    def is_whole(self, index: int) -> bool:
        begins = index == 0 or ends_sentence(self.lines[index - 1].text)
        return begins and ends_sentence(self.lines[index].text)

    def is_wanted(self, index: int) -> bool:
        """Whether a sentence is about a focus area."""
        return any(words & self.talk.units[index] for words in self._focus.values())

    def is_conclusion(self, index: int) -> bool:
        """Whether a sentence at the end draws a conclusion."""
        is_late = index >= len(self) * (1 - _CLOSING_SHARE)
        return is_late and self.talk.speech.concludes(self.lines[index].text)

    def is_good_conclusion(self, index: int) -> bool:
        return self.is_conclusion(index) and self.scores[index] >= _GOOD_CONCLUSION

    def is_off_topic(self, index: int) -> bool:
        """Whether a sentence greets, advertises, reads the title aloud or is a clip before the talk."""
        talk = self.talk
        reads_title = talk.units[index] <= talk.title or (index == 0 and self.words(index) < _MIN_FIRST_WORDS)
        is_housekeeping = talk.speech.is_housekeeping(self.lines[index].text)
        return index < talk.clips or is_housekeeping or (reads_title and not self.announces(index))

    def needs_context(self, index: int) -> bool:
        text = self.talk.quoted[index]
        depends = self.talk.speech.needs_context(text) and not self.announces(index)
        return depends or self.continues_series(index)

    def continues_series(self, index: int) -> bool:
        return self.talk.speech.continues_series(self.talk.quoted[index])

    def says_nothing(self, index: int) -> bool:
        """Whether a sentence announces something or asks a question, and so says nothing by itself."""
        return self.announces(index) or self.asks(index)

    def announces(self, index: int) -> bool:
        return self.talk.speech.announces(self.talk.quoted[index])

    def asks(self, index: int) -> bool:
        return is_question(self.talk.quoted[index])

    # --- Several sentences -------------------------------------------------------------------------------------------

    def best_clear(self, taken: Collection[int]) -> list[int]:
        """Returns the clear sentences that are not taken yet, best first."""
        return sorted(self.clear.difference(taken), key=lambda index: (-self.scores[index], index))

    def best_of(self, section: range, taken: Sequence[int]) -> list[int]:
        """Returns the best clear sentences of a section that are not taken yet, best first, each unlike the others."""
        free = [index for index in section if index in self.clear and index not in taken]
        best = sorted(free, key=self.scores.__getitem__, reverse=True)[:_SHORTLIST]
        units, weights = self.talk.units, self.talk.weights
        return most_relevant(best, units, self.scores, weights, count=_RANKED_A_SECTION, chosen=taken)

    def spread(self, taken: Sequence[int]) -> Iterator[int]:
        """Yields clear sentences that are not taken yet, the best of each section in turn.

        Longer sections and those with better sentences get more turns, by D'Hondt's method: next is the section with
        the most lines per turn that it has had, times the score of its best sentence. One that is taken counts as a
        turn.
        """
        left = {section: self.best_of(section, taken) for section in self.sections}
        turns = {section: sum(index in section for index in taken) for section in self.sections}
        while sections := [section for section in left if left[section]]:
            section = max(sections, key=lambda s: len(s) * self.scores[left[s][0]] / (turns[s] + 1))
            turns[section] += 1
            yield left[section].pop(0)

    def rest(self, taken: Sequence[int]) -> list[int]:
        """Returns the sentences that are not taken, best first, for videos without enough clear ones."""
        free = [index for index, unit in enumerate(self.talk.units) if unit and index not in taken]
        return sorted(free, key=self.scores.__getitem__, reverse=True)

    def completion(self, index: int, taken: Collection[int]) -> list[int]:
        """Returns the sentence after one if it refers to it, says more about it and makes it not too long, or []."""
        after = index + 1
        if after == len(self) or after in taken or any(section.start == after for section in self.sections):
            return []
        refers = self.talk.speech.begins_by_pointing_back(self.talk.quoted[after]) or self.needs_context(after)
        says_more = self.is_whole(after) and not self.is_off_topic(after) and not self.says_nothing(after)
        words = count_words(self.talk.fluent[after])
        fits = words >= _MIN_CLEAR_WORDS and self.words(index) + words <= _MAX_WORDS_TOGETHER
        return [after] if refers and says_more and fits and self.ratings[after].usable >= _COMPLETES else []

    def findings(self) -> tuple[Finding, ...]:
        """Returns what is said about each focus area."""
        return tuple(map(self._finding, self._focus))

    def _finding(self, area: str) -> Finding:
        """Returns the best line among those that contain more than half of an area's words."""
        words, units = self._focus[area], self.talk.units
        holding = [index for index, unit in enumerate(units) if 2 * len(words & unit) > len(words)]
        if not holding:
            return Finding(area)
        best = max(holding, key=lambda index: (len(words & units[index]), self.scores[index], -index))
        return Finding(area, self.lines[best].number, self.quoted(best))

    def _find_clear(self) -> set[int]:
        """Returns the sentences that are clear without others, and those about a focus area."""
        possible = [
            index
            for index, unit in enumerate(self.talk.units)
            if unit
            and self.is_whole(index)
            and self.words(index) >= _MIN_CLEAR_WORDS
            and not self.is_off_topic(index)
            and not self.needs_context(index)
            and not self._only_announces(index)
        ]
        ranked = sorted(possible, key=lambda index: -self.ratings[index].alone)
        least = min(2 * self._request.target.statements, round(len(self) * _CLEAR_SHARE))
        clear = {i for place, i in enumerate(ranked) if place < least or self.ratings[i].alone >= _CLEAR}
        return clear.union(filter(self.is_wanted, range(len(self))))

    def _only_announces(self, index: int) -> bool:
        """Whether a sentence only says what comes next: "Let's have a look at the oven"."""
        is_late = index >= INTRODUCTION_LINES or self.words(index) < _MIN_ANNOUNCEMENT_WORDS
        return is_late and self.announces(index)

    def _creator_borders(self) -> list[int]:
        """Returns the index at which each of the creator's chapters begins; the first section begins at the start."""
        chapters = self._request.chapter_lines
        later = [index for index, line in enumerate(self.lines) if index and line.number in chapters]
        return [0, *later] if chapters else []


def _joined(lines: Iterable[Line], first: Container[int]) -> Iterator[Line]:
    """Joins the lines of each sentence that was too long for one line, but never across the start of a chapter.

    `first` are the numbers of the lines in which chapters start.
    """
    pending: list[Line] = []
    for line in lines:
        if line.number in first:
            yield from pending
            pending = []
        pending.append(line)
        if ends_sentence(line.text):
            yield from [_as_one(pending)] if len(pending) <= _MAX_LINES else pending
            pending = []
    yield from pending


def _as_one(lines: Sequence[Line]) -> Line:
    return replace(lines[0], end=lines[-1].end, text=reduce(join, (line.text for line in lines)))
