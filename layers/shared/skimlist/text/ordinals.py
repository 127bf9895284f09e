"""Tells whether the full stop after a number makes it an ordinal or a part of a date, and so ends no sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

# An ordinal, by the word before it: am 17. Mai, im 19. und 20. Jahrhundert, seinen 60. Geburtstag, w 2. Bundeslidze.
# In other languages than German, what follows mostly begins with a small letter, and so does no sentence.
_WORDS_BEFORE = {
    "de": r"am|ab|beim?|bis|de[mnrs]|die|das|im|ins|seit|vom|zu[mr]|(?:[mds]ein|ihr|unser|jed|dies)e?[mnrs]?|\w+tag,?"
    r"|\d\d?\. (?:und|oder|bis)",
    "hu": "az?",
    **dict.fromkeys(("da", "nb", "nn", "no"), "de[nt]?|på"),
    **dict.fromkeys(("bs", "cs", "hr", "pl", "sk", "sl", "sr"), "na|u|v[eo]?|we?|z[eo]"),
}
_NUMBER = r"[1-9]\d?\."
_BEFORE = {
    language: re.compile(rf"(?<!\w)(?:{words}) (?:{_NUMBER} )?{_NUMBER}$", re.IGNORECASE)
    for language, words in _WORDS_BEFORE.items()
}
# An ordinal, by the word after it: 17. Juni 1953, 2. Dünya Savaşı; 1. FC Köln in any language.
_AFTER = {
    "de": re.compile(
        "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
        r"|(?:Jahrhundert|Jahrtausend|Weltkrieg)\w*|(?:Bundesl|Regionall|Oberl|L)iga"
    ),
    "tr": re.compile(r"(?:Dünya|Yüzyıl|Bölüm|Sınıf|Madde|Ordu|Kolordu|Uluslararası|Ulusal|Lig)\w*"),
}
_ORDINAL = re.compile(rf"(?<![\w.,:]){_NUMBER}$")
_CLUB = re.compile("F[CK]|FSV|FFC")
_FIRST = re.compile(r"(?<![\w.,:])1\.$")
# A Roman numeral, in languages in which it stands before the name of a ruler rather than behind it.
_ROMAN = re.compile(r"(?<![\w.,:])[IVX]{1,5}\.$")
_ROMAN_IN = frozenset({"hu", "tr"})
# Dates with spaces. Where ordinals are written so, the year may be missing.
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:1[0-9]|20)[0-9]{2}"
_DATE = re.compile(rf"(?<![\w.,:])(?:{_DAY}\. {_MONTH}\. {_YEAR}|{_YEAR}\. {_MONTH}\. {_DAY})(?!\w)")
_SHORT_DATE = re.compile(rf"(?<![\w.,:])(?<!\d\. ){_DAY}\. {_MONTH}\.(?=,| [^\W\d_]|$)")
_SHORT_DATES_IN = frozenset({"bs", "cs", "da", "de", "et", "fi", "hr", "is", "nb", "nn", "no", "sk", "sl", "sr"})
# A date is looked for in as many characters after a full stop.
_NEAR = 12


def is_date(before: str, after: str, language: str) -> bool:
    """Whether a full stop between two numbers, at the end of `before`, is one of a date in a primary language."""
    text = f"{before} {after[:_NEAR]}"
    return any(found.start() < len(before) < found.end() for found in _dates(text, language))


def _dates(text: str, language: str) -> Iterator[re.Match[str]]:
    yield from _DATE.finditer(text)
    if language in _SHORT_DATES_IN:
        introduced = _BEFORE.get(language, _ORDINAL)
        for found in _SHORT_DATE.finditer(text):
            is_before_capital = text[found.end() : found.end() + 2].strip().isupper()
            if not is_before_capital or introduced.search(text[: found.end()]):
                yield found


def is_ordinal(before: str, word: str, language: str) -> bool:
    """Whether a full stop at the end of `before` belongs to an ordinal, if a certain word with a capital follows."""
    before_it, after_it = _BEFORE.get(language), _AFTER.get(language)
    return bool(
        (before_it and before_it.search(before))
        or (after_it and after_it.fullmatch(word) and _ORDINAL.search(before))
        or (_CLUB.fullmatch(word) and _FIRST.search(before))
        or (language in _ROMAN_IN and _ROMAN.search(before))
    )
