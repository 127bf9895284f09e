"""Finding a text by some of its words, whatever their case and accents."""

from __future__ import annotations

import re
import unicodedata

# The marks that letters of European scripts carry. Marks of other scripts stay: without them a word is another word
# (か and が, or a consonant and its vowel in Hindi and Thai).
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """`text` as it is compared: without case, accents, ligatures and full-width forms."""
    without_accents = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", without_accents.casefold())


def words(query: str) -> tuple[str, ...]:
    """The folded words of `query`, each once; a folded text is found if it contains them all.

    Contains, not begins with: where words are not spaced (Chinese, Japanese, Thai) there is nothing to begin with.
    """
    return tuple(dict.fromkeys(fold(query).split()))
