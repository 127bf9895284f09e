"""Times, durations and money as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from skimlist.formatting import beginning_of, clock_time, dollars, duration, moment, printable, span


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (62.9, "1:02"), (3599, "59:59"), (3600, "1:00:00")])
def test_a_place_in_a_video_looks_as_in_players(seconds: float, text: str) -> None:
    assert clock_time(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(5, "0:00:05"), (Decimal("754.2"), "0:12:34"), (100_000, "27:46:40")])
def test_a_duration_always_shows_hours(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0 s"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (725, "12 min 5 s"),
        (4320, "1 h 12 min"),
        (7199, "1 h 59 min"),
        (86_399, "23 h 59 min"),
        (93784, "1 d 2 h"),
    ],
)
def test_a_span_has_two_units_at_most(seconds: int, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.0123", "$0.0123"),
        ("0.00001", "less than $0.0001"),
        ("1.005", "$1.00"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_small_amounts_keep_the_decimals_that_matter(amount: str, text: str) -> None:
    assert dollars(Decimal(amount)) == text


def test_times_are_written_in_utc() -> None:
    assert moment(datetime(2025, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))) == "2024-12-31 23:30 UTC"


def test_text_from_outside_comes_on_one_line_without_control_characters() -> None:
    assert printable(" two\n lines\x00 \u202eand\x85more ") == "two lines and more"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bread rises.", "Bread rises."),
        ("Bread rises, because yeast breathes.", "Bread rises…"),
        ("酸種のパンはなぜ膨らむのか", "酸種のパ…"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfsc…"),
    ],
)
def test_a_beginning_ends_with_a_word_and_has_so_many_bytes_at_most(text: str, shown: str) -> None:
    assert beginning_of(text, 15) == shown
    assert len(shown.encode()) <= 15
