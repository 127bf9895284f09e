"""Cutting a transcript that is too long for one request, at its sentences and pauses."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from skimlist.summarizing.lines import Line
from skimlist.text.sentences import ends_sentence
from skimlist.text.words import estimate_tokens

# How far before its even share a chunk may end in order to end at a better place.
_SLACK = 0.2


def numbered(line: Line) -> str:
    """A line as a model reads it."""
    return f"[{line.number}] {line.text}"


def prompt_tokens(lines: Sequence[Line]) -> int:
    return sum(estimate_tokens(numbered(line)) + 1 for line in lines)


def split(lines: Sequence[Line], most_tokens: int | None, *, at_least: int = 1) -> list[tuple[Line, ...]]:
    """Chunks of at most `most_tokens`, about equally long and ending where a sentence or a pause does near their end.

    Every line is in exactly one chunk, in order; a line that is too long by itself makes a chunk of its own. There are
    about `at_least` chunks, and more where they would be too long. None sets no limit.
    """
    sizes = [prompt_tokens([line]) for line in lines]
    total = sum(sizes)
    most = total if most_tokens is None else most_tokens
    if total <= most and at_least == 1:
        return [tuple(lines)] if lines else []
    fewest = 1 if total <= most else ceil(total / (most * (1 - _SLACK / 2)))
    limit = min(total / max(fewest, at_least) * (1 + _SLACK / 2), most)
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
    return end if end == len(lines) else max(ends, key=lambda end: (*_break(lines, end), end))


def _break(lines: Sequence[Line], end: int) -> tuple[bool, float]:
    """How good it is to end before the line at `end`: at the end of a sentence, and after seconds of silence."""
    return ends_sentence(lines[end - 1].text), lines[end].start - lines[end - 1].end
