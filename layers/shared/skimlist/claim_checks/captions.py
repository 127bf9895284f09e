"""The captions of a video, prepared for lookups."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from skimlist.claim_checks.folding import stem, stems
from skimlist.claim_checks.months import heard_months
from skimlist.claim_checks.names import Heard
from skimlist.claim_checks.numbers import Number, heard_numbers, reads_words
from skimlist.text.language_codes import same_language
from skimlist.text.stop_words import stop_words
from skimlist.text.words import tokens


class Captions:
    """The lines of a video in order. `metadata`, such as its title, counts as said everywhere."""

    def __init__(self, lines: Sequence[str], language: str, metadata: Sequence[str] = ()) -> None:
        self.lines = tuple(lines)
        self.language = language
        self.metadata = " ".join(metadata)
        self._numbers: dict[range, tuple[Number, ...]] = {}
        self._months: dict[range, frozenset[int]] = {}
        self._stems: dict[int, frozenset[str]] = {}

    def is_in(self, language: str) -> bool:
        return same_language(self.language, language)

    @cached_property
    def ignored(self) -> frozenset[str]:
        return stop_words(self.language)

    @cached_property
    def heard(self) -> Heard:
        """The text of the whole video for a search for names; a speaker names somebody once and then says he or she."""
        text = " ".join((self.metadata, *self.lines))
        return Heard(text, tokens(text))

    @cached_property
    def metadata_numbers(self) -> tuple[Number, ...]:
        return heard_numbers(self.metadata, self.language)

    @cached_property
    def metadata_months(self) -> frozenset[int]:
        return heard_months(self.metadata, self.language)

    @cached_property
    def metadata_words(self) -> list[str]:
        return [stem(word) for word in tokens(self.metadata)]

    @cached_property
    def has_readable_numbers(self) -> bool:
        """Whether numbers can be found, because the captions have digits or the language's number words are known."""
        return reads_words(self.language) or any(character.isdecimal() for line in self.lines for character in line)

    def numbers(self, lines: range) -> tuple[Number, ...]:
        """Returns the numbers in these lines, including those that begin in one and end in the next."""
        if lines not in self._numbers:
            self._numbers[lines] = heard_numbers(" ".join(self.lines[lines.start : lines.stop]), self.language)
        return self._numbers[lines]

    def months(self, lines: range) -> frozenset[int]:
        if lines not in self._months:
            self._months[lines] = heard_months(" ".join(self.lines[lines.start : lines.stop]), self.language)
        return self._months[lines]

    def stems(self, lines: range) -> frozenset[str]:
        for at in lines:
            if at not in self._stems:
                self._stems[at] = stems(self.lines[at], self.ignored)
        return frozenset().union(*(self._stems[at] for at in lines))

    def words(self, lines: range) -> list[str]:
        """Returns the stems of all words in these lines, in order."""
        return [stem(word) for at in lines for word in tokens(self.lines[at])]

    def around(self, first: int, last: int | None = None) -> range:
        """Returns the lines from `first` to `last` (or `first` alone) with one line before and one after."""
        end = first if last is None else max(last, first)
        return range(max(first - 1, 0), min(end + 2, len(self.lines)))

    @property
    def everywhere(self) -> range:
        return range(len(self.lines))
