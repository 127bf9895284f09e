"""Finds the phrases that the videos of a batch share, and those that distinguish one video from the others.

A phrase is a topic of a video if its title, a tag or the heading of a chapter contains it. Its value grows with its
C-value (see `text.phrases`) and with the videos that have it as a topic, and falls with the videos that contain it at
all, as in TF-IDF.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

from skimlist.digesting.outlines import Outline
from skimlist.text.phrases import Phrase, as_text, c_values, phrase_counts
from skimlist.text.words import tokens

# The weight of a heading, which is about a part of the video only; that of a title or tag is 1.
_WEIGHT_OF_A_HEADING = 0.5
# A phrase that occurs only in headings of two videos is more often a habit of speech than a topic.
_MIN_SPREAD = 1.5
# A word is a form of a shorter one if it adds at most this many letters to at least that many: tokens, Brote.
_MAX_ENDING_LENGTH = 2
_MIN_BASE_LENGTH = 3
# A longer phrase names a topic better if it occurs in at least this share of the places of the shorter one.
_MIN_NAME_SHARE = 0.4
# The number of places that are searched for the spelling of a phrase.
_SPELLINGS_READ = 50


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a summary: its video (an index), the second of the video, and the text."""

    video: int
    start_seconds: float | None
    text: str


class Topics:
    """The topics of a batch. Phrases are identified by the base forms of their words.

    `of_video` has the weights of each video's topics, `places` the sentences (indices) that contain a phrase, and
    `shared` the value of each phrase that is a topic of several videos.
    """

    def __init__(
        self, outlines: Sequence[Outline], sentences: Sequence[Sentence], stopwords: Sequence[Set[str]]
    ) -> None:
        self._texts = [sentence.text for sentence in sentences]
        self._titles = "\n".join(outline.title for outline in outlines)
        topics = [_topics(outline, words) for outline, words in zip(outlines, stopwords, strict=True)]
        in_topics = (word for found in topics for phrase in found for word in phrase)
        self._base = _base_forms({*in_topics, *(word for text in self._texts for word in tokens(text))})
        self._spellings: dict[Phrase, Counter[str]] = defaultdict(Counter)
        self.of_video: list[Mapping[Phrase, float]] = [self._by_base_form(weights) for weights in topics]
        self.places: dict[Phrase, list[int]] = defaultdict(list)
        total: Counter[Phrase] = Counter()
        for index, sentence in enumerate(sentences):
            for phrase, count in self._by_base_form(phrase_counts(sentence.text, stopwords[sentence.video])).items():
                total[phrase] += round(count)
                self.places[phrase].append(index)
        for weights in self.of_video:
            total.update(weights.keys())
        self._c_values = c_values(total)
        self._held_by = {
            phrase: len({sentences[index].video for index in places}) for phrase, places in self.places.items()
        }
        self._count = len(outlines)
        self.shared = {phrase: self._value(phrase) * spread for phrase, spread in self._spread().items()}

    def _spread(self) -> dict[Phrase, float]:
        """Returns the number of videos that share each topic, weighted; only topics in sentences of several videos."""
        spread: dict[Phrase, float] = defaultdict(float)
        for weights in self.of_video:
            for phrase, weight in weights.items():
                spread[phrase] += weight
        return {
            phrase: weight
            for phrase, weight in spread.items()
            if weight >= _MIN_SPREAD and self._held_by.get(phrase, 0) > 1 and self._value(phrase) > 0
        }

    def _value(self, phrase: Phrase) -> float:
        """Returns the root of the C-value times the rarity; 0 if a phrase occurs in longer phrases only, or nowhere."""
        c_value, held_by = self._c_values.get(phrase, 0.0), self._held_by.get(phrase, 0)
        return sqrt(c_value) * log(1 + self._count / held_by) if c_value > 0 and held_by else 0.0

    def distinctive(self, video: int, others: Iterable[int]) -> list[Phrase]:
        """Returns the topics of a video that none of the others has, the best first."""
        elsewhere = {phrase for other in others if other != video for phrase in self.of_video[other]}
        own = {phrase: weight for phrase, weight in self.of_video[video].items() if phrase not in elsewhere}
        return sorted(own, key=lambda phrase: (-own[phrase] * self._value(phrase), phrase))

    def spell_out(self, phrases: Iterable[Phrase], most: int) -> list[str]:
        """Returns up to `most` phrases without common words, in their commonest form and spelling: GPT, not gpt."""
        taken: set[str] = set()
        spelled = []
        for phrase in phrases:
            if not taken & set(phrase):
                name = self._name(phrase)
                spelled.append(self._as_spoken(name))
                taken.update(name)
            if len(spelled) == most:
                break
        return spelled

    def _name(self, phrase: Phrase) -> Phrase:
        """Returns the phrase, or the longest one that contains it and is nearly as common."""
        enough = max(len(self.places.get(phrase, ())) * _MIN_NAME_SHARE, 2)
        longer = [other for other in self._longer[phrase[0]] if len(self.places[other]) >= enough]
        around = [other for other in longer if len(other) > len(phrase) and _holds(other, phrase)]
        return max(around, key=lambda other: (len(other), len(self.places[other]), other), default=phrase)

    @cached_property
    def _longer(self) -> Mapping[str, list[Phrase]]:
        """Phrases of several words that occur at several places, by each of their words."""
        longer: dict[str, list[Phrase]] = defaultdict(list)
        for phrase, places in self.places.items():
            if len(phrase) > 1 and len(places) > 1:
                for word in set(phrase):
                    longer[word].append(phrase)
        return longer

    def _as_spoken(self, phrase: Phrase) -> str:
        form = self._spellings[phrase].most_common(1)[0][0]
        texts = [self._texts[index] for index in self.places.get(phrase, ())[:_SPELLINGS_READ]]
        found = Counter(re.findall(re.escape(form), "\n".join([*texts, self._titles]), re.IGNORECASE))
        return found.most_common(1)[0][0] if found else form

    def _by_base_form(self, found: Mapping[Phrase, float]) -> dict[Phrase, float]:
        based: dict[Phrase, float] = defaultdict(float)
        for phrase, amount in found.items():
            base = tuple(self._base.get(word, word) for word in phrase)
            based[base] = max(based[base], amount)
            self._spellings[base][as_text(phrase)] += 1
        return dict(based)


def _holds(phrase: Phrase, part: Phrase) -> bool:
    return any(phrase[start : start + len(part)] == part for start in range(len(phrase) - len(part) + 1))


def _topics(outline: Outline, stopwords: Set[str]) -> dict[Phrase, float]:
    """Returns the weight of each topic at its best place."""
    headings = dict.fromkeys(_phrases(outline.headings, stopwords), _WEIGHT_OF_A_HEADING)
    return headings | dict.fromkeys(_phrases((outline.title, *outline.tags), stopwords), 1.0)


def _phrases(texts: Iterable[str], stopwords: Set[str]) -> Iterable[Phrase]:
    return [phrase for text in texts for phrase in phrase_counts(text, stopwords)]


def _base_forms(words: Set[str]) -> dict[str, str]:
    """Maps words that are forms of a shorter word to the shortest one."""
    forms: dict[str, str] = {}
    for word in sorted(words, key=len):
        for ending in range(_MAX_ENDING_LENGTH, 0, -1):
            base = word[:-ending]
            if len(base) >= _MIN_BASE_LENGTH and base in words:
                forms[word] = forms.get(base, base)
                break
    return forms
