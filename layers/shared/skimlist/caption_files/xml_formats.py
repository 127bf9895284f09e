"""Reads captions as XML: YouTube's srv1 to srv3, and TTML (https://www.w3.org/TR/ttml1/)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from skimlist.errors import CaptionsUnreadable
from skimlist.formatting import unescaped
from skimlist.models.transcript import Segment

_CLOCK = re.compile(r"\A(\d+):(\d+):(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?")
_OFFSET = re.compile(r"\A(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_RATE = re.compile(r"\A\s*\d+(?:\.\d+)?\s*")
_RATIO = re.compile(r"\A\s*(\d+)(?:[\s:]\s*(\d+))?\s*")
_TIMES = frozenset({"begin", "end", "dur"})
_SPOKEN = frozenset({"p", "span"})
_SECONDS_A_UNIT = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def read_xml(text: str) -> Iterator[Segment]:
    """Reads captions from XML. Raises CaptionsUnreadable, with the number of the line or of the caption."""
    try:
        root = ElementTree.fromstring(text.lstrip())
    except ParseError as error:
        line = error.position[0] + text[: len(text) - len(text.lstrip())].count("\n")
        raise CaptionsUnreadable(f"Line {line} is not well-formed XML.") from error
    except DefusedXmlException as error:
        raise CaptionsUnreadable("The XML defines entities of its own, which captions do not need.") from error
    name = _name(root)
    if name == "tt":
        return _read_ttml(root)
    if name in {"transcript", "timedtext"}:
        return _read_youtube(root)
    raise CaptionsUnreadable("The XML contains no captions: it is neither TTML nor one of YouTube's formats.")


def _read_youtube(root: Element) -> Iterator[Segment]:
    """Reads YouTube's formats: srv1 has seconds (`start`, `dur`), srv2 and srv3 have milliseconds (`t`, `d`)."""
    for number, caption in enumerate(_outermost_captions(root), start=1):
        times = caption.attrib
        try:
            if "start" in times:
                start, duration = float(times["start"]), float(times.get("dur", 0))
            else:
                start, duration = float(times["t"]) / 1000, float(times.get("d", 0)) / 1000
        except (KeyError, ValueError) as error:
            raise _unreadable_time(number) from error
        # YouTube escapes a caption twice.
        yield Segment(unescaped("".join(caption.itertext())), start, duration)


def _outermost_captions(root: Element) -> Iterator[Element]:
    """Yields the captions; one within another is a part of its text."""
    inside: set[Element] = set()
    for element in root.iter():
        is_caption = _name(element) in {"text", "p"}
        if element in inside or is_caption:
            inside.update(element)
        if is_caption and element not in inside:
            yield element


@dataclass(frozen=True, slots=True)
class _Rates:
    """The numbers of frames and ticks per second; 0 if the file gives none that can be read."""

    frames: float
    ticks: float

    def seconds(self, expression: str) -> float:
        """Parses a time expression into seconds. Raises ValueError if it is not one, ZeroDivisionError without rate."""
        if clock := _CLOCK.fullmatch(expression.strip()):
            hours, minutes, seconds, frames = clock.groups()
            whole = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
            return whole + (float(frames) / self.frames if frames else 0.0)
        if offset := _OFFSET.fullmatch(expression.strip()):
            value, unit = float(offset[1]), offset[2]
            if unit in _SECONDS_A_UNIT:
                return value * _SECONDS_A_UNIT[unit]
            return value / (self.frames if unit == "f" else self.ticks)
        raise ValueError("not a time expression")


@dataclass(frozen=True, slots=True)
class _TtmlReader:
    rates: _Rates
    # Elements with times further inside, which would take quadratic time to look for at every level.
    outer: set[Element]
    captions: list[Segment] = field(default_factory=list)

    def read(self, element: Element, start: float, end: float) -> float:
        """Adds the captions of an element and returns when it ends.

        Its times are relative to `start`: the start of its parent or, in a sequence, the end of the element before.
        `end` is when its parent ends.
        """
        times = element.attrib
        begin = start + self.rates.seconds(times.get("begin", "0s"))
        references = (("end", start), ("dur", begin))
        ends = [reference + self.rates.seconds(times[name]) for name, reference in references if name in times]
        end = min(ends, default=end)
        if _name(element) in _SPOKEN and ("begin" in times or element not in self.outer):
            self._add(_text(element), begin, end)
            return min(ends, default=begin)
        last = self._read_parts(element, begin, end)
        return min(ends, default=last)

    def _read_parts(self, element: Element, begin: float, end: float) -> float:
        is_spoken, is_sequence = _name(element) in _SPOKEN, element.get("timeContainer") == "seq"
        start = last = begin
        if is_spoken:
            self._add(element.text, begin, end)
        for part in element:
            if _name(part) in {"div", *_SPOKEN}:
                part_end = self.read(part, start, end)
                last = max(last, part_end)
                start = part_end if is_sequence else start
            elif is_spoken and _name(part) != "metadata":
                self._add(_text(part), start, end)
            if is_spoken:
                self._add(part.tail, start, end)
        return last

    def _add(self, text: str | None, start: float, end: float) -> None:
        if text and text.strip():
            self.captions.append(Segment(text, round(start, 3), round(max(end - start, 0.0), 3)))


def _read_ttml(root: Element) -> Iterator[Segment]:
    reader = _TtmlReader(_rates(root), _elements_around_times(root))
    try:
        for body in (element for element in root if _name(element) == "body"):
            reader.read(body, 0.0, 0.0)
    except (ValueError, ZeroDivisionError) as error:
        raise _unreadable_time(len(reader.captions) + 1) from error
    return iter(reader.captions)


def _elements_around_times(root: Element) -> set[Element]:
    """Returns the elements with a time further inside; looks at each element once, after its parts."""
    found: set[Element] = set()
    for element in reversed(list(root.iter())):
        if any(part in found or not _TIMES.isdisjoint(part.attrib) for part in element):
            found.add(element)
    return found


def _rates(root: Element) -> _Rates:
    """Returns the rates. The default tick is a frame; without a frame rate, a second has 30 frames and one tick."""
    # Older versions of TTML have other namespaces, and write a multiplier as 1000:1001.
    parameters = {name.rpartition("}")[2]: value for name, value in root.attrib.items()}
    ratio = _RATIO.fullmatch(parameters.get("frameRateMultiplier", "1 1"))
    multiplier = float(ratio[1]) / (float(ratio[2] or 1) or math.inf) if ratio else 0.0
    frames = _number(parameters.get("frameRate", "30")) * multiplier
    default_ticks = frames if "frameRate" in parameters else 1.0
    return _Rates(frames, _number(parameters["tickRate"]) if "tickRate" in parameters else default_ticks)


def _number(text: str) -> float:
    return float(text) if _RATE.fullmatch(text) else 0.0


def _text(element: Element) -> str:
    """Returns the visible text, without metadata; elements are line breaks, line breaks in the file count as spaces."""
    pieces = [] if element.text is None else [" ".join(re.split(r"\s+", element.text))]
    for part in element:
        if _name(part) == "br":
            pieces.append("\n")
        elif _name(part) != "metadata":
            pieces.append(_text(part))
        pieces.append(" ".join(re.split(r"\s+", part.tail or "")))
    return "".join(pieces)


def _name(element: Element) -> str:
    """Returns an element's name without its namespace, of which TTML has several or none. A comment has no name."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _unreadable_time(caption: int) -> CaptionsUnreadable:
    return CaptionsUnreadable(f"The time of caption {caption} in the XML cannot be read.")
