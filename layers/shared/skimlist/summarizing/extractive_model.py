"""The model that needs neither key nor network: it picks a talk's most telling sentences and finds its chapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.summarizing.drafts import Doubt, Draft, Finding, Point, Request, Section
from skimlist.summarizing.quotations import Quotation, Quotations
from skimlist.summarizing.topics import section_starts
from skimlist.text.phrases import KeyPhrases, NounEvidence, written
from skimlist.text.salience import Terms, most_relevant, relevances, term_weights, terms
from skimlist.text.spoken import speech
from skimlist.text.stop_words import stop_words
from skimlist.text.words import capitalized

# A sentence that touches a focus area counts as much more as the most relevant one counts.
_FOCUS_BONUS = 1.0
# What is left of the score of the title read aloud, and how much more a sentence counts that holds all its words.
_READS_TITLE = 0.1
_TITLE_BONUS = 0.5
# No passage takes more than this share of a text.
_LARGEST_SHARE_OF_A_TEXT = 0.5
# The opening tells what a talk is about: its best sentence leads the summary unless it says far less than others. One
# that says what is to come counts as much more as the most relevant one counts.
_OPENING_SHARE = 0.08
_LEAST_OF_AN_OPENING = 0.25
_ANNOUNCEMENT_BONUS = 0.5
# A sentence tells what a video is about if it holds so many words of the title and such a share of them, or one if it
# says what is to come; where the title is no help, so many words of key phrases.
_TITLE_WORDS = 2
_SHARE_OF_TITLE = 0.6
_KEY_PHRASES = 3
_FEWEST_WORDS_OF_A_GIST = 6
_FEWEST_PHRASES_OF_A_GIST, _PHRASES_OF_A_GIST = 2, 4
# The gist of a talk of so many lines has a second sentence.
_LINES_OF_A_LONG_TALK = 40
_TAGS = 6
_PHRASES_IN_A_TITLE = 2
_LONGEST_TITLE = 60
# A quotation that says less than this share of what the best one says is taken only where there are not enough others.
_LEAST_WORTH = 0.2
# How many of a section's best quotations are compared with each other.
_SHORTLIST = 60


class _Style(NamedTuple):
    """How long a quotation may be: in lines and words at most, and in words that read well."""

    most_lines: int
    longest: int
    words: range


# A key point is a sentence, or two where the second needs the first; a paragraph is a few sentences in a row.
_SENTENCE = _Style(most_lines=1, longest=60, words=range(8, 36))
_GIST = _Style(most_lines=2, longest=60, words=range(8, 36))
_POINT = _Style(most_lines=2, longest=50, words=range(10, 31))
_PASSAGE = _Style(most_lines=4, longest=90, words=range(35, 71))


class ExtractiveModel:
    """Deterministic and free. It does not translate: its summaries are in the captions' language."""

    least_line_tokens = 0
    spent = Usage()

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    def answer(self, request: Request) -> Draft:
        return _Extract(request).draft()

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        """It says nothing that was not said."""
        del doubts, request
        return {}


class _Extract:
    """One request's lines with their terms and scores, and the sections that they fall into."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._lines = request.lines
        self._speech = speech(request.language)
        ignored = stop_words(request.language)
        self._quotations = Quotations(self._lines, self._speech)
        self._units = [terms(text, ignored) for text in self._quotations.opened]
        self._weights = term_weights(self._units)
        title = request.title or ""
        self._title = terms(f"{title} {title.replace('-', ' ')}", ignored).intersection(self._weights)
        self._focus = {area: terms(area, ignored) for area in request.options.focus_areas}
        self._relevances = self._weighted()
        starts = [line.start for line in self._lines]
        borders = section_starts(self._units, self._weights, starts, request.target.chapters)
        self._sections = [range(start, end) for start, end in pairwise([*borders, len(self._lines)])]
        fluent = self._quotations.fluent
        nouns = NounEvidence(fluent, ignored, self._speech.before_nouns, self._speech.before_verbs)
        self._phrases = KeyPhrases(fluent, self._sections, ignored, nouns, title)
        self._tags = self._phrases.best(_TAGS)
        self._key_words = {word for phrase in self._tags for word in phrase}
        self._taken: list[Quotation] = []
        self._told: set[Terms] = set()

    def draft(self) -> Draft:
        target = self._request.target
        lead = self._take(self._lead())
        tldr = self._gist(lead)
        points = sorted(self._points(target.key_points), key=min) or [lead]
        passages = sorted(self._passages(target.words), key=min) or [lead]
        named = [self._phrases.as_spoken(phrase) for phrase in self._tags[:_PHRASES_IN_A_TITLE]]
        return Draft(
            title=capitalized(self._speech.listed(named)) if named else self._text(lead),
            tldr=tldr,
            text="\n\n".join(map(self._text, passages)),
            key_points=tuple(Point(self._lines[each.start].number, self._text(each)) for each in points),
            chapters=tuple(self._chapters()),
            tags=tuple(map(written, self._tags)),
            language=self._request.language,
            focus=tuple(self._finding(area) for area in self._focus),
        )

    # --- What it is about --------------------------------------------------------------------------------------------

    def _lead(self) -> Quotation:
        """The best quotation of the opening that says what the video is about, or of what else announces it.

        The second half of a video announces the next one. Where nothing says it, the best one that stands alone.
        """
        everything = range(len(self._lines))
        opening = everything[: max(round(len(self._lines) * _OPENING_SHARE), min(len(self._lines), 5))]
        later = everything[: len(self._lines) // 2]
        best = max(self._candidates(everything, _SENTENCE), key=self._as_gist)
        least = self._as_gist(best) * _LEAST_OF_AN_OPENING
        for place, fits, style in (
            (opening, self._states_topic, _SENTENCE),
            (opening, self._states_topic, _GIST),
            (later, self._announces, _GIST),
            (later, self._states_topic, _SENTENCE),
            (everything, self._names_title, _SENTENCE),
            (everything, self._stands_alone, _GIST),
        ):
            telling = [each for each in self._candidates(place, style) if fits(each) and self._as_gist(each) >= least]
            if telling:
                return max(telling, key=self._as_gist)
        return best

    def _as_gist(self, quotation: Quotation) -> float:
        """The score of a quotation that may say what is to come."""
        return self._score(quotation, _GIST) * (1.0 + _ANNOUNCEMENT_BONUS * self._promises(quotation))

    def _promises(self, quotation: Quotation) -> bool:
        return any(self._speech.announces(self._quotations.opened[index]) for index in quotation)

    def _announces(self, quotation: Quotation) -> bool:
        return self._promises(quotation) and self._states_topic(quotation)

    def _states_topic(self, quotation: Quotation) -> bool:
        """Whether a quotation stands alone and says what the video is about."""
        if not self._stands_alone(quotation) or self._quotations.count_words(quotation) < _FEWEST_WORDS_OF_A_GIST:
            return False
        unit, promises = self._terms(quotation), self._promises(quotation)
        if len(self._title) >= _TITLE_WORDS:
            least = 1 if promises else max(_TITLE_WORDS, len(self._title) * _SHARE_OF_TITLE)
            return len(unit & self._title) >= least
        return promises or len(unit & (self._key_words | self._title)) >= _KEY_PHRASES

    def _names_title(self, quotation: Quotation) -> bool:
        return self._stands_alone(quotation) and not self._title.isdisjoint(self._terms(quotation))

    def _gist(self, lead: Quotation) -> str:
        """What says what the video is about, and for a long one its best statement; else what it often mentions."""
        if self._states_topic(lead):
            statement = next(self._spread(_SENTENCE), None) if len(self._lines) >= _LINES_OF_A_LONG_TALK else None
            return self._text(lead) if statement is None else f"{self._text(lead)} {self._text(self._take(statement))}"
        named = [self._phrases.as_spoken(phrase) for phrase in self._phrases.subjects(_PHRASES_OF_A_GIST)]
        if not self._request.title or len(named) < _FEWEST_PHRASES_OF_A_GIST:
            return self._text(lead)
        mentioned = self._speech.mentioned(named)
        return f"{self._text(lead)} {mentioned}" if self._stands_alone(lead) else mentioned

    # --- What it says ------------------------------------------------------------------------------------------------

    def _points(self, count: int) -> list[Quotation]:
        points: list[Quotation] = []
        for point in self._spread(_POINT):
            if len(points) == count or (2 * len(points) >= count and not self._is_preferred(point)):
                break
            points.append(self._take(point))
        return points

    def _passages(self, words: int) -> list[Quotation]:
        """Passages of about so many words together; of half as many if no more of them stand alone."""
        passages: list[Quotation] = []
        told = 0
        style = _PASSAGE._replace(longest=min(_PASSAGE.longest, round(words * _LARGEST_SHARE_OF_A_TEXT)))
        for passage in self._spread(style):
            if told >= words or (2 * told >= words and not self._is_preferred(passage)):
                break
            told += self._quotations.count_words(passage)
            passages.append(self._take(passage))
        return passages

    def _chapters(self) -> Iterator[Section]:
        for section, heading in zip(self._sections, self._phrases.titles(), strict=True):
            first = self._lines[section.start]
            best = self._best_about(heading, section)
            summary = "" if best is None else self._text(self._take(best))
            yield Section(first.number, capitalized(heading or _beginning(first.text)), summary)

    def _best_about(self, heading: str, section: range) -> Quotation | None:
        """The best quotation of a section, one that holds words of its heading if any does and stands alone."""
        ranked = self._ranked(section, _POINT)
        named = terms(heading, frozenset())
        holding = [each for each in ranked if self._stands_alone(each) and named & self._terms(each)]
        return next(iter(holding or ranked), None)

    def _finding(self, area: str) -> Finding:
        """The most telling of the lines that hold most of an area's words."""
        words = self._focus[area]
        holding = [index for index, unit in enumerate(self._units) if 2 * len(words & unit) > len(words)]
        if not holding:
            return Finding(area)
        singles = [range(index, index + 1) for index in holding]
        best = max(singles, key=lambda each: (len(words & self._terms(each)), self._score(each, _POINT), -each.start))
        return Finding(area, self._lines[best.start].number, self._text(best))

    # --- Choosing ----------------------------------------------------------------------------------------------------

    def _spread(self, style: _Style) -> Iterator[Quotation]:
        """Quotations of what was not told before, section by section; first those that stand alone and say much.

        The turns are D'Hondt's: next comes the section that has most lines for each turn it has had.
        """
        ranked = {section: self._ranked(section, style) for section in self._sections}
        turns = dict.fromkeys(self._sections, 0)
        best = max((self._score(each[0], style) for each in ranked.values() if each), default=0.0)

        def is_worth_it(quotation: Quotation) -> bool:
            return self._is_preferred(quotation) and self._score(quotation, style) >= _LEAST_WORTH * best

        for fits in (is_worth_it, lambda _: True):
            left = {section: [each for each in ranked[section] if fits(each)] for section in self._sections}
            while any(left.values()):
                section = max((s for s in left if left[s]), key=lambda s: len(s) / (turns[s] + 1))
                quotation = left[section].pop(0)
                if self._is_free(quotation):
                    turns[section] += 1
                    yield quotation

    def _ranked(self, section: range, style: _Style) -> list[Quotation]:
        """A section's best quotations, each unlike those before it and those taken already."""
        free = [
            each
            for each in self._candidates(section, style)
            if self._is_free(each) and any(self._units[each.start : each.stop])
        ]
        scores = {each: self._score(each, style) for each in free}
        best = sorted(free, key=scores.__getitem__, reverse=True)[:_SHORTLIST]
        units = [self._terms(each) for each in (*best, *self._taken)]
        order = most_relevant(
            range(len(best)),
            units,
            [scores[each] for each in best],
            self._weights,
            count=len(best),
            chosen=range(len(best), len(units)),
        )
        return sorted((best[index] for index in order), key=self._is_preferred, reverse=True)

    def _candidates(self, section: range, style: _Style) -> Iterator[Quotation]:
        return self._quotations.candidates(section, style.most_lines, style.longest)

    def _is_preferred(self, quotation: Quotation) -> bool:
        return self._is_wanted(quotation) or self._stands_alone(quotation)

    def _stands_alone(self, quotation: Quotation) -> bool:
        return self._quotations.stands_alone(quotation)

    def _is_wanted(self, quotation: Quotation) -> bool:
        """Whether it touches a focus area."""
        return any(words & self._terms(quotation) for words in self._focus.values())

    def _is_free(self, quotation: Quotation) -> bool:
        """Whether none of its lines was taken, nor one that says the same."""
        return self._told.isdisjoint(self._units[quotation.start : quotation.stop])

    def _take(self, quotation: Quotation) -> Quotation:
        self._taken.append(quotation)
        self._told.update(self._units[quotation.start : quotation.stop])
        return quotation

    def _score(self, quotation: Quotation, style: _Style) -> float:
        relevant = sum(self._relevances[quotation.start : quotation.stop]) / len(quotation)
        words = max(self._quotations.count_words(quotation), 1)
        fit = min(words / style.words.start, style.words.stop / words, 1.0)
        wanted = _FOCUS_BONUS * self._is_wanted(quotation)
        return relevant * self._quotations.readability(quotation) * fit + wanted

    def _weighted(self) -> list[float]:
        """How relevant each line is to the whole and to its title."""
        return [
            score * (_READS_TITLE if self._reads_title(index) else self._title_factor(index))
            for index, score in enumerate(relevances(self._units, self._weights))
        ]

    def _reads_title(self, index: int) -> bool:
        return self._units[index] <= self._title and not self._speech.announces(self._quotations.opened[index])

    def _title_factor(self, index: int) -> float:
        return 1.0 + _TITLE_BONUS * len(self._title & self._units[index]) / max(len(self._title), 1)

    def _terms(self, quotation: Quotation) -> Terms:
        return frozenset[str]().union(*self._units[quotation.start : quotation.stop])

    def _text(self, quotation: Quotation) -> str:
        return self._quotations.text(quotation)


def _beginning(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
