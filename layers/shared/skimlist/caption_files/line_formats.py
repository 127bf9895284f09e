"""Reads captions in line formats: WebVTT, SubRip (SRT), SubViewer (SBV), and plain text with or without times.

WebVTT: https://www.w3.org/TR/webvtt1/. The other formats have no specification; files of common programs are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from skimlist.errors import CaptionsUnreadable
from skimlist.models.transcript import Segment

_CLOCK = r"-?(?:\d{1,4}:)?\d{1,4}:\d{1,2}(?:[.,]\d{1,9})?"
# After an arrow, the line may continue with settings (WebVTT) or coordinates (SubRip). With another separator
# between them, the times must be alone on the line, so that a line of speech is not mistaken for them.
_SPAN = re.compile(
    rf"\A\s*(?P<start>{_CLOCK})\s*(?:-{{1,3}}\s?>|[=→⟶]>?)\s*(?P<end>{_CLOCK})(?:\s.*)?"
    rf"|\A\s*(?P<start_>{_CLOCK})(?:,|\s*[–—-]\s*|\s+)(?P<end_>{_CLOCK})\s*"
)
_BROKEN_SPAN = re.compile(r"\A\s*(?:-?\d+[:.,].*)?-\s?->")
_MOMENT = re.compile(rf"\A\s*(?:\[({_CLOCK})\]|\(({_CLOCK})\)|({_CLOCK})(?![\d:.,]\d)):?(?:\s*[–—-]\s|\s|$)(.*)")
_NUMBER = re.compile(r"\A\s*\d{1,9}\s*")
_COMMENT = re.compile(r"\A(?:NOTE|STYLE|REGION)(?:\s.*)?")
# Times within a caption of WebVTT, and SubStation's codes, which SubRip files use too; tags are removed later.
_CODES = re.compile(r"<[\d:.]+>|\{\\[^{}]*\}")


class _Line(NamedTuple):
    number: int
    text: str


class _Cue(NamedTuple):
    start: float
    end: float
    lines: list[_Line]


def read_lines(lines: Sequence[str]) -> Iterator[Segment]:
    """Reads captions from lines. Raises CaptionsUnreadable, with the number of the line."""
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
    """Yields the lines of a WebVTT file without header, comments and styles, each of which ends at an empty line."""
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
    """Yields captions, each with the text from its line with times to the next such line, including empty lines.

    Directly before the times may stand the caption's number, or any name in WebVTT, after an empty line. Without that
    empty line it is text of the caption before, unless it is the next number.
    """
    cues, number = [_Cue(0.0, 0.0, [_Line(0, "")])], None
    for line in lines:
        if found := _SPAN.fullmatch(line.text):
            number = _take_number(cues[-1].lines, number, is_webvtt=is_webvtt)
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


def _take_number(lines: list[_Line], last_number: int | None, *, is_webvtt: bool) -> int | None:
    """Removes the number or name of the next caption from the end of the lines; returns it if it is a number."""
    if not lines:
        return None
    line, above = lines[-1].text, lines[-2].text if len(lines) > 1 else "text"
    number = int(line) if _NUMBER.fullmatch(line) else None
    is_name = not above if is_webvtt else number is not None and not above.strip()
    is_next = number is not None and last_number is not None and number == last_number + 1
    if not (is_name or is_next):
        return None
    lines.pop()
    return number


def _read_moments(lines: Sequence[_Line]) -> Iterator[Segment]:
    """Reads text with a time before each piece, like YouTube's transcript view; each piece lasts until the next."""
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
    """Parses `1:02:03,5` or `-0:01.250` into seconds: hours are optional, and a comma counts as a point."""
    seconds = 0.0
    for value in clock.lstrip("-").replace(",", ".").split(":"):
        seconds = seconds * 60 + float(value)
    return round(-seconds if clock.startswith("-") else seconds, 3)


def _unreadable_time(line: int) -> CaptionsUnreadable:
    return CaptionsUnreadable(f"The times on line {line} cannot be read; write them as 00:01:02,500 --> 00:01:04,000.")
