"""Finds the months of a text, in words and in dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from skimlist.claim_checks.folding import unaccented
from skimlist.text.language_codes import primary_language
from skimlist.text.sentences import starts_sentence
from skimlist.text.words import tokens

# The months of each language from January on (CLDR), with the forms of a declined or regional name.
_NAMES = {
    # Not Mais, which is also maize.
    "de": "januar/januars/jänner/jänners februar/februars märz/märzes april/aprils mai/maies juni/junis juli/julis "
    "august/augusts september/septembers oktober/oktobers november/novembers dezember/dezembers",
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "ru": "январь/января/январе/январю/январём февраль/февраля/феврале/февралю/февралём март/марта/марте/марту/мартом "
    "апрель/апреля/апреле/апрелю/апрелем май/мая/мае/маю/маем июнь/июня/июне/июню/июнем июль/июля/июле/июлю/июлем "
    "август/августа/августе/августу/августом сентябрь/сентября/сентябре/сентябрю/сентябрём "
    "октябрь/октября/октябре/октябрю/октябрём ноябрь/ноября/ноябре/ноябрю/ноябрём "
    "декабрь/декабря/декабре/декабрю/декабрём",
}
_MONTHS: Mapping[str, Mapping[str, int]] = {
    language: {
        unaccented(form): number for number, forms in enumerate(names.split(), start=1) for form in forms.split("/")
    }
    for language, names in _NAMES.items()
}
# Languages that write months like names; those of others are written with a small letter.
_CAPITALIZED_IN = frozenset({"de", "en"})
LIKE_NAMES = frozenset(form for language in _CAPITALIZED_IN for form in _MONTHS[language])

_WORD = re.compile(r"[^\W\d_]+")
_ISO_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(\d\d)\b")
_DAY_BEFORE = re.compile(r"\b\d{1,2}\.\s?$")
# What stands beside a month, but hardly beside the name of a person: 17th of May, in May, May 2024; not Theresa May.
_BEFORE_MONTH = {
    "de": re.compile(
        r"\b(?:ab|anfang|bis|diesem|diesen|ende|erst|im|jeden|letzten|mitte|nächsten|seit|vergangenen|vom|\d{1,2}\.) $",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:during|early|every|in|last|late|mid|next|since|this|till|until|\d{1,2}(?:st|nd|rd|th)?(?: of)?)[ -]$",
        re.IGNORECASE,
    ),
}
_DAY_OR_YEAR_AFTER = re.compile(r",? (?:of )?(?:1\d|20)\d\d\b| \d{1,2}(?:st|nd|rd|th)?\b(?![.,]\d)")
_WORD_BEFORE = re.compile(r"\b[^\W\d_]\w*\.? $")
_NAME_AFTER = re.compile(r"['’]s\b| [A-Z]")
_NEAR = 50  # characters on either side of a month's name that are looked at
# In what was said, either of the first two numbers may be the month, and a year may have two digits.
_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](?:\d{4}|\d\d)\b")
# Dates of claims. Germans write 17.5. without a year after some words, or where the sentence goes on. Elsewhere it is a
# version at the end of a sentence: GPT 4.1 und 5.1. “Bis” also leads to marks (bis 3.5), so it needs a late day.
_DATE_WITH_YEAR = re.compile(r"\b(\d{1,2})(/|\. ?)(\d{1,2})\2((?:1\d|20)\d\d)\b")
_WEEKDAY = r"(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch),?(?: de[mnr])?"
_DATE_WITHOUT_YEAR = re.compile(
    rf"(?:\b(?i:ab|am|bis (?:de[mn]|zum)|vom|zum|seit|{_WEEKDAY}) |\b[Bb]is (?=1[1-9]|[23]\d)"
    r"|(?<=\d\.) (?:bis|oder|und) |(?<![\w.,:])(?=\d\d?\. ?\d\d?\.(?:[,):]| [a-zäöü])))"
    r"(\d{1,2})(\.) ?(\d{1,2})\.(?!\d| (?:1\d|20)\d\d\b)()"
)
_MONTHS_A_YEAR, _DAYS_A_MONTH = 12, 31


class _Date(NamedTuple):
    """A date in digits: where it is in a text, the months that it may mean, and its other numbers."""

    start: int
    end: int
    months: Set[int]
    numbers: str


def reads_months(language: str) -> bool:
    return primary_language(language) in _MONTHS


def is_month(word: str, language: str) -> bool:
    return unaccented(word) in _MONTHS.get(primary_language(language), {})


def months(text: str, language: str, *, translated: bool) -> Mapping[str, Set[int]]:
    """Returns the months, 1 to 12, that each name of a month and each date of a text may mean.

    March and May count only if they cannot be other words: not at the beginning of a sentence. In a translation, whose
    names are not checked, they count only if they cannot be names either: Theresa May, August Rodin.
    """
    primary = primary_language(language)
    known, is_like_name = _MONTHS.get(primary, {}), primary in _CAPITALIZED_IN
    found = {text[date.start : date.end]: date.months for date in _dates(text, primary)}
    for word in _WORD.finditer(text):
        number = known.get(unaccented(word[0]))
        if number and (_is_capitalized(word, primary, translated) if is_like_name else word[0].islower()):
            found[word[0]] = {number}
    return found


def _is_capitalized(word: re.Match[str], language: str, translated: bool) -> bool:
    """Whether a word of a text has a capital that only a month needs there: 17. Juni, in May."""
    before = word.string[max(word.start() - _NEAR, 0) : word.start()]
    is_first = starts_sentence(word.string, word.start()) and not _DAY_BEFORE.search(before)
    return word[0].istitle() and not is_first and not (translated and _may_be_person(word, language))


def _may_be_person(word: re.Match[str], language: str) -> bool:
    begin = max(word.start() - _NEAR, 0)
    before, after = word.string[begin : word.start()], word.string[word.end() : word.end() + _NEAR]
    if _BEFORE_MONTH[language].search(before):
        return language == "en" and _NAME_AFTER.match(after) is not None
    name = _WORD_BEFORE.search(before)
    is_after_name = name is not None and name[0][0].isupper() and not starts_sentence(word.string, begin + name.start())
    return is_after_name or not _DAY_OR_YEAR_AFTER.match(after)


def heard_months(text: str, language: str) -> frozenset[int]:
    """Returns the months that captions may mean, in words or in digits."""
    primary = primary_language(language)
    known = _MONTHS.get(primary, {})
    named = {known.get(unaccented(word)) for word in tokens(text)}
    dated = {int(number) for date in _DATE.findall(text) for number in date}
    return frozenset(month for month in named | dated if month).union(*(date.months for date in _dates(text, primary)))


def without_months(text: str, language: str) -> str:
    """Returns the text with its dates in digits without their months: 2024 and 17 for 2024-05-17."""
    for date in sorted(_dates(text, primary_language(language)), reverse=True):
        text = f"{text[: date.start]}{date.numbers}{text[date.end :]}"
    return text


def _dates(text: str, language: str) -> Iterator[_Date]:
    for found in _ISO_DATE.finditer(text):
        yield _Date(found.start(), found.end(), {int(found[2])}, f"{found[1]}, {found[3]}")
    for pattern in (_DATE_WITH_YEAR, *([_DATE_WITHOUT_YEAR] if language == "de" else [])):
        for found in pattern.finditer(text):
            first, second = int(found[1]), int(found[3])
            # Americans write the month first.
            orders = {(second, first)} | ({(first, second)} if found[2] == "/" and language == "en" else set())
            days = {month: day for month, day in orders if 0 < month <= _MONTHS_A_YEAR and 0 < day <= _DAYS_A_MONTH}
            if days:
                # Of a date that can be read in two ways, the day is not known.
                known_day = map(str, days.values()) if len(days) == 1 else ()
                yield _Date(found.start(1), found.end(), set(days), ", ".join(filter(None, (found[4], *known_day))))
