"""Checks a digest against the summaries that it is made from, which were checked against the captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import check_claim, repeats
from skimlist.claim_checks.numbers import Number, as_written, heard_numbers, is_heard, numbers, numbers_before
from skimlist.claim_checks.repetitions import is_same_doubt, with_repetitions
from skimlist.digesting.drafts import Draft, Finding
from skimlist.digesting.outlines import Outline
from skimlist.log import attempt
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.text.language_codes import same_language
from skimlist.text.splitting import sentences

# Videos, as an overview counts them in any language, in lower case and without accents: twelve videos, seven of them.
_VIDEOS = re.compile(
    r"\bvide[oi]|\bwideo|\bвидео|\bролик|\bвідео|βιντεο|סרטון|فيديو|مقطع|مقاطع|ویدیو|ویدئو|वीडियो|ভিডিও|วิดีโอ"
    r"|動画|ビデオ|视频|視頻|影片|영상|비디오"
    r"|\b(?:of (?:them|these)|davon|d['’]entre (?:eux|elles)|de (?:ellos|ellas)|deles|delas|di (?:essi|loro)|из них)\b"
)
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
    alone = _verdicts(draft, outlines)

    def repeated_doubt(text: str) -> ClaimCheck | None:
        there = (
            (_check(replace(found, text=text), by_position, draft.language), doubt)
            for found, doubt in doubtful.items()
            if repeats(text, found.text, draft.language)
        )
        return next((check for check, doubt in there if check and is_same_doubt(check, doubt)), None)

    return with_repetitions(draft.overview, draft.language, alone.__getitem__, repeated_doubt)


def _verdicts(draft: Draft, outlines: Sequence[Outline]) -> Mapping[str, ClaimCheck]:
    """Returns verdicts on the overview and its sentences, which lack only what none of the summaries says."""
    language = draft.language
    parts = sentences(draft.overview, language)
    missing: dict[str, Sequence[str] | None] = dict.fromkeys((draft.overview, *parts))
    for start in range(0, len(outlines), _VIDEOS_AT_ONCE):
        said = _said_by(outlines[start : start + _VIDEOS_AT_ONCE], language)
        for text, earlier in missing.items():
            found = check_claim(text, language, said).check.missing
            missing[text] = found if earlier is None else [fact for fact in earlier if fact in found]
    counted = _counted(draft, outlines)
    lacking = {text: tuple(fact for fact in facts or () if fact not in counted) for text, facts in missing.items()}
    return {
        text: ClaimCheck(CheckStatus.UNVERIFIED, facts) if facts else ClaimCheck(CheckStatus.SUPPORTED)
        for text, facts in lacking.items()
    }


def _counted(draft: Draft, outlines: Sequence[Outline]) -> frozenset[str]:
    """Returns the numbers that no summary has to say, as the overview writes them.

    It may count the videos and give their lengths. A number of nothing else passes only if it is that of all videos, or
    at most that of the findings in one list: of thousands of videos, every year would be a number of some.
    """
    text, language = draft.overview, draft.language
    lengths = heard_numbers(", ".join(dict.fromkeys(_all_lengths(outlines))), language)
    listed = max(map(len, (draft.themes, draft.agreements, draft.differences)))

    def is_counted(number: Number) -> bool:
        if number.unit is not None:
            return is_heard(number, lengths)
        return any(value == len(outlines) or value <= listed for value in number.values)

    videos = (number for number in numbers_before(text, language, _VIDEOS) if max(number.values) <= len(outlines))
    counted = (number for number in numbers(text, language) if is_counted(number))
    return frozenset(as_written(number.text, text, language) for number in (*videos, *counted))


def _said_by(outlines: Sequence[Outline], language: str) -> Captions:
    """Returns all that the summaries say."""
    said = [text for each in outlines for text in (each.gist, *(said.text for said in each.statements))]
    metadata = [text for each in outlines for text in (each.title, *each.headings, *each.tags)]
    # A summary in another language may spell names differently.
    others = (each.language for each in outlines if not same_language(each.language, language))
    return Captions(said, next(others, language), metadata)


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
