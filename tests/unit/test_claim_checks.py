"""The check of claims: what was said passes in any spelling, and what was not said is named."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lab.bench.faithful.claim_pairs import (
    HALVES,
    MIN_PRECISION,
    MIN_RECALL,
    MIN_RECALL_OF_REPETITIONS,
    measure,
    pairs,
    repeats_a_doubt,
    repetitions,
)
from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import Checked, Place, check_claim, is_mentioned
from skimlist.claim_checks.units import Unit, unit_at
from skimlist.models.claim_check import CheckStatus, ClaimCheck

SUPPORTED, MOVED, UNVERIFIED = CheckStatus


def check(claim: str, said: str, language: str = "en", metadata: str = "") -> ClaimCheck:
    return check_claim(claim, language, Captions([said], language, [metadata]), Place(0)).check


@pytest.mark.parametrize("half", HALVES)
def test_corrupted_claims_are_found_and_faithful_ones_pass(half: str) -> None:
    measured = measure(pairs(half))
    assert measured.precision >= MIN_PRECISION
    assert measured.recall >= MIN_RECALL


@pytest.mark.parametrize("half", HALVES)
def test_repetitions_of_an_invention_are_found_and_faithful_sentences_on_its_subject_pass(half: str) -> None:
    measured = measure(repetitions(half), repeats_a_doubt)
    assert measured.precision >= MIN_PRECISION
    assert measured.recall >= MIN_RECALL_OF_REPETITIONS


@pytest.mark.parametrize(
    ("language", "said", "number", "other"),
    [
        ("en", "in nineteen fifty six he built it", "in 1956", "in 1965"),
        ("en", "back in the nineteen fifties", "in the 1950s", "in the 1960s"),
        ("en", "he built it in the fifties", "in the 1950s", "in the 1960s"),
        ("en", "he built it back in ninety eight", "in 1998", "in 1988"),
        ("en", "it took a quarter of an hour", "15 minutes", "25 minutes"),
        ("en", "on the quarter-hour mark he scored", "in 15 minutes", "in 45 minutes"),
        ("de", "nach einer dreiviertelstunde", "nach 45 Minuten", "nach 15 Minuten"),
        ("fr", "il y a trois quarts d'heure", "45 minutes", "15 minutes"),
        ("en", "for the seasons of 2016-20", "until 2020", "until 2017"),
        ("en", "more than two dozen countries", "over 24 countries", "over 36 countries"),
        ("es", "más de dos docenas de países", "más de 24 países", "más de 36 países"),
        ("en", "67.3 million people live there", "nearly 68 million live there", "about 69 million live there"),
        ("en", "67 million people live there", "67 million live there", "68 million live there"),
        ("en", "he left in 22, people say", "in 2022", "in 2023"),
        ("en", "in 98 and 99 they left", "in 1998 and 1999", "in 1997"),
        ("en", "in 98 in a small town", "in 1998", "in 1997"),
        ("es", "en el 92 se celebraron", "en 1992", "en 1993"),
        ("it", "dopo la rivoluzione dell'89 cambia", "nel 1989", "nel 1988"),
        ("it", "nel novantotto ha vinto il mondiale", "nel 1998 ha vinto", "nel 1997 ha vinto"),
        ("it", "nel 98 arrivò tardi", "nel 1998", "nel 1997"),
        ("it", "una tenuta di 98 ha di bosco", "98 ha di bosco", "97 ha di bosco"),
        ("es", "en 98 ganó la copa", "en 1998", "en 1997"),
        ("es", "desde el noventa y ocho ganaron", "desde 1998", "desde 1997"),
        ("fr", "en quatre-vingt-dix-huit l'équipe a gagné", "en 1998", "en 1997"),
        ("fr", "en 98 a eu lieu", "en 1998", "en 1997"),
        ("pt", "em 98 ganhou tudo", "em 1998", "em 1997"),
        ("de", "seit 98 gibt es das", "seit 1998", "seit 1997"),
        ("en", "and in 98 won the league", "in 1998", "in 1997"),
        ("pt", "saiu tudo lá em 22, 23, eu acho", "de 2022 a 2023", "de 2022 a 2024"),
        ("de", "das war im jahr 98 oder 99", "1998 oder 1999", "1998 oder 2000"),
        ("en", "back in the 50s", "around 1950", "around 1960"),
        ("en", "hold it for thirty seconds", "30s", "50s"),
        ("en", "wait for 30s", "Wait 30 seconds.", "Wait 50 seconds."),
        ("de", "30s warten", "30 Sekunden warten", "50 Sekunden warten"),
        ("en", "rest it for 120s", "Rest it for 120 seconds.", "Rest it for 180 seconds."),
        ("en", "a temperature in the 70s", "about 70 degrees", "about 90 degrees"),
        ("en", "a temperature in the seventies", "about 70 degrees", "about 90 degrees"),
        ("de", "in der 30er-Zone", "30 km", "50 km"),
        ("de", "in den Fünfzigerjahren", "1950", "1940"),
        ("de", "in den dreissiger Jahren", "1930", "1950"),
        ("de", "in den funfziger und fuenfziger Jahren", "1950", "1930"),
        ("de", "Ende der 50er", "die 1950er", "die 1960er"),
        ("de", "in den 50ern Karriere gemacht", "1950", "1960"),
        ("de", "die 60er- und 70er-Jahre", "1960", "1950"),
        ("de", "die 50er Jahre", "1950", "1960"),
        ("fr", "dans les années soixante-dix", "en 1970", "en 1960"),
        ("es", "en los años cincuenta", "en 1950", "en 1960"),
        ("es", "en los 50", "en 1950", "en 1960"),
        ("es", "en los 50 se construyó", "en 1950", "en 1960"),
        ("es", "en los 50, España", "en 1950", "en 1960"),
        ("es", "la década de los 50 marcó", "en 1950", "en 1960"),
        ("it", "negli anni '50", "negli anni 1950", "nel 1960"),
        ("ja", "五十年代に", "1950年代", "1960年代"),
        ("ru", "в 50-х годах", "в 1950-х", "в 1960-х"),
        ("sv", "på 50-talet", "1950", "1960"),
        ("tr", "60'lı yıllarda", "1960", "1950"),
        ("en", "it is three point one four metres long", "3.1 m", "3.2 m"),
        ("en", "it takes ten to fifteen minutes", "10–15 minutes", "10–25 minutes"),
        ("en", "half a million lines", "500,000 lines", "900,000 lines"),
        ("en", "one point five million users", "1.5 million users", "1.8 million users"),
        ("en", "we counted 3,927 boxes", "about 3,900 boxes", "about 4,900 boxes"),
        ("en", "we sold twelve hundred boxes", "They sold 1,200 boxes.", "They sold 2,700 boxes."),
        ("en", "the ratio is one point six one eight", "a ratio of 1.618", "a ratio of 2.718"),
        ("es", "vendimos mil doscientas unidades", "1.200 unidades", "1.900 unidades"),
        ("en", "it took three and a half years", "3.5 years", "4.5 years"),
        ("en", "it took 3 and a half years", "3½ years", "4½ years"),
        ("de", "es dauerte dreieinhalb jahre", "3,5 Jahre", "4,5 Jahre"),
        ("de", "es dauerte eineinhalb oder anderthalb jahre", "1,5 Jahre", "2,5 Jahre"),
        ("fr", "cela a duré trois ans et demi", "3,5 ans", "4,5 ans"),
        ("es", "duró tres años y medio", "3,5 años", "4,5 años"),
        ("it", "durò tre anni e mezzo", "3,5 anni", "4,5 anni"),
        ("pt", "durou três anos e meio", "3,5 anos", "4,5 anos"),
        ("en", "two and a half million dollars", "$2.5 million", "$3.5 million"),
        ("es", "dos millones y medio", "2,5 millones", "3,5 millones"),
        ("en", "it takes an hour and a half", "1.5 hours", "2.5 hours"),
        ("en", "it takes an hour and a half", "90 minutes", "80 minutes"),
        ("en", "it takes 30 minutes", "half an hour", "an hour and a half"),
        ("fr", "une heure et demie", "90 minutes", "80 minutes"),
        ("en", "half an hour later", "30 minutes later", "40 minutes later"),
        ("de", "eine halbe stunde später", "30 Minuten später", "40 Minuten später"),
        ("fr", "une demi-heure plus tard", "30 minutes plus tard", "40 minutes plus tard"),
        ("es", "media hora más tarde", "30 minutos", "40 minutos"),
        ("fr", "une heure et demie de train", "1 h 30 de train", "1 h 40 de train"),
        ("en", "we meet at half past seven", "at 7:30", "at 8:30"),
        ("de", "um halb acht am Bahnhof", "um 7:30 Uhr", "um 7:40 Uhr"),
        ("es", "a las siete y media", "a las 7:30", "a las 7:40"),
        ("en", "in the eighteenth century", "in the 1700s", "in the 1800s"),
        ("fr", "au dix-huitième siècle", "dans les années 1700", "dans les années 1800"),
        ("es", "en el siglo dieciocho", "en los años 1700", "en los años 1800"),
        ("de", "im achtzehnten Jahrhundert", "in den 1700ern", "in den 1800ern"),
        ("en", "back in the 1700s", "in the 18th century", "in the 17th century"),
        ("en", "a quarter of a million people", "250,000 people", "350,000 people"),
        ("en", "three quarters of a million", "750,000", "250,000"),
        ("fr", "un quart de million", "250 000", "350 000"),
        ("es", "un cuarto de millón", "250.000", "350.000"),
        ("en", "a third option, and a fourth of them", "25% of them", "33% of them"),
        ("en", "one third agreed", "33% agreed", "25% agreed"),
        ("en", "about a third of them", "about 33 % of them", "about 36 % of them"),
        ("it", "un terzo della gente", "il 33 %", "il 36 %"),
        ("en", "prices rose by a third last year", "33 % last year", "36 % last year"),
        ("en", "it has a third less sugar", "33 % less sugar", "36 % less sugar"),
        ("en", "it fell by a fifth in 2020, or by a fifth, you know", "by 20 % in 2020", "by 25 % in 2020"),
        ("en", "a fifth part of it", "20 % of it", "25 % of it"),
        ("en", "a fifth off everything", "20 % off", "25 % off"),
        ("en", "they grew a third larger than that", "33 % larger", "36 % larger"),
        ("en", "a fifth option of nine", "the 5 options", "20 % of them"),
        ("es", "una quinta parte de la gente", "el 20 %", "el 25 %"),
        ("es", "dos quintas partes de la gente", "el 40 %", "el 25 %"),
        ("es", "un quinto piso", "el piso 5", "el 20 %"),
        ("pt", "uma quinta parte de todos", "20 % de todos", "25 % de todos"),
        ("pt", "custa um quinto mais", "20 % mais", "25 % mais"),
        ("it", "costa un quinto in meno", "il 20 % in meno", "il 25 % in meno"),
        ("it", "una quinta parte della gente", "il 20 %", "il 25 %"),
        ("it", "due quinti della gente", "il 40 %", "il 25 %"),
        ("it", "un quinto piano", "il piano 5", "il 20 %"),
        ("en", "two thirds of them", "67% of them", "33% of them"),
        ("en", "three quarters of them", "75% of them", "25% of them"),
        ("de", "drei Viertel davon", "75 %", "25 %"),
        ("fr", "les trois quarts", "75 %", "25 %"),
        ("es", "tres cuartos", "75 %", "25 %"),
        ("en", "nine out of ten agree", "90 % agree", "80 % agree"),
        ("en", "half a cup, or ½ of it", "0.5 cups", "0.7 cups"),
        ("en", "eighty five percent of it", "85% of it", "58% of it"),
        ("en", "four fifths of the light", "80 % of the light", "60 % of the light"),
        ("en", "after world war two in the seventh chapter", "chapter VII", "chapter IX"),
        ("en", "it is ten metres long", "10 m", "10 feet"),
        ("en", "it is ten feet long", "10 ft", "10 m"),
        ("en", "five million people", "5m people", "7m people"),
        ("en", "they spent 5m dollars", "$5 million", "€5 million"),
        ("en", "fifty kilometres an hour", "50 km/h", "50 mph"),
        ("en", "take twenty milligrams", "20 mg", "20 ml"),
        ("en", "it weighs ten pounds", "10 lb", "10 kg"),
        ("en", "it costs ten pounds", "£10", "$10"),
        ("en", "a hundred gigabytes", "100 GB", "100 TB"),
        ("en", "it stores fifty kilowatt hours", "50 kWh", "50 Wh"),
        ("pt", "custa duzentos reais", "R$ 200", "US$ 200"),
        ("en", "thirty thousand yen", "¥30,000", "$30,000"),
        ("fr", "en 1990 l'usine a fermé", "Fermée en 1990 l'usine", "Fermée en 1991 l'usine"),
        ("en", "it is twenty miles away", "20 miles away", "20 kilometres away"),
        ("de", "fünfundfünfzig Grad im Ofen", "55 °C im Ofen", "65 °C im Ofen"),
        ("de", "im Jahr neunzehnhundertsechsundfünfzig", "1956", "1957"),
        ("de", "zweieinhalb Milliarden, also 2,5 Milliarden Euro", "2.500.000.000 Euro", "2,7 Milliarden Euro"),
        ("fr", "quatre-vingt-dix-neuf personnes", "99 personnes", "89 personnes"),
        ("fr", "au dix-neuvième siècle", "au XIXe siècle", "au XVIIe siècle"),
        ("es", "mil novecientos setenta y seis", "1976", "1967"),
        ("es", "a mediados del siglo veinte", "del siglo XX", "del siglo XIX"),
        ("it", "millenovecentosessantanove", "1969", "1996"),
        ("pt", "mais de trezentas mil linhas", "300 mil linhas", "800 mil linhas"),
        ("ja", "この五十年で二週間以上", "50年で2週間", "50年で2か月"),
        ("ja", "三万五千円でした", "3万5000円", "4万5000円"),
        ("ja", "彼は三万五千円を払った", "彼は3万5千円を払った", "彼は4万5千円を払った"),
        ("zh", "一万两千人参加", "12000人", "22000人"),
        ("ja", "一億二千万人", "1億2000万人", "1億3000万人"),
        ("ja", "二千万円", "2千万円", "3千万円"),
        ("zh", "增长了零点五", "增长了0.5", "增长了0.7"),
        ("zh", "圆周率是三点一四", "圆周率是3.14", "圆周率是3.41"),
        ("zh", "只有三点零五", "只有3.05", "只有3.5"),
        ("zh", "三点五亿用户", "3.5亿用户", "4.5亿用户"),
        ("zh", "八点五十分开始", "五十分开始", "8.5开始"),
        ("zh", "有三百五十三人", "353人", "358人"),
        ("ru", "построили 25 домов", "25 домов", "52 дома"),
    ],
)
def test_a_number_is_found_in_words_and_digits_alike(language: str, said: str, number: str, other: str) -> None:
    assert check(number, said, language) == ClaimCheck(SUPPORTED)
    assert check(other, said, language).is_unverified


@pytest.mark.parametrize(
    ("language", "said", "claim"),
    [
        ("fr", "entre quarante et soixante-dix kilos", "en 1840"),
        ("fr", "soixante-dix kilos", "en 1870"),
        ("en", "he carried fifty", "in 1950"),
        ("de", "ungefähr fünfzig Grad", "1950"),
        ("ja", "五十年間", "1950年代"),
        ("es", "los 50 estudiantes vinieron", "En 1950 vinieron estudiantes"),
        ("es", "tras 3 años 50 estudiantes vinieron", "En 1950 vinieron estudiantes"),
        ("es", "a los 50 se fue", "En 1950 se fue"),
        ("es", "los 50-60 estudiantes", "En 1950 vinieron estudiantes"),
        ("es", "los 50 o 60 estudiantes", "En 1950 vinieron estudiantes"),
        ("de", "die 50er Karte", "1950"),
        ("de", "die 50er-Karte", "1950"),
        ("de", "der Fünfzigerpack", "1950"),
        ("sv", "ett 50-tal studenter", "1950"),
        ("tr", "50'li paket", "1950"),
    ],
)
def test_tens_of_anything_are_no_decade(language: str, said: str, claim: str) -> None:
    assert check(claim, said, language).is_unverified


@pytest.mark.parametrize(
    ("language", "said", "claim"),
    [
        ("en", "in 15 cases he left", "In 2015 he left."),
        ("en", "in 15 or 20 cases he left", "In 2015 he left."),
        ("en", "in 14, 15 cases he left", "In 2014 he left."),
        ("en", "it came out in 12 countries", "It came out in 2012."),
        ("en", "it was sold in 99 stores", "It was sold in 1999."),
        ("en", "one in 15 was ill", "In 2015 he was ill."),
        ("it", "in 15 casi ha vinto", "nel 2015 ha vinto"),
        ("it", "nel 20 per cento dei casi ha vinto", "nel 2020 ha vinto"),
        ("it", "di 98 ha di bosco", "nel 1998"),
        ("fr", "en 15 ou 20 jours", "En 2015"),
        ("fr", "en 15 a 20 minutes", "En 2015"),
        ("es", "en 80 países", "En 1980"),
        ("es", "en el 80 aniversario", "En 1980"),
        ("es", "en 15 o 20 casos", "En 2015"),
        ("pt", "em 10 cidades", "Em 2010"),
        ("de", "in 10 von 20 fällen", "In den Jahren ab 2010"),
        ("de", "pro jahr 10 leute", "2010"),
        ("fr", "d'80 pays", "En 1980"),
    ],
)
def test_a_number_of_anything_is_no_year(language: str, said: str, claim: str) -> None:
    assert check(claim, said, language).is_unverified


@pytest.mark.parametrize("said", ["the FİFTİES", "the fıfties"])
def test_a_decade_with_a_turkish_i_is_not_an_error(said: str) -> None:
    assert check("in 1950", said).is_unverified


def test_a_number_with_thousands_of_zeros_is_not_an_error() -> None:
    assert check("It has 1.5 1000000" + "000" * 2_000, "one and a half", "en")


@pytest.mark.parametrize(
    ("language", "said", "claim"),
    [
        ("en", "andre carpathy built micro grad", "The library micrograd is by Andrej Karpathy."),
        ("en", "this is the cloud code leak", "It leaked from Claude Code."),
        ("en", "the american army had ships", "The ships were those of the US Army."),
        ("en", "a large language model is it", "It is an LLM."),
        ("en", "the vietnamese coast", "It lies in Vietnam."),
        ("en", "we ran quen on it", "They ran Qwen on it."),
        ("de", "das baut herr bosh, und es sagt herr toma", "Das baut Herr Bosch, und es sagt Herr Thoma."),
        ("en", "a fugue by back, says pabel", "It is a fugue by Bach, says Pavel."),
        ("en", "says geof, and the tibetan", "So says Jeff, and so does Tibet."),
        ("ru", "он читал толстого", "Он читал Tolstoy."),
        ("ja", "色素はカロテノイドです", "色はカロテノイドによる"),
        ("en", "put it in your cv and in size xl", "Put it in the CV and in size XL."),
        ("en", "the ci cd pipeline", "The CI/CD pipeline."),
        ("fr", "envoyez votre cv", "Il faut envoyer son CV."),
        ("de", "das sagt augustin fresnel", "Das sagt Augustin Fresnel bei dreißig Grad Celsius und dreißig."),
    ],
)
def test_a_name_is_found_however_captions_spell_it(language: str, said: str, claim: str) -> None:
    assert check(claim, f"{said} dreißig Grad" if language == "de" else said, language).missing == ()


@pytest.mark.parametrize(
    ("said", "claim"), [("iran", "Iraq"), ("mali", "Bali"), ("putin", "Pukin"), ("bosh", "Bohm"), ("sweden", "Siemens")]
)
def test_another_name_does_not_count_as_a_misheard_one(said: str, claim: str) -> None:
    assert check(f"It was in {claim}.", f"it was in {said}").missing == (claim,)


def test_numbers_of_items_are_no_statements() -> None:
    text = "They do this: 1. They mix it. 2. They bake it for 6 hours.\n3. They eat.\n4. They sleep. 9. It is late."
    assert check(text, "they mix it and bake it and eat and sleep late").missing == ("6 hours", "9")


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("17. Juni 1953: Der Aufstand beginnt.", ("17",)),
        ("500. Folge. Das ist viel.", ("500",)),
        ("1. Juni 1953: Es beginnt. 2. Juni: Es geht. 3. Juni: Es war. 4. Juni: Es endet.", ("4",)),
    ],
)
def test_the_number_of_a_day_or_of_a_single_sentence_is_a_statement(claim: str, missing: tuple[str, ...]) -> None:
    assert check(claim, "am 16. juni 1953 die 300. folge der aufstand beginnt", "de").missing == missing


@pytest.mark.parametrize(
    ("language", "said", "claim"),
    [
        ("en", "they flew to niger", "They flew to Nigeria."),
        ("en", "the nigerian team lost", "The team from Niger lost."),
        ("en", "the australian side lost", "The Austrian side lost."),
        ("en", "slovenia won", "There Slovakia won."),
        ("en", "we meet on tuesday", "They meet on Thursday."),
        ("es", "jugaron en irlanda", "Jugaron en Islandia."),
        ("ru", "играли в австрии", "Играли в Австралии."),
        ("en", "he learned french", "He met Francesca."),
        ("en", "you polish the surface", "You do it in Poland."),
        ("en", "they went to perugia", "They went to Peru."),
        ("en", "so chad left", "So Chadwick left."),
        ("en", "he comes from mali", "He comes from Malibu."),
    ],
)
def test_a_known_name_is_no_misspelling_of_another_one(language: str, said: str, claim: str) -> None:
    assert check(claim, said, language).is_unverified


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ("the nigerians", "Nigeria"),
        ("in slovakia", "Slovakians"),
        ("in libia", "Libya"),
        ("in the phillipines", "Philippines"),
        ("all italians", "Italy"),
        ("in the netherlands", "Dutch"),
        ("the west of australia", "Western Australia"),
        ("in northern ireland", "the Irish North"),
        ("an ex-chelsea player", "Chelsea"),
        ("a trip to poland", "Polish towns"),
        ("a peruvian town", "Peru"),
        ("so chat left", "Chad"),
    ],
)
def test_forms_of_a_name_pass(said: str, claim: str) -> None:
    assert check(f"It is about {claim}.", said) == ClaimCheck(SUPPORTED)


@pytest.mark.parametrize(
    ("language", "said", "claim", "other"),
    [
        ("it", "un giocatore francese", "Il giocatore è francese.", "tedesco"),
        ("it", "viene dalla francia", "È un giocatore francese.", "polacco"),
        ("it", "la lingua italiana", "La lingua dell'Italia.", "spagnolo"),
        ("es", "la economía de alemania", "La economía alemana.", "italiana"),
        ("es", "soldados iraníes", "Los soldados iraníes.", "iraquíes"),
        ("es", "los austriacos", "Los austríacos.", "australianos"),
        ("es", "es vino francés", "Viene de Francia.", "chino"),
        ("fr", "en pologne on le vend", "Le marché polonais.", "suédois"),
        ("fr", "on parle allemand", "On parle l’allemand.", "espagnol"),
        ("pt", "o time dos países baixos", "Um time holandês.", "belga"),
        ("pt", "um belo suco suíço", "O suco é suíço.", "sueco"),
        ("pl", "w niemczech rynek rośnie", "Rynek niemiecki.", "francuski"),
        ("ru", "в германии рынок растёт", "Немецкий рынок, это немецкий.", "французский"),
    ],
)
def test_a_nationality_with_a_small_letter_is_a_name(language: str, said: str, claim: str, other: str) -> None:
    assert check(claim, said, language) == ClaimCheck(SUPPORTED)
    assert check(f"{claim[:-1]}, {other}.", said, language).missing == (other,)


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("es", "Los cines del pueblo español, coreando la canción."),
        ("fr", "Le marché français et l’économie française."),
        ("it", "Il cilento e la cucina italiana, con i turchesi francescani dell’Italia."),
        ("pt", "O povo brasileiro, português e inglês."),
        ("ru", "Русский и российский рынок, чехол и кубанский хлеб."),
        ("en", "a german swede, francese"),
    ],
)
def test_other_words_with_a_small_letter_and_the_own_nation_are_not_looked_up(language: str, claim: str) -> None:
    assert check(claim, "nada", language).missing == ()


def test_a_country_after_an_article_is_a_name() -> None:
    assert check("C’est en Inde ou près de l’Espagne.", "près de l'Italie", "fr").missing == ("Inde", "Espagne")
    assert check("Dans l’Église, l’État et l’Univers.", "près de l'Italie", "fr").missing == ()


@pytest.mark.parametrize(
    ("said", "is_heard"),
    [("the Polish team", True), ("two Poles", True), ("you polish it", False), ("Polish it twice", False)],
)
def test_polish_is_a_name_with_a_capital_inside_a_sentence(said: str, is_heard: bool) -> None:
    assert (check("It was in Poland.", said) == ClaimCheck(SUPPORTED)) is is_heard


@pytest.mark.parametrize(
    ("language", "claim", "missing"),
    [
        ("en", "The boxes left Boston in April.", ("Boston", "April")),
        ("en", "May be. They march on.", ()),
        ("en", "A CV of chapter XIV.", ("CV", "XIV")),
        ("de", "Das war im März, am Feld mit Mais.", ("März",)),
        ("es", "Salió de Hawái en agosto.", ("Hawái", "agosto")),
        ("nl", "De rozen bloeien in mei.", ("mei",)),
        ("ru", "Розы цветут в мае.", ("мае",)),
        ("en", "On 2024-05-17 it began.", ("2024", "17", "2024-05-17")),
        ("en", "After Trump's visit it was short.", ("Trump",)),
        ("en", "It was Dr. Lindner. Prof. Acker came too.", ("Lindner", "Acker")),
        ("en", "In 2009 Go was new. In 1769 Watt had an idea.", ("Go", "Watt", "2009", "1769 Watt")),
        ("de", "Das war Herr Lindner.", ("Lindner",)),
        ("de", "Laut Merkel ist es so. Trotz Putin ist es so.", ("Merkel", "Putin")),
        ("de", "Obwohl Merkel warnt: Sogar Putin lacht.", ("Merkel", "Putin")),
        ("de", "Das sagt Dr. Lindner in St. Gallen.", ("Lindner", "Gallen")),
        ("ja", "環境省の記録", ("環境省",)),
        ("en", "He said “we never sold a single one”.", ("we never sold a single one",)),
        ("en", "It weighs 85 kg.", ("85 kg",)),
        ("en", "The file has five million lines and forty kilos.", ("five million", "forty kilos")),
        ("en", "Nearly nine tenths of it broke in the nineteen fifties.", ("nine", "ten", "nineteen", "fifties")),
        ("fr", "Il y a deux cents espèces.", ("deux cents",)),
        ("ja", "約百五十種類の花がある", ("百五十",)),
    ],
)
def test_facts_that_nobody_said_are_named(language: str, claim: str, missing: tuple[str, ...]) -> None:
    assert check(claim, "nothing of that kind", language).missing == missing


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("en", "There are 3 reasons."),
        ("en", "Sailors relied on one light."),
        ("en", "He lists two steps."),
        ("de", "Die Hefen liefern Gas, und etwa Prozent Wasser."),
        ("de", "„Ein Wort“ genügt."),
        ("de", "Obwohl Kritiker warnen. Laut Studien hilft es: Sogar Anfänger backen."),
        ("de", "Laut Rezept reicht das. Laut Gesetz auch. Mindestens Hefe gehört dazu."),
        ("de", "Das gilt für Brot. Außerdem gilt es für Bier. Danach kommt Wein."),
        ("fr", "Les marins avaient une lampe."),
        ("en", "It's late. That’s it. Everyone's tired. Today's light. Children's rooms."),
        ("en", "Life's lessons. Baker's yeast is best. Time's up: Mother's milk. Farmers' markets are open."),
        ("en", ""),
    ],
)
def test_words_that_any_summary_adds_are_not_facts(language: str, claim: str) -> None:
    assert check(claim, "something else", language).missing == ()


LINES = (
    "welcome everybody to another evening at the harbour museum",
    "the keepers breathed vapour of mercury for years and some became ill",
    "a small electric lamp does the work today",
    "thank you for listening and see you next week",
    "the lens was so heavy that it floated in a bath of mercury",
    "a clockwork of forty kilograms turned the whole lens",
)


def check_at(claim: str, first: int, last: int | None = None) -> Checked:
    return check_claim(claim, "en", Captions(LINES, "en"), Place(first, last))


SIGNS = (
    *("40 °C", "212°F", "16 GB", "500 W", "230 V", "60 Hz", "5 MHz", "3 TB", "50 Nm", "100 Mbit/s", "3 PM", "44 BC"),
    *("AD 79", "CHF 50", "50 PLN", "50 USD", "US$50", "R$ 200", "16 Go"),
)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("language", ["en", "de", "fr", "pt", "ru"])
def test_a_sign_beside_a_number_is_no_name(sign: str, language: str) -> None:
    said = "".join(character if character.isdigit() else " " for character in sign)
    assert check(f"a {sign}", said, language) == ClaimCheck(SUPPORTED)


def test_a_sign_without_a_number_is_a_name() -> None:
    assert check("They learn Go, the V language, and CHF.", "they learn it").missing == ("Go", "V", "CHF")
    assert check("They learn Go 1.22 in the US 50 times.", "1.22 50").missing == ("Go", "US")


def test_a_quarter_of_a_year_is_a_number() -> None:
    assert check("It grew in Q4.", "in the fourth quarter it grew") == ClaimCheck(SUPPORTED)
    assert check("It grew in Q4.", "in the first year it grew").missing == ("4",)


def test_a_reference_to_the_wrong_line_is_moved_to_the_right_one() -> None:
    checked = check_at("The heavy lens floated in a bath of mercury.", 0)
    assert checked == Checked(ClaimCheck(MOVED), 4)


def test_a_reference_stays_where_it_is_if_that_is_the_best_line() -> None:
    lines = ["a clockwork turned the heavy lens", "as they say", "of the keepers with silver mercury"]
    claim = "A clockwork turned the heavy lens for the keepers of silver mercury."
    assert check_claim(claim, "en", Captions(lines, "en"), Place(0)) == Checked(ClaimCheck(SUPPORTED), 0)


def test_a_number_from_another_place_moves_the_reference() -> None:
    assert check_at("A clockwork of 40 kg turned the lens.", 1) == Checked(ClaimCheck(MOVED), 5)


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("In 1990 the owner cooked lunch for 900 employees.", ("900",)),
        ("In 2010 there were 40.", ("2010",)),
        ("In 2010 there were 900.", ("2010", "900")),
        ("By 2010 they had 900 employees in new halls of steel.", ()),
    ],
)
def test_a_number_that_is_said_of_something_else_does_not_count(claim: str, missing: tuple[str, ...]) -> None:
    lines = ["in nineteen ninety there were forty employees", "lunch was cooked by the owner", "it had a garden"]
    lines += ["exports began", "by two thousand ten they had nine hundred employees", "in new halls of glass"]
    cited = 0 if "1990" in claim else 1
    assert check_claim(claim, "en", Captions(lines, "en"), Place(cited)).check.missing == missing


def test_a_month_that_is_said_of_something_else_does_not_count() -> None:
    captions = Captions(
        ["the ship left in april", "then it sailed", "it came home", "we paid the crew in august"], "en"
    )
    assert check_claim("The ship left in August.", "en", captions, Place(0)).check.missing == ("August",)


def test_the_neighbours_of_a_line_count_as_its_place() -> None:
    assert check_at("Keepers became ill from breathing mercury vapour.", 2) == Checked(ClaimCheck(SUPPORTED), 2)


def test_the_reference_of_a_chapter_by_the_creator_stays() -> None:
    checked = check_claim(
        "A clockwork of 40 kg turned the lens.", "en", Captions(LINES, "en"), Place(0, 1), may_move=False
    )
    assert checked == Checked(ClaimCheck(SUPPORTED), 0)


COPIED = "The keepers breathed the vapour of mercury for years and some became ill."


def test_a_claim_that_was_copied_from_elsewhere_is_moved_there_even_if_its_lines_share_some_of_its_words() -> None:
    lines = [*LINES, "for years the mercury was blamed when keepers left", *["nothing else is said here"] * 3]
    captions = Captions(lines, "en")
    copied, told = Place(6), "For years they blamed mercury vapour when keepers became ill and left."
    assert check_claim(COPIED, "en", captions, copied) == Checked(ClaimCheck(MOVED), 1)
    assert check_claim(COPIED, "en", captions, Place(6, 9)) == Checked(ClaimCheck(MOVED), 1)
    assert check_claim(COPIED, "en", captions, Place(6, 9), may_move=False) == Checked(ClaimCheck(SUPPORTED), 6)
    assert check_claim(told, "en", captions, copied) == Checked(ClaimCheck(SUPPORTED), 6)


@example(
    lines=[LINES[0], LINES[2], LINES[1], LINES[3], LINES[5], LINES[4]],
    facts={"of 40 kg", "and planted wheat", "in Boston"},
    first=0,
    last=None,
)
@given(
    st.permutations(LINES),
    st.sets(st.sampled_from(["in Boston", "since 1890", "of 40 kg", "in August", "and planted wheat"])),
    st.integers(0, 2),
    st.none() | st.integers(3, 5),
)
def test_a_claim_that_may_not_move_is_in_doubt_for_the_same_reasons(
    lines: list[str], facts: set[str], first: int, last: int | None
) -> None:
    claim = " ".join([LINES[1], *sorted(facts)])
    moves, stays = (
        check_claim(claim, "en", Captions(lines, "en"), Place(first, last), may_move=may_move).check
        for may_move in (True, False)
    )
    assert (moves.is_unverified, moves.missing) == (stays.is_unverified, stays.missing)


def test_a_chapter_in_other_words_stays_where_it_begins() -> None:
    assert check_at("A clockwork turned a heavy thing of glass around.", 0, 2) == Checked(ClaimCheck(SUPPORTED), 0)


def test_a_claim_that_shares_no_words_with_the_video_is_unverified_without_naming_any() -> None:
    assert check_at("Taxes rose because farmers planted too little wheat.", 1).check == ClaimCheck(UNVERIFIED)


def test_a_text_without_a_place_is_looked_for_in_captions_title_and_channel() -> None:
    captions = Captions(LINES, "en", ["Fresnel and his lens", "Harbour 1822"])
    claim = "Fresnel's lens of 1822 was turned by 40 kg."
    assert check_claim(claim, "en", captions) == Checked(ClaimCheck(SUPPORTED))
    assert check_claim("It is called “Fresnel and his lens”.", "en", captions).check == ClaimCheck(SUPPORTED)
    assert check_claim("The lens of Edison, 1823", "en", captions).check.missing == ("Edison", "1823")


COMPANY = (
    *("in nineteen ninety there were forty employees", "lunch was cooked by the owner", "it had a garden"),
    *("exports began in may", "by two thousand ten they had nine hundred employees", "in new halls of glass"),
)


@pytest.mark.parametrize(
    ("claim", "first", "last", "checked"),
    [
        ("1990 waren es 40.", 0, None, Checked(ClaimCheck(SUPPORTED), 0)),
        ("Später waren es 900.", 0, None, Checked(ClaimCheck(MOVED), 4)),
        ("Später waren es 900.", 0, 2, Checked(ClaimCheck(SUPPORTED), 0)),
        ("1990 waren es 900.", 0, None, Checked(ClaimCheck(UNVERIFIED, ("900",)), 0)),
        ("1990 waren es 900.", 0, 2, Checked(ClaimCheck(UNVERIFIED, ("900",)), 0)),
        ("2010 waren es 40.", 4, None, Checked(ClaimCheck(UNVERIFIED, ("40",)), 4)),
        ("Es waren 70.", 0, None, Checked(ClaimCheck(UNVERIFIED, ("70",)), 0)),
        ("Der Export begann im Mai.", 2, None, Checked(ClaimCheck(SUPPORTED), 2)),
        ("Der Export begann im Juni.", 2, None, Checked(ClaimCheck(UNVERIFIED, ("Juni",)), 2)),
    ],
)
def test_the_numbers_of_a_translation_are_said_together(
    claim: str, first: int, last: int | None, checked: Checked
) -> None:
    assert check_claim(claim, "de", Captions(COMPANY, "en"), Place(first, last)) == checked


def test_months_in_a_language_whose_months_are_not_known_are_not_missed() -> None:
    assert check_claim("Im Mai.", "de", Captions(["w maju 5 osób"], "pl"), Place(0)).check == ClaimCheck(SUPPORTED)


@pytest.mark.parametrize(
    ("language", "said", "claim", "other"),
    [
        ("en", "on the seventeenth of may twenty twenty four", "On 2024-05-17", "On 2024-06-17"),
        ("en", "dated 05/17/2024", "On May 17", "On June 17"),
        ("de", "am 17.5.2024 im Dom", "am 17. Mai", "am 17. Juni"),
        ("en", "on may seventeenth twenty twenty four", "On 5/17/2024.", "On 6/17/2024."),
        ("en", "on may sixth twenty twenty four", "On 5/6/2024 or 06/05/2024.", "On 4/6/2024."),
        ("de", "am siebzehnten mai zweitausendvierundzwanzig", "Am 17.05.2024.", "Am 05.06.2024."),
        (
            "de",
            "am siebzehnten mai und am ersten juni",
            "Vom 17.5. bis 1.6. ist es so.",
            "Vom 17.5. bis 1.7. ist es so.",
        ),
        ("de", "am siebzehnten fünften zweitausendvierundzwanzig", "Am 17.05.2024.", "Am 17.06.2024."),
        ("de", "am 17. 5. 2024 war es", "Am 17.05.2024.", "Am 17.06.2024."),
        ("de", "am 17.05. im jahr 2024", "Am 17.05.2024.", "Am 18.05.2024."),
        ("de", "am 17.05.24", "Am 17.05.2024.", "Am 17.05.2023."),
        ("de", "am 17.5. geht es los", "Am 17.5. geht es los.", "Am 17.6. geht es los."),
        ("de", "der 17.5. war schön", "Am 17.5. war es schön.", "Am 18.5. war es schön."),
        ("de", "bis siebzehnter mai", "Bis 17.5.", "Bis 17.6."),
        ("de", "bis zum siebzehnten mai", "Es läuft bis 17. 5.", "Es läuft bis 18. 5."),
        ("de", "am freitag dem siebzehnten mai", "Freitag, dem 17.5.", "Freitag, dem 17.6."),
        ("de", "der siebzehnte mai war schön", "Schön war der 17.5. auch.", "Schön war der 17.6. auch."),
        ("de", "am siebzehnten mai zweitausendvierundzwanzig", "Es war am 17. 5. 2024.", "Es war am 17. 6. 2024."),
        ("fr", "le dix-sept zéro cinq deux mille vingt-quatre", "Le 17/05/2024.", "Le 17/06/2024."),
        ("it", "il 17 5 2024", "Il 17/5/2024.", "Il 17/6/2024."),
        ("en", "on 05/17 of 2024", "On 5/17/2024.", "On 6/17/2024."),
        ("en", "in june, on 05/17", "In June.", "On 4/17/2024."),
        ("fr", "le dix-sept mai deux mille vingt-quatre", "Le 17/05/2024.", "Le 17/06/2024."),
        ("es", "el diecisiete de mayo de dos mil veinticuatro", "El 17/5/2024.", "El 17/6/2024."),
        ("de", "im Jänner schneit es", "Es schneit im Januar.", "Es schneit im Juni."),
        ("de", "im Laufe des Septembers", "Das war im September.", "Das war im Juni."),
        ("de", "das war Mitte Augusts", "Das war im August.", "Das war Mitte Aprils."),
        ("ru", "к марту всё растаяло", "Снег растаял в марте.", "Снег растаял в мае."),
        ("ru", "перед августом было тепло", "Тепло было в августе.", "Тепло было перед сентябрём."),
        ("nl", "in maart bloeien de rozen", "Rozen bloeien in maart.", "Rozen bloeien in mei."),
        ("ru", "июнь был тёплым", "Тепло было в июне.", "Тепло было в мае."),
        ("it", "a maggio fioriscono", "Fioriscono a maggio.", "Fioriscono a marzo."),
    ],
)
def test_a_month_is_found_in_any_form(language: str, said: str, claim: str, other: str) -> None:
    assert check(claim, said, language) == ClaimCheck(SUPPORTED)
    assert check(other, said, language).is_unverified


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ("gpt 4.1 und 5.1 im vergleich", "Verglichen werden GPT 4.1 und 5.1."),
        ("eine skala bis 3.5 ist das", "Die Skala geht bis 3.5."),
        ("python 3.9 und 3.11", "Es geht um Python 3.9 und 3.11."),
        ("es kann http 1.1 und 2.0", "Es kann HTTP 1.1 und 2.0."),
        ("die note gilt ab 3.5 dort", "Die Note gilt ab 3.5."),
        ("eine skala bis drei komma fünf", "Die Skala geht bis 3.5."),
    ],
)
def test_a_german_version_is_no_date(said: str, claim: str) -> None:
    assert check(claim, said, "de") == ClaimCheck(SUPPORTED)


@pytest.mark.parametrize(
    ("language", "claim", "months"),
    [
        ("en", "On May 17, 2024 it began, on 3 June it ended, and the 4th of July came.", ("May", "June", "July")),
        ("en", "It began in May, has run since early June and ends next July.", ("May", "June", "July")),
        ("en", "It began in mid-May. In September 2024, it ended.", ("May", "September")),
        ("en", "After Theresa May resigned, April Jones and August Rodin met June.", ()),
        ("en", "In 2019 Theresa May left. They lived in May's house, and in August Rodin's.", ()),
        ("en", "After President Theresa May 2019 was over.", ()),
        ("de", "Am 17. Mai begann es, seit Anfang Juni regnet es, und im Juli 2024 endet es.", ("Mai", "Juni", "Juli")),
        ("de", "Es kam im August Wasser ins Haus.", ("August",)),
        ("de", "Bilder von August Macke und von Theresa May. Die August ging.", ()),
    ],
)
def test_a_month_of_a_translation_is_no_name(language: str, claim: str, months: tuple[str, ...]) -> None:
    captions = Captions(["17 3 4 2019 2024 nada de eso"], "es")
    assert check_claim(claim, language, captions, Place(0)).check.missing == months


def test_only_the_numbers_of_a_translation_are_checked() -> None:
    captions = Captions(["we left Germany in nineteen fifty six with forty men"], "en")
    assert check_claim("En 1956, 40 hommes quittent l'Allemagne.", "fr", captions, Place(0)).check == ClaimCheck(
        SUPPORTED
    )
    assert check_claim("En 1957, 40 hommes.", "fr", captions, Place(0)).check.missing == ("1957",)


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("He said ‘we never sold a single one’.", ("we never sold a single one",)),
        ("He said ‘we don’t ever sell it’.", ("we don’t ever sell it",)),
        ("Er sagte ‚das verkaufen wir niemals‘.", ("das verkaufen wir niemals",)),
        ("It’s the keepers’ own lamp, and it’s theirs.", ()),
        ("'We don't ever sell it', he said.", ("We don't ever sell it",)),
        ("Tell 'em the keepers' own word. It's the keepers' lamp. The '90s had the keepers' own.", ("90s",)),
        ("»Das verkaufen wir niemals«, sagte er.", ("Das verkaufen wir niemals",)),
        ("”Det säljer vi aldrig”, sade han.", ("Det säljer vi aldrig",)),
        ("Han sade: ”Vi säljer det aldrig.”", ("Vi säljer det aldrig.",)),
        ("It has a 5” and a 7” and a 9” lamp.", ("5", "7", "9")),
    ],
)
def test_a_quotation_may_have_any_marks(claim: str, missing: tuple[str, ...]) -> None:
    assert check(claim, "nothing of that kind").missing == missing


SOLD = "the keepers had forty lamps and sold all of them to a museum because they were old"


@pytest.mark.parametrize("marks", ["“{}”", "„{}“", '"{}"', "«{}»", "« {} ».", "»{}«", "”{}”"])
def test_several_sentences_in_one_pair_of_marks_are_no_quotation(marks: str) -> None:
    assert check(marks.format("A museum has the lamps. They sold all forty."), SOLD) == ClaimCheck(SUPPORTED)
    assert check(marks.format("A museum has the lamps. They sold all fifty."), SOLD).missing == ("fifty",)
    nested = "A museum has the lamps. They said ‘we never sold any of them’."
    assert check(marks.format(nested), SOLD).missing == ("we never sold any of them",)


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "»{}«", "'{}'", "‘{}’"])
def test_a_sentence_in_quotation_marks_was_said_so(marks: str) -> None:
    assert check(marks.format("They sold all of them to a museum."), SOLD) == ClaimCheck(SUPPORTED)
    changed = "The keepers never sold a single one."
    assert check(marks.format(changed), SOLD).missing == (changed,)


def test_numbers_in_words_that_are_not_known_here_are_not_missed() -> None:
    assert check("W 1956 roku", "w tysiąc dziewięćset pięćdziesiątym szóstym roku", "pl") == ClaimCheck(SUPPORTED)


@pytest.mark.parametrize(
    ("tag", "is_there"), [("紅葉", True), ("葉", True), ("猫", False), ("Aare", True), ("経済", False)]
)
def test_a_tag_is_mentioned_if_captions_or_metadata_have_it(tag: str, is_there: bool) -> None:
    captions = Captions(["秋になると紅葉が美しい"], "ja", ["Aare"])
    assert is_mentioned(tag, "ja", captions) is is_there


@pytest.mark.parametrize(
    ("tag", "is_there"),
    [("dough fridge temperature", True), ("dough oven temperature", False), ("fridge oven", True)],
)
def test_a_tag_of_several_words_is_mentioned_if_half_of_them_are(tag: str, is_there: bool) -> None:
    assert is_mentioned(tag, "en", Captions(["the dough rests in the fridge"], "en")) is is_there


@pytest.mark.parametrize("sign", ["$", "$ "])
def test_a_currency_before_a_number_is_part_of_it(sign: str) -> None:
    text = f"it costs {sign}25 a day"
    start = text.index("25")
    assert unit_at(text, start, start + 2) == Unit("$", text.index("$"), start + 2)


PIECES = st.sampled_from(
    [
        "1",
        "9.5",
        "1,000",
        "½",
        "million",
        "m",
        "%",
        "$",
        " ",
        "-",
        "'",
        "“",
        "”",
        "XX",
        "万",
        "千",
        "五",
        "年",
        "٣",
        "1" * 40,
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@given(claim=TEXTS, said=TEXTS, language=st.sampled_from(["en", "de", "fr", "ja", "zh", "ar", "xx"]))
def test_no_text_makes_the_check_fail(claim: str, said: str, language: str) -> None:
    """A summary that was paid for is not lost because of a claim that nobody can read."""
    assert check(claim, said, language).status in CheckStatus


@pytest.mark.parametrize("said", ["المنارات على الساحل", "هذه منارة قديمة"])
def test_an_article_or_an_ending_makes_no_other_word_of_a_tag_without_vowels(said: str) -> None:
    assert is_mentioned("منارات", "ar", Captions([said], "ar"))
    assert not is_mentioned("عدسة", "ar", Captions([said], "ar"))
