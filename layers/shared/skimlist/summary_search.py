"""Searches a whole summary for words, and finds the statement that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from skimlist.models.summary import Summary
from skimlist.text.search import fold

_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
# As the page shows it. Bounded, because in a text full of unclosed asterisks, each would be searched to the end.
_EMPHASIS = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*|(?<![\w*])([*_])(?=\S)([^*_]{1,500}?)(?<=\S)[*_](?![\w*])")


class StatementKind(StrEnum):
    """The section of a summary that a statement is in."""

    KEY_POINT = "key_point"
    CHAPTER = "chapter"
    FOCUS = "focus"
    TLDR = "tldr"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The statement that says most of what is searched for, and its second in the video, if it cites one.

    `statement` and `kind` are None if only the title, the channel and the tags have the words.
    """

    statement: str | None
    kind: StatementKind | None
    start_seconds: float | None


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    folded: str
    kind: StatementKind
    start_seconds: float | None


def search(summary: Summary, words: Sequence[str]) -> Match | None:
    """Returns None unless the summary contains all of the folded `words`, wherever they are."""
    heading = fold("\n".join([summary.title, summary.channel or "", *summary.tags]))
    told = [_Statement(text, fold(text), kind, start) for kind, text, start in _statements(summary) if text]
    if not all(word in heading or any(word in each.folded for each in told) for word in words):
        return None
    # Who searches for a name and a subject, and sees the name in the title, wants to read about the subject.
    unsaid = [word for word in words if word not in heading]

    def counts(statement: _Statement) -> tuple[int, int]:
        return _count(unsaid, statement.folded), _count(words, statement.folded)

    best = max(told, key=counts, default=None)
    if best is None or counts(best) == (0, 0):
        return Match(statement=None, kind=None, start_seconds=None)
    return Match(statement=best.text, kind=best.kind, start_seconds=best.start_seconds)


def _statements(summary: Summary) -> Iterator[tuple[StatementKind, str, float | None]]:
    """The texts of a summary with their sections and moments: first those that have a moment."""
    for point in summary.key_points:
        yield StatementKind.KEY_POINT, point.text, point.start_seconds
    for chapter in summary.chapters:
        yield StatementKind.CHAPTER, chapter.summary, chapter.start_seconds
        yield StatementKind.CHAPTER, chapter.title, chapter.start_seconds
    for report in summary.focus:
        yield StatementKind.FOCUS, report.text, report.start_seconds
    yield StatementKind.TLDR, summary.tldr, None
    for line in summary.text.splitlines():
        yield StatementKind.TEXT, _EMPHASIS.sub(r"\1\3", _LIST_MARK.sub("", line)).strip(), None


def _count(words: Sequence[str], folded: str) -> int:
    return sum(word in folded for word in words)
