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
# After an arrow, the line may continue with settings (WebVTT) or coordinates (SubRip), and after times in brackets,
# which Whisper prints, with the text. With another separator between them, the times must be alone on the line, so that
# a line of speech is not mistaken for them.
_SPAN = re.compile(
    rf"\A\s*(\[)?(?P<start>{_CLOCK})\s*(?:-{{1,3}}\s?>|[=→⟶]>?)\s*(?P<end>{_CLOCK})(?(1)\](?P<text>.*)|(?:\s.*)?)"
)
_BARE_SPAN = re.compile(rf"\A\s*({_CLOCK})(?:,|\s*[–—-]\s*|\s+)({_CLOCK})\s*")
# Before the arrow there is nothing, a word that begins like a time, or only characters of times.
_BROKEN_SPAN = re.compile(r"\A(?:\s*-?\d+[:.,]\S*\s*|[\d:.,\s]*)-\s?->")
# A line of a song (LRC) may have several times in square brackets before it; it is read once.
_MOMENT = re.compile(
    rf"\A\s*(?:\[({_CLOCK})\](?:\[{_CLOCK}\])*|(?:\(({_CLOCK})\)|(?P<unmarked>{_CLOCK})(?![\d:.,]\d))(?=:?(?:\s|$|[–—-]\s)))"
    r":?(?:\s*[–—-]\s)?\s*(?P<text>.*)"
)
_SONG_TAG = re.compile(r"\A\s*\[(?:al|ar|au|by|la|length|lr|offset|re|ti|tool|ve|#):[^\]]*\]\s*")
_NUMBER = re.compile(r"\A\s*\d{1,9}\s*")
_COMMENT = re.compile(r"\A(?:NOTE|STYLE|REGION)(?:\s.*)?")
# Times within a caption of WebVTT, and SubStation's codes, which SubRip files use too; tags are removed later.
_CODES = re.compile(r"<[\d:.]+>|\{\\[^{}]*\}")


class _Times(NamedTuple):
    start: str
    end: str
    text: str = ""


class _Line(NamedTuple):
    number: int
    text: str
    times: _Times | None = None


class _Cue(NamedTuple):
    start: float
    end: float
    lines: list[_Line]


class _Moment(NamedTuple):
    start: float
    is_marked: bool
    text: str


def read_lines(lines: Sequence[str]) -> Iterator[Segment]:
    """Reads captions from lines. Raises CaptionsUnreadable, with the number of the line."""
    first = next((line for line in lines if line.strip() and not _NUMBER.fullmatch(line)), "")
    begins_bare = _BARE_SPAN.fullmatch(first) is not None
    numbered = [_Line(number, text, _times(text, begins_bare)) for number, text in enumerate(lines, start=1)]
    if lines[0].startswith("WEBVTT"):
        return _read_cues(list(_without_comments(numbered)), is_webvtt=True)
    if any(line.times for line in numbered):
        return _read_cues(numbered)
    if broken := next((line for line in numbered if _BROKEN_SPAN.match(line.text)), None):
        raise _unreadable_time(broken.number)
    written = [line for line in numbered if line.text.strip()]
    spoken = [line for line in written if not _SONG_TAG.fullmatch(line.text)]
    if spoken and _MOMENT.match(spoken[0].text):
        return _read_moments(spoken)
    return (Segment(line.text, 0.0, 0.0) for line in written)


def _times(line: str, begins_bare: bool) -> _Times | None:
    """Returns the times of a line, and the text behind them.

    "10:00 - 11:00" may also be said, so without an arrow they need fractions, unless the file begins with such times.
    """
    if found := _SPAN.fullmatch(line):
        return _Times(found["start"], found["end"], found["text"] or "")
    found = _BARE_SPAN.fullmatch(line)
    if found and (begins_bare or all("." in time or "," in time for time in found.groups())):
        return _Times(found[1], found[2])
    return None


def _without_comments(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yields the lines of a WebVTT file without header, comments and styles, each of which ends at an empty line."""
    is_left_out, is_first = True, False
    for line in lines:
        if is_first:
            is_left_out = bool(_COMMENT.fullmatch(line.text))
        if not line.text or line.times:
            is_left_out = False
        is_first = not line.text
        if not is_left_out:
            yield line


def _read_cues(lines: Sequence[_Line], *, is_webvtt: bool = False) -> Iterator[Segment]:
    """Yields captions, each with the text from its line with times to the next such line, including empty lines.

    The line before the times may be the caption's number, or any name in WebVTT, if an empty line precedes it. Without
    that empty line it is text of the caption before, unless it is the next number.
    """
    cues, number = [_Cue(0.0, 0.0, [_Line(0, "")])], None
    for line in lines:
        if line.times:
            number = _take_number(cues[-1].lines, number, is_webvtt=is_webvtt)
            text = [line._replace(text=line.times.text)] if line.times.text else []
            cues.append(_Cue(_seconds(line.times.start), _seconds(line.times.end), text))
        elif _BROKEN_SPAN.match(line.text):
            raise _unreadable_time(line.number)
        else:
            cues[-1].lines.append(line)
    before, *cues = cues
    if stray := next((line for line in before.lines if line.text.strip()), None):
        raise CaptionsUnreadable(
            f"Line {stray.number} comes before the first time. "
            "Each caption needs a line such as 00:01:02,500 --> 00:01:04,000 above its text."
        )
    for cue in cues:
        yield Segment(_text(cue), cue.start, round(cue.end - max(cue.start, 0.0), 3))


def _text(cue: _Cue) -> str:
    return "\n".join(_CODES.sub("", line.text) for line in cue.lines).strip()


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
    moments = [_moment(line.text) for line in lines]
    places = _places_of_times(moments)
    cues: list[_Cue] = []
    for place, (line, moment) in enumerate(zip(lines, moments, strict=True)):
        if moment and place in places:
            cues.append(_Cue(moment.start, moment.start, [line._replace(text=moment.text)]))
        else:
            cues[-1].lines.append(line)
    for cue, following in pairwise([*cues, cues[-1]]):
        yield Segment(_text(cue), cue.start, round(following.start - cue.start, 3))


def _moment(line: str) -> _Moment | None:
    if found := _MOMENT.match(line):
        clock = next(filter(None, found.groups()))
        return _Moment(_seconds(clock), found["unmarked"] is None, found["text"])
    return None


def _places_of_times(moments: Sequence[_Moment | None]) -> set[int]:
    """Returns which lines begin with a time of the video; other times are spoken text, like "10:30 in the morning".

    A time in brackets always counts. Any other counts if it is written like the first one and is in order with the
    times around it.
    """
    first = moments[0]
    found = [
        (place, moment)
        for place, moment in enumerate(moments)
        if first and moment and (moment.is_marked or not (first.is_marked or (moment.text and not first.text)))
    ]
    outliers = {
        place
        for (_, before), (place, moment), (_, after) in zip(found, found[1:], found[2:], strict=False)
        if not moment.is_marked and before.start <= after.start and not before.start <= moment.start <= after.start
    }
    return {place for place, _ in found} - outliers


def _seconds(clock: str) -> float:
    """Parses `1:02:03,5` or `-0:01.250` into seconds: hours are optional, and a comma counts as a point."""
    seconds = 0.0
    for value in clock.lstrip("-").replace(",", ".").split(":"):
        seconds = seconds * 60 + float(value)
    return round(-seconds if clock.startswith("-") else seconds, 3)


def _unreadable_time(line: int) -> CaptionsUnreadable:
    return CaptionsUnreadable(f"The times on line {line} cannot be read; write them as 00:01:02,500 --> 00:01:04,000.")
