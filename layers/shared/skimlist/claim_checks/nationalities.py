"""Nationalities in languages that write them with a small letter: italiano, francés, allemand, polski, русский.

The British and the Americans are left out: they have too many names, and English is said of any technical term. So is
the nation of the language itself, which is meant where no nation is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from skimlist.text.language_codes import primary_language

# In the tables, the first word of a line names the nation, and the others are keys (`folding.key`) of words in Spanish,
# French, Italian, Portuguese, Polish and Russian. With a hyphen, they are beginnings of words.
_COUNTRIES = """
afghanistan afghanistan- afganistan- afeganistao
algeria algeria algerie argelia algieri- alzhir-
argentina argentina argentine argentyn-
australia australi- avstrali-
austria austri- autriche avstri-
belgium belgica belgique belgio belgi-
brazil brasil brasile bresil brazyli- brazili-
bulgaria bulgari- bolgari-
canada canada kanad-
chile chile chili cile
china china chine cina chiny chinach kitay kitae kitaya kitayu
colombia colombi- kolumbi-
croatia croacia croatie croazia chorwacj- khorvati-
cuba cuba kuba kuby kubie kube kubu
czechia chequia tchequi- cechia czechy czech czechach chekhi-
denmark dinamarca danemark danimarca dania danii daniya daniyu
egypt egipto egypte egitto egito egipt- egipet egipta egipte
ethiopia etiopi- ethiopie efiopi-
finland finland- finlyand-
france francia france franca francj- frantsi-
germany aleman- allemagne germani- alemanha niemcy niemczech niemiec
greece grecia grece grecj- gretsi-
hungary hungria hongrie ungheria wegry wegrzech wegier vengri-
indonesia indonesi- indonezj- indonezi-
iran iran-
iraq irak- iraq-
ireland irland-
israel israel- izrael- izrail-
italy italia italie itali- wlochy wloch wloszech
japan japon giappone japao japoni- yaponi-
korea corea coree coreia korea korei koree koreya koreyu
lebanon libano liban livan-
mexico mexico mexique messico meksyk- meksik-
morocco marruecos maroc marocco marrocos marok-
netherlands holand- olanda gollandi- niderland- neerland-
norway norueg- norveg- norweg-
peru peru perou
philippines filipin- filippin- philippin-
poland polonia pologne polsk- polsce polsha polshi polshe polshu
portugal portugal- portogallo
romania rumania roumanie romania romenia rumuni- rumyni-
russia rusia russie russia rosja rosji rosje rossi- urss zsrr sssr soviet- sovetsk- radzieck-
serbia serbia serbie servia serbi-
slovakia eslovaquia slovaquie slovacchia slowacj- slovaki-
spain espana espagne spagna espanha hiszpani- ispani-
sweden suecia suede svezia szwecj- shvetsi-
switzerland suiza suisse svizzera suica szwajcari- shveytsari-
syria siria syrie syria syrii siriya sirii
thailand tailandia thailande thailandia tajlandi- tailand-
tunisia tunez tunisi- tunezj- tunis
turkey turquia turquie turchia turcj- turtsi-
ukraine ucrania ukrain- ucraina
venezuela venezuela wenezuel- venesuel-
vietnam vietna vietnam- wietnam- vetnam-
"""
_PEOPLE = """
afghanistan afgan- afghan- afegao afegaos afega- afgansk-
algeria argelin- algerin- algerien- algiersk- alzhirsk-
argentina argentin- argentynsk- argentyncz-
australia australian- australien- australijs- australijcz- avstraliys- avstraliyts-
austria austriac- austriak- autrichien- avstriys- avstriyts-
belgium belga belgas belge belges belgi belghe belgijs- belgow belgowie belgiys- belgiyts-
brazil brasilen- brasileir- brasilian- bresilien- brazylijs- brazylijcz- brazilsk- braziltsy
bulgaria bulgar- bolgar-
canada canadien- canadens- canades- kanadyjs- kanadyjcz- kanadsk- kanadts-
chile chilen- chilien- cileno cileni cilena cilene chilijs- chilijcz- chiliys-
china chino chinos chinas chinois- cinese cinesi chines- chinsk- chinczy- kitaysk- kitayts- kitayets
colombia colombian- colombien- kolumbijs- kolumbijcz- kolumbiys-
croatia croata croatas croate croates croato croati croate chorwack- chorwat chorwaci khorvatsk- khorvaty
cuba cuban- cubain- kubanski kubanska kubanskich kubanskiej kubanczy- kubinsk- kubints-
czechia checo checos tcheco tchecos tcheca tchecas tcheque tcheques ceco cechi czesk- czesi cheshsk- chekhi
denmark danes danesa danesas daneses danese danesi danois- dinamarques- dunsk- dunczy- datsk- datchan-
egypt egipci- egyptien- egizian- egipsk- egipcjan- egipetsk- egiptyan-
ethiopia etiope etiopes etiopi etiops- ethiopien- efiopsk-
finland finlandes- finlandais- finnois- finsk- finow finowie finlyandsk- finny finnov
france frances francesa francesas franceses francese francesi francais- francusk- francuz- frantsuzsk- frantsuzy
germany aleman alemanes alemana alemanas alemao alemaes alema alemas allemand- tedesc- niemieck- niemcow
germany nemetsk- nemets nemtsy nemtsev
greece griego griegos griega griegas grec grecs grecque- greco greca greci greche grego gregos grega gregas greck-
greece grecy grekow grechesk- greki grekov
hungary hungar- hongrois- ungheres- wegiersk- wegrzy vengersk- vengry
indonesia indonesio indonesia indonesios indonesien- indonesian- indonezyjs- indoneziysk-
iran irani- iranien- iransk- iranczy-
iraq iraqui- iraki- iraquian- iracheno iracheni irachena irachene irack- irakijcz- iraksk-
ireland irlandes- irlandais- irlandzk- irlandczy- irlandsk- irlandts-
israel israeli- israelens- izraelsk- izraelcz- izrailsk- izrailtyan-
italy italian- italien- wlosk- wlosi italyan-
japan japones- japonais- giappones- japonsk- japoncz- yaponsk- yaponts-
korea coreano coreanos coreana coreanas coreani coreane coreen- koreansk- koreanczy- koreysk- koreyts-
lebanon libanes- libanais- libansk- libanczy- livansk-
mexico mexican- mexicain- messican- meksykansk- meksikansk-
morocco marroqui- marocain- marocchin- marokansk- marokkansk-
netherlands holandes- hollandais- olandes- neerland- holendersk- holendr- niderlandzk-
netherlands gollandsk- gollandts- niderlandsk-
norway norueg- norvegien- norvegese norvegesi norwesk- norweg- norvezhsk- norvezhts-
peru peruan- peruvien- peruvian- peruwiansk-
philippines filipin- philippin- filippin-
poland polaco polacos polaca polacas polacco polacchi polacca polacche polones- polonais- polsk- polacy polakow polyaki
portugal portugues- portugais- portoghes- portugalsk- portugalczy-
romania rumano rumanos rumana rumanas roumain- rumeno rumeni rumena rumene romeno romeni romena romene
romania rumunsk- rumuni rumunow rumynsk- rumyny
russia ruso rusos rusa rusas russe russes russo russi russa russos russas rosyjs- rosjan- russk- rossiysk- rossiyan-
serbia serbio serbios serbia serbias serbe serbes serbo serbi serba servio servios serbsk- serbow serby
slovakia eslovac- slovaque- slovacco slovacchi slovacca slowack- slovatsk-
spain espanol- espagnol- spagnol- espanhol- espanhois hiszpansk- hiszpanie ispansk- ispants-
sweden sueco suecos sueca suecas suedois- svedes- szwedzk- szwedzi shvedsk- shvedy
switzerland suizo suizos suiza suizas suisse suisses svizzero svizzeri svizzera svizzere suico suicos suica suicas
switzerland szwajcarsk- szwajcarzy shveytsarsk- shveytsarts-
syria sirio sirios siria sirias syrien- sirian- syryjs- syryjcz- siriysk- siriyts-
thailand tailandes- thailandais- thailandes- tajsk- tajlandzk- tayskiy tayskaya tayskoy tayskogo
tunisia tunecin- tunisien- tunisin- tunezyjs- tunissk-
turkey turco turcos turca turcas turc turcs turque turques turchi turche tureck- turcy turkow turetsk- turki turok
ukraine ucranian- ukrainien- ucraino ucraini ucraina ucraine ukrainsk- ukraincy ukraincow ukraints-
venezuela venezolan- venezuelien- venezuelan- wenezuelsk- venesuelsk-
vietnam vietnamit- vietnamien- wietnamsk- wietnamcz- vetnamsk- vetnamts-
"""
# Names of countries that captions have as two words.
TWO_WORDS = {"netherlands": ("paisesbajos", "paysbas", "paesibassi", "paisesbaixos")}
# The languages with small letters, and the nations that are meant in them anyway.
_OWN = {
    **{"es": ("spain",), "fr": ("france",), "it": ("italy",)},
    **{"pl": ("poland",), "pt": ("portugal", "brazil"), "ru": ("russia",)},
}


def nationality(word: str, language: str) -> str | None:
    """Returns the nation that the key of a word with a small letter names in a BCP 47 language, if it names one."""
    primary = primary_language(language)
    return _foreign(_find(word, _named(_PEOPLE)), primary) if primary in _OWN else None


def foreign_country(word: str, language: str) -> str | None:
    """Returns the nation that a key names, if it is none that is meant in a BCP 47 language anyway."""
    return _foreign(nation(word), primary_language(language))


def _foreign(named: str | None, primary: str) -> str | None:
    return None if named in _OWN.get(primary, ()) else named


@cache
def nation(word: str) -> str | None:
    """Returns the nation that a key names in any of these languages, as a country or by its people."""
    return _find(word, _named(_PEOPLE)) or _find(word, _named(_COUNTRIES))


def _find(word: str, known: Mapping[str, str]) -> str | None:
    beginnings = (known.get(f"{word[:length]}-") for length in range(len(word), 2, -1))
    return known.get(word) or next(filter(None, beginnings), None)


@cache
def _named(table: str) -> Mapping[str, str]:
    lines = map(str.split, table.strip().splitlines())
    return {word: nation for nation, *words in lines for word in words}
