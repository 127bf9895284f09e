"""The model that needs neither key nor network: it picks a talk's most telling sentences and finds its chapters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section
from skimlist.summarizing.topics import section_starts
from skimlist.text.phrases import KeyPhrases
from skimlist.text.salience import most_relevant, relevances, term_weights, terms
from skimlist.text.sentences import as_sentence, ends_sentence, is_question
from skimlist.text.stop_words import stop_words
from skimlist.text.words import capitalized, count_words

# A sentence that touches a focus area counts as much more as the most relevant one counts.
_FOCUS_BONUS = 1.0
# What is left of the score of a sentence that was cut, and of a question: neither says much by itself.
_CUT = 0.5
_QUESTION = 0.6
# The opening tells what a talk is about: its best sentence leads the summary unless it says far less than others.
_OPENING_SHARE = 0.08
_LEAST_OF_AN_OPENING = 0.25
_TAGS = 6
_PHRASES_IN_A_TITLE = 2
_LONGEST_TITLE = 60
# Most lines that one section can give, and how many of its best they are picked from.
_RANKED_A_SECTION = 40
_SHORTLIST = 4 * _RANKED_A_SECTION


class ExtractiveModel:
    """Deterministic and free. It does not translate: its summaries are in the captions' language."""

    least_line_tokens = 0
    spent = Usage()

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    def answer(self, request: Request) -> Draft:
        return _Extract(request).draft()


class _Extract:
    """One request's lines with their terms and scores, and the sections that they fall into."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._lines = request.lines
        ignored = stop_words(request.language)
        self._units = [terms(line.text, ignored) for line in self._lines]
        self._weights = term_weights(self._units)
        self._focus = {area: terms(area, ignored) for area in request.options.focus_areas}
        self._scores = self._scored()
        starts = [line.start for line in self._lines]
        borders = section_starts(self._units, self._weights, starts, request.target.chapters)
        self._sections = [range(start, end) for start, end in pairwise([*borders, len(self._lines)])]
        self._phrases = KeyPhrases([line.text for line in self._lines], self._sections, ignored)

    def draft(self) -> Draft:
        lead = self._lead()
        target = self._request.target
        sentences = sorted(self._worth(target.words, lead)) or [lead]
        points = sorted(islice(self._spread([lead, *sentences]), target.key_points)) or [lead]
        tags = self._phrases.best(_TAGS)
        return Draft(
            title=capitalized(", ".join(tags[:_PHRASES_IN_A_TITLE])) or self._sentence(lead),
            tldr=self._sentence(lead),
            text=self._paragraphs(sentences),
            key_points=tuple(Point(self._lines[index].number, self._sentence(index)) for index in points),
            chapters=tuple(self._chapters([lead, *sentences, *points])),
            tags=tuple(tags),
            language=self._request.language,
            focus=tuple(self._finding(area) for area in self._focus),
        )

    def _finding(self, area: str) -> Finding:
        """The most telling of the lines that hold most of an area's words."""
        words = self._focus[area]
        holding = [index for index, unit in enumerate(self._units) if 2 * len(words & unit) > len(words)]
        if not holding:
            return Finding(area)
        best = max(holding, key=lambda index: (len(words & self._units[index]), self._scores[index], -index))
        return Finding(area, self._lines[best].number, self._sentence(best))

    def _scored(self) -> list[float]:
        scores = relevances(self._units, self._weights)
        wanted = frozenset[str]().union(*self._focus.values())
        whole = [True, *(ends_sentence(line.text) for line in self._lines)]
        for index, line in enumerate(self._lines):
            scores[index] *= 1.0 if whole[index] and whole[index + 1] else _CUT
            scores[index] *= _QUESTION if is_question(line.text) else 1.0
            scores[index] += _FOCUS_BONUS if wanted & self._units[index] else 0.0
        return scores

    def _sentence(self, index: int) -> str:
        return as_sentence(self._lines[index].text)

    def _lead(self) -> int:
        opening = range(max(round(len(self._lines) * _OPENING_SHARE), min(len(self._lines), 5)))
        best = max(range(len(self._lines)), key=self._scores.__getitem__)
        first = max(opening, key=self._scores.__getitem__)
        return first if self._scores[first] >= self._scores[best] * _LEAST_OF_AN_OPENING else best

    def _worth(self, words: int, lead: int) -> list[int]:
        """Lines of about so many words together."""
        chosen: list[int] = []
        for index in self._spread([lead]):
            if words <= 0:
                break
            chosen.append(index)
            words -= count_words(self._lines[index].text)
        return chosen

    def _spread(self, taken: Sequence[int]) -> Iterator[int]:
        """Lines not taken yet, the most relevant of each section first, longer sections having more turns.

        The turns are D'Hondt's: next comes the section that has most lines for each turn it has had.
        """
        left = {section: self._ranked(section, taken) for section in self._sections}
        turns = dict.fromkeys(self._sections, 0)
        while any(left.values()):
            section = max((s for s in left if left[s]), key=lambda s: len(s) / (turns[s] + 1))
            turns[section] += 1
            yield left[section].pop(0)

    def _ranked(self, section: range, taken: Sequence[int]) -> list[int]:
        free = [index for index in section if self._units[index] and index not in taken]
        best = sorted(free, key=self._scores.__getitem__, reverse=True)[:_SHORTLIST]
        return most_relevant(best, self._units, self._scores, self._weights, count=_RANKED_A_SECTION, chosen=taken)

    def _paragraphs(self, indices: Sequence[int]) -> str:
        """The sentences in order, a paragraph for each section that they come from."""
        paragraphs = (" ".join(self._passages([i for i in indices if i in section])) for section in self._sections)
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _passages(self, indices: Sequence[int]) -> Iterator[str]:
        """Each line as a sentence; lines that follow each other as they were spoken, without a sign of a cut."""
        for position, index in enumerate(indices):
            goes_on = index + 1 in indices[position + 1 : position + 2]
            follows = index - 1 in indices[max(position - 1, 0) : position]
            text = self._lines[index].text
            begins = not follows or ends_sentence(self._lines[index - 1].text)
            shown = text if goes_on else self._sentence(index)
            yield capitalized(shown) if begins else text[:1] + shown[1:]

    def _chapters(self, taken: Sequence[int]) -> Iterator[Section]:
        titles = self._phrases.titles(_PHRASES_IN_A_TITLE)
        for section, title in zip(self._sections, titles, strict=True):
            first = self._lines[section.start]
            best = next(iter(self._ranked(section, taken)), None)
            summary = "" if best is None else self._sentence(best)
            yield Section(first.number, capitalized(title or _beginning(first.text)), summary)


def _beginning(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
