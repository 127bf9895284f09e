"""A second look at statements with something that was not found in the captions: each is corrected, dropped or left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from skimlist.checking.check import Place
from skimlist.models.claim_check import ClaimCheck
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.drafts import LINES_A_DOUBT, Doubt, Draft, Request
from skimlist.summarizing.review import is_in_another_language
from skimlist.text.sentences import sentences
from skimlist.text.words import count_words

# More go unasked: where so much is in doubt, the captions themselves are at fault.
_MOST_DOUBTS = 12
# How far around its place the lines are looked for that go with a statement.
_LINES_AROUND = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of a draft that can be checked by itself, in one of its fields, and the lines that it rests on."""

    field: str
    text: str
    place: Place | None = None


class SecondLook:
    """At the statements of one draft that are in doubt."""

    def __init__(self, draft: Draft, checker: ClaimChecker, request: Request) -> None:
        self._draft = draft
        self._checker = checker
        self._request = request
        found = [(each, self._doubt(each)) for each in _statements(draft, len(request.lines))]
        in_doubt = [(each, doubt) for each, doubt in found if doubt and doubt.lines][:_MOST_DOUBTS]
        self._statements = [each for each, _ in in_doubt]
        self.doubts = [doubt for _, doubt in in_doubt]

    def corrected(self, texts: Mapping[int, str]) -> Draft:
        """The draft with those texts, by their place among the doubts, that fall less short; an empty one drops what is
        in doubt."""
        draft = self._draft
        for number, text in texts.items():
            if not text.strip() or self._is_better(text, number):
                statement = self._statements[number]
                draft = _FIELDS[statement.field](draft, statement.text, text.strip())
        return draft

    def _doubt(self, statement: Statement) -> Doubt | None:
        verdict = self._verdict(statement, statement.text)
        if not verdict.is_unverified:
            return None
        closest = self._checker.closest(statement.text, self._around(statement.place), LINES_A_DOUBT)
        return Doubt(statement.text, verdict.missing, tuple(self._request.lines[at] for at in closest))

    def _around(self, place: Place | None) -> range:
        count = len(self._request.lines)
        if place is None:
            return range(count)
        last = place.first if place.last is None else place.last
        return range(max(place.first - _LINES_AROUND, 0), min(last + _LINES_AROUND + 1, count))

    def _verdict(self, statement: Statement, text: str) -> ClaimCheck:
        return self._checker.verdict(
            text, self._draft.language, statement.place, may_move=statement.field != "chapters"
        )

    def _is_better(self, text: str, number: int) -> bool:
        before = self._verdict(self._statements[number], self._statements[number].text)
        after = self._verdict(self._statements[number], text)
        return _fault(after) < _fault(before) and not is_in_another_language(text, self._request)


def _fault(verdict: ClaimCheck) -> int:
    return max(len(verdict.missing), 1) if verdict.is_unverified else 0


def _statements(draft: Draft, lines: int) -> Iterator[Statement]:
    for field, text in (("tldr", draft.tldr), ("text", draft.text)):
        yield from (Statement(field, sentence) for sentence in sentences(text))
    for point in draft.key_points:
        yield Statement("key_points", point.text, Place(point.line - 1))
    ends = [*(chapter.line for chapter in draft.chapters), lines + 1][1:]
    for chapter, end in zip(draft.chapters, ends, strict=True):
        if chapter.summary:
            yield Statement("chapters", chapter.summary, Place(chapter.line - 1, end - 2))
    for finding in draft.focus:
        if finding.found:
            yield Statement("focus", finding.text, Place(finding.line - 1) if finding.line else None)


def _in_tldr(draft: Draft, old: str, new: str) -> Draft:
    return replace(draft, tldr=_in_text(draft.tldr, old, new))


def _in_summary(draft: Draft, old: str, new: str) -> Draft:
    return replace(draft, text=_in_text(draft.text, old, new))


def _in_text(text: str, old: str, new: str) -> str:
    changed = text.replace(old, new, 1) if new else re.sub(rf"{re.escape(old)}[ \t]*", "", text, count=1).strip()
    return changed if count_words(changed) else text


def _in_key_points(draft: Draft, old: str, new: str) -> Draft:
    points = (replace(point, text=new) if point.text == old else point for point in draft.key_points)
    kept = tuple(point for point in points if point.text)
    return replace(draft, key_points=kept) if kept else draft


def _in_chapters(draft: Draft, old: str, new: str) -> Draft:
    """A chapter stays where it begins, with its title alone if need be."""
    chapters = (replace(each, summary=new) if each.summary == old else each for each in draft.chapters)
    return replace(draft, chapters=tuple(chapters))


def _in_focus(draft: Draft, old: str, new: str) -> Draft:
    """A report is not dropped: that the video does not mention its area would be another claim."""
    reports = (replace(each, text=new) if new and each.text == old else each for each in draft.focus)
    return replace(draft, focus=tuple(reports))


# Puts a text in the place of another, or drops that for an empty one if something is left.
_Put = Callable[[Draft, str, str], Draft]
_FIELDS: Mapping[str, _Put] = {
    "tldr": _in_tldr,
    "text": _in_summary,
    "key_points": _in_key_points,
    "chapters": _in_chapters,
    "focus": _in_focus,
}
