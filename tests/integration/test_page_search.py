"""The page finds in titles what the server finds, and marks it where it is."""

from __future__ import annotations

import unicodedata

import pytest

from skimlist.text.search import fold
from tests.page_modules import evaluate
from tests.search_words import FOUND, NOT_FOUND

# Unicode 3.2, which every Python and every browser knows, and later characters that have case in an unusual way.
KNOWN = unicodedata.ucd_3_2_0
UNUSUAL = [*range(0x13F0, 0x13FE), *range(0x1C80, 0x1C89), 0x1E9E, *range(0xAB70, 0xABC0)]


def test_the_page_finds_what_the_server_finds() -> None:
    is_found = "([query, title]) => page.fold(query).split(/\\s+/).every((word) => page.fold(title).includes(word))"
    found = evaluate("search-marks.js", f"given.map({is_found})", [*FOUND, *NOT_FOUND])
    assert found == [True] * len(FOUND) + [False] * len(NOT_FOUND)


def test_the_page_folds_every_letter_as_the_server_does() -> None:
    letters_marks_and_numbers = [each for each in map(chr, range(0x110000)) if KNOWN.category(each)[0] in "LMN"]
    characters = [*letters_marks_and_numbers, *map(chr, UNUSUAL)]
    folded = evaluate("search-marks.js", "given.map(page.fold)", characters)
    differing = [each for each, page in zip(characters, folded, strict=True) if fold(each) != page]
    assert len(characters) > 80_000 and differing == []


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("strasse", "Die Straße, groß", ["Straße"]),
        ("gros", "So groß ist es", ["groß"]),
        ("s", "groß", ["ß"]),
        ("is ss", "Es ist groß", ["is", "ß"]),
        ("fin", "🍞 ﬁne", ["ﬁn"]),
        ("σοφοσ", "Ο ΣΟΦΟΣ!", ["ΣΟΦΟΣ"]),
        ("cafe", "Ein Café\u0301 und ein Cafe\u0301", ["Café\u0301", "Cafe\u0301"]),
        ("bread", "Bread and BREAD", ["Bread", "BREAD"]),
    ],
)
def test_the_marks_are_where_the_words_are(query: str, text: str, marked: list[str]) -> None:
    expression = "page.findIn(given.text)(page.fold(given.query).split(' ')).map((place) => given.text.slice(...place))"
    assert evaluate("search-marks.js", expression, {"query": query, "text": text}) == marked
