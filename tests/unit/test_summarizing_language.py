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


def test_a_script_or_a_region_makes_no_other_language() -> None:
    assert same_language("zh-TW", "zh-Hans")
    assert not same_language("pt", "es")
