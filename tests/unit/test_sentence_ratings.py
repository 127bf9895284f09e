"""How spoken sentences are rated, and the weights and grades behind the ratings."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from skimlist.summarizing.extractive import sentence_ratings
from skimlist.summarizing.extractive.sentence_ratings import Rating, Talk
from tests.unit.test_summarizing_extractive import BREAD, OVEN

_LABELS = Path(__file__).parents[2] / "lab" / "sentence_weights" / "labels.json"
_CLEAR = "Bakers feed the starter with flour because wild yeast needs fresh food to raise the dough."


def rated(sentence: str, *, title: str = "") -> Rating:
    """Rates a sentence in the middle of a talk about bread."""
    return Talk([*BREAD, sentence, *OVEN], "en", title).ratings()[len(BREAD)]


@pytest.mark.parametrize(
    "worse",
    [
        "This is what they need because it raises the dough with the wild yeast of the starter.",
        "I think my bakers feed the starter with flour right now, as you can see over here.",
        "and so flour starter dough[0] = yeast[1] + 17",
        "Thanks for watching, and subscribe for more flour, starter, yeast and fresh dough.",
        "Does the starter need flour and fresh food for the dough?",
        "Yeast and dough.",
    ],
    ids=["points back", "shows", "dictates code", "advertises", "asks", "is short"],
)
def test_a_sentence_that_says_something_by_itself_is_rated_higher(worse: str) -> None:
    assert rated(worse).alone < rated(_CLEAR).alone
    assert rated(worse).key < rated(_CLEAR).key
    assert rated(worse).usable < rated(_CLEAR).usable


def test_an_announcement_with_words_of_the_title_is_about_the_topic() -> None:
    announced = "In this video we look at how a starter is fed."
    assert rated(announced, title="How to feed a starter").topic > rated(_CLEAR, title="How to feed a starter").topic


def test_there_is_a_weight_for_each_feature_and_no_other() -> None:
    table = files(sentence_ratings.__package__).joinpath("sentence_weights.toml").read_text(encoding="utf-8")
    names = list(Talk(BREAD, "en", "").features()[0])
    assert {rating: [*weights] for rating, weights in tomllib.loads(table).items()} == {
        rating: [*names, "constant"] for rating in Rating.__slots__
    }


def test_the_grades_contain_no_words() -> None:
    labels = json.loads(_LABELS.read_text(encoding="utf-8"))
    for video in labels.values():
        assert set(video["grades"].values()) <= {0, 1, 2, 3, 4}
        for place in (*video["grades"], *video["topic"]):
            start, end = map(float, place.split("-"))
            assert 0 <= start <= end
