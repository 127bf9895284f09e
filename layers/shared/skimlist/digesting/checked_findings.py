"""What a digest claims, checked against the summaries that it cites; these were checked against the captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from skimlist.checking.captions import Captions
from skimlist.checking.check import check_claim
from skimlist.digesting.drafts import Finding
from skimlist.digesting.outlines import Outline
from skimlist.log import attempt
from skimlist.models.claim_check import ClaimCheck


def check_findings(
    findings: Sequence[Finding], outlines: Mapping[int, Outline], language: str
) -> Mapping[Finding, ClaimCheck | None]:
    """Verdicts on the findings of a digest in this language (BCP 47); `outlines` by position.

    There is none if the check fails, for whatever reason: the digest is paid for.
    """
    return attempt(
        lambda: {found: _check(found, outlines, language) for found in findings},
        dict,
        failed="digest not checked",
    )


def _check(found: Finding, outlines: Mapping[int, Outline], language: str) -> ClaimCheck | None:
    cited = [outlines[position] for position in dict.fromkeys(source.position for source in found.sources)]
    said = [said.text for outline in cited for said in outline.statements]
    metadata = [text for outline in cited for text in (outline.title, outline.gist, *outline.headings)]
    return check_claim(found.text, language, Captions(said, cited[0].language, metadata)).check
