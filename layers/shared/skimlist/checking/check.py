"""Checks a claim against what was said at the place that it names.

Names, numbers with their units, and quotations have to be found there, and a share of the wording. Names may be said
anywhere in the video: whoever talks goes on about somebody without the name. What is phrased in other words, without a
name or a number, passes: this finds facts that nobody said, not thoughts that nobody had.
"""

from __future__ import annotations

from dataclasses import dataclass

from skimlist.checking.captions import Captions
from skimlist.checking.folding import stem, stems
from skimlist.checking.names import is_heard as is_name_heard
from skimlist.checking.names import months, names
from skimlist.checking.numbers import Number, numbers
from skimlist.checking.numbers import is_heard as is_number_heard
from skimlist.checking.quotations import is_quoted, quotations
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.text.words import tokens

# A claim that shares less of its wording with a place than this was not said there.
_LEAST_SHARED = 0.3
# A claim of fewer words tells nothing by its wording.
_FEWEST_STEMS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """The lines that a claim rests on, from `first` to `last` (from 0)."""

    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a claim, and the line that it rests on; None for one that names no place."""

    check: ClaimCheck
    line: int | None = None


def check_claim(
    text: str, language: str, captions: Captions, place: Place | None = None, *, may_move: bool = True
) -> Checked:
    """Whether a claim in this language (BCP 47) is found in the captions, at its place if it names one.

    `may_move`: a reference that is wrong is moved to the line that says it.
    """
    claim = _Claim(text, language, captions)
    missing = claim.missing_names()
    if place is None:
        missing += claim.missing_at(captions.everywhere)
        return Checked(_result(missing, moved=False))
    cited = captions.around(place.first, place.last)
    lost = claim.missing_at(cited)
    is_worded = claim.tells_little or claim.shared(cited) >= _LEAST_SHARED
    if not lost and is_worded:
        return Checked(_result(missing, moved=False), place.first)
    better = claim.better_place(cited) if may_move else None
    if better is not None:
        return Checked(_result(missing, moved=True), better)
    lost = [fact for fact in lost if not claim.is_told_elsewhere(fact)]
    if not lost and not missing and not is_worded and not claim.is_worded_anywhere():
        return Checked(ClaimCheck(CheckStatus.UNVERIFIED), place.first)
    return Checked(_result(missing + lost, moved=False), place.first)


def is_mentioned(phrase: str, language: str, captions: Captions) -> bool:
    """Whether most words of a phrase, such as a tag, occur in the captions, the title or the channel's name."""
    if not captions.is_in(language):
        return True
    wanted = stems(phrase, captions.ignored)
    said = captions.stems(captions.everywhere) | stems(captions.told, captions.ignored)
    return 2 * len(wanted & said) >= len(wanted) or all(
        is_name_heard(word, captions.heard) for word in phrase.upper().split()
    )


def _result(missing: list[str], *, moved: bool) -> ClaimCheck:
    if missing:
        return ClaimCheck(CheckStatus.UNVERIFIED, tuple(dict.fromkeys(missing)))
    return ClaimCheck(CheckStatus.MOVED if moved else CheckStatus.SUPPORTED)


class _Claim:
    def __init__(self, text: str, language: str, captions: Captions) -> None:
        self._captions = captions
        self._text = text
        self._language = language
        # A translation shares numbers with what was said, but neither words nor the names of places.
        self._translated = not captions.is_in(language)
        self._numbers = _told(text, language) if captions.tells_numbers else {}
        self._quotations = () if self._translated else quotations(text)
        self._months = () if self._translated else months(text)
        # What a fact is said of, without the fact itself.
        self._wording = frozenset() if self._translated else self._stems(text) - set(map(stem, self._months))

    def _stems(self, text: str) -> frozenset[str]:
        return stems(text, self._captions.ignored)

    def missing_names(self) -> list[str]:
        if self._translated:
            return []
        return [name for name in names(self._text, self._language) if not is_name_heard(name, self._captions.heard)]

    def missing_at(self, lines: range) -> list[str]:
        return [fact for fact in (*self._numbers, *self._months, *self._quotations) if not self._is_told(fact, lines)]

    def _is_told(self, fact: str, lines: range) -> bool:
        if number := self._numbers.get(fact):
            return is_number_heard(number, (*self._captions.told_numbers, *self._captions.numbers(lines)))
        if fact in self._months:
            return stem(fact) in {*self._captions.words(lines), *self._captions.told_words}
        words = [stem(word) for word in tokens(fact)]
        return is_quoted(words, self._captions.words(lines)) or is_quoted(words, self._captions.told_words)

    @property
    def tells_little(self) -> bool:
        return len(self._wording) < _FEWEST_STEMS

    def shared(self, lines: range) -> float:
        """The share of the claim's wording that these lines have too."""
        if not self._wording:
            return 1.0
        return len(self._wording & self._captions.stems(lines)) / len(self._wording)

    def better_place(self, cited: range) -> int | None:
        """The line around which all that is missing is said, in more of the claim's words; None if there is none."""
        least = max(_LEAST_SHARED, self.shared(cited) + 0.01)
        shared = {at: self.shared(self._captions.around(at)) for at in self._captions.everywhere}
        likely = sorted((at for at in shared if shared[at] >= least), key=lambda at: (-shared[at], at))
        right = (at for at in likely if not self.missing_at(self._captions.around(at)))
        at = next(right, None)
        return None if at is None else self._closest(at)

    def _closest(self, at: int) -> int:
        """Of a line and its neighbours, the one that shares most."""
        return max(self._captions.around(at), key=lambda line: (self.shared(range(line, line + 1)), -line))

    def is_told_elsewhere(self, fact: str) -> bool:
        around = map(self._captions.around, self._captions.everywhere)
        return any(self.shared(lines) >= _LEAST_SHARED and self._is_told(fact, lines) for lines in around)

    def is_worded_anywhere(self) -> bool:
        return any(self.shared(self._captions.around(at)) >= _LEAST_SHARED for at in self._captions.everywhere)


def _told(text: str, language: str) -> dict[str, Number]:
    return {number.text: number for number in numbers(text, language) if number.is_told}
