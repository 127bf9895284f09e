"""Cutting a transcript that is too long for one request, at its pauses."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from skimlist.summarizing.lines import Line
from skimlist.summarizing.text import estimate_tokens

# How far before its even share a chunk may end in order to end at a long pause.
_SLACK = 0.2


def numbered(line: Line) -> str:
    """A line as a model reads it."""
    return f"[{line.number}] {line.text}"


def prompt_tokens(lines: Sequence[Line]) -> int:
    return sum(estimate_tokens(numbered(line)) + 1 for line in lines)


def split(lines: Sequence[Line], most_tokens: int | None) -> list[tuple[Line, ...]]:
    """Chunks of at most `most_tokens`, about equally long and ending at the longest pause near their share's end.

    Every line is in exactly one chunk, in order; a line that is too long by itself makes a chunk of its own. None
    asks for one chunk.
    """
    sizes = [prompt_tokens([line]) for line in lines]
    total = sum(sizes)
    if most_tokens is None or total <= most_tokens:
        return [tuple(lines)] if lines else []
    count = ceil(total / (most_tokens * (1 - _SLACK / 2)))
    limit = min(total / count * (1 + _SLACK / 2), most_tokens)
    chunks = []
    start = 0
    while start < len(lines):
        end = _end_of_chunk(lines, sizes, start, limit)
        chunks.append(tuple(lines[start:end]))
        start = end
    return chunks


def _end_of_chunk(lines: Sequence[Line], sizes: Sequence[int], start: int, limit: float) -> int:
    """Where the chunk that begins at `start` ends, exclusively."""
    end, filled = start + 1, sizes[start]
    ends = [end]
    while end < len(lines) and filled + sizes[end] <= limit:
        filled += sizes[end]
        end += 1
        ends = [*ends, end] if filled > limit * (1 - _SLACK) else [end]
    return end if end == len(lines) else max(ends, key=lambda end: (_pause(lines, end), end))


def _pause(lines: Sequence[Line], end: int) -> float:
    """Seconds of silence before the line at `end`."""
    return lines[end].start - lines[end - 1].end
