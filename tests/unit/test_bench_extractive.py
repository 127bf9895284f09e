"""The measures of how extractive summaries read, on texts whose figures can be calculated by hand."""

from __future__ import annotations

import pytest

from lab.bench.faithful import extractive, spoken_sentences
from lab.bench.faithful.spoken_sentences import Borders
from skimlist.models.transcript import Segment
from tests.fakes.summarizing import transcript

SAID = ("[Music]", "The mill stands. It's by", "the river, in 3.5 acres.", "The river in 3.5 acres")
# The last caption says what the one before says.
SEGMENTS = tuple(Segment(text, index * 5.0, 5.0) for index, text in enumerate(SAID))


def test_captions_lose_their_punctuation_and_keep_their_words() -> None:
    bare = spoken_sentences.bare(spoken_sentences.said(SEGMENTS))
    assert [each.text for each in bare] == ["the mill stands it's by", "the river in 3.5 acres"]


def test_ends_are_counted_in_letters() -> None:
    ends = spoken_sentences.true_ends(spoken_sentences.said(SEGMENTS))
    assert ends == {len("Themillstands"), len("ThemillstandsItsbytheriverin35acres")}
    assert spoken_sentences.true_ends((Segment("磨坊在河邊。很老。", 0, 5),)) == {5, 7}


def test_found_ends_are_compared_with_the_true_ones() -> None:
    found = spoken_sentences.borders(["the mill", "stands", "it's by the river"], {13, 24})
    assert (found.found, found.true, found.right) == (3, 2, 1)
    assert (found.precision, found.recall, found.f1) == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    assert found + found == Borders(6, 4, 2)


@pytest.mark.parametrize(
    ("sentence", "dangles"),
    [("The mill turns.", 0), ("So the mill turns slowly.", 1), ("It turns all day.", 1), ("The mill turns and…", 1)],
)
def test_sentences_that_need_others_dangle(sentence: str, dangles: int) -> None:
    assert spoken_sentences.dangling([sentence], "en") == dangles


def test_title_words_are_looked_for_without_stop_words() -> None:
    assert spoken_sentences.title_words("Mills grind flour.", "How the mills grind", "en") == 1
    assert spoken_sentences.title_words("Mills turn.", "How the mills grind", "en") == 0.5
    assert spoken_sentences.title_words("Mills turn.", "How it is", "en") is None


def test_a_summary_is_measured() -> None:
    talk = [f"The mill number {n} stands by the river of the town and grinds flour." for n in range(30)]
    measured = extractive.measure(transcript(talk, title="The mill by the river"))
    assert measured.borders.f1 > measured.windows.f1
    assert (measured.dangling, measured.title_words) == (0, 1)
    assert measured.tenths > 0.3


def test_a_sentence_that_is_quoted_after_the_one_that_it_refers_to_does_not_dangle() -> None:
    said = ["The mill of the town is old.", "It grinds flour.", "A river runs by.", "The town is small."]
    letters = "".join(filter(str.isalnum, "".join(said).lower()))
    assert list(extractive.quoted_alone(f"{said[0]} {said[1]} {said[3]}", letters, "en")) == [said[0], said[3]]
    assert list(extractive.quoted_alone(f"{said[0]}\n{said[1]}", letters, "en")) == said[:2]
