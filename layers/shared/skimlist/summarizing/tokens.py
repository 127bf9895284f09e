"""How many tokens a text will probably be, before anybody counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skimlist.summarizing.text import SPACELESS

# Measured with o200k_base, the tokenizer of OpenAI's current models, on captions of each language. A word's first
# letters come with its first token; of those beyond them, each costs so much of a token more.
_LETTERS_OF_A_FIRST_TOKEN = 4
_TOKENS_A_LETTER = {"en": 0.02, "fr": 0.06, "pt": 0.115, "es": 0.17, "de": 0.27, "ru": 0.2, "ar": 0.96}
_TOKENS_A_LATIN_LETTER = 0.15
_TOKENS_A_LETTER_ELSEWHERE = 0.4
# Tokens a character where words are not spaced. Traditional Chinese is named by script or by region.
_TOKENS_A_CHARACTER = {"zh": 0.7, "ja": 0.81}
_TOKENS_A_CHARACTER_ELSEWHERE = 0.96
_TRADITIONAL = re.compile(r"zh-(hant|tw|hk|mo)", re.IGNORECASE)

_SPACELESS_LANGUAGES = frozenset({"zh", "ja", "yue", "th", "lo", "km", "my"})
_TOKENS_A_SHORT_WORD = 1.15
_LETTERS_OF_A_LONG_PART = 1.5

_LAST_LATIN_LETTER = "\u024f"
# In this order: characters without spaces, words with what an apostrophe shortened, numbers, signs with the line ends
# after them, line ends alone.
_PIECE = re.compile(
    rf"(?P<characters>[{SPACELESS}]+)|(?P<word>(?:(?![{SPACELESS}])[^\W\d_])+(?:['’](?:s|t|m|d|re|ve|ll)\b)?)"
    r"|(?P<number> ?\d+)|(?P<signs>[^\w\s]+\n*|_+)|(?P<ends>\n+)"
)


def likely_tokens(text: str, language: str = "en") -> int:
    """About as many tokens as OpenAI's current models read in `text`, most of which is in `language` (BCP 47)."""
    return round(sum(_tokens(text, language)))


def tokens_a_word(language: str) -> float:
    """Tokens of a word as models write it, with the sign after it; of two characters where words are not spaced."""
    if _primary(language) in _SPACELESS_LANGUAGES:
        return 2 * _rate_of_a_character(language)
    return _TOKENS_A_SHORT_WORD + _LETTERS_OF_A_LONG_PART * _rates(language)[0]


def _tokens(text: str, language: str) -> Iterator[float]:
    latin, elsewhere = _rates(language)
    a_character = _rate_of_a_character(language)
    for piece in _PIECE.finditer(text):
        found = piece[0]
        match piece.lastgroup:
            case "characters":
                yield len(found) * a_character
            case "word":
                rate = latin if found[0] <= _LAST_LATIN_LETTER else elsewhere
                yield 1 + rate * max(len(found) - _LETTERS_OF_A_FIRST_TOKEN, 0)
            case "number":
                yield found.startswith(" ") + -(-len(found.lstrip()) // 3)
            case _:
                yield 1


def _rates(language: str) -> tuple[float, float]:
    """Tokens a letter of Latin script, and of any other."""
    rate = _TOKENS_A_LETTER.get(_primary(language))
    return rate or _TOKENS_A_LATIN_LETTER, rate or _TOKENS_A_LETTER_ELSEWHERE


def _rate_of_a_character(language: str) -> float:
    if _TRADITIONAL.match(language):
        return _TOKENS_A_CHARACTER_ELSEWHERE
    return _TOKENS_A_CHARACTER.get(_primary(language), _TOKENS_A_CHARACTER_ELSEWHERE)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
