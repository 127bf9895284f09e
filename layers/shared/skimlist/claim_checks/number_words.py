"""Words and characters for numbers that text2num does not know, and words that multiply a number in digits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

_CHARACTER_DIGITS = {character: value for value, characters in enumerate(("〇零", "一", "二兩两", *"三四五六七八九"))
                     for character in characters}  # fmt: skip
_DIGITS_OR_CHARACTER = re.compile(r"[\d.]+|.")
CHARACTER_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000, "億": 10**8, "亿": 10**8}

# Words that multiply the number before them. A German Billion and a Spanish billón are a million millions.
_THOUSAND, _MILLION, _BILLION, _TRILLION = (Decimal(10**power) for power in (3, 6, 9, 12))
_MULTIPLIERS = {
    **dict.fromkeys(("k", "thousand", "tausend", "mille", "mil", "mila", "tsd", "тыс", "тысяч", "тысячи"), _THOUSAND),
    **dict.fromkeys(("million", "millions", "millionen", "mio", "millon", "millones", "milhao", "milhoes", "milione"),
                    _MILLION),
    **dict.fromkeys(("milioni", "m", "mn", "млн", "миллион", "миллиона", "миллионов"), _MILLION),
    **dict.fromkeys(("b", "bn", "billion", "billions", "milliarde", "milliarden", "mrd", "milliard", "milliards"),
                    _BILLION),
    **dict.fromkeys(("bilhao", "bilhoes", "miliardo", "miliardi", "миллиард", "миллиардов", "млрд"), _BILLION),
    **dict.fromkeys(("trillion", "trillions", "trilhao", "trilhoes", "billones", "bilioni", "billionen"), _TRILLION),
}  # fmt: skip
_LONG_SCALE = {"de": "billion", "es": "billon", "fr": "billion", "it": "bilione"}

# Words for one part of a whole, and the number of such parts in it. text2num turns others, such as third, into digits.
FRACTIONS: Mapping[str, int] = {
    **dict.fromkeys(("half", "halb", "halbe", "halben", "halfte", "moitie", "demi", "mitad", "metade", "meta"), 2),
    **dict.fromkeys(("drittel", "tiers", "tercio", "tercios", "terco", "tercos"), 3),
    **dict.fromkeys(("quarter", "quarters", "viertel", "quart", "quarts", "cuarto", "quarto"), 4),
}
# Words that imply a number without being one, and the numbers that they imply.
IMPLIED: Mapping[str, Sequence[tuple[int, str | None]]] = {
    **dict.fromkeys(("dozen", "dutzend", "douzaine", "docena", "duzia", "dozzina"), ((12, None),)),
    **dict.fromkeys(("century", "jahrhundert", "siecle", "siglo", "seculo", "secolo"), ((100, "year"),)),
    **dict.fromkeys(("decade", "jahrzehnt", "decennie", "decada", "decennio"), ((10, "year"),)),
    **dict.fromkeys(("hundreds", "hunderte", "centaines", "cientos", "centenas", "centinaia"), ((100, None),)),
    **dict.fromkeys(("thousands", "tausende", "milliers", "milhares", "migliaia"), ((1000, None),)),
}  # fmt: skip
# Decades in digits. German ones may go on: Fünfzigerjahre. Some captions have no ß and no umlauts.
DECADES = {
    "twenties": "20s", "thirties": "30s", "forties": "40s", "fifties": "50s", "sixties": "60s", "seventies": "70s",
    "eighties": "80s", "nineties": "90s",
    "zwanziger": "20er", "dreißiger": "30er", "vierziger": "40er", "fünfziger": "50er", "sechziger": "60er",
    "siebziger": "70er", "achtziger": "80er", "neunziger": "90er",
    "dreissiger": "30er", "funfziger": "50er", "fuenfziger": "50er",
}  # fmt: skip


def multiplier(word: str, language: str) -> Decimal | None:
    if word and word == _LONG_SCALE.get(language):
        return _TRILLION
    return _MULTIPLIERS.get(word)


def from_characters(characters: str) -> Decimal:
    """Reads a number in Chinese characters, perhaps with digits: 五十 is 50, 二〇二五 is 2025, 3万五千 is 35000."""
    if not any(character in CHARACTER_UNITS for character in characters):
        return Decimal("".join(str(_CHARACTER_DIGITS[character]) for character in characters))
    total = section = digit = Decimal(0)
    for part in _DIGITS_OR_CHARACTER.findall(characters):
        unit = CHARACTER_UNITS.get(part)
        if unit is None:
            digit = Decimal(_CHARACTER_DIGITS.get(part, part))
        elif unit >= 10_000:
            total += (section + digit or 1) * unit
            section = digit = Decimal(0)
        else:
            section += (digit or 1) * unit
            digit = Decimal(0)
    return total + section + digit
