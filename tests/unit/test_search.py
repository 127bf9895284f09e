"""Titles are found by their words, whatever their case and accents, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.text.search import changes, fold, unfold, words
from tests.search_words import FOUND, NOT_FOUND


def is_found(query: str, title: str) -> bool:
    return all(word in fold(title) for word in words(query))


@pytest.mark.parametrize(("query", "title"), FOUND)
def test_a_title_is_found(query: str, title: str) -> None:
    assert is_found(query, title)


@pytest.mark.parametrize(("query", "title"), NOT_FOUND)
def test_a_title_with_other_words_is_not_found(query: str, title: str) -> None:
    assert not is_found(query, title)


@given(st.text())
def test_folding_twice_is_folding_once_and_every_text_is_found_by_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert is_found(text, text)


@given(st.text(), st.text())
def test_words_are_found_in_any_order_and_whatever_stands_around(left: str, right: str) -> None:
    assert set(words(f"{left} {right}")) == set(words(f"{right} {left}"))
    assert is_found(left, f"{right} {left} {right}")


@given(st.text(alphabet=st.characters(exclude_categories=["Mn", "Cs", "Cc", "Lo"])))
def test_a_folded_text_is_restored(text: str) -> None:
    assert unfold(fold(text), changes(text)) == text


@pytest.mark.parametrize(
    "text", ["Ein „Großer“ Tag …", "x" * 31 + "Ä", "x" * 62 + "Ä", "ＧＰＴ-5 ﬁne", "한국어", "Tiếng Việt", ""]
)
def test_texts_of_many_scripts_are_restored(text: str) -> None:
    assert unfold(fold(text), changes(text)) == text


def test_little_is_noted_for_a_text_without_capitals_and_accents() -> None:
    assert changes("nothing of this changes") == ""
    assert len(changes("Only the first letter changes")) == 1
