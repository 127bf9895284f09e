"""Names that captions know, by how they begin: those of countries and their people, and two days of the week.

Italian is said for Italy, although the words differ; Niger is no misspelling of Nigeria, although they look alike. The
list has the countries whose names (CLDR) pass for each other by the rules of `names.py` in a European language, and
those whose English name differs by these rules from that of their people.
"""

from __future__ import annotations

from functools import cache

# Beginnings in Latin letters, in any language; those of one line name the same. A longer one counts before a shorter.
_BEGINNINGS = """
afghan
albani
angol
anguil
austral avstral
austri avstri oesterr osterr
bangladesh banglades
belgi
benin
bolivi
brazil brasil
brita briti
bulgar bolgar
burma burmes myanm
camaro camero
chad
china chine chino
comor
cuba
cypr
denmar danis danes
egypt
englan englis
estland estoni
fiji
finlan finnlan finlyan finnis finns
france french
gabon
gambi
german alemani
ghana gana
greec greek griech
guam
guine
guian guyan
hungar hongr ungar ungher vengr
iceland island
iran
iraq irak
irela irish irland
italy italia
japan japon giappon yapon
javan giavan yavan
kirgh kyrgyz
laos laot
leban
lesoth basoth
letoni letton lettlan lettisch latvi
liberi
lituan lithuan litauen litauisch
livi liby libi
madagas malagas
malaui malawi
mali
malta maltes
mexic
monac monegas
mozamb
namibi
nepal
netherl dutch holland
niger
nigeria nigerii nigeriy
norway norweg
palestin
panam
peru
philippin filipin
poland polish poles
portug
scotlan scottis scots
shveyts swiss switz schweiz suiss svizzer
shvets swed schwed
slovak slowak
sloven slowen
spain spanis spania ispan espan
sudan
tajik tadzhik
thai
thursday
togo
tuesday
turk
turkmen
ukrain
wales welsh
zambi sambi
"""
_BY_BEGINNING = {beginning: line.split()[0] for line in _BEGINNINGS.strip().splitlines() for beginning in line.split()}
_LENGTHS = sorted(set(map(len, _BY_BEGINNING)), reverse=True)


@cache
def known_name(word: str) -> str | None:
    """Returns what a key (`folding.key`) names, such as `italy` for Italy and Italians; None if it is not known."""
    return next((_BY_BEGINNING[word[:length]] for length in _LENGTHS if word[:length] in _BY_BEGINNING), None)
