"""Finds sentences that repeat a doubtful claim, in a text that cites nothing."""

from __future__ import annotations

from collections.abc import Callable

from skimlist.formatting import beginning_of
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.text.splitting import sentences

# A sentence that was not found is quoted to a reader up to this length.
_MAX_QUOTED_BYTES = 100


def with_repetitions(
    text: str, language: str, check: Callable[[str], ClaimCheck], repeated_doubt: Callable[[str], ClaimCheck | None]
) -> ClaimCheck:
    """Returns the verdict on a text in `language` (BCP 47) that cites nothing.

    `check` looks facts up everywhere; what it does not find is missing. If a sentence repeats a doubtful claim,
    `repeated_doubt` returns the verdict on that claim. If all facts of such a sentence are found somewhere, the
    sentence itself is listed as missing.
    """
    found = check(text)
    parts = sentences(text, language)
    doubts = {part: doubt for part in parts if (doubt := repeated_doubt(part)) and not check(part).is_unverified}
    if not doubts:
        return found
    if len(parts) == 1 and not doubts[parts[0]].missing:
        return doubts[parts[0]]
    return ClaimCheck(CheckStatus.UNVERIFIED, (*found.missing, *map(_beginning, doubts)))


def is_same_doubt(found: ClaimCheck, doubt: ClaimCheck) -> bool:
    """Whether a sentence, checked at the place of a doubtful claim, has the same doubts there.

    A sentence without any of the missing facts has them if hardly any of its words are said. One that only begins like
    the claim may have other facts, which are said elsewhere.
    """
    shared = set(found.missing) & set(doubt.missing)
    return found.is_unverified and bool(shared or not found.missing)


def _beginning(sentence: str) -> str:
    return beginning_of(" ".join(sentence.split()), _MAX_QUOTED_BYTES)
