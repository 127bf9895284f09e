"""Finds subjects and names that earlier videos do not mention, and statements on a subject of theirs.

A sentence is new by the words that were not said before, and on a known subject by its similarity to what was. Of the
measures at TREC's novelty tracks, these two complement each other best (Tang, Tsai and Chen: "Blended metrics for novel
sentence mining", Expert Systems with Applications 37, 2010).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import chain, islice
from typing import NamedTuple

from skimlist.claim_checks.folding import stem, stems
from skimlist.claim_checks.names import Heard, is_heard, names
from skimlist.digesting.earlier import EarlierPlace
from skimlist.digesting.outlines import Outline
from skimlist.digesting.topics import Sentence, Topics
from skimlist.text.language_codes import same_language
from skimlist.text.phrases import Phrase, as_text
from skimlist.text.salience import Terms, similarity, term_weights, terms
from skimlist.text.stop_words import stop_words
from skimlist.text.words import is_spaceless, tokens

_MAX_NEW_A_VIDEO = 3
# Two statements are on the same subject if they share at least this many terms and have at least this similarity.
_TERMS_IN_COMMON = 3
_ALIKE = 0.25
# One word alone, or what corresponds to it in scripts without spaces, seldom names a subject.
_MIN_WORDS = 2
_MIN_CHARACTERS = 4
# The number of the new videos' most relevant sentences that are compared.
_COMPARED = 400
# A statement adds something if at least this share of its terms is not in the earlier one.
_MIN_ADDED_SHARE = 0.3


class NewSubject(NamedTuple):
    """A subject or name of a sentence (an index)."""

    name: str
    sentence: int


class KnownSubject(NamedTuple):
    """A sentence (an index) and an earlier statement on the same subject; the name of the subject, if it has one."""

    sentence: int
    earlier: EarlierPlace
    name: str = ""


class NewsFinder:
    """Compares the sentences of new videos, with their terms, relevance and topics, with earlier statements."""

    def __init__(
        self,
        *,
        outlines: Sequence[Outline],
        sentences: Sequence[Sentence],
        units: Sequence[Terms],
        scores: Sequence[float],
        topics: Topics,
        earlier: Sequence[EarlierPlace],
    ) -> None:
        self._outlines = outlines
        self._sentences = sentences
        self._units = units
        self._scores = scores
        self._topics = topics
        self._earlier = earlier
        self._of_video: dict[int, list[int]] = defaultdict(list)
        for index, sentence in enumerate(sentences):
            self._of_video[sentence.video].append(index)
        self._earlier_units = [terms(place.statement.text, stop_words(place.video.language)) for place in earlier]
        self._weights = term_weights([*units, *self._earlier_units])
        self._said = "\n".join(
            text for place in earlier for text in (place.video.title, place.statement.text)
        ).casefold()
        self._heard = Heard(self._said, tokens(self._said))
        self._stems = stems(self._said, frozenset())
        compared = sorted(range(len(sentences)), key=self._rank, reverse=True)[:_COMPARED]
        self._closest = {index: found for index in compared if (found := self._find_closest(index))}

    def new(self) -> Iterator[NewSubject]:
        """Yields the most relevant new subjects of each video in turn."""
        left = [islice(self._new_in(video), _MAX_NEW_A_VIDEO) for video in range(len(self._outlines))]
        while left:
            again = []
            for subjects in left:
                for subject in islice(subjects, 1):
                    yield subject
                    again.append(subjects)
            left = again

    def _new_in(self, video: int) -> Iterator[NewSubject]:
        # A topic has other words in another language; a name has not.
        topics = self._new_topics(video) if self._speaks_as_before(video) else ()
        used: dict[int, str] = {}
        for name, places in chain(topics, self._new_names(video)):
            best = max((index for index in places if index not in self._closest), key=self._rank, default=None)
            is_part = any(name.casefold() in other.casefold() for other in used.values())
            if best is not None and best not in used and not is_part:
                used[best] = name
                yield NewSubject(name, best)

    def _speaks_as_before(self, video: int) -> bool:
        language = self._outlines[video].language
        return all(same_language(place.video.language, language) for place in self._earlier)

    def _new_topics(self, video: int) -> Iterator[tuple[str, list[int]]]:
        for phrase in self._topics.distinctive(video, ()):
            places = self._places_in(video, phrase)
            if places and not self._is_known(phrase):
                yield from ((name, places) for name in self._topics.spell_out([phrase], 1))

    def _places_in(self, video: int, phrase: Phrase) -> list[int]:
        return [index for index in self._topics.places.get(phrase, ()) if self._sentences[index].video == video]

    def _new_names(self, video: int) -> Iterator[tuple[str, list[int]]]:
        language = self._outlines[video].language
        for index in self._of_video[video]:
            for name in names(self._sentences[index].text, language):
                if not self._is_heard(name):
                    yield name, [index]

    def _is_heard(self, name: str) -> bool:
        return is_heard(name, self._heard)

    def _is_known(self, phrase: Phrase) -> bool:
        """Whether earlier videos mention all words of a topic."""
        if is_spaceless(phrase[0]):
            return as_text(phrase) in self._said
        return all(stem(word) in self._stems for word in phrase)

    def _rank(self, index: int) -> tuple[float, int]:
        return self._scores[index], -index

    def known(self, quoted: Set[int]) -> Iterator[KnownSubject]:
        """Yields statements that add something to an earlier one, then those on a topic or name of earlier ones.

        The most relevant come first, and each statement once; those with an index in `quoted` are left out.
        """
        used = set(quoted)
        earlier: set[int] = set()
        for index, place, name in chain(self._additions(), self._shared_subjects(used)):
            if index not in used and place not in earlier:
                used.add(index)
                earlier.add(place)
                yield KnownSubject(index, self._earlier[place], name)

    def _additions(self) -> Iterator[tuple[int, int, str]]:
        relevances = {index: likeness * self._scores[index] for index, (_, likeness) in self._closest.items()}
        for index in sorted(relevances, key=lambda index: (-relevances[index], index)):
            place, _ = self._closest[index]
            added = len(self._units[index] - self._earlier_units[place]) / len(self._units[index])
            if added >= _MIN_ADDED_SHARE:
                yield index, place, ""

    def _shared_subjects(self, used: Set[int]) -> Iterator[tuple[int, int, str]]:
        for name, places in self._subjects():
            if name.casefold() not in self._said:
                continue
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            held = [place for place, each in enumerate(self._earlier) if pattern.search(each.statement.text)]
            new = [index for index in places if index not in self._closest and index not in used]
            if held and new:
                index = max(new, key=self._rank)
                yield index, max(held, key=lambda place: (self._likeness(index, place), -place)), name

    def _subjects(self) -> Iterator[tuple[str, list[int]]]:
        """Yields topics of several words, and names, with the sentences that have them."""
        for video, outline in enumerate(self._outlines):
            for phrase in self._topics.distinctive(video, ()):
                if len(phrase) >= (_MIN_CHARACTERS if is_spaceless(phrase[0]) else _MIN_WORDS):
                    # The longer phrase that names the topic here may not be the one that named it before.
                    for name in (*self._topics.spell_out([phrase], 1), as_text(phrase)):
                        yield name, self._places_in(video, phrase)
            named: dict[str, list[int]] = defaultdict(list)
            for index in self._of_video[video]:
                for name in names(self._sentences[index].text, outline.language):
                    named[name].append(index)
            yield from named.items()

    def _find_closest(self, index: int) -> tuple[int, float] | None:
        """Returns the earlier statement that is most similar to a sentence, if it is on the same subject."""
        unit = self._units[index]
        likeness = {
            place: self._likeness(index, place)
            for place, earlier in enumerate(self._earlier_units)
            if len(unit & earlier) >= _TERMS_IN_COMMON
        }
        closest = max(likeness, key=likeness.__getitem__, default=None)
        return None if closest is None or likeness[closest] < _ALIKE else (closest, likeness[closest])

    def _likeness(self, index: int, place: int) -> float:
        return similarity(self._units[index], self._earlier_units[place], self._weights)
