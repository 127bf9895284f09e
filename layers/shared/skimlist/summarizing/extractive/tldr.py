"""The TL;DR of the extractive model: the sentences that say what the video is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain

from skimlist.summarizing.extractive.sentences import INTRODUCTION_LINES, Sentences
from skimlist.text.phrases import KeyPhrases
from skimlist.text.salience import similarity
from skimlist.text.words import has_several_words, join

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


class Tldr:
    """The TL;DR of a video with this title, which may be empty; `topic` are its sentences on the subject, in order."""

    def __init__(self, sentences: Sentences, title: str, phrases: KeyPhrases) -> None:
        self._sentences = sentences
        self._title = title
        self._phrases = phrases
        self.topic = self._find_topic()

    def text(self, headings: Sequence[str]) -> str:
        """Returns the sentences on the topic; if they do not name the subject, after a generated one that does."""
        ratings, scores = self._sentences.ratings, self._sentences.scores
        speech = self._sentences.talk.speech
        sentence = reduce(join, map(self._sentences.quoted, self.topic))
        if self._names_subject():
            return sentence
        is_good = any(map(self._can_lead, self.topic)) and max(scores[index] for index in self.topic) >= _GOOD_CLAIM
        is_likely = max(ratings[index].topic for index in self.topic) >= _LIKELY_TOPIC
        subjects = self._subjects(headings)
        several = sum(map(has_several_words, subjects))
        if len(subjects) < _MIN_SUBJECTS or (is_likely and several < _MIN_SUBJECTS):
            return speech.named(self._title, sentence) if self._title else sentence
        about = speech.about(self._title, subjects)
        best = max(self.topic, key=lambda index: ratings[index].topic)
        named = [index for index in self.topic if index == best or ratings[index].topic >= _ALSO_NAMES_TOPIC]
        quoted = [*(named if is_good or is_likely else []), *self._conclusion()]
        return reduce(join, map(self._sentences.quoted, quoted), about)

    def _find_topic(self) -> list[int]:
        """Returns the sentence that best says what the video is about, or two of them, in order."""
        sentences = self._sentences
        everything = range(len(sentences))
        leading = [index for index in everything if self._can_lead(index)] or everything
        first = max(leading, key=lambda index: (sentences.ratings[index].topic, sentences.scores[index], -index))
        if sentences.ratings[first].topic < _LIKELY_TOPIC and sentences.talk.title:
            first = max(leading, key=lambda index: (self._claim(index), -index))
        second = max(self._others_on_topic(first), key=lambda index: sentences.ratings[index].topic, default=first)
        return sorted({first, second})

    def _can_lead(self, index: int) -> bool:
        sentences = self._sentences
        short = _MIN_TOPIC_WORDS <= sentences.words(index) <= _MAX_SENTENCE_WORDS
        # If the very first sentence refers to something, that is the subject of the video.
        is_known = index == 0 or not sentences.needs_context(index)
        return short and is_known and sentences.is_whole(index) and not sentences.is_off_topic(index)

    def _claim(self, index: int) -> float:
        """Rates a sentence as a claim about the subject that the title names."""
        talk = self._sentences.talk
        return self._sentences.scores[index] * (1 + len(talk.units[index] & talk.title) / max(len(talk.title), 1))

    def _others_on_topic(self, first: int) -> Iterator[int]:
        """Yields the sentences that may be the second one of the TL;DR."""
        sentences, talk = self._sentences, self._sentences.talk
        size = sentences.words(first)
        for index in sorted(sentences.clear - {first}):
            explains_first = size < _SHORT_TOPIC_WORDS and first < index < INTRODUCTION_LINES
            is_short = sentences.words(index) <= _MAX_TOPIC_WORDS - size
            repeats = similarity(talk.units[first], talk.units[index], talk.weights) > _MAX_LIKENESS
            needed = _MAY_NAME_TOPIC if explains_first else _ALSO_NAMES_TOPIC
            if is_short and not repeats and sentences.ratings[index].topic >= needed:
                yield index

    def _names_subject(self) -> bool:
        """Whether the topic names the subject of the video, so that its title adds nothing."""
        sentences, title = self._sentences, self._sentences.talk.title
        is_likely = max(sentences.ratings[index].topic for index in self.topic) >= _NAMES_TOPIC
        points_to_title = self.topic[0] == 0 and sentences.needs_context(0)
        named = title.intersection(chain.from_iterable(sentences.talk.units[index] for index in self.topic))
        return is_likely and not points_to_title and len(named) >= len(title) * _SHARE_OF_TITLE

    def _conclusion(self) -> list[int]:
        """Returns the best conclusion at the end of the talk, if there is a good one that the TL;DR has room for."""
        left = _MAX_TOPIC_WORDS - sum(map(self._sentences.words, self.topic))
        best = self._sentences.best_clear(self.topic)
        good = filter(self._sentences.is_good_conclusion, best)
        return [index for index in good if self._sentences.words(index) <= left][:1]

    def _subjects(self, headings: Sequence[str]) -> list[str]:
        """Returns the most frequent phrases and the headings, without those that are similar to others or the title."""
        phrases = list(map(self._phrases.as_spoken, self._phrases.subjects(_SUBJECTS)))
        found: list[str] = []
        for phrase in [*phrases, *(heading for heading in headings if len(phrases) >= _MIN_SUBJECTS)]:
            others = [self._title.lower(), *map(str.lower, found)]
            if not any(phrase.lower() in other or other in phrase.lower() for other in others if other):
                found.append(phrase)
        return found[:_SUBJECTS]
