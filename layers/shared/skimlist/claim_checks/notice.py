"""Notices for readers about claims that were not found in the captions."""

from __future__ import annotations

from skimlist.formatting import clock_time, counted
from skimlist.models.claim_check import ClaimCheck

_MAX_NAMED = 4


def notice(check: ClaimCheck | None, start_seconds: float | None = None) -> str | None:
    """Returns a sentence about an unverified statement at a second of the video or anywhere in it; None if verified."""
    around = "" if start_seconds is None else f" around {clock_time(start_seconds)}"
    return _sentence(check, f"in the captions{around}")


def chapter_notice(check: ClaimCheck | None) -> str | None:
    """Returns a sentence about the unverified summary of a chapter, which may rest on any caption of the chapter."""
    return _sentence(check, "in the captions of this chapter")


def digest_notice(check: ClaimCheck | None) -> str | None:
    """Returns sentences about an unverified claim of a digest, which say whose words these are; None if verified."""
    if check is None or not check.is_unverified:
        return None
    if not check.missing:
        return "Hardly any of these words are in the summaries of these videos. Check them in the videos."
    return f"The digest says {_listed(check)}, but the summaries of these videos do not. Check it in the videos."


def total_notice(unverified: int) -> str | None:
    """Returns a line about a whole summary or batch; None if all statements were found."""
    return f"{counted(unverified, 'statement')} to check: not found in the captions." if unverified else None


def _sentence(check: ClaimCheck | None, where: str) -> str | None:
    if check is None or not check.is_unverified:
        return None
    if not check.missing:
        return f"Hardly any of these words were found {where}."
    verb = "was" if len(check.missing) == 1 else "were"
    return f"{_listed(check)} {verb} not found {where}."


def _listed(check: ClaimCheck) -> str:
    named = [f"“{fact}”" for fact in check.missing[:_MAX_NAMED]]
    if len(check.missing) > _MAX_NAMED:
        named.append(f"{len(check.missing) - _MAX_NAMED} more")
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last
