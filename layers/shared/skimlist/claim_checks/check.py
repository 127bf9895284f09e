"""Checks a claim of a summary against the captions at the lines that it cites.

Its numbers with their units, its months and its quotations have to be found there, and so does a share of its wording.
Names may be said anywhere in the video, because a speaker names somebody once and then says he or she. A claim without
any of these passes regardless of its wording: the check finds facts that nobody stated, not opinions that nobody held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.folding import stem, stems
from skimlist.claim_checks.months import months, reads_months, without_months
from skimlist.claim_checks.names import is_heard as is_name_heard
from skimlist.claim_checks.names import names
from skimlist.claim_checks.numbers import (
    Number,
    as_written,
    numbers,
    with_romans_in_lower_case,
    without_item_numbers,
)
from skimlist.claim_checks.numbers import is_heard as is_number_heard
from skimlist.claim_checks.quotations import is_quoted, quotations
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.text.stop_words import stop_words
from skimlist.text.words import tokens

# Lines support a claim only if they contain at least this share of its wording.
_MIN_SHARED_WORDING = 0.3
# Lines are a claim's source if they have at least this share of its wording, and this much more than those that it
# cites.
_COPIED_WORDING = 0.8
_LEAD_OF_COPIED = 0.3
# The wording of a claim with fewer words is not significant.
_MIN_STEMS = 4
# Two sentences say the same if the shorter one shares at least this part of its wording with the other, or if both have
# the same wording, however little.
_MIN_SAME_WORDING = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """The lines that a claim cites, from `first` to `last`, counted from 0."""

    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The result for a claim, and the line that supports it; None for a claim that cites no lines."""

    check: ClaimCheck
    line: int | None = None


def check_claim(
    text: str, language: str, captions: Captions, place: Place | None = None, *, may_move: bool = True
) -> Checked:
    """Checks whether the captions support a claim in `language` (BCP 47), at the lines that it cites if there are any.

    With `may_move`, a wrong citation is moved to the line that supports the claim. One of several lines, such as a
    chapter, is moved only if the claim was copied from elsewhere. Whether a claim is in doubt does not depend on it.
    """
    claim = _Claim(text, language, captions)
    missing = claim.missing_names()
    if place is None:
        missing += claim.missing_at(captions.everywhere)
        return Checked(claim.result(missing, moved=False))
    cited = captions.around(place.first, place.last)
    lost = claim.missing_at(cited)
    is_worded = claim.has_little_wording or claim.shared(cited) >= _MIN_SHARED_WORDING
    is_said = not lost and is_worded
    better = claim.copied_place(cited) if is_said or place.last is not None else claim.better_place(cited)
    if better is not None:
        line = better if may_move else place.first
        return Checked(claim.result(missing, moved=line != place.first), line)
    if is_said:
        return Checked(claim.result(missing, moved=False), place.first)
    lost = [fact for fact in lost if not claim.is_said_elsewhere(fact)]
    if not lost and not missing and not is_worded and not claim.is_worded_anywhere():
        return Checked(ClaimCheck(CheckStatus.UNVERIFIED), place.first)
    return Checked(claim.result(missing + lost, moved=False), place.first)


def repeats(text: str, claim: str, language: str) -> bool:
    """Whether a sentence says what a claim in the same language says, perhaps in other words."""
    ignored = stop_words(language)
    wording, claimed = stems(text, ignored), stems(claim, ignored)
    shorter = min(len(wording), len(claimed))
    is_like = shorter >= _MIN_STEMS and len(wording & claimed) >= _MIN_SAME_WORDING * shorter
    return is_like or (shorter > 0 and wording == claimed)


def is_correction(text: str, statement: str, sources: Sequence[str], language: str) -> bool:
    """Whether a text may replace a statement: most of its words are from the statement or its sources.

    A model that finds nothing sometimes answers with a remark instead: “The captions do not say so.”
    """
    ignored = stop_words(language)
    known = " ".join((statement, *sources))
    if not stems(text, ignored):  # stop words and numbers alone, which any source has
        ignored, known = frozenset(), statement
    wording = stems(text, ignored)
    return 2 * len(wording & stems(known, ignored)) > len(wording)


def is_mentioned(phrase: str, language: str, captions: Captions) -> bool:
    """Whether most words of a phrase, such as a tag, occur in the captions, the title or the channel's name."""
    if not captions.is_in(language):
        return True
    wanted = stems(phrase, captions.ignored)
    if not wanted:  # a single character, or stop words alone
        return phrase.casefold() in captions.heard.text.casefold()
    said = captions.stems(captions.everywhere) | stems(captions.metadata, captions.ignored)
    return 2 * len(wanted & said) >= len(wanted) or all(
        is_name_heard(word, captions.heard) for word in phrase.upper().split()
    )


class _Claim:
    def __init__(self, text: str, language: str, captions: Captions) -> None:
        self._captions = captions
        self._text = text
        self._language = language
        # A translation shares its numbers and months with what was said, but not its words, nor the spelling of names.
        self._translated = not captions.is_in(language)
        self._numbers = self._stated_numbers() if captions.has_readable_numbers else {}
        self._quotations = () if self._translated else quotations(text, language)
        is_read = reads_months(captions.language)
        self._months = months(text, language, translated=self._translated) if is_read else {}
        # The words around the facts, without the facts themselves.
        self._wording = frozenset() if self._translated else self._stems(text) - set(map(stem, self._months))

    def _stated_numbers(self) -> dict[str, Number]:
        text = without_months(without_item_numbers(self._text, self._language), self._language)
        text = with_romans_in_lower_case(text, self._captions.heard.has_word)
        return {number.text: number for number in numbers(text, self._language) if number.is_statement}

    def _stems(self, text: str) -> frozenset[str]:
        return stems(text, self._captions.ignored)

    def result(self, missing: Sequence[str], *, moved: bool) -> ClaimCheck:
        """Returns the verdict, with the missing facts as the claim writes them."""
        if missing:
            written = (as_written(fact, self._text, self._language) for fact in missing)
            return ClaimCheck(CheckStatus.UNVERIFIED, tuple(dict.fromkeys(written)))
        return ClaimCheck(CheckStatus.MOVED if moved else CheckStatus.SUPPORTED)

    def missing_names(self) -> list[str]:
        if self._translated:
            return []
        return [name for name in names(self._text, self._language) if not is_name_heard(name, self._captions.heard)]

    def missing_at(self, lines: range) -> list[str]:
        return [fact for fact in (*self._numbers, *self._months, *self._quotations) if not self._is_said(fact, lines)]

    def _is_said(self, fact: str, lines: range) -> bool:
        if number := self._numbers.get(fact):
            return is_number_heard(number, (*self._captions.metadata_numbers, *self._captions.numbers(lines)))
        if months := self._months.get(fact):
            there = self._captions.months(lines)
            if not months.isdisjoint(there | self._captions.metadata_months):
                return True
            # Where no month is named, that of a date in digits may be said as a number: am siebzehnten fünften.
            number = Number(frozenset(map(Decimal, months)), None, fact)
            return not there and fact[0].isdecimal() and is_number_heard(number, self._captions.numbers(lines))
        words = [stem(word) for word in tokens(fact)]
        return is_quoted(words, self._captions.words(lines)) or is_quoted(words, self._captions.metadata_words)

    @property
    def has_little_wording(self) -> bool:
        return len(self._wording) < _MIN_STEMS

    def shared(self, lines: range) -> float:
        """Returns the share of the claim's wording that these lines contain."""
        if not self._wording:
            return 1.0
        return len(self._wording & self._captions.stems(lines)) / len(self._wording)

    def better_place(self, cited: range) -> int | None:
        """Returns the line around which all facts are said in more of the claim's words, or None.

        A translation has no words to compare: it is the nearest line around which all of its numbers are said.
        """
        if self._translated:
            return self._nearest_place(cited)
        return self._place_with(max(_MIN_SHARED_WORDING, self.shared(cited) + 0.01))

    def copied_place(self, cited: range) -> int | None:
        """Returns the line around which almost all of the claim is said word for word, if `cited` has far less of it.

        Lines that announce or repeat a subject share some words with a claim about it, but not so many.
        """
        least = max(_COPIED_WORDING, self.shared(cited) + _LEAD_OF_COPIED)
        return None if self.has_little_wording or least > 1 else self._place_with(least)

    def _place_with(self, least: float) -> int | None:
        """Returns the line around which all facts and at least this share of the wording are said, or None."""
        shared = {at: self.shared(self._captions.around(at)) for at in self._captions.everywhere}
        likely = sorted((at for at in shared if shared[at] >= least), key=lambda at: (-shared[at], at))
        right = (at for at in likely if not self.missing_at(self._captions.around(at)))
        at = next(right, None)
        return None if at is None else self._closest(at)

    def _nearest_place(self, cited: range) -> int | None:
        near = sorted(self._captions.everywhere, key=lambda at: abs(at - cited.start))
        right = (at for at in near if not self.missing_at(self._captions.around(at)))
        at = next(right, None)
        if at is None:
            return None
        return min(self._captions.around(at), key=lambda line: len(self.missing_at(range(line, line + 1))))

    def _closest(self, at: int) -> int:
        """Returns the line with most of the claim's wording among a line and its neighbours."""
        return max(self._captions.around(at), key=lambda line: (self.shared(range(line, line + 1)), -line))

    def is_said_elsewhere(self, fact: str) -> bool:
        """Whether a fact is said where most of the claim is; for a translation, with all of its numbers."""
        around = map(self._captions.around, self._captions.everywhere)
        if self._translated:
            return any(not self.missing_at(lines) for lines in around)
        if not self._wording:
            return False
        return any(self.shared(lines) >= _MIN_SAME_WORDING and self._is_said(fact, lines) for lines in around)

    def is_worded_anywhere(self) -> bool:
        return any(self.shared(self._captions.around(at)) >= _MIN_SHARED_WORDING for at in self._captions.everywhere)
