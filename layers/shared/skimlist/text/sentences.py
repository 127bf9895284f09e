"""Splits text into sentences, and turns a piece of text into a sentence."""

from __future__ import annotations

import re

from skimlist.text.words import capitalized

_SENTENCE_ENDS = tuple(".!?…。！？؟।۔")
# What a full stop must not follow to end a sentence: a title or a single capital, as in Dr. Fresnel, the U.S. Army.
_NO_TITLE = r"(?<!\b(?:Dr|Mr|Ms|St|Sr)\.)(?<!\b(?:Mrs|Sra)\.)(?<!\bProf\.)"
NO_ABBREVIATION = rf"(?<!\b[A-Z]\.){_NO_TITLE}"
_BORDER = re.compile(rf"(?<=[.!?…؟।]){NO_ABBREVIATION}\s+|(?<=[。！？])")
_BEGINNING = re.compile(rf"(?:^|[.!?…:;]{_NO_TITLE}|[-–—•]\s)[\s\"“„«'(¿¡]*$")
_CLOSING = "\"'”’»)]」』"


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _BORDER.split(text) if sentence.strip()]


def ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def starts_sentence(text: str, start: int) -> bool:
    """Whether a word that begins at this index of a text may be the first one of a sentence."""
    return _BEGINNING.search(text[:start]) is not None


def is_question(text: str) -> bool:
    return text.endswith(("?", "？", "؟"))


def as_sentence(text: str) -> str:
    """Returns a line as a sentence: with an initial capital, and with an ellipsis if its end was cut off."""
    text = capitalized(text)
    return text if ends_sentence(text) else text.rstrip(",;:，、 ") + "…"
