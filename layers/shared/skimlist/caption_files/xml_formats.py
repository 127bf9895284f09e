"""Reads captions as XML: YouTube's srv1 to srv3, and TTML (https://www.w3.org/TR/ttml1/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from skimlist.errors import CaptionsUnreadable
from skimlist.formatting import unescaped
from skimlist.models.transcript import Segment

_PARAMETER = "{http://www.w3.org/ns/ttml#parameter}"
_CLOCK = re.compile(r"\A(\d+):(\d+):(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?")
_OFFSET = re.compile(r"\A(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_SECONDS_A_UNIT = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def read_xml(text: str) -> Iterator[Segment]:
    """Reads captions from XML. Raises CaptionsUnreadable, with the number of the line or of the caption."""
    try:
        root = ElementTree.fromstring(text.lstrip())
    except ParseError as error:
        line = error.position[0] + text[: len(text) - len(text.lstrip())].count("\n")
        raise CaptionsUnreadable(f"Line {line} is not well-formed XML.") from error
    except DefusedXmlException as error:
        raise CaptionsUnreadable("The XML defines entities of its own, which captions have no use for.") from error
    name = _name(root)
    if name == "tt":
        return _read_ttml(root)
    if name in {"transcript", "timedtext"}:
        return _read_youtube(root)
    raise CaptionsUnreadable("The XML holds no captions: it is neither TTML nor one of YouTube's formats.")


def _read_youtube(root: Element) -> Iterator[Segment]:
    """Reads YouTube's formats: srv1 has seconds (`start`, `dur`), srv2 and srv3 have milliseconds (`t`, `d`)."""
    captions = [element for element in root.iter() if _name(element) in {"text", "p"}]
    for number, caption in enumerate(captions, start=1):
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


@dataclass(frozen=True, slots=True)
class _Rates:
    """The numbers of frames and ticks per second."""

    frames: float
    ticks: float

    def seconds(self, expression: str) -> float:
        """Parses a time expression into seconds. Raises ValueError if it is not one."""
        if clock := _CLOCK.fullmatch(expression.strip()):
            hours, minutes, seconds, frames = clock.groups()
            return int(hours) * 3600 + int(minutes) * 60 + float(seconds) + float(frames or 0) / self.frames
        if offset := _OFFSET.fullmatch(expression.strip()):
            value, unit = float(offset[1]), offset[2]
            a_unit = {**_SECONDS_A_UNIT, "f": 1 / self.frames, "t": 1 / self.ticks}[unit]
            return value * a_unit
        raise ValueError("not a time expression")


def _read_ttml(root: Element) -> Iterator[Segment]:
    number = 0
    try:
        rates = _rates(root)
        for body in (element for element in root if _name(element) == "body"):
            for caption in _captions(body, rates, 0.0, 0.0):
                number += 1
                yield caption
    except (ValueError, ZeroDivisionError) as error:
        raise _unreadable_time(number + 1) from error


def _rates(root: Element) -> _Rates:
    """Returns the rates. The default tick is a frame; without a frame rate, a second has 30 frames and one tick."""
    frames = root.get(f"{_PARAMETER}frameRate")
    numerator, denominator = root.get(f"{_PARAMETER}frameRateMultiplier", "1 1").split()
    rate = float(frames or 30) * float(numerator) / float(denominator)
    ticks = root.get(f"{_PARAMETER}tickRate")
    return _Rates(rate, float(ticks) if ticks else rate if frames else 1.0)


def _captions(element: Element, rates: _Rates, start: float, end: float) -> Iterator[Segment]:
    """Yields the captions of an element; its times are relative to its parent's `start`, and `end` is the parent's."""
    times = element.attrib
    if "end" in times:
        end = start + rates.seconds(times["end"])
    start += rates.seconds(times.get("begin", "0s"))
    if "dur" in times:
        end = start + rates.seconds(times["dur"])
    is_timed = "begin" in times or not any("begin" in part.attrib for part in element.iter())
    if _name(element) in {"p", "span"} and is_timed:
        yield Segment(_text(element), round(start, 3), round(max(end - start, 0.0), 3))
        return
    for part in element:
        if _name(part) in {"div", "p", "span"}:
            yield from _captions(part, rates, start, end)


def _text(element: Element) -> str:
    """Returns the visible text: elements are line breaks, those of the file count as spaces, metadata is not shown."""
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
