"""Rates spoken sentences as an editor would: which stand alone, which are key, and which say what the video is about.

The weights in `sentence_weights.toml` were learned from sentences that a person had graded; `lab/sentence_weights` does
it, and `docs/decisions/0022` says how well they predict the grades of videos that they were not learned from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp, log

from skimlist.text.salience import relevances, similarity, term_weights, terms
from skimlist.text.sentences import ends_sentence, is_question
from skimlist.text.spoken import speech
from skimlist.text.stop_words import stop_words
from skimlist.text.words import count_words, is_spaceless, tokens

_FEW_WORDS = 10
_MANY_WORDS = 30
_MANY_TERMS = 12
_OPENING_SHARE = 0.08
_FIRST_SENTENCES = 5
_INTRODUCTION_SENTENCES = 25
_LAST_SENTENCES = 4
_MANY_STUMBLES = 4
# A talk may begin with clips from later on: at least two of this many first sentences are said again much later.
_MAX_CLIPS = 40
_LATER = 40
_SAID_AGAIN = 0.85
_MIN_WORDS_OF_A_CLIP = 9
_MIN_TERMS_OF_A_CLIP = 4
_CLAUSE_BORDER = re.compile(r"[\s，、]+")
_SYMBOLS_OF_CODE = frozenset("=_`/[]{}<>#*+")


@dataclass(frozen=True, slots=True)
class Rating:
    """The probabilities (0 to 1) that an editor would grade a sentence in each of these ways.

    `alone`: it is clear without others. `key`: it is also important. `topic`: it says what the video is about.
    `usable`: it says something about the subject, if perhaps only after the sentence before.
    """

    alone: float
    key: float
    topic: float
    usable: float


class Talk:
    """The sentences of a video, in the language with this BCP 47 code, prepared for being rated and quoted.

    `fluent` are the sentences without hesitations, `quoted` those without openings either ("so basically"), `units`
    their terms, `weights` the significance of each term, and `title` the terms of the title that occur. `clips` is the
    number of first sentences that are clips from later on.
    """

    def __init__(self, sentences: Sequence[str], language: str, title: str) -> None:
        self.speech = speech(language)
        self.said = sentences
        ignored = stop_words(language)
        self.fluent = [self.speech.without_hesitations(text) for text in sentences]
        self.quoted = [self.speech.without_opening(text) for text in self.fluent]
        self.units = [terms(text, ignored) for text in self.quoted]
        self.weights = term_weights(self.units)
        self.title = terms(f"{title} {title.replace('-', ' ')}", ignored).intersection(self.weights)
        clips = [index for index in range(min(_MAX_CLIPS, len(sentences))) if self._is_clip(index)]
        self.clips = clips[-1] + 1 if len(clips) > 1 else 0

    def ratings(self) -> list[Rating]:
        learned = _learned()
        return [
            Rating(**{name: _likelihood(found, learned[name]) for name in Rating.__slots__})
            for found in self.features()
        ]

    def _is_clip(self, index: int) -> bool:
        """Whether a sentence is said again much later."""
        unit, later = self.units[index], self.units[index + _LATER :]
        is_long = len(unit) >= _MIN_TERMS_OF_A_CLIP and count_words(self.quoted[index]) >= _MIN_WORDS_OF_A_CLIP
        return is_long and any(similarity(unit, other, self.weights) >= _SAID_AGAIN for other in later)

    def features(self) -> list[dict[str, float]]:
        """Returns the features of each sentence by name; most are between 0 and 1."""
        relevance = relevances(self.units, self.weights)
        mentioned: set[str] = set()
        found = []
        for index, unit in enumerate(self.units):
            before = self.units[index - 1] if index else frozenset()
            found.append(
                {
                    **self._wording(index),
                    "begins in the middle": index > 0 and not ends_sentence(self.said[index - 1]),
                    "relevance": relevance[index],
                    "share of the title": len(unit & self.title) / max(len(self.title), 1),
                    "has a word of the title": bool(unit & self.title),
                    "new terms": len(unit - mentioned) / max(len(unit), 1),
                    "like the one before": similarity(unit, before, self.weights),
                    **_position(index - self.clips, len(self.units) - self.clips),
                }
            )
            mentioned |= unit
        return found

    def _wording(self, index: int) -> dict[str, float]:
        text, said, speech = self.quoted[index], self.said[index], self.speech
        words = tokens(text)
        size = max(count_words(text), 1)
        spaceless = bool(words) and is_spaceless(words[0])
        return {
            "words": log(size + 1),
            "few words": max(0, _FEW_WORDS - size) / _FEW_WORDS,
            "many words": max(0, size - _MANY_WORDS) / _MANY_WORDS,
            "share of terms": len(self.units[index]) / max(len(words), 1),
            "terms": min(len(self.units[index]), _MANY_TERMS) / _MANY_TERMS,
            "repeated words": 1 - len(set(words)) / max(len(words), 1),
            "repeated pairs": 1 - len(set(pairwise(words))) / max(len(words) - 1, 1) if len(words) > 1 else 0,
            "no end": not ends_sentence(said),
            "lower-case initial": text[:1].islower(),
            "opening was cut": text != self.fluent[index],
            "stumbles": min(count_words(said) - count_words(self.fluent[index]), _MANY_STUMBLES) / _MANY_STUMBLES,
            "needs context": speech.needs_context(text),
            "housekeeping": speech.is_housekeeping(said),
            "announces": speech.announces(text),
            "personal": speech.is_personal(words),
            "question": is_question(text),
            "begins by pointing back": speech.begins_by_pointing_back(text),
            "points back": min(speech.points_back(text) / size * 5, 1),
            "explains": min(speech.explains(text), 3) / 3,
            "shows": min(speech.shows(text), 2) / 2,
            "addresses the audience": min(speech.addresses_audience(text), 2) / 2,
            "digits": any(character.isdigit() for character in text),
            "symbols of code": min(sum(character in _SYMBOLS_OF_CODE for character in text), 3) / 3,
            "clauses": min(len(_CLAUSE_BORDER.findall(text)), 4) / 4 if spaceless else 0,
        }


def _position(index: int, count: int) -> dict[str, float]:
    """Describes where a sentence is in the talk; those before it have negative indices."""
    passed = index / max(count - 1, 1)
    return {
        "opening": 0 <= passed < _OPENING_SHARE,
        "first sentences": max(0, 1 - index / _FIRST_SENTENCES) if index >= 0 else 0,
        "introduction": max(0, 1 - index / _INTRODUCTION_SENTENCES) if index >= 0 else 0,
        "last sentences": max(0, 1 - (count - 1 - index) / _LAST_SENTENCES),
        "first half": passed < 1 / 2,
    }


def _likelihood(found: Mapping[str, float], learned: Mapping[str, float]) -> float:
    total = learned["constant"] + sum(learned[name] * value for name, value in found.items())
    return 1 / (1 + exp(-total))


@cache
def _learned() -> Mapping[str, Mapping[str, float]]:
    return tomllib.loads(files(__package__).joinpath("sentence_weights.toml").read_text(encoding="utf-8"))
