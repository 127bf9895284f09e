"""The defects of a usable answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skimlist.models.settings import SummaryLength, SummaryOptions
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section, Task
from skimlist.summarizing.review import find_shortcoming, with_better_fields
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
    assert find_shortcoming(of_words(round(WORDS * share)), REQUEST) is None


@pytest.mark.parametrize(("share", "direction", "needs_captions"), [(0.7, "longer", True), (1.3, "shorter", False)])
def test_only_a_longer_summary_needs_the_captions_again(share: float, direction: str, needs_captions: bool) -> None:
    found = find_shortcoming(of_words(round(WORDS * share)), REQUEST)
    assert found is not None
    assert found.fields == ("summary",)
    assert f"about {WORDS} (" in found.problem
    assert direction in found.problem
    assert found.needs_captions is needs_captions


def test_a_short_summary_may_have_a_sentence_more_or_less() -> None:
    short = replace(REQUEST, lines=REQUEST.lines[:10], options=SummaryOptions())
    assert find_shortcoming(draft(short, text="bread " * (short.target.words + 9)), short) is None


ENGLISH = "This is what they say about the bread and how it is made with the flour of the mill. "
GERMAN = "Das ist, was sie über das Brot sagen und wie es mit dem Mehl aus der Mühle gemacht wird. "
IN_GERMAN = replace(REQUEST, options=SummaryOptions(language="de"), title="Bread")


def german(**changes: object) -> Draft:
    """Returns a German text of the requested length."""
    text = " ".join((GERMAN * WORDS).split()[:WORDS])
    point, chapter = Point(1, GERMAN), Section(1, "Das Brot", GERMAN)
    return draft(IN_GERMAN, **{"text": text, "tldr": GERMAN, "key_points": (point,), "chapters": (chapter,), **changes})


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"tldr": ENGLISH}, ("tldr",)),
        ({"key_points": (Point(1, GERMAN), Point(2, ENGLISH))}, ("key_points",)),
        ({"chapters": (Section(1, "The bread", ENGLISH),)}, ("chapters",)),
        ({"text": ENGLISH * (WORDS // 18)}, ("summary", "tags")),  # the tags are too few words to tell
        ({"tldr": "The bread."}, ()),
    ],
)
def test_a_field_in_another_language_is_asked_for_alone_and_needs_no_captions(
    changes: dict[str, object], fields: tuple[str, ...]
) -> None:
    asked = replace(IN_GERMAN, options=SummaryOptions(language="de"))
    found = find_shortcoming(german(**changes), asked)
    assert (found.fields if found else ()) == fields
    if found:
        assert "German (de)" in found.problem
        assert not found.needs_captions


def test_a_region_makes_no_other_language() -> None:
    austrian = replace(IN_GERMAN, options=SummaryOptions(language="de-AT"))
    assert find_shortcoming(german(language="de"), austrian) is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [({"focus": ()}, ("focus",)), ({"key_points": ()}, ("key_points",)), ({"chapters": ()}, ("chapters",))],
)
def test_missing_fields_are_asked_for_alone_with_the_captions(
    changes: dict[str, object], fields: tuple[str, ...]
) -> None:
    found = find_shortcoming(of_words(WORDS, **changes), REQUEST)
    assert found is not None
    assert found.fields == fields
    assert found.needs_captions


def test_the_language_of_notes_on_a_part_is_not_checked() -> None:
    assert find_shortcoming(of_words(1, focus=()), replace(REQUEST, task=Task.PART)) is None


def test_a_repaired_field_replaces_the_first_one_only_if_it_is_better() -> None:
    first = of_words(WORDS * 2, focus=(), title="First", tldr="First.")
    near, far = of_words(round(WORDS * 1.3), focus=(), title="Second"), of_words(WORDS * 3)
    better = with_better_fields(first, near, ("summary", "focus"), REQUEST)
    assert (better.text, better.title) == (near.text, "First")
    mixed = with_better_fields(first, far, ("summary", "focus"), REQUEST)
    assert (mixed.text, mixed.focus) == (first.text, far.focus)
    assert with_better_fields(first, of_words(WORDS * 2, focus=()), ("summary", "focus"), REQUEST) == first


def test_an_empty_field_and_one_in_the_wrong_language_are_never_better() -> None:
    first = german(tldr=ENGLISH)
    for worse in (german(tldr=""), german(tldr=ENGLISH * 2)):
        assert with_better_fields(first, worse, ("tldr",), IN_GERMAN) == first
    assert with_better_fields(first, german(), ("tldr",), IN_GERMAN) == german()
