"""Tells where sentences begin and end, and turns a piece of text into a sentence."""

from __future__ import annotations

import re

from skimlist.text.words import capitalized

_SENTENCE_ENDS = tuple(".!?…。！？؟।۔")
_CLOSING = "\"'”’»)]」』"
# What a full stop belongs to if a name or an explanation has to follow: Dr. Fresnel, ca. 30.
TITLE = re.compile(
    r"(?<!\w)(?:Dra?|(?<=Dr\. )(?:med|phil|jur)"
    r"|Skt|Mrs?|Ms|Profa?|Sras?|Srta|Gen|Col|Capt|Lt|Sgt|Rev|Sen|Gov|Mt|Hr|vs|[Cc]a|approx|bzw|проф|акад)\.$"
)
_BEGINNING = re.compile(r"(?:^|[.!?…:;]|[-–—•]\s)[\s\"“”„«»'‘‚(¿¡]*$")
# A beginning and the title before it are looked for in as many characters; all of a long text, for each of its words,
# would take minutes.
_NEAR = 50


def ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def starts_sentence(text: str, start: int) -> bool:
    """Whether a word that begins at this index of a text may be the first one of a sentence."""
    before = text[max(start - _NEAR, 0) : start]
    beginning = _BEGINNING.search(before)
    return beginning is not None and not TITLE.search(before[: beginning.start() + 1])


def is_question(text: str) -> bool:
    return text.endswith(("?", "？", "؟"))


def as_sentence(text: str) -> str:
    """Returns a line as a sentence: with an initial capital, and with an ellipsis if its end was cut off."""
    text = capitalized(text)
    return text if ends_sentence(text) else text.rstrip(",;:，、 ") + "…"
