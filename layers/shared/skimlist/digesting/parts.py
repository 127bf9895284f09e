"""Splits a batch that is too large for one request into parts that stay the same when a video is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from skimlist.digesting.outlines import Outline, Statement
from skimlist.text.words import estimate_tokens

# Tokens of a line's number, brackets and line break.
_TOKENS_A_LINE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Material for a digest at one place: a video, or the findings on a part of the batch."""

    place: int
    outlines: tuple[Outline, ...]
    findings: tuple[Statement, ...] = ()

    @property
    def tokens(self) -> int:
        said = [statement for outline in self.outlines for statement in outline.statements] + list(self.findings)
        texts = [f"{statement.heading} {statement.text}" for statement in said]
        texts += [text for outline in self.outlines for text in (outline.title, outline.gist)]
        return sum(estimate_tokens(text) + _TOKENS_A_LINE for text in texts)


def split(materials: Sequence[Material], most_tokens: int | None) -> list[Material]:
    """Splits materials into parts of at most `most_tokens`, each with neighbouring places; None asks for one part.

    All parts span the same number of places, a power of two, and start at a multiple of it. So a material that is added
    or changed changes one part only, and the model's answers about the others are found in the cache. A part with a
    single place may be larger. The place of a part is its number.
    """
    if not materials:
        return []
    places = max(material.place for material in materials) + 1
    span = 1 << (places - 1).bit_length()
    sizes = [(material.place, material.tokens) for material in materials]
    while span > 1 and most_tokens is not None and _largest(sizes, span) > most_tokens:
        span //= 2
    parts = groupby(materials, key=lambda material: material.place // span)
    return [_join(number, tuple(part)) for number, part in parts]


def _largest(sizes: Sequence[tuple[int, int]], span: int) -> int:
    parts = groupby(sizes, key=lambda size: size[0] // span)
    return max(sum(tokens for _, tokens in part) for _, part in parts)


def _join(number: int, part: Sequence[Material]) -> Material:
    return Material(
        place=number,
        outlines=tuple(outline for material in part for outline in material.outlines),
        findings=tuple(finding for material in part for finding in material.findings),
    )
