"""Captions in formats made of lines: WebVTT, SubRip (SRT), SubViewer (SBV), and plain text with times or without.

WebVTT: https://www.w3.org/TR/webvtt1/. The others have no specification; what programs write is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from skimlist.errors import CaptionsUnreadable
from skimlist.models.transcript import Segment

_CLOCK = r"-?(?:\d{1,4}:)?\d{1,4}:\d{1,2}(?:[.,]\d{1,9})?"
# Behind an arrow the line may go on with settings (WebVTT) or coordinates (SubRip). Where something else stands between
# the times, or nothing at all, they have to be all there is, so that a line of speech is not mistaken for them.
_SPAN = re.compile(
    rf"\A\s*(?P<start>{_CLOCK})\s*(?:-{{1,3}}\s?>|[=→⟶]>?)\s*(?P<end>{_CLOCK})(?:\s.*)?"
    rf"|\A\s*(?P<start_>{_CLOCK})(?:,|\s*[–—-]\s*|\s+)(?P<end_>{_CLOCK})\s*"
)
_BROKEN_SPAN = re.compile(r"\A\s*(?:-?\d+[:.,].*)?-\s?->")
_MOMENT = re.compile(rf"\A\s*(?:\[({_CLOCK})\]|\(({_CLOCK})\)|({_CLOCK})(?![\d:.,]\d)):?(?:\s*[–—-]\s|\s|$)(.*)")
_COMMENT = re.compile(r"\A(?:NOTE|STYLE|REGION)(?:\s.*)?")
# Times within a caption of WebVTT, and SubStation's codes, which SubRip files took over; tags are left to the cleaning.
_CODES = re.compile(r"<[\d:.]+>|\{\\[^{}]*\}")


class _Line(NamedTuple):
    number: int
    text: str


class _Cue(NamedTuple):
    start: float
    end: float
    lines: list[_Line]


def read_lines(lines: Sequence[str]) -> Iterator[Segment]:
    """Raises CaptionsUnreadable, with the number of the line."""
    numbered = [_Line(number, text) for number, text in enumerate(lines, start=1)]
    if lines[0].startswith("WEBVTT"):
        return _read_cues(list(_without_comments(numbered)), is_webvtt=True)
    if any(_SPAN.fullmatch(line) for line in lines):
        return _read_cues(numbered)
    if any(_BROKEN_SPAN.match(line) for line in lines):
        raise _unreadable_time(next(line.number for line in numbered if _BROKEN_SPAN.match(line.text)))
    written = [line for line in numbered if line.text.strip()]
    if written and _MOMENT.match(written[0].text):
        return _read_moments(written)
    return (Segment(line.text, 0.0, 0.0) for line in written)


def _without_comments(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines of a WebVTT file without its header, comments and styles; each of these ends at an empty line."""
    is_left_out, is_first = True, False
    for line in lines:
        if is_first:
            is_left_out = bool(_COMMENT.fullmatch(line.text))
        if not line.text or _SPAN.fullmatch(line.text):
            is_left_out = False
        is_first = not line.text
        if not is_left_out:
            yield line


def _read_cues(lines: Sequence[_Line], *, is_webvtt: bool = False) -> Iterator[Segment]:
    """The text behind a line with times is that of its caption, up to the next one, empty lines or not.

    A number alone directly before the times is that of the caption. So is any name in WebVTT, behind an empty line.
    """
    cues = [_Cue(0.0, 0.0, [])]
    for line in lines:
        if found := _SPAN.fullmatch(line.text):
            _drop_name(cues[-1].lines, is_webvtt=is_webvtt)
            start, end = found["start"] or found["start_"], found["end"] or found["end_"]
            cues.append(_Cue(_seconds(start), _seconds(end), []))
        elif _BROKEN_SPAN.match(line.text):
            raise _unreadable_time(line.number)
        else:
            cues[-1].lines.append(line)
    before, *cues = cues
    if stray := next((line for line in before.lines if line.text.strip()), None):
        raise CaptionsUnreadable(
            f"Line {stray.number} stands before the first time. "
            "Each caption needs a line such as 00:01:02,500 --> 00:01:04,000 above its text."
        )
    for cue in cues:
        text = "\n".join(_CODES.sub("", line.text) for line in cue.lines)
        yield Segment(text.strip(), cue.start, round(cue.end - max(cue.start, 0.0), 3))


def _drop_name(lines: list[_Line], *, is_webvtt: bool) -> None:
    if not lines:
        return
    stands_alone = len(lines) == 1 or not lines[-2].text
    if lines[-1].text.strip().isdecimal() or (is_webvtt and stands_alone):
        lines.pop()


def _read_moments(lines: Sequence[_Line]) -> Iterator[Segment]:
    """Text with a time above or before each piece of it, as YouTube shows a transcript; each lasts until the next."""
    cues: list[_Cue] = []
    for line in lines:
        if found := _MOMENT.match(line.text):
            *times, text = found.groups()
            moment = _seconds(next(filter(None, times)))
            cues.append(_Cue(moment, moment, [_Line(line.number, text)]))
        else:
            cues[-1].lines.append(line)
    for cue, following in pairwise([*cues, cues[-1]]):
        text = "\n".join(line.text for line in cue.lines)
        yield Segment(text.strip(), cue.start, round(following.start - cue.start, 3))


def _seconds(clock: str) -> float:
    """The seconds of `1:02:03,5` or `-0:01.250`: hours may be left out, and a comma counts as a point."""
    seconds = 0.0
    for value in clock.lstrip("-").replace(",", ".").split(":"):
        seconds = seconds * 60 + float(value)
    return round(-seconds if clock.startswith("-") else seconds, 3)


def _unreadable_time(line: int) -> CaptionsUnreadable:
    return CaptionsUnreadable(f"The times on line {line} cannot be read; write them as 00:01:02,500 --> 00:01:04,000.")
