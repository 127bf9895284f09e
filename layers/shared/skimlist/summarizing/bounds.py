"""The most that an answer may hold: what the schema asks for, and what is cut where it was not kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from skimlist.summarizing.drafts import Request

MOST_TAGS = 8
# Characters of texts of a few words or sentences, with room for languages of long words.
TITLE_CHARACTERS = 150
TLDR_CHARACTERS = 500
SENTENCE_CHARACTERS = 400
CHAPTER_TITLE_CHARACTERS = 100
TAG_CHARACTERS = 50
REPORT_CHARACTERS = 700

_CHARACTERS_A_WORD = 9
# A text of more than this share of its bound was stopped by it, if it does not end with a sentence: references to lines
# are taken out of it, so that it need not be as long as the bound.
_SHARE_OF_A_STOPPED_TEXT = 0.9
_FEWEST_CHARACTERS = 300
_SENTENCE_END = re.compile(r"[.!?…؟।][\"'”’»)]*(?=\s|$)|[。！？][」』”]*")
_WORD_BORDER = re.compile(r"\s\S*$")


class _OnALine(Protocol):
    @property
    def line(self) -> int: ...


Reference = TypeVar("Reference", bound=_OnALine)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the answer to one request: lines that may be referred to, items of its lists, characters of its summary."""

    first_line: int
    last_line: int
    key_points: int
    chapters: int
    notes: int
    focus: int
    summary_characters: int


def bounds(request: Request) -> Bounds:
    target = request.target
    return Bounds(
        first_line=request.lines[0].number,
        last_line=request.lines[-1].number,
        key_points=target.key_points,
        chapters=target.chapters,
        notes=request.notes,
        focus=len(request.options.focus_areas),
        summary_characters=max(target.words * _CHARACTERS_A_WORD, _FEWEST_CHARACTERS),
    )


def spread(references: Sequence[Reference], most: int) -> tuple[Reference, ...]:
    """At most so many, in the order of the video, and spread over it.

    The first is kept, and then, one after the other, the one that lies farthest from all that are kept: a model that
    has more to say on the beginning than it may must not leave out the rest.
    """
    left = sorted(references, key=lambda reference: reference.line)
    if len(left) <= most:
        return tuple(left)
    kept = [left.pop(0)]
    while len(kept) < most:
        farthest = max(left, key=lambda reference: min(abs(reference.line - other.line) for other in kept))
        left.remove(farthest)
        kept.append(farthest)
    return tuple(sorted(kept, key=lambda reference: reference.line))


def whole_sentences(text: str, most_characters: int) -> str:
    """A text that reaches its bound, cut back to the end of its last whole sentence, or else of its last whole word.

    Where a server keeps to the bound by itself, it stops a model in the middle of a word.
    """
    if len(text) < most_characters * _SHARE_OF_A_STOPPED_TEXT:
        return text
    text = text[:most_characters]
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else f"{_WORD_BORDER.sub('', text)}…"
