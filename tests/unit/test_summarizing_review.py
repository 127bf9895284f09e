"""What a usable answer still falls short of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skimlist.models.summary import SummaryLength, SummaryOptions
from skimlist.summarizing.drafts import Draft, Finding, Request, Task
from skimlist.summarizing.review import better, shortcoming
from tests.fakes.summarizing import draft, lines

REQUEST = Request(
    task=Task.WHOLE,
    lines=lines([f"Sentence number {n} of a talk about bread, which takes a while." for n in range(200)]),
    length=SummaryLength.STANDARD,
    options=SummaryOptions(focus_areas=("salt",)),
    language="en",
)
WORDS = REQUEST.target.words


def of_words(words: int, **changes: object) -> Draft:
    return draft(REQUEST, text="bread " * words, **{"focus": (Finding("salt"),), **changes})


@pytest.mark.parametrize("share", [0.81, 1.0, 1.19])
def test_a_summary_within_a_fifth_of_its_length_is_as_asked(share: float) -> None:
    assert shortcoming(of_words(round(WORDS * share)), REQUEST) is None


@pytest.mark.parametrize(("share", "direction", "needs_captions"), [(0.7, "longer", True), (1.3, "shorter", False)])
def test_only_a_longer_summary_needs_the_captions_again(share: float, direction: str, needs_captions: bool) -> None:
    found = shortcoming(of_words(round(WORDS * share)), REQUEST)
    assert found is not None
    assert f"about {WORDS} (" in found.problem
    assert direction in found.problem
    assert found.needs_captions is needs_captions


def test_of_a_short_summary_a_sentence_more_or_less_is_no_fault() -> None:
    short = replace(REQUEST, lines=REQUEST.lines[:10], options=SummaryOptions())
    assert shortcoming(draft(short, text="bread " * (short.target.words + 9)), short) is None


def test_another_language_is_a_fault_that_needs_no_captions() -> None:
    german = replace(REQUEST, language="de-AT")
    assert shortcoming(of_words(WORDS, language="de"), german) is None
    wrong = shortcoming(of_words(WORDS, language="en"), german)
    assert wrong is not None
    assert "language en (BCP 47)" in wrong.problem
    assert not wrong.needs_captions


def test_a_region_makes_no_other_language() -> None:
    assert shortcoming(of_words(WORDS, language="en-GB"), REQUEST) is None


def test_a_focus_area_without_a_report_is_asked_about_again() -> None:
    found = shortcoming(of_words(WORDS, focus=()), REQUEST)
    assert found is not None
    assert "salt" in found.problem
    assert found.needs_captions


def test_notes_on_a_part_are_not_held_to_it() -> None:
    assert shortcoming(of_words(1, focus=()), replace(REQUEST, task=Task.PART)) is None


def test_the_better_of_two_is_in_the_right_language_then_complete_then_nearer_to_its_length() -> None:
    right, wrong = of_words(WORDS * 2), of_words(WORDS, language="de")
    complete, incomplete = of_words(WORDS * 2), of_words(WORDS, focus=())
    near, far = of_words(round(WORDS * 1.3)), of_words(WORDS * 2)
    for good, bad in ((right, wrong), (complete, incomplete), (near, far)):
        assert better(good, bad, REQUEST) is good
        assert better(bad, good, REQUEST) is good
    first = of_words(WORDS)
    assert better(first, of_words(WORDS), REQUEST) is first
