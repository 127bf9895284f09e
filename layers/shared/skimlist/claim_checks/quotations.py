"""Finds the quotations in a claim, and decides whether they were said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from skimlist.text.words import count_words

_QUOTED = re.compile(
    r"[“„\"«]\s?([^“”„\"«»]+?)\s?[”“\"»]|「([^「」]+)」|(?<!\w)[‘‚]((?:[^‘’‚]|’(?=\w))+)[’‘](?!\w)|『([^『』]+)』"
)
# A quotation with fewer words is a term or a title rather than somebody's words.
_MIN_WORDS = 3
# The share of a quotation that has to be found, because captions mishear or omit some words.
_MIN_SHARE_HEARD = 0.75


def quotations(text: str) -> tuple[str, ...]:
    found = (next(filter(None, groups), "") for groups in _QUOTED.findall(text))
    return tuple(quoted for quoted in found if count_words(quoted) >= _MIN_WORDS)


def is_quoted(words: Sequence[str], said: Sequence[str]) -> bool:
    """Whether most words of a quotation were said in the same order."""
    matcher = SequenceMatcher(None, words, said, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) >= _MIN_SHARE_HEARD * len(words)
