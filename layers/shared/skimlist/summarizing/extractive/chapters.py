"""The chapters of the extractive model: a heading and a sentence for each section of the video."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from skimlist.models.transcript import CreatorChapter
from skimlist.summarizing.drafts import Section
from skimlist.summarizing.extractive.sentences import Sentences
from skimlist.text.phrases import KeyPhrases, NounEvidence, Phrase, as_text
from skimlist.text.words import capitalized, has_several_words

_MAX_TITLE_LENGTH = 60
# A chapter is summarized by one of the best sentences of its section, of which there are this many: preferably by one
# with a phrase that distinguishes the section from the others, because that phrase becomes the heading.
_RANKED_A_CHAPTER = 8
# A section whose sentence has a lower score belongs to the chapter before.
_GOOD_FOR_A_CHAPTER = 0.2
_HEADINGS = 30
# A heading is extended by words before it if they begin the name of a thing with at least this probability.
_NAMES_A_THING = 0.5


class Chapters:
    """Finds the chapters of a video.

    `of_creator` are those that its creator has made, by the number of the line at which each begins.
    """

    def __init__(
        self,
        sentences: Sentences,
        phrases: KeyPhrases,
        nouns: NounEvidence,
        of_creator: Mapping[int, CreatorChapter],
    ) -> None:
        self._sentences = sentences
        self._phrases = phrases
        self._nouns = nouns
        self._of_creator = of_creator

    def find(self, taken: Sequence[int]) -> Iterator[tuple[int | None, Section]]:
        """Yields chapters and the indices of the sentences that summarize them, which are not among those taken.

        A section without a good sentence or a heading belongs to the chapter before; the creator's chapters all stay.
        """
        sentences = self._sentences
        used: set[str] = set()
        chosen = list(taken)
        first = sentences.lines[0].number
        for number, section in enumerate(sentences.sections):
            ranked = sentences.best_of(section, chosen)
            is_last_chance = not used and number == len(sentences.sections) - 1
            is_needed = bool(self._of_creator) or is_last_chance
            if is_needed and not ranked:
                ranked = [other for other in sentences.rest(chosen) if other in section]
            phrase, index = self._heading(number, ranked, used)
            is_good = bool(phrase) and index is not None and sentences.scores[index] >= _GOOD_FOR_A_CHAPTER
            if not is_good and not is_needed:
                continue
            beginning = sentences.talk.quoted[section.start]
            heading = self._phrases.as_spoken(phrase) if phrase else _shortened(beginning)
            line = sentences.lines[section.start].number if used else first
            used.add(as_text(phrase) or heading)
            chosen += [] if index is None else [index]
            yield index, Section(line, capitalized(heading), "" if index is None else sentences.quoted(index))

    def _heading(self, number: int, ranked: Sequence[int], used: Set[str]) -> tuple[Phrase, int | None]:
        """Returns the heading of a section, and one of the best sentences, preferably one that contains it."""
        ranked = [index for index in ranked if not self._sentences.says_nothing(index)] or ranked
        free = [phrase for phrase in self._phrases.headings(number, _HEADINGS) if _is_new(as_text(phrase), used)]
        for several in (True, False):
            for index in ranked[:_RANKED_A_CHAPTER]:
                for phrase in free:
                    if has_several_words(as_text(phrase)) is several and phrase in self._phrases.of_line(index):
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


def _is_new(heading: str, used: Iterable[str]) -> bool:
    """Whether no other heading begins like this one."""
    return not any(heading.startswith(other) or other.startswith(heading) for other in used)


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TITLE_LENGTH else text[:_MAX_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
