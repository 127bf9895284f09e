"""The built-in model, which needs no key and no network: it picks a talk's key sentences and finds its chapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from math import prod

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section
from skimlist.summarizing.topics import section_starts
from skimlist.text.phrases import KeyPhrases, NounEvidence, as_text
from skimlist.text.salience import most_relevant, relevances, term_weights, terms
from skimlist.text.sentences import as_sentence, ends_sentence, is_question
from skimlist.text.spoken import speech
from skimlist.text.stop_words import stop_words
from skimlist.text.words import capitalized, count_words, tokens

# A sentence about a focus area gains the score of the most relevant sentence.
_FOCUS_BONUS = 1.0
# Factors for the score of a sentence that was cut, and of a question: neither says much by itself.
_CUT = 0.4
_QUESTION = 0.6
# The score of a sentence with more words is lowered, because it is tiring to read.
_MAX_WORDS = 30
# Factors for a sentence that depends on the one before, for a greeting, an advertisement or the title read aloud, and
# for what speakers say about themselves.
_NEEDS_CONTEXT = 0.4
_HOUSEKEEPING = 0.1
_PERSONAL = 0.7
# The gain of a sentence that contains every word of the title.
_TITLE_BONUS = 0.5
# The opening says what a talk is about: its best sentence leads the summary unless it says far less than others. A
# sentence that announces the content scores higher by the given share.
_OPENING_SHARE = 0.08
_MIN_OPENING_SCORE = 0.25
_ANNOUNCEMENT_BONUS = 0.5
# A sentence says what a video is about if it contains at least this many words of the title and this share of them; one
# word is enough if the sentence announces the content. If the title is too short, words of key phrases count instead.
_TITLE_WORDS = 2
_SHARE_OF_TITLE = 0.6
_KEY_PHRASES = 3
_MIN_GIST_WORDS, _MAX_GIST_WORDS = 6, 40
_PHRASES_OF_A_GIST = 4
_TAGS = 6
_PHRASES_IN_A_TITLE = 2
_MAX_TITLE_LENGTH = 60
# The maximum number of lines from one section, and the number of its best lines that they are picked from.
_RANKED_A_SECTION = 40
_SHORTLIST = 4 * _RANKED_A_SECTION


class ExtractiveModel:
    """A deterministic and free model. It does not translate: its summaries are in the language of the captions."""

    least_line_tokens = 0
    spent = Usage()

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    def answer(self, request: Request) -> Draft:
        return _Extract(request).draft()

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        """Corrects nothing, because an extract contains only what was said."""
        del doubts, request
        return {}


class _Extract:
    """The lines of one request with their terms and scores, divided into sections."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._lines = request.lines
        self._speech = speech(request.language)
        ignored = stop_words(request.language)
        self._fluent = [self._speech.without_hesitations(line.text) for line in self._lines]
        self._opened = [self._speech.without_opening(text) for text in self._fluent]
        self._units = [terms(text, ignored) for text in self._opened]
        self._weights = term_weights(self._units)
        title = request.title or ""
        self._title = terms(f"{title} {title.replace('-', ' ')}", ignored).intersection(self._weights)
        self._focus = {area: terms(area, ignored) for area in request.options.focus_areas}
        self._scores = self._score_lines()
        starts = [line.start for line in self._lines]
        borders = self._creator_borders() or section_starts(self._units, self._weights, starts, request.target.chapters)
        self._sections = [range(start, end) for start, end in pairwise([*borders, len(self._lines)])]
        nouns = NounEvidence(self._fluent, ignored, self._speech.before_nouns, self._speech.before_verbs)
        self._phrases = KeyPhrases(self._fluent, self._sections, ignored, nouns, title)
        self._tags = self._phrases.best(_TAGS)
        self._key_words = {word for phrase in self._tags for word in phrase}

    def _creator_borders(self) -> list[int]:
        """Returns the index at which each of the creator's chapters begins; the first section begins at the start."""
        chapters = self._request.chapter_lines
        later = [index for index, line in enumerate(self._lines) if index and line.number in chapters]
        return [0, *later] if chapters else []

    def draft(self) -> Draft:
        lead = self._lead()
        target = self._request.target
        sentences = sorted(self._select(target.words, lead)) or [lead]
        points = sorted(islice(self._spread([lead, *sentences]), target.key_points)) or [lead]
        named = [self._phrases.as_spoken(phrase) for phrase in self._tags[:_PHRASES_IN_A_TITLE]]
        return Draft(
            title=capitalized(self._speech.enumeration(named)) if named else self._sentence(lead),
            tldr=self._gist(lead),
            text=self._paragraphs(sentences),
            key_points=tuple(Point(self._lines[index].number, self._sentence(index)) for index in points),
            chapters=tuple(self._chapters([lead, *sentences, *points])),
            tags=tuple(map(as_text, self._tags)),
            language=self._request.language,
            focus=tuple(self._finding(area) for area in self._focus),
        )

    def _gist(self, lead: int) -> str:
        """Returns the sentence that says what the video is about, or builds one from the title if there is none."""
        title = self._request.title or ""
        new = [phrase for phrase in self._phrases.subjects(_PHRASES_OF_A_GIST) if as_text(phrase) not in title.lower()]
        if not title or len(new) < 2 or self._states_topic(lead):
            return self._sentence(lead)
        about = self._speech.about(title, [self._phrases.as_spoken(phrase) for phrase in new])
        return f"{about} {self._sentence(lead)}" if self._can_follow_gist(lead) else about

    def _can_follow_gist(self, index: int) -> bool:
        text = self._opened[index]
        short = _MIN_GIST_WORDS <= count_words(text) <= _MAX_GIST_WORDS
        return short and not self._needs_context(index) and not self._speech.is_personal(tokens(text))

    def _needs_context(self, index: int) -> bool:
        """Whether a sentence is unclear by itself."""
        text = self._opened[index]
        return self._speech.needs_context(text) or self._speech.is_housekeeping(text)

    def _stands_alone(self, index: int) -> bool:
        return self._is_whole(index) and not self._needs_context(index)

    def _states_topic(self, index: int) -> bool:
        """Whether a sentence stands alone and says what the video is about."""
        text, unit = self._opened[index], self._units[index]
        if not self._stands_alone(index) or count_words(text) < _MIN_GIST_WORDS:
            return False
        if len(self._title) >= _TITLE_WORDS:
            least = 1 if self._speech.announces(text) else max(_TITLE_WORDS, len(self._title) * _SHARE_OF_TITLE)
            return len(unit & self._title) >= least
        return self._speech.announces(text) or len(unit & (self._key_words | self._title)) >= _KEY_PHRASES

    def _finding(self, area: str) -> Finding:
        """Returns the best line among those that contain more than half of an area's words."""
        words = self._focus[area]
        holding = [index for index, unit in enumerate(self._units) if 2 * len(words & unit) > len(words)]
        if not holding:
            return Finding(area)
        best = max(holding, key=lambda index: (len(words & self._units[index]), self._scores[index], -index))
        return Finding(area, self._lines[best].number, self._sentence(best))

    def _score_lines(self) -> list[float]:
        relevant = relevances(self._units, self._weights)
        return [
            score * self._readability(index) * self._title_factor(index) + _FOCUS_BONUS * self._is_wanted(index)
            for index, score in enumerate(relevant)
        ]

    def _readability(self, index: int) -> float:
        """Rates how well a sentence reads by itself, and whether it is about the subject; 1 is best."""
        text, said, habits = self._opened[index], self._lines[index].text, self._speech
        reads_title = self._units[index] <= self._title and not habits.announces(text)
        faults = (
            (_CUT, not self._is_whole(index)),
            (_QUESTION, is_question(text)),
            (_NEEDS_CONTEXT, habits.needs_context(text)),
            (_HOUSEKEEPING, reads_title or habits.is_housekeeping(said)),
            (_PERSONAL, habits.is_personal(tokens(text))),
        )
        return prod((left for left, found in faults if found), start=min(_MAX_WORDS / max(count_words(text), 1), 1.0))

    def _title_factor(self, index: int) -> float:
        return 1.0 + _TITLE_BONUS * len(self._title & self._units[index]) / max(len(self._title), 1)

    def _is_wanted(self, index: int) -> bool:
        """Whether a sentence is about a focus area."""
        return any(words & self._units[index] for words in self._focus.values())

    def _is_whole(self, index: int) -> bool:
        begins = index == 0 or ends_sentence(self._lines[index - 1].text)
        return begins and ends_sentence(self._lines[index].text)

    def _sentence(self, index: int) -> str:
        return as_sentence(self._opened[index])

    def _lead(self) -> int:
        """Returns the best sentence of the opening that states the topic, or else a later sentence that announces it.

        Only the first half is searched, because the second half often announces the next video. If no sentence states
        the topic, the best sentence of the opening is returned, or the best of all if the opening says little.
        """
        opening = range(max(round(len(self._lines) * _OPENING_SHARE), min(len(self._lines), 5)))
        best = max(range(len(self._lines)), key=self._scores.__getitem__)
        least = self._scores[best] * _MIN_OPENING_SCORE
        later = [index for index in range(len(self._lines) // 2) if self._speech.announces(self._opened[index])]
        for place in (opening, later):
            telling = [index for index in place if self._opening_score(index) >= least and self._states_topic(index)]
            if telling:
                return max(telling, key=self._opening_score)
        first = max(opening, key=self._opening_score)
        return first if self._opening_score(first) >= least else best

    def _opening_score(self, index: int) -> float:
        """Returns the score of a line as an opening sentence, higher if it announces the content."""
        return self._scores[index] * (1.0 + _ANNOUNCEMENT_BONUS * self._speech.announces(self._opened[index]))

    def _select(self, words: int, lead: int) -> list[int]:
        """Selects lines of about `words` words in all."""
        chosen: list[int] = []
        for index in self._spread([lead]):
            if words <= 0:
                break
            chosen.append(index)
            words -= count_words(self._lines[index].text)
        return chosen

    def _spread(self, taken: Sequence[int]) -> Iterator[int]:
        """Yields lines that are not taken yet, the most relevant of each section first; longer sections get more turns.

        The turns follow D'Hondt's method: next is the section with the most lines per turn that it has had.
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
        count = _RANKED_A_SECTION
        ranked = most_relevant(best, self._units, self._scores, self._weights, count=count, chosen=taken)
        return sorted(ranked, key=lambda index: self._is_wanted(index) or self._stands_alone(index), reverse=True)

    def _paragraphs(self, indices: Sequence[int]) -> str:
        """Joins the sentences in order, with one paragraph for each section that they come from."""
        paragraphs = (" ".join(self._passages([i for i in indices if i in section])) for section in self._sections)
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _passages(self, indices: Sequence[int]) -> Iterator[str]:
        """Yields each line as a sentence; consecutive lines are kept as spoken, without a sign of a cut."""
        for position, index in enumerate(indices):
            goes_on = index + 1 in indices[position + 1 : position + 2]
            follows = index - 1 in indices[max(position - 1, 0) : position]
            text = self._fluent[index] if follows else self._opened[index]
            begins = not follows or ends_sentence(self._lines[index - 1].text)
            shown = text if goes_on else as_sentence(text)
            yield capitalized(shown) if begins else text[:1] + shown[1:]

    def _chapters(self, taken: Sequence[int]) -> Iterator[Section]:
        titles = self._phrases.titles(_PHRASES_IN_A_TITLE)
        for section, title in zip(self._sections, titles, strict=True):
            first = self._lines[section.start]
            named = title[:1] if title and " " in title[0] else title
            best = self._best_about(named, section, taken)
            summary = "" if best is None else self._sentence(best)
            heading = self._speech.enumeration(named) if named else _beginning(first.text)
            yield Section(first.number, capitalized(heading), summary)

    def _best_about(self, phrases: Sequence[str], section: range, taken: Sequence[int]) -> int | None:
        """Returns the best sentence of a section, preferably one that stands alone and has a phrase of its heading."""
        ranked = self._ranked(section, taken)
        named = terms(" ".join(phrases), frozenset())
        holding = [index for index in ranked if self._stands_alone(index) and named & self._units[index]]
        return next(iter(holding or ranked), None)


def _beginning(text: str) -> str:
    return text if len(text) <= _MAX_TITLE_LENGTH else text[:_MAX_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
