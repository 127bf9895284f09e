"""Finds a text by some of its words, regardless of case and accents, and restores texts that are stored folded."""

from __future__ import annotations

import re
import unicodedata

# The accents of European scripts. Marks of other scripts are kept, because a word without them is another word (か and
# が, or a consonant and its vowel in Hindi and Thai).
_ACCENTS = re.compile("[\u0300-\u036f]")
# The highest number that one character of `changes` can express.
_FARTHEST = 0x1F
_CHANGE = re.compile(r"([\x01-\x1f]*)([^\x01-\x1f])", re.DOTALL)


def fold(text: str) -> str:
    """Returns a text in the form in which texts are compared: without case, accents, ligatures and full-width forms."""
    without_accents = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", without_accents.casefold())


def changes(text: str) -> str:
    """Returns what `fold` changes in a text, from which `unfold` restores it; empty if it changes nothing.

    Before each changed character come control characters whose numbers add up to the count of unchanged characters
    before it. A search never contains a control character, so it finds nothing in here.
    """
    noted, unchanged = [], 0
    for character in text:
        if fold(character) == character:
            unchanged += 1
            continue
        far, near = divmod(unchanged, _FARTHEST)
        noted.append(chr(_FARTHEST) * far + (chr(near) if near else "") + character)
        unchanged = 0
    return "".join(noted)


def unfold(folded: str, changed: str) -> str:
    """Returns the text that `fold` and `changes` were given.

    A text that is not folded character by character, such as one with combining marks, is restored almost exactly.
    """
    parts, at = [], 0
    for distance, character in _CHANGE.findall(changed):
        unchanged = sum(map(ord, distance))
        parts.append(folded[at : at + unchanged] + character)
        at += unchanged + len(fold(character))
    return "".join(parts) + folded[at:]


def words(query: str) -> tuple[str, ...]:
    """Returns the folded words of `query`, each once; a folded text matches if it contains them all.

    A text matches even in the middle of a word, because words are not separated in Chinese, Japanese and Thai.
    """
    return tuple(dict.fromkeys(fold(query).split()))
