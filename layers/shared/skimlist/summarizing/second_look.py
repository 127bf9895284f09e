"""A second look at statements with details that the captions do not contain: each is corrected, removed or kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from skimlist.claim_checks.check import Place, is_correction
from skimlist.llm.doubts import LINES_A_DOUBT, Doubt
from skimlist.models.claim_check import ClaimCheck
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.drafts import Draft, Request
from skimlist.summarizing.review import is_in_another_language
from skimlist.summarizing.statements import Statement, statements
from skimlist.text.words import count_words

# If more are in doubt, the captions themselves are probably bad, so the model is not asked about the rest.
_MAX_DOUBTS = 12
# Lines before and after the cited place that are searched for support.
_LINES_AROUND = 3


class SecondLook:
    """Re-checks the unverified statements of one draft."""

    def __init__(self, draft: Draft, checker: ClaimChecker, request: Request) -> None:
        self._draft = draft
        self._checker = checker
        self._request = request
        found = [(each, self._doubt(each)) for each in statements(draft, len(request.lines))]
        in_doubt = [(each, doubt) for each, doubt in found if doubt and doubt.lines][:_MAX_DOUBTS]
        self._statements = [each for each, _ in in_doubt]
        self.doubts = [doubt for _, doubt in in_doubt]

    def with_corrections(self, texts: Mapping[int, str]) -> Draft:
        """Returns the draft with each correction that verifies better than the original and is no mere remark on it.

        `texts` maps an index into `doubts` to its correction; an empty correction removes the statement.
        """
        draft = self._draft
        for number, text in texts.items():
            if not text.strip() or self._improves(number, text):
                statement = self._statements[number]
                draft = _FIELDS[statement.field](draft, statement.text, text.strip())
        return draft

    def _doubt(self, statement: Statement) -> Doubt | None:
        verdict = self._verdict(statement, statement.text)
        if not verdict.is_unverified:
            return None
        closest = self._checker.closest(statement.text, self._lines_around(statement.place), LINES_A_DOUBT)
        return Doubt(statement.text, verdict.missing, tuple(self._request.lines[at] for at in closest))

    def _lines_around(self, place: Place | None) -> range:
        count = len(self._request.lines)
        if place is None:
            return range(count)
        last = place.first if place.last is None else place.last
        return range(max(place.first - _LINES_AROUND, 0), min(last + _LINES_AROUND + 1, count))

    def _verdict(self, statement: Statement, text: str) -> ClaimCheck:
        return self._checker.verdict(replace(statement, text=text), self._draft)

    def _improves(self, number: int, text: str) -> bool:
        statement, doubt = self._statements[number], self.doubts[number]
        if _severity(self._verdict(statement, text)) >= _severity(self._verdict(statement, statement.text)):
            return False
        lines = [line.text for line in doubt.lines]
        return is_correction(text, statement.text, lines, self._draft.language) and not is_in_another_language(
            text, self._request
        )


def _severity(verdict: ClaimCheck) -> int:
    return max(len(verdict.missing), 1) if verdict.is_unverified else 0


def _replace_in_tldr(draft: Draft, old: str, new: str) -> Draft:
    return replace(draft, tldr=_replace_in_text(draft.tldr, old, new))


def _replace_in_summary(draft: Draft, old: str, new: str) -> Draft:
    return replace(draft, text=_replace_in_text(draft.text, old, new))


def _replace_in_text(text: str, old: str, new: str) -> str:
    changed = text.replace(old, new, 1) if new else re.sub(rf"{re.escape(old)}[ \t]*", "", text, count=1).strip()
    return changed if count_words(changed) else text


def _replace_in_key_points(draft: Draft, old: str, new: str) -> Draft:
    points = (replace(point, text=new) if point.text == old else point for point in draft.key_points)
    kept = tuple(point for point in points if point.text)
    return replace(draft, key_points=kept) if kept else draft


def _replace_in_chapters(draft: Draft, old: str, new: str) -> Draft:
    """Replaces a chapter's summary. The chapter itself is never removed; without a summary it keeps its title."""
    chapters = (replace(each, summary=new) if each.summary == old else each for each in draft.chapters)
    return replace(draft, chapters=tuple(chapters))


def _replace_in_focus(draft: Draft, old: str, new: str) -> Draft:
    """Replaces a report, but never removes one: that would claim that the video does not mention the area."""
    reports = (replace(each, text=new) if new and each.text == old else each for each in draft.focus)
    return replace(draft, focus=tuple(reports))


# Replaces one text in a draft; an empty replacement removes it unless nothing would be left.
_ReplaceText = Callable[[Draft, str, str], Draft]
_FIELDS: Mapping[str, _ReplaceText] = {
    "tldr": _replace_in_tldr,
    "text": _replace_in_summary,
    "key_points": _replace_in_key_points,
    "chapters": _replace_in_chapters,
    "focus": _replace_in_focus,
}
