"""Size limits of a model's answer: put into the schema, and enforced by cutting if the model ignores them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol, TypeVar

from skimlist.summarizing.drafts import Request
from skimlist.text.sentences import ends_sentence
from skimlist.text.splitting import with_spaces

MAX_TAGS = 8
# Characters of short texts, with room for languages with long words.
TITLE_CHARACTERS = 150
TLDR_CHARACTERS = 500
SENTENCE_CHARACTERS = 400
CHAPTER_TITLE_CHARACTERS = 100
TAG_CHARACTERS = 50
REPORT_CHARACTERS = 700

_CHARACTERS_A_WORD = 9
# A text of more than this share of its limit was probably cut off by it, unless it ends with a sentence. It may be
# shorter than the limit, because references to lines have been removed from it.
_SHARE_OF_A_STOPPED_TEXT = 0.9
_MIN_CHARACTERS = 300
_WORD_BORDER = re.compile(r"\s\S*$")


class OnALine(Protocol):
    """A key point, a chapter or a note."""

    @property
    def line(self) -> int: ...


Reference = TypeVar("Reference", bound=OnALine)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits for the answer to one request: items per list, and characters of its summary."""

    key_points: int
    chapters: int
    notes: int
    focus: int
    summary_characters: int


def bounds(request: Request) -> Bounds:
    target = request.target
    return Bounds(
        key_points=target.key_points,
        chapters=target.chapters,
        notes=request.notes,
        focus=len(request.options.focus_areas),
        summary_characters=max(target.words * _CHARACTERS_A_WORD, _MIN_CHARACTERS),
    )


def spread(
    references: Sequence[Reference],
    most: int,
    beside: Sequence[OnALine] = (),
    line_of: Callable[[OnALine], int] = attrgetter("line"),
) -> tuple[Reference, ...]:
    """Returns at most `most` of the references, in the order of the lines that they cite and spread over the video.

    Repeatedly keeps the one that lies farthest from all kept ones and from those `beside` them, so that a model that
    says too much about the beginning does not leave out the rest. With none beside them, the first is always kept.
    `line_of` tells where a reference is, if that is not at the line that it cites.
    """
    if len(references) <= most:
        return tuple(sorted(references, key=attrgetter("line")))
    left = sorted(references, key=line_of)
    kept = [] if beside else [left.pop(0)]
    while len(kept) < most:
        taken = [*map(line_of, beside), *map(line_of, kept)]
        farthest = max(left, key=lambda reference: min(abs(line_of(reference) - line) for line in taken))
        left.remove(farthest)
        kept.append(farthest)
    return tuple(sorted(kept, key=attrgetter("line")))


def whole_sentences(text: str, most_characters: int, language: str) -> str:
    """Cuts a text that reaches its limit before the sentence that it stops in, or else after its last whole word.

    A server that enforces the limit itself stops a model in the middle of a word. The end of a line may be that of a
    heading, and in Thai no mark ends a sentence: to cut there might leave little of a long text.
    """
    if len(text) < most_characters * _SHARE_OF_A_STOPPED_TEXT:
        return text
    text = text[:most_characters]
    *whole, last = with_spaces(text, language)
    if ends_sentence(last):
        return text
    before = "".join(whole).rstrip()
    return before if ends_sentence(before) else f"{_WORD_BORDER.sub('', text)}…"
