"""Finds the numbers of a text, in digits or in words, with their units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from text_to_num import alpha2digit

from skimlist.claim_checks.folding import unaccented
from skimlist.claim_checks.months import is_month
from skimlist.claim_checks.number_words import DECADES, FRACTIONS, IMPLIED, from_characters, multiplier
from skimlist.claim_checks.units import DECADE, unit_at
from skimlist.text.language_codes import primary_language

_IN_WORDS = frozenset({"de", "en", "es", "fr", "it", "nl", "pt"})
_IN_CHARACTERS = frozenset({"ja", "zh"})

_DIGITS = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*(?:\u2044\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+")
_GROUPED_WITH_FRACTION = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+")
_NO_DIGIT = r"\D"
_SPACED_GROUPS = re.compile(r"(?<![\d.,])(\d{1,3}(?: \d{3})+)(?![\d.,])")
_ROMAN = re.compile(r"\b[IVXLC]{2,}(?=e?\b)")
_ROMAN_NUMERAL = re.compile(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_CHARACTERS = re.compile("[〇零一二三四五六七八九十百千萬万億亿兩两]+")
_PER_CENT = re.compile(r"\bp(?:er|or|our) cent(?:o|s)?\b|\bpor ciento\b", re.IGNORECASE)
_MARK = "xqx"
_AFTER_DIGITS = re.compile(r"(\d\s)([^\W\d_]+)")
# Half an hour and half a million; then a half behind a number: three and a half years, dreieinhalb, trois ans et demi.
_HALF_OF = re.compile(
    r"\b(?:half an? |eine halbe |medi[oa] |une? demie?[ -]|mei[oa] |mezz(?:[oa] |['’]))"
    r"(?=(?:thousand|mill?i|milh|bill?i|bilh|hour|stunde|heure|h?ora\b))",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(
    r"\s?½|\s(?:and a half|et demie?|y medi[oa]|e mei[oa]|e mezz[oa])\b|einhalb(?=e?[nrs]?\b)", re.IGNORECASE
)
_ONE_AND_A_HALF = re.compile(r"\banderthalb\b|\banderhalf\b", re.IGNORECASE)
_HALF = "xqh"
_NUMBER_AND_A_HALF = re.compile(
    rf"\b(?:(\d{{1,18}})|an?|un[oa]?(?=['’ ]))((?:['’ ][^\W\d_]+)?) {_HALF}\b", re.IGNORECASE
)
_MULTIPLES = (10**9, 10**6, 10**3, 1)
_FRACTION_OF = re.compile(r"\b(\d{1,9}[.,]\d{1,9}) (1000000(?:000){0,5})\b")
_MYRIADS = re.compile(r"(?<![\d.])(?:\d{1,9}(?:\.\d{1,9})?[百千]?[万萬億亿])+(?:\d{1,4}千?)?")
# 三点五 is 3.5, but 三点五十分 a time.
_POINT_IN_CHARACTERS = re.compile(
    "([〇零一二三四五六七八九十百千]+)[点點]([〇零一二三四五六七八九]+)(?![〇零一二三四五六七八九十分刻])"
)
_MULTIPLIER = re.compile(r"\s?([^\W\d_]+)")

_DECADE = re.compile(rf"\b({'|'.join(DECADES)})", re.IGNORECASE)
# 30s may be seconds, the 70s a temperature, and 30er a speed.
_DECADE_OR_NUMBER = re.compile(r"\b(\d{1,2}0)['’]?(?:s|ern?)\b", re.IGNORECASE)
_OH = re.compile(r"(?<=\d) oh (?=\d\b)", re.IGNORECASE)
_OF_A_MILLION = r"(?:(?: (?:of|de|di))?(?: an?)? ?(1000000|mil+ion[ei]?)\b)?"
# What may follow a third or un terzo; before another word it is an ordinal: a third man, un terzo uomo.
_AFTER_A_FRACTION = r"(?=\W*$|[,.;:!?)…–—]| (?:%s)\b)"
_AFTER_AN_ENGLISH_ONE = _AFTER_A_FRACTION % (
    "above|across|after|ago|among|and|are|as|at|because|before|below|between|but|by|cheaper|down|during|faster|fewer|for"
    "|from|greater|higher|in|is|larger|last|later|less|longer|lower|more|of|off|on|or|over|part|per|shorter|since|slower"
    "|smaller|so|than|that|the|this|through|to|under|until|up|was|were|when|where|which|while|who|with|within|without"
)
_AFTER_A_ROMANCE_ONE = _AFTER_A_FRACTION % (
    "a|al|com|con|che|de|degli|dei|del|dell[aeo]?|di|d[ao]s?|e|em|en|entre|ha|in|más|mas|mais|menos?|não|n[ao]s?|nei"
    "|nel|nell[aeo]?|non|o|ou|para|parte|per|più|piu|por|que|su|sul|tra|y"
)
# Four fifths, a third of them (but not a third man), un terzo di, nine out of ten, with their numbers in digits.
_FRACTIONS = tuple(
    re.compile(pattern + _OF_A_MILLION)
    for pattern in (
        r"\b(\d{1,3}) (\d{1,3})(?:(?:th|rd|nd)s?\b|ᵒˢ|ᵃˢ)",
        rf"\b(a) (\d{{1,3}})(?:th|rd|nd){_AFTER_AN_ENGLISH_ONE}",
        rf"\b(1) (\d{{1,3}})[ºª]{_AFTER_A_ROMANCE_ONE}",
        r"\b([2-9]|\d\d) (\d{1,3})º",
        r"\b(\d{1,3}) (?:out of|von|sur|de cada|em cada|su) (\d{1,3})\b",
    )
)
_FRACTION_WORD = re.compile(rf"\b(?:(\d{{1,3}}) )?({'|'.join(FRACTIONS)})(?:\b|(?=million)){_OF_A_MILLION}")
# Half past seven is 7:30, and halb acht too.
_HALF_PAST = re.compile(r"\b(?:half past|hal[bf] (\d{1,2}))\b")
_QUARTERS_OF_AN_HOUR = re.compile(
    r"\b(?:(3|three|drei|trois|tres|tre) ?)?(?:quarters? of an hour|quarter-hour|viertelstunden?|quarts? d['’ ]heure"
    r"|cuartos? de hora|quartos? de hora|quart[oi] d['’ ]ora)\b"
)
_HALVES_OF_HOURS = frozenset(Decimal(hour) + Decimal("0.5") for hour in range(1, 13))
# The eighteenth century is the 1700s.
_CENTURY = re.compile(
    r"\b(\d{1,2})\S{0,3} (?:century|jahrhundert\w*|siecle|seculo|secolo)\b|\b(?:siglo|seculo|secolo) (\d{1,2})\b"
)
_HUNDREDS = re.compile(r"\b(1\d|20)00['’]?s\b")
# Two dozen are 24, and 2016-20 ends in 2020.
_A_DOZEN = 12
_DOZENS = re.compile(r"\b(\d{1,3}) (?:dozen|dutzend|douzaine|docena|duzia|dozzin[ae])s?\b")
_YEARS = re.compile(r"\b(1\d|20)\d\d[-–/](\d\d)\b")
# Years are spoken in two halves: nineteen fifty six.
_YEAR_HALVES = re.compile(r"\b(1\d|20|21) ?(0?\d|\d\d)(?=s?\b)")
_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2100
# A year is also said by its last two digits, and so is the one after it: im Jahr 98, lá em 22, 23. Before a noun they
# may count something (in 15 cases), unless the word before them says that they are a year.
_TWO_YEARS = r"(\d\d)(?:(?:, | (?:and|und|y|et|e|or|oder|o|ou) |[-–])(\d\d))?(?![\d.,:]\d)\b"
_AFTER_A_YEAR = (
    "and|as|at|because|but|he|i|in|it|on|or|she|so|the|they|we|when|while|you"
    "|aber|als|das|der|die|er|es|ich|im|oder|sie|und|weil|wir"
    "|cuando|el|él|ella|ellos|en|las?|los?|pero|porque|se|y|yo"
    "|dans|elles?|et|ils?|je|les?|mais|nous|ou|quand"
    "|e|ela|ele|em|eu|gli|ma|mas|n[ao]|o|os|perché|quando"
    # Verbs, and articles before a vowel: nel 98 ha vinto, en 98 ganó, em 98 ganhou, en 98 l’équipe.
    "|became|began|came|did|died|got|had|lost|took|was|went|were|won"
    "|gab|gibt|hat|hatten?|haben|ist|kam|sind|waren?|wurden?"
    "|es|eran?|estaban?|fue|fueron|había|han|hizo|hubo|nació|tuvo|vino"
    "|a|avai(?:en)?t|c(?=['’])|est|étai(?:en)?t|eut|furent|fut|l(?=['’])|ont|sont"
    "|abbiamo|aveva(?:no)?|è|erano|fu|furono|ha|hanno|ho|nacque|si|vennero|venne|vinse"
    "|é|eram?|fez|foi|foram|há|houve|tem|teve|tinham?|veio"
    r"|[^\W\d_]{2,}(?:ó|[ai]eron|aron|[óa]ban?|ò|[aei]rono|èrent|ou|eu|iu|[aei]ram|avam?)"
)
_SHORT_YEARS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:\b(?:im jahr|the year|d?el año|[dn]?o ano|l['’]ann(?:o|ée)) |(?<!\w)['’]|[dn]ell['’]){_TWO_YEARS}",
        rf"(?<!\bone )(?<!\d )\b(?:in|im|since|seit|en(?: el)?|desde(?: el)?|depuis|em|nel|dal|del) {_TWO_YEARS}"
        rf"(?=\s*$|[.;:!?)]|,(?! ?\d)| (?:{_AFTER_A_YEAR})\b(?! \d))",
    )
)
# The same of a date: 17.05.24. German captions also have dates without a year.
_DATE_WITH_SHORT_YEAR = re.compile(r"\b\d{1,2}([./]) ?\d{1,2}\1 ?(\d\d)\b")
_DAY_AND_MONTH = re.compile(r"\b([0-3]?\d)\. ?([01]?\d)\b(?!,?\d)")
_LAST_CENTURY, _THIS_CENTURY = 1900, 2000
_LAST_SHORT_YEAR = 40
# The number of an item of a list, and the word behind it.
_ITEM = re.compile(r"(?:^|(?<=[.!?:;]) )(\d{1,3})[.)](?= (\w*))", re.MULTILINE)
# The words just before a noun, from the last punctuation mark on, except one inside a number.
_PHRASE_END = re.compile(r"(?:[^.,;:!?。、！？]|(?<=\d)[.,](?=\d)){1,25}$")
# A longer number is an account or serial number, and exceeds exact decimals.
_MAX_DIGITS = 18
# Numbers up to this one may come from the writer's own counting: two reasons, three steps.
_COUNTED_BY_THE_WRITER = 3
# A summary's 30s may be seconds, pounds are a weight or a currency, and kilowatt hours are two words.
_ALSO_WRITTEN = {
    DECADE: ("sec",),
    **{"pound": ("lb", "£"), "lb": ("pound",), "£": ("pound",)},
    **{"wh": ("w",), "kwh": ("kw",), "mwh": ("mw",)},
}
# The maximum relative difference between a rounded number and the one that was said.
_ROUNDING = Decimal("0.05")
_SMALLEST_ROUNDED = 100


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text. `values` has several readings if a sign is ambiguous: 1.500 is one and a half, or 1,500."""

    values: frozenset[Decimal]
    unit: str | None
    text: str

    @property
    def is_statement(self) -> bool:
        """Whether the number states a fact, rather than counting what the text lists: two reasons, three steps."""
        most = max(self.values)
        return most > (_COUNTED_BY_THE_WRITER if self.unit is None else 1) or most != int(most)


def is_roman(word: str) -> bool:
    """Whether a word of capitals is a Roman numeral: XX, not LLM."""
    return len(word) > 1 and _ROMAN_NUMERAL.fullmatch(word) is not None


def with_romans_in_lower_case(text: str, said: Callable[[str], bool]) -> str:
    """Returns the text with those Roman numerals in lower case that are `said` as words, and so are none: CV, XL."""
    return _ROMAN.sub(lambda found: found[0].lower() if is_roman(found[0]) and said(found[0]) else found[0], text)


def reads_words(language: str) -> bool:
    return primary_language(language) in _IN_WORDS | _IN_CHARACTERS


def numbers(text: str, language: str) -> tuple[Number, ...]:
    """Returns the numbers that a text states."""
    return tuple(_numbers(_in_digits(text, language), primary_language(language)))


def heard_numbers(text: str, language: str) -> tuple[Number, ...]:
    """Returns the numbers that captions may express, including years in halves, fractions, halves and dozens.

    Tens with an ending are a decade, and a number without a unit as well: the 70s.
    """
    digits = _in_digits(text, language)
    primary = primary_language(language)
    found = tuple(_numbers(digits, primary))
    dates = _DAY_AND_MONTH.findall(digits) if primary == "de" else ()
    parts = (_implies(int(part)) for date in dates for part in date)
    return (*found, *_implied(digits), *parts, *(time for number in found for time in _other_unit_of_time(number)))


def without_item_numbers(text: str, language: str) -> str:
    """Returns the text without the numbers of a list that counts its items from 1; 17. Juni is a date."""
    items: list[re.Match[str]] = []
    for found in _ITEM.finditer(text):
        if int(found[1]) == len(items) + 1 and not is_month(found[2], language):
            items.append(found)
    if len(items) > 1:
        for item in reversed(items):
            text = text[: item.start()] + text[item.end() :]
    return text


def numbers_before(text: str, language: str, nouns: re.Pattern[str]) -> tuple[Number, ...]:
    """Returns the numbers that a text states shortly before certain nouns: five of the seven videos.

    `nouns` matches them in lower case and without accents.
    """
    digits = unaccented(_in_digits(text, language))
    phrases = (_PHRASE_END.search(digits[: found.start()]) for found in nouns.finditer(digits))
    primary = primary_language(language)
    return tuple(number for phrase in phrases if phrase for number in _numbers(phrase[0], primary))


def as_written(number: str, text: str, language: str) -> str:
    """Returns a number of `numbers` as the text writes it, for a reader: five million for 5000000."""
    digits = _in_digits(text, language)
    found = re.search(rf"(?<!\d){re.escape(number)}(?!\d)", digits)
    if number in text or found is None:
        return number
    start, end = found.span()
    written = ""
    for change, first, last, begin, until in SequenceMatcher(None, text, digits, autojunk=False).get_opcodes():
        if begin < end and until > start:
            is_equal = change == "equal"
            written += text[first + max(start - begin, 0) * is_equal : last - max(until - end, 0) * is_equal]
    return written


def is_heard(number: Number, heard: Sequence[Number]) -> bool:
    """Whether a number was said, with the same unit if both have one; for 1950, the fifties are enough."""
    said = [other for other in heard if any(_same(wanted, value) for wanted in number.values for value in other.values)]
    units = {None, number.unit, *_ALSO_WRITTEN.get(number.unit or "", ())}
    return any(number.unit is None or other.unit in units for other in said) or any(
        other.unit == DECADE and value in other.values for other in heard for value in _decades(number)
    )


def _in_digits(text: str, language: str) -> str:
    """Returns the text with its known number words replaced by digits."""
    text = _ONE_AND_A_HALF.sub(f"1 {_HALF}", _AND_A_HALF.sub(f" {_HALF}", text))
    text = _PER_CENT.sub("%", unicodedata.normalize("NFKC", text))
    primary = primary_language(language)
    is_in_words = primary in _IN_WORDS
    if is_in_words:
        # A word that multiplies digits is read later, because text2num would turn it into a number of its own.
        text = _HALF_OF.sub("0.5 ", text)
        text = _AFTER_DIGITS.sub(lambda found: found[1] + _MARK + found[2], text)
        # Without regard to case, the Turkish İ and ı are an i too.
        text = _DECADE.sub(lambda found: DECADES.get(found[1].lower(), found[1]), text)
        text = alpha2digit(text, primary, 0).replace(_MARK, "")
    text = _NUMBER_AND_A_HALF.sub(_with_half, text)
    if is_in_words:
        # text2num turns "one point five million" into two numbers.
        text = _FRACTION_OF.sub(lambda found: str(Decimal(found[1].replace(",", ".")) * int(found[2])), text)
    text = text.replace(_HALF, "0.5")
    text = _ROMAN.sub(lambda found: str(_roman(found[0])) if is_roman(found[0]) else found[0], text)
    text = _OH.sub(" 0", text)
    if primary in _IN_CHARACTERS:
        text = _POINT_IN_CHARACTERS.sub(_with_point, text)
    text = _MYRIADS.sub(lambda found: f"{from_characters(found[0]).normalize():f}", text)
    return _SPACED_GROUPS.sub(lambda found: found[1].replace(" ", ""), text)


def _with_half(found: re.Match[str]) -> str:
    """Adds half of what was counted: 3.5 years for three years and a half, 2500000 for two millions and a half."""
    number = int(found[1] or 1)
    half = Decimal(next((unit for unit in _MULTIPLES if number and number % unit == 0), 1)) / 2
    return f"{number + half:f}{found[2]}"


def _with_point(found: re.Match[str]) -> str:
    return f"{from_characters(found[1])}.{from_characters(found[2]):0{len(found[2])}}"


def _numbers(text: str, language: str) -> Iterator[Number]:
    for found in _DIGITS.finditer(text):
        if len(found[0]) > _MAX_DIGITS:
            continue
        values = _values(found[0])
        end = found.end()
        factor = _MULTIPLIER.match(text, end)
        word = unaccented(factor[1]) if factor else ""
        if factor and (by := multiplier(word, language)):
            multiplied = frozenset(value * by for value in values)
            is_also_metres = word == "m" and unit_at(text, found.start(), factor.end()) is None
            values = values | multiplied if word == "m" else multiplied
            end = end if is_also_metres else factor.end()
        yield _number(values, text, found.start(), end)
    if language in _IN_CHARACTERS:
        for found in _CHARACTERS.finditer(text):
            if len(found[0]) > _MAX_DIGITS:
                continue
            number = _number(frozenset({from_characters(found[0])}), text, found.start(), found.end())
            if number.unit or len(found[0]) > 1:
                yield number


def _number(values: frozenset[Decimal], text: str, start: int, end: int) -> Number:
    unit = unit_at(text, start, end)
    return Number(values, unit.name, text[unit.start : unit.end]) if unit else Number(values, None, text[start:end])


def _values(digits: str) -> frozenset[Decimal]:
    """Returns the values of digits, both readings if a point or comma is ambiguous."""
    if "\u2044" in digits:
        return frozenset(Decimal(part) for part in digits.split("\u2044") if part.isdecimal())
    if _GROUPED_WITH_FRACTION.fullmatch(digits):
        whole, fraction = re.split(r"[.,](?=\d+$)", digits)
        return frozenset({Decimal(f"{re.sub(_NO_DIGIT, '', whole)}.{fraction}")})
    plain = re.sub(_NO_DIGIT, "", digits)
    values = set()
    if plain == digits or _GROUPED.fullmatch(digits):
        values.add(Decimal(plain))
    if re.fullmatch(r"\d+[.,]\d+", digits):
        values.add(Decimal(digits.replace(",", ".")))
    # A version, time or date counts as each of its numbers.
    return frozenset(values or {Decimal(part) for part in re.findall(r"\d+", digits)})


def _implied(text: str) -> Iterator[Number]:
    for century, year in (*_YEAR_HALVES.findall(text), *_YEARS.findall(text)):
        yield _implies(int(century) * 100 + int(year))
    yield from _short_years(text)
    for tens in _DECADE_OR_NUMBER.findall(text):
        yield _implies(int(tens))
    for fraction in _FRACTIONS:
        for part, whole, million in fraction.findall(text):
            yield from _share(1 if part == "a" else int(part), int(whole), million)
    words = unaccented(text)
    for hour in _HALF_PAST.findall(words):
        yield _implies(30, "min")
        if hour:
            yield _implies(int(hour) - 1)
    yield from (_implies(45 if three else 15, "min") for three in _QUARTERS_OF_AN_HOUR.findall(words))
    for century, same in _CENTURY.findall(words):
        yield _implies(100 * (int(century or same) - 1), DECADE)
    for hundreds in _HUNDREDS.findall(words):
        yield _implies(int(hundreds) + 1)
    for part, word, million in _FRACTION_WORD.findall(words):
        yield from _share(int(part or 1), FRACTIONS[word], million)
        if int(part or 1) == 1:
            yield _implies(FRACTIONS[word])
    yield from (_implies(_A_DOZEN * int(dozens)) for dozens in _DOZENS.findall(words))
    for word in re.findall(r"[^\W\d_]+", words):
        yield from (_implies(value, unit) for value, unit in IMPLIED.get(word, ()))


def _short_years(text: str) -> Iterator[Number]:
    years = (found for pattern in _SHORT_YEARS for found in pattern.finditer(text) if not unit_at(text, *found.span()))
    said = [year for found in years for year in found.groups()]
    said += [found[2] for found in _DATE_WITH_SHORT_YEAR.finditer(text)]
    for year in map(int, filter(None, said)):
        yield _implies(year + (_THIS_CENTURY if year <= _LAST_SHORT_YEAR else _LAST_CENTURY))


def _share(part: int, whole: int, million: str) -> Iterator[Number]:
    """Yields a fraction such as two thirds, perhaps of a million, as a number and in per cent: 66.7 % and 67 %."""
    if whole:
        share = Decimal(part) / whole
        yield _implies(share * 10**6 if million else share)
        yield _implies(100 * share, "%")
        yield _implies(round(100 * share), "%")


def _other_unit_of_time(number: Number) -> Iterator[Number]:
    """Yields hours in minutes, and in hours and minutes, such as a time of day: las siete y media; minutes in hours."""
    if number.unit == "h":
        yield Number(frozenset(60 * value for value in number.values), "min", "")
    for value in number.values:
        if value % 1 and (number.unit == "h" or (number.unit is None and value in _HALVES_OF_HOURS)):
            yield _implies(value // 1, "h")
            yield _implies(value % 1 * 60, "min")
    if number.unit == "min":
        yield Number(frozenset(value / 60 for value in number.values), "h", "")


def _implies(value: int | Decimal, unit: str | None = None) -> Number:
    return Number(frozenset({Decimal(value)}), unit, "")


def _decades(number: Number) -> Iterator[Decimal]:
    """Yields the decade that begins in a year, as it is said without its century: 50 for 1950."""
    return (value % 100 for value in number.values if _EARLIEST_YEAR <= value <= _LATEST_YEAR and value % 10 == 0)


def _same(wanted: Decimal, said: Decimal) -> bool:
    if wanted == said:
        return True
    if _EARLIEST_YEAR <= wanted <= _LATEST_YEAR and wanted == int(wanted):
        return False
    if wanted != int(wanted):
        places = -int(wanted.as_tuple().exponent)
        return abs(wanted - said) < 1 and round(said, places) == wanted
    if wanted < _SMALLEST_ROUNDED or wanted % 10:
        return False
    # Rounded up or down, the number differs by less than one of its last place before the zeros: 68 for 67.3 million.
    last_place = 10 ** int(wanted.normalize().as_tuple().exponent)
    return abs(wanted - said) < last_place and abs(wanted - said) <= wanted * _ROUNDING


def _roman(digits: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[digit] for digit in digits]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
