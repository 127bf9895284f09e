"""Finds a text by some of its words, regardless of case and accents."""

from __future__ import annotations

import re
import unicodedata

# The accents of European scripts. Marks of other scripts are kept, because a word without them is another word (か and
# が, or a consonant and its vowel in Hindi and Thai).
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Returns a text in the form in which texts are compared: without case, accents, ligatures and full-width forms."""
    without_accents = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", without_accents.casefold())


def words(query: str) -> tuple[str, ...]:
    """Returns the folded words of `query`, each once; a folded text matches if it contains them all.

    A text matches even in the middle of a word, because words are not separated in Chinese, Japanese and Thai.
    """
    return tuple(dict.fromkeys(fold(query).split()))
