"""Checks the claims of a digest against the summaries that it cites, which were checked against the captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import check_claim
from skimlist.digesting.drafts import Finding
from skimlist.digesting.outlines import Outline
from skimlist.log import attempt
from skimlist.models.claim_check import ClaimCheck


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


def _check(found: Finding, outlines: Mapping[int, Outline], language: str) -> ClaimCheck | None:
    cited = [outlines[position] for position in dict.fromkeys(source.position for source in found.sources)]
    said = [said.text for outline in cited for said in outline.statements]
    said += [said.text for place in found.earlier for said in place.video.statements]
    metadata = [text for outline in cited for text in (outline.title, outline.gist, *outline.headings)]
    metadata += [place.video.title for place in found.earlier]
    return check_claim(found.text, language, Captions(said, cited[0].language, metadata)).check
