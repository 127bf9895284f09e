"""Which sentences can be read without those around them, and how a few in a row are quoted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from skimlist.summarizing.lines import Line
from skimlist.summarizing.quotations import Quotations
from skimlist.text.spoken import speech

PLAIN = "The loaf is baked in a hot oven with steam."


def quotations(said: Sequence[str], language: str = "en") -> Quotations:
    lines = [Line(number, 5.0 * number, 5.0 * number + 5, text) for number, text in enumerate(said, start=1)]
    return Quotations(lines, speech(language))


@pytest.mark.parametrize(
    ("language", "weak", "better"),
    [
        ("en", "Is the loaf baked in a hot oven with steam?", PLAIN),
        ("en", "I was told that my loaf is baked in a hot oven.", PLAIN),
        ("en", "As you can see here the loaf is in a hot oven.", PLAIN),
        ("en", "For example, the loaf is baked in a hot oven with steam.", PLAIN),
        ("en", "The hot oven with steam.", PLAIN),
        ("en", "Basically stuff really happens with the loaf in a crazy hot oven.", PLAIN),
        ("en", 'She said, "The loaf is baked in a hot oven with steam.', PLAIN),
        ("en", "The loaf, the oven, the steam, the pot, the lid, and the heat are there.", PLAIN),
        ("en", PLAIN, "The reason for the soft crust is the steam in the oven."),
        ("en", "The second reason is the steam of the oven.", PLAIN),
        ("de", "Stellt euch vor, das Brot ist im Ofen.", "Das Brot ist im heißen Ofen."),
        ("fr", "Par exemple, le pain est cuit au four.", "Le pain est cuit au four."),
        ("zh-TW", "比如麵團要休息一個晚上。", "麵團要休息一個晚上。"),
    ],
)
def test_what_says_less_by_itself_reads_worse(language: str, weak: str, better: str) -> None:
    assert quotations([weak], language).readability(range(1)) < 0.9 * quotations([better], language).readability(
        range(1)
    )


def test_a_sentence_that_needs_the_one_before_stands_with_it() -> None:
    found = quotations([PLAIN, "It keeps the crust soft."])
    assert not found.stands_alone(range(1, 2))
    assert found.stands_alone(range(2))
    assert found.text(range(2)) == f"{PLAIN} It keeps the crust soft."


@pytest.mark.parametrize("said", [["the loaf is baked in", "a hot oven with steam."], [PLAIN, "the crust is soft and"]])
def test_the_middle_of_a_sentence_does_not_stand_alone(said: list[str]) -> None:
    assert not quotations(said).stands_alone(range(1, 2))


def test_several_sentences_whose_borders_nobody_knows_read_worse() -> None:
    unsure = quotations(["The loaf is baked in a hot oven", "the crust is soft."])
    assert unsure.readability(range(2)) < quotations([f"{PLAIN}", "The crust is soft."]).readability(range(2))
    assert unsure.text(range(2)) == "The loaf is baked in a hot oven the crust is soft."


def test_no_candidate_is_longer_than_wanted_but_every_line_is_one() -> None:
    found = quotations([PLAIN] * 4)
    assert list(found.candidates(range(1, 4), 3, 20)) == [
        range(1, 2), range(1, 3), range(2, 3), range(2, 4), range(3, 4)
    ]  # fmt: skip
    assert list(found.candidates(range(2), 3, 1)) == [range(1), range(1, 2)]
