"""What a draft claims, checked against the captions: key points, chapters, reports on focus areas, tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skimlist.checking.captions import Captions
from skimlist.checking.check import Checked, Place, check_claim, is_mentioned
from skimlist.models.claim_check import ClaimCheck
from skimlist.models.summary import Chapter, Focus, KeyPoint
from skimlist.models.transcript import Transcript
from skimlist.summarizing.drafts import Draft, Finding
from skimlist.summarizing.lines import Line


class CheckedClaims:
    def __init__(self, draft: Draft, lines: Sequence[Line], transcript: Transcript) -> None:
        self._draft = draft
        self._lines = lines
        self._end = transcript.end_seconds
        told = (transcript.title or "", transcript.channel or "")
        self._captions = Captions([line.text for line in lines], transcript.language_code, told)

    def text(self, text: str) -> ClaimCheck | None:
        """Of a text that names no place."""
        return self._check(text).check if text else None

    def key_points(self) -> tuple[KeyPoint, ...]:
        """In the order of the video, each where it was found to be said."""
        checked = [(point, self._check(point.text, _place(point.line))) for point in self._draft.key_points]
        checked.sort(key=lambda each: each[1].line or 0)
        return tuple(
            KeyPoint(text=point.text, start_seconds=self._start(found), check=found.check) for point, found in checked
        )

    def chapters(self) -> Iterator[Chapter]:
        """Each begins after the one before; two that begin in one moment are one. What a chapter tells rests on all of
        it, and does not move where it begins."""
        sections = self._draft.chapters
        ends = [*(section.line for section in sections), len(self._lines) + 1][1:]
        last = -1.0
        for section, end in zip(sections, ends, strict=True):
            place = Place(section.line - 1, end - 2)
            found = self._check(section.summary, place, may_move=False)
            start = self._start(found)
            if start > last:
                last = start
                check = found.check if section.summary else None
                yield Chapter(title=section.title, start_seconds=start, summary=section.summary, check=check)

    def focus(self, areas: Sequence[str]) -> Iterator[Focus]:
        """A report on each area that was asked for; one that the model passed over was not found."""
        findings = {finding.area: finding for finding in self._draft.focus}
        for area in areas:
            finding = findings.get(area, Finding(area))
            if not finding.found:
                yield Focus(area=area, found=False)
                continue
            found = self._check(finding.text, _place(finding.line) if finding.line else None)
            start = None if found.line is None else self._start(found)
            yield Focus(area=area, found=True, text=finding.text, start_seconds=start, check=found.check)

    def tags(self) -> tuple[str, ...]:
        """Those that the video mentions."""
        return tuple(tag for tag in self._draft.tags if is_mentioned(tag, self._draft.language, self._captions))

    def _check(self, text: str, place: Place | None = None, *, may_move: bool = True) -> Checked:
        return check_claim(text, self._draft.language, self._captions, place, may_move=may_move)

    def _start(self, found: Checked) -> float:
        return round(min(self._lines[found.line or 0].start, self._end), 1)


def _place(line: int) -> Place:
    """Lines are numbered from 1."""
    return Place(line - 1)
