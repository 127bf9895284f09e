"""File names that every file system accepts."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skimlist.export.file_names import MAX_NAME_BYTES, attachment, export_name, safe_name, summary_file_name
from testkit.batches import a_batch

FORBIDDEN = set('<>:"/\\|?*#^[]`')
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")}
UNSEEN = {"Cc", "Cs", "Co", "Zl", "Zp"}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FAMILY = "👨\u200d👩\u200d👧"

titles = st.text() | st.text(alphabet="CONnul.12 :/\\\u202e\u0301é한日👩\u200d🏽🇫🇷\n", max_size=200)


@given(titles)
@example("..")
@example("con")
@example("COM¹.txt")
@example("nul .x")
@example("\ud83d half a pair")
@example("../../etc/passwd")
def test_a_safe_name_is_safe_everywhere(title: str) -> None:
    name = safe_name(title)
    assert name and len(name.encode()) <= MAX_NAME_BYTES
    assert not FORBIDDEN & set(name) and not BIDI & set(name)
    assert not UNSEEN & {unicodedata.category(character) for character in name}
    assert not name.startswith((".", " ")) and not name.endswith((".", " "))
    assert name.split(".")[0].strip().casefold() not in RESERVED
    assert unicodedata.is_normalized("NFC", name)


@given(titles)
def test_a_safe_name_stays_as_it_is(title: str) -> None:
    assert safe_name(safe_name(title)) == safe_name(title)


@given(st.lists(titles, min_size=2, max_size=5))
def test_names_of_a_batch_differ_whatever_case_and_normal_form(batch_titles: list[str]) -> None:
    names = [summary_file_name(n, 5, title, "dQw4w9WgXcQ") for n, title in enumerate(batch_titles, start=1)]
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in names}) == len(names)
    assert all(len(name.encode()) <= MAX_NAME_BYTES for name in names)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Brot backen – ganz einfach", "001-Brot backen – ganz einfach.md"),
        ("日本語のタイトル", "001-日本語のタイトル.md"),
        ("خبز العجين المخمر", "001-خبز العجين المخمر.md"),
        ("Cafe\u0301", "001-Café.md"),
        ("AC/DC: what? <live>", "001-AC DC what live.md"),
        ("photo\u202egpj.exe", "001-photo gpj.exe.md"),
        ("To be continued...", "001-To be continued.md"),
        ("???", "001-dQw4w9WgXcQ.md"),
    ],
)
def test_titles_stay_readable(title: str, name: str) -> None:
    assert summary_file_name(1, 20, title, "dQw4w9WgXcQ") == name


@pytest.mark.parametrize(("total", "number"), [(3, "007-"), (999, "007-"), (1000, "0007-"), (5000, "0007-")])
def test_numbers_are_as_wide_as_the_batch_needs(total: int, number: str) -> None:
    assert summary_file_name(7, total, "x", "id") == f"{number}x.md"


@pytest.mark.parametrize(
    ("unit", "limit"),
    [(FAMILY, 20), ("🇫🇷", 12), ("e\u0323\u0302", 7), ("👍🏽", 12), ("한", 4), ("हि", 8)],
)
def test_long_names_are_cut_between_characters_as_people_see_them(unit: str, limit: int) -> None:
    composed = unicodedata.normalize("NFC", unit)
    assert safe_name(unit * 50, limit) == composed * (limit // len(composed.encode()))


@pytest.mark.parametrize("total", [1, 5_000])
def test_the_name_of_a_page_stays_within_the_limit_with_its_number(total: int) -> None:
    name = summary_file_name(1, total, "a" * 300, "dQw4w9WgXcQ")
    assert len(name) == MAX_NAME_BYTES
    assert name.endswith("a.md")


def test_one_character_longer_than_the_limit_is_cut_all_the_same() -> None:
    assert safe_name("a" + "\u0323" * 100, 11) == "ạ" + "\u0323" * 4


def test_a_batch_that_is_named_like_a_device_gets_another_folder() -> None:
    assert export_name(a_batch(name="con.txt")) == "_con.txt-b7f3"


def test_a_batch_without_a_usable_name_still_has_a_folder() -> None:
    assert export_name(a_batch(name=" ../ ")) == "batch-b7f3"


def test_downloads_keep_their_name_in_browsers_old_and_new() -> None:
    assert attachment("Pão, 50% 日-b1.zip") == (
        "attachment; filename=\"Pao, 50_ -b1.zip\"; filename*=UTF-8''P%C3%A3o%2C%2050%25%20%E6%97%A5-b1.zip"
    )


@given(titles)
def test_a_download_name_cannot_leave_its_header_field(title: str) -> None:
    name = f"{safe_name(title)}.zip"
    plain, encoded = re.fullmatch(
        r"attachment; filename=\"([^\"\\]*)\"; filename\*=UTF-8''(\S*)", attachment(name)
    ).groups()  # type: ignore[union-attr]
    assert plain.isascii() and plain.isprintable()
    assert encoded.isascii() and unquote(encoded) == name
