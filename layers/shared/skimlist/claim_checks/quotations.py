"""Finds the quotations in a claim, and decides whether they were said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from skimlist.text.splitting import sentences
from skimlist.text.words import count_words

# English, German, French and Swedish marks; 'em and '90s begin no quotation.
_QUOTED = re.compile(
    r"[“„\"«]\s?([^“”„\"«»]+?)\s?[”“\"»]|»\s?([^«»]+?)\s?«|(?<!\w)”([^“”„\"]+)”|「([^「」]+)」|『([^『』]+)』"
    r"|(?<!\w)[‘‚]((?:[^‘’‚]|’(?=\w))+)[’‘](?!\w)"
    r"|(?<!\w)'(?!\d|(?:cause|em|n|round|til|tis|twas)\b)(?=\w)((?:[^']|'(?=\w))+)'(?!\w)"
)
_WHOLE = re.compile(r"[“„\"«»”](?P<inside>[^“”„\"«»]+)[”“\"»«]\.?")
# A quotation with fewer words is a term or a title rather than somebody's words.
_MIN_WORDS = 3
# The share of a quotation that has to be found, because captions mishear or omit some words.
_MIN_SHARE_HEARD = 0.75


def quotations(text: str, language: str) -> tuple[str, ...]:
    """Returns the quotations in a claim. Several sentences in one pair of marks are only a habit of models."""
    whole = _WHOLE.fullmatch(text.strip())
    if whole and len(sentences(whole["inside"], language)) > 1:
        text = whole["inside"]
    found = (next(filter(None, groups), "") for groups in _QUOTED.findall(text))
    return tuple(quoted for quoted in found if count_words(quoted) >= _MIN_WORDS)


def is_quoted(words: Sequence[str], said: Sequence[str]) -> bool:
    """Whether most words of a quotation were said in the same order."""
    matcher = SequenceMatcher(None, words, said, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) >= _MIN_SHARE_HEARD * len(words)
