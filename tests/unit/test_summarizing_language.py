"""The language of a text, where that is clear."""

from __future__ import annotations

import json

import pytest

from skimlist.text.language import clearly_in
from skimlist.text.language_codes import same_language
from testkit.template import ROOT

SAMPLES = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "local/samples").glob("*_1.json")
}
TEXTS = {v["language_code"]: " ".join(s["text"] for s in v["snippets"]) for v in SAMPLES.values()}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_text_is_in_its_own_language_whatever_else_it_might_be(language: str) -> None:
    assert clearly_in(TEXTS[language], TEXTS, wanted=language) == language


@pytest.mark.parametrize("wanted", sorted(TEXTS))
@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_text_in_another_language_is_found_out(language: str, wanted: str) -> None:
    assert clearly_in(TEXTS[language], TEXTS, wanted=wanted) == language


def test_a_text_that_is_too_short_to_tell_is_taken_on_trust() -> None:
    assert clearly_in("This is the end of it.", ["en"], wanted="de") == "de"


def test_a_language_without_a_list_of_stop_words_is_taken_on_trust() -> None:
    assert clearly_in(TEXTS["en"], ["en"], wanted="xx") == "xx"


BREAD = {
    "ka": "ეს ვიდეო გვიჩვენებს, როგორ გამოვაცხოთ პური სახლში და რატომ სჭირდება ცომს დრო.",
    "ta": "இந்தக் காணொளி வீட்டில் ரொட்டி சுடுவது எப்படி என்றும் மாவுக்கு ஏன் நேரம் தேவை என்றும் விளக்குகிறது.",
    "am": "ይህ ቪዲዮ በቤት ውስጥ ዳቦ እንዴት እንደሚጋገር እና ሊጡ ለምን ጊዜ እንደሚያስፈልገው ያሳያል።",
    "sr": "Овај видео показује како се код куће пече хлеб и зашто је тесту потребно време.",
    "km": "វីដេអូនេះបង្ហាញពីរបៀបដុតនំប៉័ងនៅផ្ទះ",
}
ENGLISH = "This video shows how to bake bread at home and why the dough needs time."


@pytest.mark.parametrize("language", BREAD)
def test_the_script_tells_a_language_without_a_list_of_stop_words(language: str) -> None:
    others = ("en", "ru")
    assert clearly_in(BREAD[language], others, wanted=language, fewest_words=8) == language
    assert clearly_in(ENGLISH, others, wanted=language, fewest_words=8) == "en"
    assert clearly_in(BREAD[language], ("en", language), wanted="en", fewest_words=8) == language


def test_a_language_that_is_also_written_in_latin_letters_is_taken_on_trust_there() -> None:
    assert clearly_in(ENGLISH, ["en"], wanted="sr-Latn", fewest_words=8) == "sr-Latn"


def test_a_script_or_a_region_makes_no_other_language() -> None:
    assert same_language("zh-TW", "zh-Hans")
    assert not same_language("pt", "es")
