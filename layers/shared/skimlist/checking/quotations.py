"""What a claim puts in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from skimlist.text.words import count_words

_QUOTED = re.compile(r"[“„\"«]\s?([^“”„\"«»]+?)\s?[”“\"»]|「([^「」]+)」|『([^『』]+)』")
# Fewer words are a term or a title rather than somebody's words.
_FEWEST_WORDS = 3
# Some of somebody's words may be misheard or left out.
_LEAST_HEARD = 0.75


def quotations(text: str) -> tuple[str, ...]:
    found = (next(filter(None, groups), "") for groups in _QUOTED.findall(text))
    return tuple(quoted for quoted in found if count_words(quoted) >= _FEWEST_WORDS)


def is_quoted(words: Sequence[str], said: Sequence[str]) -> bool:
    """Whether most words of a quotation were said in their order."""
    matcher = SequenceMatcher(None, words, said, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) >= _LEAST_HEARD * len(words)
