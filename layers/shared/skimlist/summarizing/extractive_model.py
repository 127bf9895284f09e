"""The built-in model, which needs no key and no network: it picks a talk's key sentences and finds its chapters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import reduce
from itertools import chain, islice, pairwise
from math import sqrt

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.models.settings import SummaryLength
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section
from skimlist.summarizing.sentence_ratings import Talk
from skimlist.summarizing.stretches import Tenths
from skimlist.summarizing.topics import section_starts
from skimlist.text.language_codes import primary_language
from skimlist.text.phrases import KeyPhrases, NounEvidence, Phrase, as_text
from skimlist.text.salience import most_relevant, similarity, terms
from skimlist.text.sentences import as_sentence, ends_sentence, is_question
from skimlist.text.stop_words import stop_words
from skimlist.text.words import capitalized, count_words, is_spaceless, join

# A sentence about a focus area gains the score of the most relevant sentence.
_FOCUS_BONUS = 1.0
# A sentence is clear without others if an editor would say so with at least this probability. The best ones count as
# clear in any case: twice as many as the summary has statements, but not more than this share of all.
_CLEAR = 0.3
_CLEAR_SHARE = 0.45
_MIN_CLEAR_WORDS = 5
# A sentence is quoted with those after it, as long as an editor would use them with at least this probability.
_USABLE = 0.7
_INTRODUCTION_LINES = 25
_INTRODUCTION_SHARE = 0.5
# A passage of several sentences begins with one of the best sentences of its section, of which there are this many.
_RANKED_FOR_PASSAGES = 6
# Single sentences do not fill up this last share of the words.
_LEFT_OUT_SHARE = 0.3
_MIN_CONTINUATION_WORDS = 6
_LONGEST_PASSAGE = 3
# A later member of a series ("secondly") follows the first one even if it is less usable.
_USABLE_IN_SERIES = 0.4
# A conclusion in this last share of the lines gains this much.
_CLOSING_SHARE = 0.1
_CONCLUSION_BONUS = 0.15
_GOOD_CONCLUSION = 0.4
# If no sentence says with at least this probability what the video is about, the TL;DR has a claim about the title's
# subject.
_LIKELY_TOPIC = 0.2
# Sentences name the subject of the video if an editor would say so with at least this probability, and if they contain
# this share of the title's words. A second sentence is added if the two are not too long together.
_NAMES_TOPIC = 0.5
_SHARE_OF_TITLE = 0.5
_ALSO_NAMES_TOPIC = 0.2
_SHORT_TOPIC_WORDS = 15
_MAY_NAME_TOPIC = 0.06
_MAX_LIKENESS = 0.6
_MAX_TOPIC_WORDS = 60
_MIN_TOPIC_WORDS, _MAX_SENTENCE_WORDS = 4, 45
# The number of subjects in the TL;DR of a video whose sentences do not name them, and the score of a sentence that
# follows them.
_MIN_SUBJECTS, _SUBJECTS = 2, 4
_GOOD_CLAIM = 0.25
# A shorter first sentence is a greeting or the title read aloud.
_MIN_FIRST_WORDS = 8
_MIN_ANNOUNCEMENT_WORDS = 12
_TAGS = 6
_PHRASES_IN_A_TITLE = 2
_MAX_TITLE_LENGTH = 60
# The text has at most one word for this many that were spoken, because TL;DR, key points and chapters quote more.
_WORDS_A_WORD = 5
# There is at most one key point for this many lines.
_LINES_A_POINT = 6
# The maximum number of lines from one section, and the number of its best lines that they are picked from.
_RANKED_A_SECTION = 40
_SHORTLIST = 4 * _RANKED_A_SECTION
# A chapter is summarized by one of the best sentences of its section, of which there are this many: preferably by one
# with a phrase that distinguishes the section from the others, because that phrase becomes the heading.
_RANKED_A_CHAPTER = 8
# A section whose sentence has a lower score belongs to the chapter before.
_GOOD_FOR_A_CHAPTER = 0.2
_HEADINGS = 30
_CHARACTERS_OF_SEVERAL_WORDS = 4
# Languages of other scripts, in which English phrases are quoted: "step by step".
_WITH_ENGLISH = frozenset({"zh", "ja", "ru", "ar"})
# A heading is extended by words before it if they begin the name of a thing with at least this probability.
_NAMES_A_THING = 0.5


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
    """The lines of one request with their ratings, divided into sections."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._lines = request.lines
        title = request.title or ""
        self._talk = Talk([line.text for line in self._lines], request.language, title)
        self._speech = self._talk.speech
        self._units = self._talk.units
        self._ratings = self._talk.ratings()
        self._focus = {area: terms(area, stop_words(request.language)) for area in request.options.focus_areas}
        self._clear_lines = self._clear()
        self._scores = [
            sqrt(rating.alone * rating.key)
            + _FOCUS_BONUS * self._is_wanted(index)
            + _CONCLUSION_BONUS * self._is_conclusion(index)
            for index, rating in enumerate(self._ratings)
        ]
        starts = [line.start for line in self._lines]
        weights = self._talk.weights
        borders = self._creator_borders() or section_starts(self._units, weights, starts, request.target.chapters)
        self._sections = [range(start, end) for start, end in pairwise([*borders, len(self._lines)])]
        ignored = stop_words(request.language)
        if primary_language(request.language) in _WITH_ENGLISH:
            ignored |= stop_words("en")
        self._nouns = NounEvidence(self._talk.fluent, ignored, self._speech)
        self._phrases = KeyPhrases(self._talk.fluent, self._sections, ignored, self._nouns, title)
        self._tags = self._phrases.best(_TAGS)

    def _creator_borders(self) -> list[int]:
        """Returns the index at which each of the creator's chapters begins; the first section begins at the start."""
        chapters = self._request.chapter_lines
        later = [index for index, line in enumerate(self._lines) if index and line.number in chapters]
        return [0, *later] if chapters else []

    def draft(self) -> Draft:
        target = self._request.target
        topic = self._topic()
        # Sentences on a focus area belong in the text and the key points.
        wanted = list(filter(self._is_wanted, range(len(self._lines))))
        # A brief summary consists mostly of its text, so the best sentences belong there and not to the chapters.
        first = self._select_everywhere(target.words, topic) if self._request.length is SummaryLength.BRIEF else []
        chapters = list(self._chapters([*topic, *wanted, *first]))
        taken = [*topic, *(index for index, _ in chapters if index is not None)]
        selected = first or self._select(taken)
        sentences = sorted(selected) or self._rest(taken)[:1] or topic[:1]
        taken += sentences
        most = min(target.key_points, len(self._lines) // _LINES_A_POINT)
        points = sorted(self._points(most, (section for _, section in chapters), taken))
        if not points and len(sentences) > 1 and self._is_clear(sentences[-1]):
            points = [sentences.pop()]
        points = points or self._rest(taken)[:1] or topic[:1]
        named = [self._phrases.as_spoken(phrase) for phrase in self._tags[:_PHRASES_IN_A_TITLE]]
        return Draft(
            title=capitalized(self._speech.enumeration(named)) if named else self._sentence(topic[0]),
            tldr=self._tldr(topic, [section.title for _, section in chapters]),
            text=self._paragraphs(sentences),
            key_points=tuple(Point(self._lines[index].number, self._sentence(index)) for index in points),
            chapters=tuple(section for _, section in chapters),
            tags=tuple(map(as_text, self._tags)),
            language=self._request.language,
            focus=tuple(self._finding(area) for area in self._focus),
        )

    def _rest(self, taken: Sequence[int]) -> list[int]:
        """Returns the lines that are not taken, best first, for videos without enough clear sentences."""
        free = [index for index, unit in enumerate(self._units) if unit and index not in taken]
        return sorted(free, key=self._scores.__getitem__, reverse=True)

    def _words_said(self) -> int:
        return sum(count_words(line.text) for line in self._lines)

    def _topic(self) -> list[int]:
        """Returns the sentence that best says what the video is about, or two of them, in order."""
        leading = [index for index in range(len(self._lines)) if self._can_lead(index)] or range(len(self._lines))
        first = max(leading, key=lambda index: (self._ratings[index].topic, self._scores[index], -index))
        if self._ratings[first].topic < _LIKELY_TOPIC and self._talk.title:
            first = max(leading, key=lambda index: (self._claim(index), -index))
        second = max(self._others_on_topic(first), key=lambda index: self._ratings[index].topic, default=first)
        return sorted({first, second})

    def _claim(self, index: int) -> float:
        """Rates a sentence as a claim about the subject that the title names."""
        title = self._talk.title
        return self._scores[index] * (1 + len(self._units[index] & title) / max(len(title), 1))

    def _others_on_topic(self, first: int) -> Iterator[int]:
        """Yields the sentences that may be the second one of the TL;DR."""
        size = count_words(self._talk.quoted[first])
        for index in sorted(self._clear_lines - {first}):
            explains_first = size < _SHORT_TOPIC_WORDS and first < index < _INTRODUCTION_LINES
            is_short = count_words(self._talk.quoted[index]) <= _MAX_TOPIC_WORDS - size
            repeats = similarity(self._units[first], self._units[index], self._talk.weights) > _MAX_LIKENESS
            needed = _MAY_NAME_TOPIC if explains_first else _ALSO_NAMES_TOPIC
            if is_short and not repeats and self._ratings[index].topic >= needed:
                yield index

    def _can_lead(self, index: int) -> bool:
        short = _MIN_TOPIC_WORDS <= count_words(self._talk.quoted[index]) <= _MAX_SENTENCE_WORDS
        # If the very first sentence refers to something, that is the subject of the video.
        is_known = index == 0 or not self._needs_context(index)
        return short and is_known and self._is_whole(index) and not self._is_off_topic(index)

    def _tldr(self, topic: Sequence[int], headings: Sequence[str]) -> str:
        """Returns the sentences on the topic; if they do not name the subject, after a generated one that does."""
        sentence = reduce(join, map(self._sentence, topic))
        title = self._request.title or ""
        if self._names_subject(topic):
            return sentence
        is_good = any(map(self._can_lead, topic)) and max(self._scores[index] for index in topic) >= _GOOD_CLAIM
        is_likely = max(self._ratings[index].topic for index in topic) >= _LIKELY_TOPIC
        subjects = self._subjects(title, headings)
        several = sum(map(_has_several_words, subjects))
        if len(subjects) < _MIN_SUBJECTS or (is_likely and several < _MIN_SUBJECTS):
            return self._speech.named(title, sentence) if title else sentence
        about = self._speech.about(title, subjects)
        best = max(topic, key=lambda index: self._ratings[index].topic)
        named = [index for index in topic if index == best or self._ratings[index].topic >= _ALSO_NAMES_TOPIC]
        quoted = [*(named if is_good or is_likely else []), *self._conclusion(topic)]
        return reduce(join, map(self._sentence, quoted), about)

    def _conclusion(self, topic: Sequence[int]) -> list[int]:
        """Returns the best conclusion at the end of the talk, if there is a good one that the TL;DR has room for."""
        left = _MAX_TOPIC_WORDS - sum(count_words(self._talk.quoted[index]) for index in topic)
        found = [
            index
            for index in sorted(self._clear_lines.difference(topic))
            if self._is_conclusion(index)
            and self._scores[index] >= _GOOD_CONCLUSION
            and count_words(self._talk.quoted[index]) <= left
        ]
        return sorted(found, key=self._scores.__getitem__, reverse=True)[:1]

    def _subjects(self, title: str, headings: Sequence[str]) -> list[str]:
        """Returns the most frequent phrases and the headings, without those that are similar to others or the title."""
        phrases = list(map(self._phrases.as_spoken, self._phrases.subjects(_SUBJECTS)))
        found: list[str] = []
        for phrase in [*phrases, *(heading for heading in headings if len(phrases) >= _MIN_SUBJECTS)]:
            others = [title.lower(), *map(str.lower, found)]
            if not any(phrase.lower() in other or other in phrase.lower() for other in others if other):
                found.append(phrase)
        return found[:_SUBJECTS]

    def _names_subject(self, topic: Sequence[int]) -> bool:
        """Whether sentences name the subject of the video, so that its title adds nothing."""
        is_likely = max(self._ratings[index].topic for index in topic) >= _NAMES_TOPIC
        points_to_title = topic[0] == 0 and self._needs_context(0)
        title = self._talk.title
        named = title.intersection(chain.from_iterable(self._units[index] for index in topic))
        return is_likely and not points_to_title and len(named) >= len(title) * _SHARE_OF_TITLE

    def _is_off_topic(self, index: int) -> bool:
        """Whether a sentence greets, advertises, reads the title aloud or is a clip before the talk."""
        text = self._talk.quoted[index]
        reads_title = self._units[index] <= self._talk.title or (index == 0 and count_words(text) < _MIN_FIRST_WORDS)
        is_housekeeping = self._speech.is_housekeeping(self._lines[index].text)
        return index < self._talk.clips or is_housekeeping or (reads_title and not self._speech.announces(text))

    def _needs_context(self, index: int) -> bool:
        text = self._talk.quoted[index]
        depends = self._speech.needs_context(text) and not self._announces(index)
        return depends or self._speech.continues_series(text)

    def _announces(self, index: int) -> bool:
        return self._speech.announces(self._talk.quoted[index])

    def _asks(self, index: int) -> bool:
        return is_question(self._talk.quoted[index])

    def _is_conclusion(self, index: int) -> bool:
        """Whether a sentence at the end draws a conclusion."""
        is_late = index >= len(self._lines) * (1 - _CLOSING_SHARE)
        return is_late and self._speech.concludes(self._lines[index].text)

    def _only_announces(self, index: int) -> bool:
        """Whether a sentence only says what comes next: "Let's have a look at the oven"."""
        is_late = index >= _INTRODUCTION_LINES or count_words(self._talk.quoted[index]) < _MIN_ANNOUNCEMENT_WORDS
        return is_late and self._announces(index)

    def _clear(self) -> set[int]:
        """Returns the sentences that are clear without others, and those about a focus area."""
        usable = [index for index, unit in enumerate(self._units) if unit and self._is_whole(index)]
        possible = [
            index
            for index in usable
            if count_words(self._talk.quoted[index]) >= _MIN_CLEAR_WORDS
            and not self._is_off_topic(index)
            and not self._needs_context(index)
            and not self._only_announces(index)
        ]
        ranked = sorted(possible, key=lambda index: -self._ratings[index].alone)
        least = min(2 * self._request.target.statements, round(len(self._lines) * _CLEAR_SHARE))
        clear = {i for place, i in enumerate(ranked) if place < least or self._ratings[i].alone >= _CLEAR}
        return clear.union(filter(self._is_wanted, range(len(self._lines))))

    def _is_clear(self, index: int) -> bool:
        """Whether a sentence may be quoted without others."""
        return index in self._clear_lines

    def _finding(self, area: str) -> Finding:
        """Returns the best line among those that contain more than half of an area's words."""
        words = self._focus[area]
        holding = [index for index, unit in enumerate(self._units) if 2 * len(words & unit) > len(words)]
        if not holding:
            return Finding(area)
        best = max(holding, key=lambda index: (len(words & self._units[index]), self._scores[index], -index))
        return Finding(area, self._lines[best].number, self._sentence(best))

    def _is_wanted(self, index: int) -> bool:
        """Whether a sentence is about a focus area."""
        return any(words & self._units[index] for words in self._focus.values())

    def _is_whole(self, index: int) -> bool:
        begins = index == 0 or ends_sentence(self._lines[index - 1].text)
        return begins and ends_sentence(self._lines[index].text)

    def _sentence(self, index: int) -> str:
        return as_sentence(self._talk.quoted[index])

    def _select(self, taken: Sequence[int]) -> list[int]:
        """Selects passages for the text: clear sentences, with those that continue them.

        Half of them are from the introduction, which says what the video is for. The others are the best of the
        sections, as far as these have several sentences; single ones, which read worse, only fill up a short text.
        """
        words = self._request.target.words
        if self._request.length is SummaryLength.DETAILED:
            return self._select_everywhere(words, taken)
        words = min(words, self._words_said() // _WORDS_A_WORD)
        chosen: list[int] = []
        left = self._add_passages(chosen, self._introduction(taken), words * _INTRODUCTION_SHARE, taken)
        left += words * (1 - _INTRODUCTION_SHARE)
        left = self._add_passages(chosen, self._longer_passages([*taken, *chosen]), left, taken)
        self._add_passages(chosen, self._spread([*taken, *chosen]), left - words * _LEFT_OUT_SHARE, taken)
        return chosen

    def _select_everywhere(self, words: int, taken: Sequence[int]) -> list[int]:
        """Selects about as many words from all parts of the video, single sentences included.

        A detailed text has a sentence from every tenth of the video before any of them is continued; a brief one has no
        room for that.
        """
        tenths = Tenths(self._lines)
        free = sorted(self._clear_lines.difference(taken), key=lambda index: (-self._scores[index], index))
        best: dict[int, int] = {}
        for index in free:
            for tenth in tenths.covered([self._lines[index].start]):
                best.setdefault(tenth, index)
        chosen: list[int] = []
        left: float = words
        if self._request.length is SummaryLength.DETAILED:
            left = self._add(chosen, ([index] for index in best.values()), words)
            left = self._add(chosen, (self._continuation(index, [*taken, *chosen]) for index in [*chosen]), left)
        starts = chain(best.values(), self._longer_passages([*taken, *best.values()]), self._spread(taken))
        self._add_passages(chosen, starts, left, taken)
        return chosen

    def _longer_passages(self, taken: Sequence[int]) -> list[int]:
        """Returns where the best passage of several sentences begins in each section that has one, best first."""
        found: list[int] = []
        for section in self._sections:
            best = self._ranked(section, taken)[:_RANKED_FOR_PASSAGES]
            found += [index for index in best if next(self._continuation(index, taken), None) is not None][:1]
        return sorted(found, key=self._scores.__getitem__, reverse=True)

    def _introduction(self, taken: Sequence[int]) -> list[int]:
        """Returns the clear sentences of the introduction, best first."""
        first = self._talk.clips
        introduction = range(first, first + min(_INTRODUCTION_LINES, len(self._lines) // 4))
        return self._ranked(introduction, taken)

    def _add_passages(self, chosen: list[int], starts: Iterable[int], words: float, taken: Sequence[int]) -> float:
        """Adds passages that begin at the given lines, and returns how many of the words are left; below 0 if any.

        A question is only added together with what is said after it.
        """
        passages = ([index, *self._continuation(index, [*taken, *chosen])] for index in starts if index not in chosen)
        complete = (passage for passage in passages if len(passage) > 1 or not self._asks(passage[0]))
        return self._add(chosen, complete, words)

    def _add(self, chosen: list[int], passages: Iterable[Iterable[int]], words: float) -> float:
        """Adds whole passages as long as any of the words are left, and returns how many are left after that."""
        left = words
        for passage in passages:
            if left <= 0:
                break
            added = [*passage]
            chosen += added
            left -= sum(count_words(self._lines[each].text) for each in added)
        return left

    def _continuation(self, index: int, taken: Sequence[int]) -> Iterator[int]:
        """Yields the sentences after one that belong to it."""
        section = next(section for section in self._sections if index in section)
        for following in range(index + 1, min(index + _LONGEST_PASSAGE, section.stop)):
            in_series = self._speech.continues_series(self._talk.quoted[following])
            needed = _USABLE_IN_SERIES if in_series else _USABLE
            if self._ratings[following].usable < needed or following in taken or not self._is_whole(following):
                break
            if count_words(self._talk.fluent[following]) < _MIN_CONTINUATION_WORDS or self._is_off_topic(following):
                break
            yield following

    def _points(self, count: int, chapters: Iterable[Section], taken: Sequence[int]) -> list[int]:
        """Selects up to `count` sentences, first of all from tenths of the video in which no chapter begins.

        Conclusions are preferred, too; announcements and questions say nothing by themselves.
        """
        tenths = Tenths(self._lines)
        covered = tenths.covered(self._lines[chapter.line - self._lines[0].number].start for chapter in chapters)
        taken = [
            *taken,
            *(
                index
                for index in self._clear_lines
                if (self._announces(index) or self._asks(index)) and not self._is_wanted(index)
            ),
        ]
        chosen: list[int] = []
        best = sorted(self._clear_lines.difference(taken), key=lambda index: (-self._scores[index], index))
        for index in best:
            tenth = tenths.covered([self._lines[index].start])
            ends_well = self._is_conclusion(index) and self._scores[index] >= _GOOD_CONCLUSION
            if len(chosen) < count and (self._is_wanted(index) or ends_well or not tenth <= covered):
                chosen.append(index)
                covered |= tenth
        return [*chosen, *islice(self._spread([*taken, *chosen]), count - len(chosen))]

    def _spread(self, taken: Sequence[int]) -> Iterator[int]:
        """Yields clear lines that are not taken yet, the best of each section in turn.

        Longer sections and those with better lines get more turns, by D'Hondt's method: next is the section with the
        most lines per turn that it has had, times the score of its best line. A line that is taken counts as a turn.
        """
        left = {section: self._ranked(section, taken) for section in self._sections}
        turns = {section: sum(index in section for index in taken) for section in self._sections}
        while sections := [section for section in left if left[section]]:
            section = max(sections, key=lambda s: len(s) * self._scores[left[s][0]] / (turns[s] + 1))
            turns[section] += 1
            yield left[section].pop(0)

    def _ranked(self, section: range, taken: Sequence[int]) -> list[int]:
        """Returns the best clear lines of a section that are not taken yet, best first, each unlike the others."""
        free = [index for index in section if index in self._clear_lines and index not in taken]
        best = sorted(free, key=self._scores.__getitem__, reverse=True)[:_SHORTLIST]
        count, weights = _RANKED_A_SECTION, self._talk.weights
        return most_relevant(best, self._units, self._scores, weights, count=count, chosen=taken)

    def _paragraphs(self, indices: Sequence[int]) -> str:
        """Joins the sentences in order, with one paragraph for each section that they come from."""
        by_section = ([index for index in indices if index in section] for section in self._sections)
        return "\n\n".join(reduce(join, self._passages(paragraph)) for paragraph in by_section if paragraph)

    def _passages(self, indices: Sequence[int]) -> Iterator[str]:
        """Yields each line as a sentence; consecutive lines are kept as spoken, without a sign of a cut."""
        for position, index in enumerate(indices):
            continues = index + 1 in indices[position + 1 : position + 2]
            follows = index - 1 in indices[max(position - 1, 0) : position]
            text = self._talk.fluent[index] if follows else self._talk.quoted[index]
            begins = not follows or ends_sentence(self._lines[index - 1].text)
            shown = text if continues else as_sentence(text)
            yield capitalized(shown) if begins else text[:1] + shown[1:]

    def _chapters(self, taken: Sequence[int]) -> Iterator[tuple[int | None, Section]]:
        """Yields chapters and the indices of the sentences that summarize them.

        A section without a good sentence or a heading belongs to the chapter before; the creator's chapters all stay.
        """
        used: set[str] = set()
        chosen = list(taken)
        first = self._lines[0].number
        for number, section in enumerate(self._sections):
            ranked = self._ranked(section, chosen)
            is_last_chance = not used and number == len(self._sections) - 1
            is_needed = bool(self._request.chapter_lines) or is_last_chance
            if is_needed and not ranked:
                ranked = [other for other in self._rest(chosen) if other in section]
            phrase, index = self._heading(number, ranked, used)
            is_good = bool(phrase) and index is not None and self._scores[index] >= _GOOD_FOR_A_CHAPTER
            if not is_good and not is_needed:
                continue
            heading = self._phrases.as_spoken(phrase) if phrase else _beginning(self._talk.quoted[section.start])
            line = self._lines[section.start].number if used else first
            used.add(as_text(phrase) or heading)
            chosen += [] if index is None else [index]
            yield index, Section(line, capitalized(heading), "" if index is None else self._sentence(index))

    def _heading(self, number: int, ranked: Sequence[int], used: Set[str]) -> tuple[Phrase, int | None]:
        """Returns the heading of a section, and one of the best sentences, preferably one that contains it."""
        says_nothing = {index for index in ranked if self._announces(index) or self._asks(index)}
        ranked = [index for index in ranked if index not in says_nothing] or ranked
        free = [phrase for phrase in self._phrases.headings(number, _HEADINGS) if _is_new(as_text(phrase), used)]
        for several in (True, False):
            for index in ranked[:_RANKED_A_CHAPTER]:
                for phrase in free:
                    if _is_specific(phrase) is several and phrase in self._phrases.of_line(index):
                        return self._specific(phrase, index, used), index
        return next(iter(free), ()), next(iter(ranked), None)

    def _specific(self, phrase: Phrase, index: int, used: Set[str]) -> Phrase:
        """Returns the longest phrase of a sentence that ends with a word, such as "bottleneck block" for "block"."""
        longer = [
            other
            for other in self._phrases.of_line(index)
            if len(phrase) == 1 and other[-1:] == phrase and self._nouns.likelihood(other) >= _NAMES_A_THING
        ]
        new = [other for other in longer if _is_new(as_text(other), used)]
        return max(new, key=lambda other: (len(other), other), default=phrase)


def _is_specific(phrase: Phrase) -> bool:
    """Whether a phrase has several words, or as many characters where words are not spaced."""
    return len(phrase) >= (_CHARACTERS_OF_SEVERAL_WORDS if phrase and is_spaceless(phrase[0]) else 2)


def _has_several_words(text: str) -> bool:
    return " " in text or (is_spaceless(text) and len(text) >= _CHARACTERS_OF_SEVERAL_WORDS)


def _is_new(heading: str, used: Iterable[str]) -> bool:
    """Whether no other heading begins like this one."""
    return not any(heading.startswith(other) or other.startswith(heading) for other in used)


def _beginning(text: str) -> str:
    return text if len(text) <= _MAX_TITLE_LENGTH else text[:_MAX_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
