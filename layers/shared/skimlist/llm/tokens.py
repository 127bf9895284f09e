"""Estimates the tokens of a text."""

from __future__ import annotations

import re

from skimlist.text.words import SPACELESS

# Measured with o200k_base, the tokenizer of OpenAI's current models, on captions of each language. A word's first
# letters are one token; each further letter adds this fraction of a token.
_LETTERS_OF_A_FIRST_TOKEN = 4
_DIGITS_A_TOKEN = 3
_TOKENS_A_LETTER = {"en": 0.02, "fr": 0.06, "pt": 0.115, "es": 0.17, "de": 0.27, "ru": 0.2, "ar": 0.96}
_TOKENS_A_LATIN_LETTER = 0.15
_TOKENS_A_LETTER_ELSEWHERE = 0.4
# Tokens per character in languages without spaces. Codes of Traditional Chinese have the script or the region.
_TOKENS_A_CHARACTER = {"zh": 0.7, "ja": 0.81}
_TOKENS_A_CHARACTER_ELSEWHERE = 0.96
_TRADITIONAL = re.compile(r"zh-(hant|tw|hk|mo)", re.IGNORECASE)

_SPACELESS_LANGUAGES = frozenset({"zh", "ja", "yue", "th", "lo", "km", "my"})
_TOKENS_A_SHORT_WORD = 1.15
_LETTERS_OF_A_LONG_PART = 1.5

_LAST_LATIN_LETTER = "\u024f"
_CHARACTERS = re.compile(f"[{SPACELESS}]+")
# A word includes its contraction: don't is one token.
_WORD = re.compile(rf"(?:(?![{SPACELESS}])[^\W\d_])+(?:['’](?:s|t|m|d|re|ve|ll)\b)?")
_NUMBER = re.compile(r" ?\d+")
# Punctuation with the line ends after it, except apostrophes inside words; and line ends alone.
_SIGNS = re.compile(rf"(?:(?![{SPACELESS}]|(?<=\w)['’]\w)[^\w\s])+\n*|_+|(?<=\w)\n+")


def likely_tokens(text: str, language: str = "en") -> int:
    """Estimates the tokens that OpenAI's current models read in `text`, which is mostly in `language` (BCP 47)."""
    characters = sum(len(found) for found in _CHARACTERS.findall(text))
    numbers = _NUMBER.findall(text)
    digits: int = sum(number.startswith(" ") + -(-len(number.lstrip()) // _DIGITS_A_TOKEN) for number in numbers)
    signs = len(_SIGNS.findall(text))
    said = _words(text, language) + characters * _rate_of_a_character(language)
    return round(said) + digits + signs


def _words(text: str, language: str) -> float:
    words = _WORD.findall(text)
    latin, elsewhere = _rates(language)
    first = _LETTERS_OF_A_FIRST_TOKEN
    long_words = [word for word in words if len(word) > first]
    letters = sum(len(word) - first for word in long_words)
    foreign = sum(len(word) - first for word in long_words if word[0] > _LAST_LATIN_LETTER)
    return len(words) + (letters - foreign) * latin + foreign * elsewhere


def tokens_a_word(language: str) -> float:
    """Returns the tokens per word that models write, with punctuation; two characters are a word in some scripts."""
    if _primary(language) in _SPACELESS_LANGUAGES:
        return 2 * _rate_of_a_character(language)
    return _TOKENS_A_SHORT_WORD + _LETTERS_OF_A_LONG_PART * _rates(language)[0]


def _rates(language: str) -> tuple[float, float]:
    """Returns the tokens per letter of Latin script, and of any other script."""
    rate = _TOKENS_A_LETTER.get(_primary(language))
    return rate or _TOKENS_A_LATIN_LETTER, rate or _TOKENS_A_LETTER_ELSEWHERE


def _rate_of_a_character(language: str) -> float:
    if _TRADITIONAL.match(language):
        return _TOKENS_A_CHARACTER_ELSEWHERE
    return _TOKENS_A_CHARACTER.get(_primary(language), _TOKENS_A_CHARACTER_ELSEWHERE)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
