"""Searches a whole summary for words, and finds the statement that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skimlist.models.summary import Summary
from skimlist.text.search import fold

_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
# As the page shows it. Bounded, because in a text full of unclosed asterisks, each would be searched to the end.
_EMPHASIS = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*|(?<![\w*])([*_])(?=\S)([^*_]{1,500}?)(?<=\S)[*_](?![\w*])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The statement that says most of what is searched for, and its second in the video, if it cites one.

    `statement` is None if only the title, the channel and the tags have the words.
    """

    statement: str | None
    start_seconds: float | None


def search(summary: Summary, words: Sequence[str]) -> Match | None:
    """Returns None unless the summary contains all of the folded `words`, wherever they are."""
    heading = fold("\n".join([summary.title, summary.channel or "", *summary.tags]))
    told = [(fold(text), text, start) for text, start in _statements(summary) if text]
    if not all(word in heading or any(word in folded for folded, *_ in told) for word in words):
        return None
    # Who searches for a name and a subject, and sees the name in the title, wants to read about the subject.
    unsaid = [word for word in words if word not in heading]

    def counts(statement: tuple[str, str, float | None]) -> tuple[int, int]:
        return _count(unsaid, statement[0]), _count(words, statement[0])

    best = max(told, key=counts, default=None)
    if best is None or counts(best) == (0, 0):
        return Match(statement=None, start_seconds=None)
    return Match(statement=best[1], start_seconds=best[2])


def _statements(summary: Summary) -> Iterator[tuple[str, float | None]]:
    """The texts of a summary with their moments: first those that have one."""
    for point in summary.key_points:
        yield point.text, point.start_seconds
    for chapter in summary.chapters:
        yield chapter.summary, chapter.start_seconds
        yield chapter.title, chapter.start_seconds
    for report in summary.focus:
        yield report.text, report.start_seconds
    yield summary.tldr, None
    for line in summary.text.splitlines():
        yield _EMPHASIS.sub(r"\1\3", _LIST_MARK.sub("", line)).strip(), None


def _count(words: Sequence[str], folded: str) -> int:
    return sum(word in folded for word in words)
