"""Checks the claims of a draft against the captions: key points, chapters, reports on focus areas, and tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import Checked, Place, check_claim, is_mentioned, repeats
from skimlist.claim_checks.folding import stems
from skimlist.claim_checks.repetitions import is_same_doubt, with_repetitions
from skimlist.log import attempt
from skimlist.models.claim_check import ClaimCheck
from skimlist.models.summary import Chapter, Focus, KeyPoint
from skimlist.models.transcript import Transcript
from skimlist.summarizing.bounds import OnALine
from skimlist.summarizing.drafts import Draft, Finding, Point, Section
from skimlist.summarizing.lines import Line
from skimlist.summarizing.statements import Statement, cited_statements


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaims:
    """The claims of a draft that are shown to a reader, each with its verdict."""

    key_points: tuple[KeyPoint, ...]
    chapters: tuple[Chapter, ...]
    focus: tuple[Focus, ...]
    tags: tuple[str, ...]
    tldr_check: ClaimCheck | None
    text_check: ClaimCheck | None


class _Verdict(Protocol):
    """A verdict on a claim and the line (from 0) that supports it; None if the claim cites no line."""

    @property
    def check(self) -> ClaimCheck | None: ...

    @property
    def line(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class _Unchecked:
    line: int | None
    check: None = None


def without_times(claims: CheckedClaims) -> CheckedClaims:
    """Removes all times, for captions without times; chapters are removed, because they are times with a title."""
    points = tuple(replace(point, start_seconds=None) for point in claims.key_points)
    focus = tuple(replace(report, start_seconds=None) for report in claims.focus)
    return replace(claims, key_points=points, chapters=(), focus=focus)


class ClaimChecker:
    """Checks drafts about one video, and remembers the verdict on each claim."""

    def __init__(self, lines: Sequence[Line], transcript: Transcript, areas: Sequence[str] = ()) -> None:
        self._lines = lines
        self._areas = areas
        self._end = transcript.end_seconds
        self._chapters_may_move = not transcript.chapters
        metadata = (transcript.title or "", transcript.channel or "")
        self._captions = Captions([line.text for line in lines], transcript.language_code, metadata)
        self._verdicts: dict[tuple[str, str, Place | None, bool], Checked] = {}

    def claims(self, draft: Draft) -> CheckedClaims:
        """Checks all claims of a draft, which is paid for: if the check itself fails, they have no verdicts."""
        return attempt(
            lambda: self._claims(draft, self._check, self._is_mentioned, self._text),
            lambda: self._claims(draft, _unchecked, lambda *_: True, lambda *_: None),
            failed="claims not checked",
        )

    def lines(self, draft: Draft) -> Mapping[OnALine, int]:
        """Returns the line of each key point and chapter of a draft at which `claims` shows it.

        If the check itself fails, that is the line that it cites.
        """
        return attempt(
            lambda: dict(self._lines_of(draft, self._check)),
            lambda: dict(self._lines_of(draft, _unchecked)),
            failed="claims not checked",
        )

    def _lines_of(self, draft: Draft, check: _Check) -> Iterator[tuple[OnALine, int]]:
        for point, found in self._checked_points(draft, check):
            yield point, (found.line or 0) + 1
        for section, found in self._checked_chapters(draft, check):
            yield section, (found.line or 0) + 1

    def _claims(
        self,
        draft: Draft,
        check: _Check,
        is_mentioned: Callable[[str, str], bool],
        check_text: Callable[[str, Draft], ClaimCheck | None],
    ) -> CheckedClaims:
        return CheckedClaims(
            key_points=self._key_points(draft, check),
            chapters=tuple(self._chapters(draft, check)),
            focus=tuple(self._focus(draft, check)),
            tags=tuple(tag for tag in draft.tags if is_mentioned(tag, draft.language)),
            tldr_check=check_text(draft.tldr, draft),
            text_check=check_text(draft.text, draft),
        )

    def _text(self, text: str, draft: Draft) -> ClaimCheck | None:
        def alone(part: str) -> ClaimCheck:
            return self._check(part, draft.language).check

        def repeated_doubt(part: str) -> ClaimCheck | None:
            return self._repeated_doubt(part, draft)

        return with_repetitions(text, draft.language, alone, repeated_doubt) if text else None

    def _key_points(self, draft: Draft, check: _Check) -> tuple[KeyPoint, ...]:
        """Returns the key points in the order of the video, each at the place where it was found to be said."""
        found = sorted(self._checked_points(draft, check), key=lambda each: each[1].line or 0)
        return tuple(KeyPoint(text=point.text, start_seconds=self._start(at), check=at.check) for point, at in found)

    def _checked_points(self, draft: Draft, check: _Check) -> Iterator[tuple[Point, _Verdict]]:
        for point in draft.key_points:
            yield point, check(point.text, draft.language, _place(point.line))

    def _checked_chapters(self, draft: Draft, check: _Check) -> Iterator[tuple[Section, _Verdict]]:
        """Yields chapters, whose summaries are checked against all of their lines.

        A chapter of the model begins where its summary was copied from, because a small model counts lines wrongly; one
        of the creator never moves.
        """
        ends = [*(section.line for section in draft.chapters), len(self._lines) + 1][1:]
        for section, end in zip(draft.chapters, ends, strict=True):
            place = Place(section.line - 1, end - 2)
            yield section, check(section.summary, draft.language, place, may_move=self._chapters_may_move)

    def _chapters(self, draft: Draft, check: _Check) -> Iterator[Chapter]:
        """Yields chapters that begin one after the other; of two that begin at the same moment, the first."""
        last = -1.0
        for section, found in sorted(self._checked_chapters(draft, check), key=lambda each: each[1].line or 0):
            start = self._start(found)
            if start > last:
                last = start
                verdict = found.check if section.summary else None
                yield Chapter(title=section.title, start_seconds=start, summary=section.summary, check=verdict)

    def _focus(self, draft: Draft, check: _Check) -> Iterator[Focus]:
        """Yields a report on each requested area; an area that the model did not report on counts as not found."""
        findings = {finding.area: finding for finding in draft.focus}
        for area in self._areas:
            finding = findings.get(area, Finding(area))
            if not finding.found:
                yield Focus(area=area, found=False)
                continue
            found = check(finding.text, draft.language, _place(finding.line) if finding.line else None)
            start = None if found.line is None else self._start(found)
            yield Focus(area=area, found=True, text=finding.text, start_seconds=start, check=found.check)

    def verdict(self, statement: Statement, draft: Draft) -> ClaimCheck:
        """Checks a statement of a draft. One that cites nothing is compared with doubtful ones that say the same."""
        found = self._verdict(statement, draft)
        if statement.place or found.is_unverified:
            return found
        return self._repeated_doubt(statement.text, draft) or found

    def _repeated_doubt(self, text: str, draft: Draft) -> ClaimCheck | None:
        """Returns the doubt about a sentence at the lines of a doubtful statement that says the same."""
        there = (
            (self._check(text, draft.language, other.place).check, doubt)
            for other in cited_statements(draft, len(self._lines))
            if repeats(text, other.text, draft.language) and (doubt := self._verdict(other, draft)).is_unverified
        )
        return next((found for found, doubt in there if is_same_doubt(found, doubt)), None)

    def _verdict(self, statement: Statement, draft: Draft) -> ClaimCheck:
        return self._check(statement.text, draft.language, statement.place).check

    def closest(self, text: str, lines: range, most: int) -> list[int]:
        """Returns up to `most` of `lines` (from 0) that share the most words with a text, in ascending order."""
        wanted = stems(text, self._captions.ignored)
        shared = {at: len(wanted & self._captions.stems(range(at, at + 1))) for at in lines}
        return sorted(sorted(shared, key=shared.__getitem__, reverse=True)[:most])

    def _check(self, text: str, language: str, place: Place | None = None, *, may_move: bool = True) -> Checked:
        key = text, language, place, may_move
        if key not in self._verdicts:
            self._verdicts[key] = check_claim(text, language, self._captions, place, may_move=may_move)
        return self._verdicts[key]

    def _is_mentioned(self, tag: str, language: str) -> bool:
        return is_mentioned(tag, language, self._captions)

    def _start(self, found: _Verdict) -> float:
        return round(min(self._lines[found.line or 0].start, self._end), 1)


_Check = Callable[..., _Verdict]


def _unchecked(text: str, language: str, place: Place | None = None, *, may_move: bool = True) -> _Verdict:
    del text, language, may_move
    return _Unchecked(place.first if place else None)


def _place(line: int) -> Place:
    """Converts a line number (from 1) to a place (from 0)."""
    return Place(line - 1)
