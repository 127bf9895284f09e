"""Splits a transcript that is too long for one request at sentences and pauses."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from skimlist.summarizing.lines import Line
from skimlist.text.sentences import ends_sentence
from skimlist.text.words import estimate_tokens

# A chunk may be shorter than an even share by up to this much, in order to end at a better place.
_SLACK = 0.2


def numbered(line: Line) -> str:
    """Formats a line as a model reads it."""
    return f"[{line.number}] {line.text}"


def prompt_tokens(lines: Sequence[Line]) -> int:
    return sum(estimate_tokens(numbered(line)) + 1 for line in lines)


def split(lines: Sequence[Line], most_tokens: int | None, *, at_least: int = 1) -> list[tuple[Line, ...]]:
    """Splits lines into chunks of at most `most_tokens`, about equally long and ending at a sentence or pause.

    Every line is in exactly one chunk, in order; a line that is too long forms a chunk of its own. There are about
    `at_least` chunks, and more if they would be too long. A `most_tokens` of None means no limit.
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
    """Returns the index after the last line of the chunk that begins at `start`."""
    end, filled = start + 1, sizes[start]
    ends = [end]
    while end < len(lines) and filled + sizes[end] <= limit:
        filled += sizes[end]
        end += 1
        ends = [*ends, end] if filled > limit * (1 - _SLACK) else [end]
    return end if end == len(lines) else max(ends, key=lambda end: (*_break_quality(lines, end), end))


def _break_quality(lines: Sequence[Line], end: int) -> tuple[bool, float]:
    """Rates a break before the line at `end`: whether a sentence ends there, and the seconds of silence."""
    return ends_sentence(lines[end - 1].text), lines[end].start - lines[end - 1].end
