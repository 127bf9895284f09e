"""Checks a digest against the summaries that it is made from, which were checked against the captions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import check_claim, repeats
from skimlist.claim_checks.repetitions import is_same_doubt, with_repetitions
from skimlist.digesting.drafts import Draft, Finding
from skimlist.digesting.outlines import Outline
from skimlist.log import attempt
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.text.language_codes import same_language
from skimlist.text.sentences import sentences

# The summaries of more videos take too much memory to search them for names at once.
_VIDEOS_AT_ONCE = 500


def check_findings(
    findings: Sequence[Finding], outlines: Mapping[int, Outline], language: str
) -> Mapping[Finding, ClaimCheck | None]:
    """Returns verdicts on the findings of a digest in `language` (BCP 47). `outlines` maps positions to outlines.

    If the check itself fails, the mapping is empty: the digest is already paid for.
    """
    return attempt(
        lambda: {found: _check(found, outlines, language) for found in findings},
        dict,
        failed="digest not checked",
    )


def check_overview(
    draft: Draft, checks: Mapping[Finding, ClaimCheck | None], outlines: Sequence[Outline]
) -> ClaimCheck | None:
    """Returns the verdict on the overview, given those on the findings; None if the check itself fails."""
    return attempt(lambda: _check_overview(draft, checks, outlines), lambda: None, failed="overview not checked")


def _check_overview(
    draft: Draft, checks: Mapping[Finding, ClaimCheck | None], outlines: Sequence[Outline]
) -> ClaimCheck:
    by_position = {outline.position: outline for outline in outlines}
    doubtful = {found: check for found, check in checks.items() if check and check.is_unverified}
    alone = _verdicts((draft.overview, *sentences(draft.overview)), outlines, draft.language)

    def repeated_doubt(text: str) -> ClaimCheck | None:
        there = (
            (_check(replace(found, text=text), by_position, draft.language), doubt)
            for found, doubt in doubtful.items()
            if repeats(text, found.text, draft.language)
        )
        return next((check for check, doubt in there if check and is_same_doubt(check, doubt)), None)

    return with_repetitions(draft.overview, alone.__getitem__, repeated_doubt)


def _verdicts(texts: Iterable[str], outlines: Sequence[Outline], language: str) -> Mapping[str, ClaimCheck]:
    """Returns a verdict on each text, which lacks only what none of the summaries says."""
    counts = [*map(str, range(1, len(outlines) + 1)), *_all_lengths(outlines)]
    missing: dict[str, Sequence[str] | None] = dict.fromkeys(texts)
    for start in range(0, len(outlines), _VIDEOS_AT_ONCE):
        said = _said_by(outlines[start : start + _VIDEOS_AT_ONCE], counts, language)
        for text, earlier in missing.items():
            found = check_claim(text, language, said).check.missing
            missing[text] = found if earlier is None else [fact for fact in earlier if fact in found]
    return {
        text: ClaimCheck(CheckStatus.UNVERIFIED, tuple(lacks)) if lacks else ClaimCheck(CheckStatus.SUPPORTED)
        for text, lacks in missing.items()
    }


def _said_by(outlines: Sequence[Outline], counts: Sequence[str], language: str) -> Captions:
    """Returns all that the summaries say, and the number and length of the videos, which an overview may state."""
    said = [text for each in outlines for text in (each.gist, *(said.text for said in each.statements))]
    metadata = [text for each in outlines for text in (each.title, *each.headings, *each.tags)]
    # A summary in another language may spell names differently.
    others = (each.language for each in outlines if not same_language(each.language, language))
    return Captions(said, next(others, language), [*metadata, *counts])


def _all_lengths(outlines: Sequence[Outline]) -> Iterator[str]:
    seconds = [each.duration_seconds for each in outlines if each.duration_seconds]
    for each in (*seconds, sum(seconds)):
        yield from _lengths(each)


def _lengths(seconds: float) -> Iterator[str]:
    """Yields a length of time as people round it."""
    yield f"{seconds:.0f} s"
    for size, unit in ((60, "min"), (3600, "h")):
        yield from (f"{rounded(seconds / size)} {unit}" for rounded in (floor, ceil))


def _check(found: Finding, outlines: Mapping[int, Outline], language: str) -> ClaimCheck | None:
    cited = [outlines[position] for position in dict.fromkeys(source.position for source in found.sources)]
    said = [said.text for outline in cited for said in outline.statements]
    said += [said.text for place in found.earlier for said in place.video.statements]
    metadata = [text for outline in cited for text in (outline.title, outline.gist, *outline.headings)]
    metadata += [place.video.title for place in found.earlier]
    return check_claim(found.text, language, Captions(said, cited[0].language, metadata)).check
