"""Reads a chat completion that came as a stream of events; some gateways stream without being asked to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from skimlist.llm.rejections import first_mapping, mapping

# Server-sent events have these three line ends only; str.splitlines splits at others too, which JSON may contain.
_LINE_END = re.compile(r"\r\n|\n|\r")
_DATA = "data:"
# The fields that are sent in pieces. Other fields are repeated in each chunk, and their last value counts.
_PIECES = ("content", "reasoning_content", "reasoning", "refusal")


def join_chunks(body: str) -> dict[str, Any] | None:
    """Joins the chunks into one chat completion; returns None if the body is not such a stream.

    A text in pieces becomes a list of strings, which is a valid form of a message's content.
    """
    chunks = list(_chunks(body))
    if not chunks:
        return None
    choices = [first_mapping(chunk.get("choices")) for chunk in chunks]
    choice = {"message": _message(choices), "finish_reason": _last(choices, "finish_reason")}
    return {
        **chunks[-1],
        "choices": [choice] if any(choices) else [],
        "usage": _last(chunks, "usage"),
        "error": _last(chunks, "error"),
    }


def _chunks(body: str) -> Iterator[dict[str, Any]]:
    for line in _LINE_END.split(body):
        if line.startswith(_DATA):
            try:
                chunk = json.loads(line.removeprefix(_DATA), strict=False)
            except (ValueError, RecursionError):
                continue  # "[DONE]", or the end of a stream that was cut off
            if isinstance(chunk, dict):
                yield chunk


def _message(choices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    deltas = [mapping(choice.get("delta")) or mapping(choice.get("message")) for choice in choices]
    message: dict[str, Any] = {name: list(_pieces(deltas, name)) for name in _PIECES}
    calls = [mapping(first_mapping(delta.get("tool_calls")).get("function")) for delta in deltas]
    return {**message, "tool_calls": [{"function": {"arguments": list(_pieces(calls, "arguments"))}}]}


def _pieces(parts: Sequence[Mapping[str, Any]], name: str) -> Iterator[object]:
    for part in parts:
        piece = part.get(name)
        yield from piece if isinstance(piece, list) else [piece] if piece else []


def _last(parts: Sequence[Mapping[str, Any]], name: str) -> object:
    return next((part[name] for part in reversed(parts) if part.get(name)), None)
