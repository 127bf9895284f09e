"""What a batch is called before its user names it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from skimlist.batch_names import name_by_content, name_by_date


def test_without_content_a_batch_is_named_by_its_date() -> None:
    assert name_by_date(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)) == "Batch of 2026-03-01 09:05 UTC"


@pytest.mark.parametrize(
    ("others", "name"), [(-1, "Bread"), (0, "Bread"), (1, "Bread and 1 more"), (1200, "Bread and 1,200 more")]
)
def test_with_content_it_is_named_by_the_first_title(others: int, name: str) -> None:
    assert name_by_content("Bread", others) == name


def test_a_long_title_is_cut() -> None:
    assert len(name_by_content("パン" * 90, 3).encode()) < 200
