"""Units of measurement and money, as six European languages, Chinese and Japanese write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from skimlist.claim_checks.folding import unaccented

# Each line has the spellings of one unit, without accents and in lower case.
_SPELLINGS = """
km kilometer kilometers kilometre kilometres kilometern kilometro kilometros kilometri quilometro quilometros
m meter meters metre metres metern metro metros metri
cm centimeter centimeters centimetre centimetres zentimeter zentimetern centimetro centimetros centimetri
mm millimeter millimeters millimetre millimetres milimetro milimetros millimetri
mi mph mile miles meile meilen milla millas milha milhas miglio miglia
ft foot feet fuss pied pieds pie pies pe pes piede piedi
″ inch inches zoll pouce pouces pulgada pulgadas polegada polegadas pollice pollici
kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos quilo quilos chilo chili
g gram grams gramm gramme grammes gramo gramos grama gramas grammo grammi
mg milligram milligrams milligramm milligramme milligrammes miligramo miligramos miligrama miligramas milligrammi
lb lbs
oz ounce ounces unze unzen onces onza onzas oncas oncia
pound pounds pfund livre livres libra libras libbra libbre
l liter liters litre litres litern litro litros litri
ml milliliter milliliters millilitre millilitres millilitern mililitro mililitros millilitri
acre acres
ha hectare hectares hektar hectarea hectareas ettaro ettari
t ton tons tonne tonnes tonnen tonelada toneladas tonnellata tonnellate
sec second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi
min minute minutes minuten minuto minutos minuti
h hour hours stunde stunden heure heures hora horas ora ore
day days tag tage tagen jour jours dia dias giorno giorni
week weeks woche wochen semaine semaines semana semanas settimana settimane
month months monat monate monaten mois mes meses mese mesi
year years jahr jahre jahren ans annee annees ano anos anno anni
decade decades jahrzehnt jahrzehnte decennie decennies decada decadas decennio decenni
century centuries jahrhundert jahrhunderte siecle siecles siglo siglos seculo seculos secolo secoli
$ dollar dollars usd dolar dolares dollari dollaro
hz hertz
khz kilohertz
mhz megahertz
ghz gigahertz
v volt volts voltios volte
w watt watts vatios watios
kw kilowatt kilowatts kilovatios
mw megawatt megawatts megavatios
gw gigawatt gigawatts gigavatios
wh wattstunden
kwh kilowattstunde kilowattstunden
mwh megawattstunden
db decibel decibels dezibel decibelios decibeis
nm
kb kilobyte kilobytes kilooctets
mb megabyte megabytes megaoctets megas
gb gigabyte gigabytes gigaoctets gigas
tb terabyte terabytes teraoctets teras
mbit mbps megabit megabits
gbit gbps gigabit gigabits
cent cents centime centimes centavo centavos centesimi
€ euro euros eur
£ gbp sterling
yen jpy
yuan cny rmb renminbi
ruble rubles rouble roubles rub rubel rublo rublos
rupee rupees inr rupien roupies rupias rupie
franc francs chf franken francos franchi
zloty pln zlotys
brl reais reales
% percent prozent pourcent porciento porcento percento
° degree degrees grad degre degres grado grados grau graus gradi °c °f
"""
_UNITS = {spelling: line.split()[0] for line in _SPELLINGS.split("\n") if line for spelling in line.split()}

DECADE = "decade"
# What shows that a number is a decade: the 50s, die 50er (not die 50er Karte), 50'li yıllar, 50-talet, les années 50
# (not tras 3 años 50 estudiantes).
_DECADE_BEHIND = re.compile(
    r"['’]?[sS]\b|er(?:n\b|[ -]?[Jj]ahr|\b(?!-\w| [A-ZÄÖÜ]))|-[хе]\b|['’]l[iıu] y[ıi]l|-?tal(?:l?et|s)|-luvu|년대"
)
_DECADE_BEFORE = re.compile(r"(?<!\d )\b(?:annees|anos|anni|jaren|latach|decada de(?: los)?) ['’]?$")
# “Los 50” is a decade unless it is an age (a los 50) or a noun follows (los 50 estudiantes). Captions seldom have a
# full stop or comma, so the words that may follow a decade are listed.
_DECADE_OR_AMOUNT_BEFORE = re.compile(r"(?<!\ba )\blos ['’]?$")
_NO_NOUN_BEHIND = re.compile(
    r"\s?(?:$|[.,;:!?…)”»]|(?:y|e|ni|en|a los|hasta|se|ya|no|era|eran|fue|fueron|habia|hubo|como|cuando|donde"
    r"|pero|porque)\b)"
)

# Scripts without spaces put the unit right after the number. Longer spellings come first.
_SPACELESS = {
    "パーセント": "%",
    "キロメートル": "km",
    "センチ": "cm",
    "メートル": "m",
    "キロ": "km",
    "公里": "km",
    "英里": "mi",
    "マイル": "mi",
    "公斤": "kg",
    "公尺": "m",
    "秒": "s",
    "分鐘": "min",
    "分钟": "min",
    "分間": "min",
    "時間": "h",
    "小時": "h",
    "小时": "h",
    "日": "day",
    "天": "day",
    "週": "week",
    "周": "week",
    "星期": "week",
    "か月": "month",
    "ヶ月": "month",
    "カ月": "month",
    "個月": "month",
    "个月": "month",
    "年代": DECADE,
    "年": "year",
    "世紀": "century",
    "世纪": "century",
    "ドル": "$",
    "美元": "$",
    "美金": "$",
    "円": "yen",
    "元": "yuan",
    "倍": "times",
    "度": "°",
    "%": "%",
    "％": "%",
}
_SPACELESS_BEHIND = re.compile(rf"\s?({'|'.join(map(re.escape, _SPACELESS))})")
# A hectare and not a verb: nel 98 ha vinto, ha ganado.
_VERB_BEHIND_HA = re.compile(r" (?!(?:a|and|con|d[aei]l?|e|et|in|of|on|per|por|und|von|y|à)\b)[a-zà-ÿ]")
_WORD_BEHIND = re.compile(r"[\s-]?(°\s?[cf]\b|[%°$€£]|(?!l['’])[^\W\d_]+)")
_SIGN_BEFORE = re.compile(r"(R\$|[$€£¥])\s?$")
_SIGNS = {"¥": "yen", "R$": "brl"}
# Signs beside a number that are written like names: 40 °C, US$50, R$ 50, CHF 50, 3 PM, 44 BC, 16 Go (French).
_NUMBER_BEFORE = re.compile(r"\d\s?$")
_DEGREE_BEFORE = re.compile(r"°\s?$")
_NUMBER_BEHIND = re.compile(r"\s?\d")
_MONEY_BEHIND = re.compile(r"\$\s?\d")
_BEHIND_NUMBERS = frozenset({"am", "pm", "ad", "bc", "ce", "bce", "ko", "mo", "go", "to"})
# In 2009 Go was new, and in 1769 Watt had an idea.
_YEAR_BEFORE = re.compile(r"\b(?:1[5-9]\d\d|20[0-2]\d)\s$")
_NEAR = 6  # characters that these patterns look at: a year, a space, and the one in front of them
_ALSO_NAMES = frozenset({"Go", "Hertz", "Volt", "Watt"})
_SCALES = frozenset({"c", "f"})
_BEFORE_NUMBERS = frozenset({"ad", "usd", "eur", "gbp", "chf", "pln", "brl", "jpy", "cny", "inr"})
_MAX_UNIT_LENGTH = 24


class Unit(NamedTuple):
    """A unit, and the slice of the text that contains it and its number."""

    name: str
    start: int
    end: int


def unit_at(text: str, start: int, end: int) -> Unit | None:
    """Returns the unit of the number at `text[start:end]`; None for a bare number."""
    if sign := _SIGN_BEFORE.search(text[max(start - 3, 0) : start]):
        return Unit(_SIGNS.get(sign[1], sign[1]), start - len(sign[0]), end)
    behind = unaccented(text[end : end + _MAX_UNIT_LENGTH])
    if found := _SPACELESS_BEHIND.match(behind):
        return Unit(_SPACELESS[found[1]], start, end + found.end())
    word = _WORD_BEHIND.match(behind)
    name = _UNITS.get(word[1].replace(" ", "")) if word else None
    if word and name and not (name == "ha" and _VERB_BEHIND_HA.match(text, end + word.end())):
        return Unit(name, start, end + word.end())
    return _decade_at(text, start, end, behind)


def _decade_at(text: str, start: int, end: int, behind: str) -> Unit | None:
    if text[end - 1] != "0":
        return None
    if suffix := _DECADE_BEHIND.match(text, end):
        return Unit(DECADE, start, suffix.end())
    before = unaccented(text[max(start - _MAX_UNIT_LENGTH, 0) : start])
    is_decade = _DECADE_BEFORE.search(before) or (
        _DECADE_OR_AMOUNT_BEFORE.search(before) and _NO_NOUN_BEHIND.match(behind)
    )
    return Unit(DECADE, start, end) if is_decade else None


def is_unit(word: str) -> bool:
    return unaccented(word) in _UNITS


def is_sign_at(word: re.Match[str]) -> bool:
    """Whether a word of a text is the sign of a unit, a currency, an hour or an era beside a number, and so no name."""
    sign = unaccented(word[0])
    before = word.string[max(word.start() - _NEAR, 0) : word.start()]
    behind = word.string[word.end() : word.end() + 4]
    if _DEGREE_BEFORE.search(before):
        return sign in _SCALES
    if _NUMBER_BEFORE.search(before) and (sign in _UNITS or sign in _BEHIND_NUMBERS):
        return word[0] not in _ALSO_NAMES or not _YEAR_BEFORE.search(before)
    return bool(_MONEY_BEHIND.match(behind) or (sign in _BEFORE_NUMBERS and _NUMBER_BEHIND.match(behind)))
