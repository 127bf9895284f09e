"""Joins and measures text in any script, and splits it into terms."""

from __future__ import annotations

import re
from functools import cache

# Scripts without spaces between words, by Unicode block: Thai, Lao, Myanmar, Khmer, CJK with its punctuation, kana.
# Hangul is not one of them, because Korean separates words.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"

# The maximum tokens per character in tokenizers of current models: ASCII words take few tokens, CJK takes many.
_TOKENS_PER_ASCII = 0.3
_TOKENS_PER_LETTER = 0.5
_TOKENS_PER_SPACELESS = 1.0
# In scripts without spaces, a phrase of as many characters is as specific as one of several words.
_CHARACTERS_OF_SEVERAL_WORDS = 4

# In scripts without spaces, a token is a character with its marks (a Thai vowel before a consonant belongs to it). In
# others it is a run of letters and digits; a hyphen or dot inside a word belongs to it, an apostrophe ends it (l'eau).
_TOKEN = (
    f"[\u0e40-\u0e44]?[{SPACELESS}][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
    f"|(?:(?![{SPACELESS}])\\w)+(?:[.-](?:(?![{SPACELESS}])\\w)+)*"
)


def is_spaceless(text: str) -> bool:
    """Whether the text contains a character of a script without spaces between words."""
    return _spaceless_character().search(text) is not None


# Compiled when first used, because every function would pay for it at its start.
@cache
def _spaceless_character() -> re.Pattern[str]:
    return re.compile(f"[{SPACELESS}]")


def join(left: str, right: str) -> str:
    """Joins two pieces of running text, with a space between them if their scripts use spaces."""
    if not left or not right:
        return left or right
    tight = not (left[-1].isascii() or right[0].isascii()) and is_spaceless(left[-1]) and is_spaceless(right[0])
    return left + right if tight else f"{left} {right}"


def estimate_tokens(text: str) -> int:
    """Estimates the tokens that a model reads in `text`; the estimate errs on the high side."""
    if text.isascii():
        return round(len(text) * _TOKENS_PER_ASCII)
    ascii_characters = len(text.encode("ascii", "ignore"))
    spaceless = len(_spaceless_character().findall(text))
    others = len(text) - ascii_characters - spaceless
    return round(ascii_characters * _TOKENS_PER_ASCII + spaceless * _TOKENS_PER_SPACELESS + others * _TOKENS_PER_LETTER)


def tokens(text: str) -> list[str]:
    """Returns the words of a text in lower case; single characters in scripts without spaces."""
    return _token_pattern().findall(text.lower())


@cache
def _token_pattern() -> re.Pattern[str]:
    """Compiles the pattern on first use: that takes longer than importing most modules, and few functions need it."""
    return re.compile(_TOKEN)


def count_words(text: str) -> int:
    """Counts the words of a text; in scripts without spaces, two characters count as one word."""
    found = tokens(text)
    spaceless = 0 if text.isascii() else sum(map(is_spaceless, found))
    return len(found) - spaceless + round(spaceless / 2)


def has_several_words(text: str) -> bool:
    """Whether a phrase has several words, or as many characters where words are not spaced."""
    return " " in text or (is_spaceless(text) and len(text) >= _CHARACTERS_OF_SEVERAL_WORDS)


def capitalized(text: str) -> str:
    """Capitalizes the first letter of a text, unless its first word has capitals already, such as iPhone or GPT."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text[:1].upper() + text[1:] if first.islower() else text
