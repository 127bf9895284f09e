"""A whole summary is searched by the rules of every search, and the statement that has the words is found."""

from __future__ import annotations

import pytest

from skimlist.models.summary import Chapter, KeyPoint
from skimlist.summary_search import Match, StatementKind, search
from skimlist.text.search import words
from testkit.batches import a_summary
from tests.search_words import FOUND, NOT_FOUND

SUMMARY = a_summary(
    title="Karpathy on training",
    key_points=(
        KeyPoint(text="Karpathy begins with a bigram.", start_seconds=12.0),
        KeyPoint(text="The loss falls when the learning rate does.", start_seconds=340.5),
    ),
    chapters=(Chapter(title="Überanpassung", start_seconds=0.0, summary="Dropout helps."),),
    text="An *aside*.\n\n- **Weights** decay\n1. Batches are small\n* The _gradient_ of `w_1 * w_2`",
)


def found(query: str) -> Match | None:
    return search(SUMMARY, words(query))


@pytest.mark.parametrize(
    ("query", "statement", "kind", "start_seconds"),
    [
        ("LOSS", "The loss falls when the learning rate does.", "key_point", 340.5),
        ("rate loss", "The loss falls when the learning rate does.", "key_point", 340.5),
        ("uberanpassung", "Überanpassung", "chapter", 0.0),
        ("dropout", "Dropout helps.", "chapter", 0.0),
        ("salt", "Salt comes last.", "focus", 421.0),
        ("patience", "Flour, water, salt and patience.", "tldr", None),
        ("weights", "Weights decay", "text", None),
        ("batches", "Batches are small", "text", None),
        ("aside", "An aside.", "text", None),
        ("gradient", "The gradient of `w_1 * w_2`", "text", None),
        ("dropout loss", "The loss falls when the learning rate does.", "key_point", 340.5),
        ("loss dropout helps", "Dropout helps.", "chapter", 0.0),
        ("karpathy loss", "The loss falls when the learning rate does.", "key_point", 340.5),
        ("karpathy", "Karpathy begins with a bigram.", "key_point", 12.0),
        ("baking training", None, None, None),
    ],
)
def test_the_statement_with_most_of_the_words_is_found(
    query: str, statement: str | None, kind: StatementKind | None, start_seconds: float | None
) -> None:
    assert found(query) == Match(statement=statement, kind=kind, start_seconds=start_seconds)


@pytest.mark.parametrize("query", ["perplexity", "loss perplexity", "sugar"])
def test_a_summary_without_one_of_the_words_is_not_found(query: str) -> None:
    assert found(query) is None


@pytest.mark.parametrize(("query", "text"), FOUND)
def test_what_is_found_in_a_title_is_found_in_a_key_point(query: str, text: str) -> None:
    summary = a_summary(key_points=(KeyPoint(text=text),))
    assert search(summary, words(query)) is not None


@pytest.mark.parametrize(("query", "text"), NOT_FOUND)
def test_what_is_not_found_in_a_title_is_not_found_in_a_key_point(query: str, text: str) -> None:
    summary = a_summary(key_points=(KeyPoint(text=text),))
    assert search(summary, words(query)) is None
