"""A second look at claims of a digest with details that its summaries do not contain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from skimlist.claim_checks.check import is_correction
from skimlist.claim_checks.folding import stems
from skimlist.digesting.checked_findings import check_findings
from skimlist.digesting.drafts import Digester, Draft, Finding
from skimlist.digesting.outlines import Outline
from skimlist.llm.doubts import LINES_A_DOUBT, Doubt
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT
from skimlist.log import attempt
from skimlist.models.claim_check import ClaimCheck
from skimlist.text.language import MIN_SENTENCE_WORDS, clearly_in
from skimlist.text.language_codes import same_language
from skimlist.text.stop_words import stop_words

_MAX_DOUBTS = 12


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement of a summary, numbered from 1 as it is shown with a claim."""

    number: int
    text: str


def recheck_claims(draft: Draft, outlines: Mapping[int, Outline], digester: Digester) -> Draft:
    """Asks once about the unverified claims and returns the draft with those corrected or removed.

    `outlines` maps positions to outlines. If the request fails, the draft is returned unchanged.
    """
    checks = check_findings(draft.findings, outlines, draft.language)
    doubts = {
        found: Doubt(found.text, check.missing, _closest(found, outlines))
        for found in draft.findings
        if (check := checks.get(found)) and check.is_unverified
    }
    selected = list(doubts)[:_MAX_DOUBTS]
    if not selected:
        return draft
    texts: Mapping[int, str] = attempt(
        lambda: digester.reconsider([doubts[found] for found in selected], draft.language),
        dict,
        failed="doubtful claims of the digest not rechecked",
    )
    corrected = {selected[number]: text.strip() for number, text in texts.items()}

    def applied(findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Returns the findings with the corrections that verify better, without those whose correction is empty."""
        return tuple(better for found in findings if (better := chosen(found)).text)

    def chosen(found: Finding) -> Finding:
        text = corrected.get(found)
        if text is None:
            return found
        is_better = not text or _is_better(text, found, doubts[found], outlines, draft.language)
        return replace(found, text=text) if is_better else found

    news = draft.news and replace(
        draft.news,
        new=applied(draft.news.new),
        beyond=applied(draft.news.beyond),
        contradictions=applied(draft.news.contradictions),
    )
    return replace(
        draft,
        themes=applied(draft.themes),
        agreements=applied(draft.agreements),
        differences=applied(draft.differences),
        news=news,
    )


def _is_better(text: str, found: Finding, doubt: Doubt, outlines: Mapping[int, Outline], language: str) -> bool:
    second = replace(found, text=text)
    checks = check_findings([found, second], outlines, language)
    said = [each.text for each in doubt.lines]
    return (
        _faults(checks[second]) < _faults(checks[found])
        and is_correction(text, found.text, said, language)
        and _is_in(text, language)
    )


def _faults(check: ClaimCheck | None) -> int:
    return max(len(check.missing), 1) if check and check.is_unverified else 0


def _is_in(text: str, language: str) -> bool:
    candidates = (LANGUAGE_OF_THE_PROMPT,)
    found = clearly_in(text, candidates, wanted=language, fewest_words=MIN_SENTENCE_WORDS)
    return same_language(found, language)


def _closest(found: Finding, outlines: Mapping[int, Outline]) -> tuple[_Said, ...]:
    """Returns the statements of the cited videos that share most words with a claim, in their order."""
    cited = [outlines[position] for position in dict.fromkeys(source.position for source in found.sources)]
    earlier = [said.text for place in found.earlier for said in place.video.statements]
    said = [_Said(number, text) for number, text in enumerate([*_texts(cited), *earlier], start=1)]
    ignored = stop_words(cited[0].language)
    wanted = stems(found.text, ignored)
    closest = sorted(said, key=lambda each: len(wanted & stems(each.text, ignored)), reverse=True)[:LINES_A_DOUBT]
    return tuple(sorted(closest, key=lambda each: each.number))


def _texts(outlines: Sequence[Outline]) -> list[str]:
    texts = [text for outline in outlines for text in (outline.gist, *(said.text for said in outline.statements))]
    return list(filter(None, texts))
