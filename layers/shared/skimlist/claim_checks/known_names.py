"""Names that captions know: those of countries and their people, and two days of the week.

Italian is said for Italy, although the words differ; Niger is no misspelling of Nigeria, although they look alike. The
list has the countries whose names (CLDR) pass for each other by the rules of `names.py` in a European language, and
those whose English name differs by these rules from that of their people. Chad is not in it, because it is also a first
name.
"""

from __future__ import annotations

import re
from functools import cache

# Words in Latin letters, in any language; those of one line name the same. With a hyphen, they are beginnings of words.
_NAMES = """
afghan-
albania- albanie- albanis- albaniy- albani
angola angolan- angolais- angoles-
anguila anguilla
australia- australes australi australie- australis- avstralii avstraliy-
austria- osterreich- oesterreich- osterrik- avstrii avstriy- avstriey
banglades bangladesch- bangladesh-
belgi-
benin beninois- benines-
bolivi-
brazil- brasil-
britain- britann- britanic- britanii britaniy- british- britisch- briten britansk- britants-
bulgar- bolgar-
burma burmes- myanma-
cameroon- camerou- camerun- camaroes
china chinas chine chino chinos chinees- chines- chinez- chinois-
comor-
cuba cuban- cubain- cubaan-
cyprus cypriot-
denmark- danisch- danish danes-
egypt-
england- english- englisch-
estland- estoni-
fiji-
finland- finnland- finlyand- finnisch- finnish finns
france french frenchm- francais- francesa- francese- francesi
gabon-
gambia gambian- gambie- gambiy-
german germans germany germanys germania germaniey germanii germaniy- germansk- alemani-
ghana gana ghanai- ghanes-
greece- greek- griech-
guam guamanian-
guine guinea guinee guinean- guineen-
guiana guyana guyane guianes- guyanes- guyanais-
hungar- hongr- ungarisch- ungarn- ungher- vengr-
iceland- island-
iran-
iraq- irak iraka irake irakes- iraki- iraks irakskoy
ireland- irish- irland-
italy- italia-
japan- giappon- japon- yapon-
javan- giavan- yavan-
kirgh- kyrgyz-
laos laot-
leban-
lesotho basotho
letoni- letton- lettland- lettisch- latvi-
liberia liberian- liberie- liberii liberiy-
lituan- lithuan- litauen- litauisch-
libia libie libya- libye- libys- livii liviy-
madagas- malagas-
malaui malawi-
mali malian- malien- malis
malta maltais- maltes-
mexic-
monaco monegas-
mozamb-
namibi-
nepal-
netherland- dutch dutchm- holland-
niger nigerien- nigers
nigeria- nigerii nigeriy-
norway- norweg-
palestin-
panama panaman- panamen- panames- panamas
peru peruaan- peruan- perus peruvi-
philippin- filipin-
poland- polish poles
portug-
scotland- scots scotsm- scottish
shveyts- swiss switzerland- schweiz- suiss- svizzer-
shvetsi- schwede- schwedi- swede sweden- swedes swedish
slovak- slowak-
sloven- slowen-
spain- espagn- espana- espanh- espanol- ispan- spaniard- spanisch- spanish
sudan sudanes- sudanais-
tajik- tadzhik-
thai thaila- thais
thursday-
togo togol-
tuesday-
turkei turken turkey- turkiet- turkije turkisch- turkish turkiye turks turkse
turkmen-
ukrain-
wales welsh welshm-
zambia- zambie- zambiy- sambia sambisch-
"""
_NAMED = {word: line.split()[0].rstrip("-") for line in _NAMES.strip().splitlines() for word in line.split()}
_LENGTHS = range(max(map(len, _NAMED)), 0, -1)
# Without a capital, which many captions lack, these are other words. With one inside a sentence, some are names.
_EVERYDAY = frozenset({"gana", "islander", "islanders", "islands", "poles", "polish"})
EVERYDAY = re.compile(r"(?<!\w)(?:Gana|Poles|Polish)(?!\w)")


@cache
def known_name(word: str) -> str | None:
    """Returns what a key (`folding.key`) names, such as `italy` for Italy and Italians; None if it is not known.

    A longer beginning counts before a shorter one.
    """
    return _NAMED.get(word) or next(filter(None, (_NAMED.get(f"{word[:length]}-") for length in _LENGTHS)), None)


def heard_name(word: str) -> str | None:
    """Returns what a key of captions names: the same, but you polish a table."""
    return None if word in _EVERYDAY else known_name(word)
