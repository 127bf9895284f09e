"""Where a sentence ends, and how a piece of text becomes one."""

from __future__ import annotations

import re

from skimlist.text.words import capitalized

_SENTENCE_ENDS = tuple(".!?…。！？؟।۔")
_BORDER = re.compile(r"(?<=[.!?…؟।])\s+|(?<=[。！？])")
_CLOSING = "\"'”’»)]」』"


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _BORDER.split(text) if sentence.strip()]


def ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def is_question(text: str) -> bool:
    return text.endswith(("?", "？", "؟"))


def as_sentence(text: str) -> str:
    """A line as a sentence of its own; one that was cut shows it."""
    text = capitalized(text)
    return text if ends_sentence(text) else text.rstrip(",;:，、 ") + "…"
