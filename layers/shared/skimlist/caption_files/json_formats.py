"""Reads captions as JSON: YouTube's json3, and the lists of youtube-transcript-api and similar programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from skimlist.errors import CaptionsUnreadable
from skimlist.models.transcript import Segment


def read_json(text: str) -> Iterator[Segment]:
    """Reads captions from JSON. Raises CaptionsUnreadable, with the number of the line or of the caption."""
    captions, read = _captions(_loaded(text))
    for number, caption in enumerate(captions, start=1):
        try:
            yield from read(caption)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise CaptionsUnreadable(f"Caption {number} of the JSON has no text or no time.") from error


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CaptionsUnreadable(f"Line {error.lineno} is not JSON.") from error
    except ValueError as error:
        raise CaptionsUnreadable("The JSON contains a number that is too long.") from error


def _captions(data: Any) -> tuple[list[Any], Callable[[Any], Iterator[Segment]]]:
    if isinstance(data, list):
        return data, _read_entry
    if isinstance(data, dict) and isinstance(data.get("events"), list):
        return data["events"], _read_event
    raise CaptionsUnreadable("The JSON contains no captions: it is neither YouTube's json3 nor a list of captions.")


def _read_event(event: Mapping[str, Any]) -> Iterator[Segment]:
    """Reads an event of json3; events without text only place windows. Times are milliseconds, sometimes as text."""
    if pieces := event.get("segs"):
        text = "".join(_text(piece.get("utf8", "")) for piece in pieces)
        yield Segment(text, _seconds(event["tStartMs"]) / 1000, _seconds(event.get("dDurationMs", 0)) / 1000)


def _read_entry(entry: Mapping[str, Any]) -> Iterator[Segment]:
    yield Segment(_text(entry["text"]), _seconds(entry["start"]), _seconds(entry.get("duration", 0)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("null, a number or an object is no text")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("true is not a time")
    return float(value)
