"""Splits text into sentences, and turns a piece of text into a sentence."""

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
    """Returns a line as a sentence: with an initial capital, and with an ellipsis if its end was cut off."""
    text = capitalized(text)
    return text if ends_sentence(text) else text.rstrip(",;:，、 ") + "…"
