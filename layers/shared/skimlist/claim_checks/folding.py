"""Makes spellings comparable that differ in case, accents, script or word endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

from skimlist.text.words import is_spaceless, tokens

# Accents of Latin, Greek and Cyrillic letters; the marks of kana and of Indian scripts are in other Unicode blocks.
_ACCENTS = re.compile("[\u0300-\u036f]")
_OTHER_THAN_LETTERS = re.compile(r"[^a-z0-9]")
# Two words with this many initial letters in common count as forms of the same word.
_STEM_LETTERS = 5


def unaccented(text: str) -> str:
    """Returns the text in lower case without accents."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text.lower().replace("ß", "ss"))))


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """Transliterates a word of any script into Latin letters and digits, so that Толстой and Tolstoy become similar."""
    return _OTHER_THAN_LETTERS.sub("", anyascii(word).lower())


def stem(word: str) -> str:
    return key(word)[:_STEM_LETTERS]


def stems(text: str, ignored: frozenset[str]) -> frozenset[str]:
    """Returns the stems of a text's words without stop words; pairs of characters in scripts without spaces."""
    words = tokens(text)
    found = {stem(word) for word in words if word not in ignored and not is_spaceless(word) and not word.isdecimal()}
    pairs = {left + right for left, right in pairwise(words) if is_spaceless(left) and is_spaceless(right)}
    return frozenset(found | pairs) - {""}
