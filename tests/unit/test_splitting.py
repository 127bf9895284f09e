from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.text.splitting import sentences, with_spaces


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("en", ["He took plan B.", "Then he left."]),
        ("en", ["It is vitamin C.", "It is cheap."]),
        ("en", ["It is a row of p.", "Instead of q.", "B is e.g. Karl."]),
        ("en", ["Grade A.", "However, the rest is for animals."]),
        ("en", ["It is by J. Smith, J. K. Rowling and George W. Bush.", "Harry S. Truman read it."]),
        ("en", ["It is by Dr. Fresnel of the U.S. Army.", "Mrs. Acker left!"]),
        ("en", ["She lives in the U.S.", "He does not."]),
        ("en", ["Salt comes last, i.e. after an hour.", "Use No. 5 or e.g. Fig. 3."]),
        ("en", ["Is it hot?", "No.", "Students wait."]),
        ("en", ["Was it him?", "No.", "5 people left.", "The answer is no.", "3 people agreed."]),
        ("en", ["What is art.", "5 people left.", "He took plan B.", "3 people ate vitamin C.", "20 mg are enough."]),
        ("en", ["It took a sec.", "2 ate a fig.", "It was 3 p.m.", "5 left, e.g. 2 men.", "See p. 3 and Art. 5."]),
        ("en", ["It follows Bengio et al. 2003 and Graves et al. Press.", "It is new."]),
        ("en", ["1. Mix the flour.", "2. Bake it.", "It costs 3.", "4.", "Yes."]),
        ("en", ["The plan was B.", "Students chose the rows of W.", "However, U.S. Army men liked Grade A."]),
        ("en", ["He said: “Stop!”", "iPhones are dear."]),
        ("de", ["Am 17. Mai kam Dr. Ott.", "Im 19. und 20. Jahrhundert war z. B. Brot teuer."]),
        ("de", ["Siehe S. 25, Nr. 3 und Abs. 2.", "Es sind viele, z. B. 20 Leute.", "D. h. 3 mehr.", "Das ist Nr. 5."]),
        ("de", ["Das war 2024.", "Es endete 3:15.", "Plan B.", "Dann kam er."]),
        ("de", ["Das war am 17. 5. 2024 in Bonn.", "Der 17. 5. war gut, bis 3. 6. Treffen waren.", "Es war am 17. 5."]),
        (
            "de",
            [
                "17. Juni 1953: Es beginnt.",
                "Die 1. Liga hat 3 Mio. Euro, Ca. 30 mehr.",
                "Es sind 3 Mio.",
                "Das ist viel.",
            ],
        ),
        (
            "de",
            [
                "Auch 1. FC Bayern.",
                "Wir trafen Dr. med. Ott.",
                "Sie gewannen 3.",
                "FC Bayern auch.",
                "Das war 17.",
                "Ob er kam?",
            ],
        ),
        (
            "cs",
            [
                "Dne 17. 5. 2024 hrál ve 2. Bundeslize.",
                "Byl to 3. pokus, viz s. 12 a č. 5.",
                "Skóre bylo 3.",
                "Pak přišel.",
            ],
        ),
        ("pl", ["Gra w 2. Bundeslidze od 17. 5. 2024 r.", "Zob. str. 12 i rys. 3.", "Potem przyszedł."]),
        ("hu", ["Az 5. Sugárút és IV. Béla 2024. 05. 17. óta.", "Aztán 2024. május 17-én.", "Aztán elment."]),
        ("tr", ["2. Dünya Savaşı 17. 5. 2024 günü bitti.", "Bkz. s. 12, II. Abdülhamid.", "Sonra gitti."]),
        (
            "nb",
            [
                "Den 17. Mai er fin.",
                "Det 3. forsøket, se s. 12.",
                "Fra 17. 5. var det slutt.",
                "Det var 17.",
                "Mai kom.",
            ],
        ),
        ("fi", ["Se oli 17. 5. 2024 asti.", "Ks. s. 12 ja nro 5.", "Sitten 3. yritys onnistui."]),
        ("da", ["De holdt Skt. Hans den 23. Juni."]),
        ("fr", ["Voir no. 5, p. 12.", "Le 1er mai, la 1re fois.", "Le 17. 5. 2024 aussi."]),
        (
            "en",
            ["It was 17. 5. 2024 then.", "They won 3.", "5.", "7 left.", "In the 60s.", "5 people said no.", "5 left."],
        ),
        ("es", ["La ley de EE. UU. Federal es de J. L. Borges.", "Es el plan B.", "Luego salió."]),
        ("pt", ["É.", "É.", "A língua é C.", "Python é outra."]),
        ("fr", ["Selon M. Macron, c’est la vitamine C.", "Elle est rare."]),
        ("ru", ["См. рис. 3 на с. 25.", "Это план Б.", "5 человек ушли."]),
        ("ru", ["А. С. Пушкин жил в 2024 г. от р. Х.", "Это был план Б.", "Потом другой."]),
        ("hi", ["यह नमक है।", "यह रोटी है।"]),
        ("ur", ["یہ نمک ہے۔", "یہ روٹی ہے۔"]),
        ("ja", ["塩は最後。", "終わり。"]),
    ],
)
def test_a_full_stop_may_belong_to_a_word(language: str, found: list[str]) -> None:
    assert sentences(("" if language == "ja" else " ").join(found), language) == found


def test_a_line_ends_a_sentence_unless_the_next_begins_with_a_small_letter() -> None:
    found = ["Steps:", "1. Mix it", "2. Bake it\nand eat it."]
    assert sentences("\n".join(found), "en") == found


@given(st.text(alphabet='aAé. !?…。」" \n1'), st.sampled_from(["en", "de", ""]))
def test_a_text_is_made_of_its_sentences(text: str, language: str) -> None:
    assert "".join(with_spaces(text, language)) == text
