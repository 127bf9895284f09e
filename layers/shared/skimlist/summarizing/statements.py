"""The statements of a draft that are checked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skimlist.claim_checks.check import Place
from skimlist.summarizing.drafts import Draft
from skimlist.text.splitting import sentences


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or item of a draft, with the field it comes from and the lines that it cites (from 0)."""

    field: str
    text: str
    place: Place | None = None


def statements(draft: Draft, lines: int) -> Iterator[Statement]:
    """Yields all statements of a draft about a video with this many lines."""
    for field, text in (("tldr", draft.tldr), ("text", draft.text)):
        yield from (Statement(field, sentence) for sentence in sentences(text, draft.language))
    yield from cited_statements(draft, lines)
    for finding in draft.focus:
        if finding.found:
            yield Statement("focus", finding.text, Place(finding.line - 1) if finding.line else None)


def cited_statements(draft: Draft, lines: int) -> Iterator[Statement]:
    """Yields the key points and the summaries of chapters, which cite all lines of their chapter."""
    for point in draft.key_points:
        yield Statement("key_points", point.text, Place(point.line - 1))
    ends = [*(chapter.line for chapter in draft.chapters), lines + 1][1:]
    for chapter, end in zip(draft.chapters, ends, strict=True):
        if chapter.summary:
            yield Statement("chapters", chapter.summary, Place(chapter.line - 1, end - 2))
