"""What a digest claims, checked against the summaries that it cites; these were checked against the captions."""

from __future__ import annotations

from collections.abc import Mapping

from skimlist.checking.captions import Captions
from skimlist.checking.check import check_claim
from skimlist.digesting.drafts import Finding
from skimlist.digesting.outlines import Outline
from skimlist.models.claim_check import ClaimCheck


def check_finding(found: Finding, outlines: Mapping[int, Outline], language: str) -> ClaimCheck:
    """`outlines` by position, `language` is the digest's (BCP 47)."""
    cited = [outlines[position] for position in dict.fromkeys(source.position for source in found.sources)]
    said = [said.text for outline in cited for said in outline.statements]
    told = [text for outline in cited for text in (outline.title, outline.gist, *outline.headings)]
    return check_claim(found.text, language, Captions(said, cited[0].language, told)).check
