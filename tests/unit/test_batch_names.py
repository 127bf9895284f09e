"""The name of a batch until its user chooses one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from skimlist.batch_names import AutomaticName, automatic_name, name_by_date, new_title
from skimlist.models.batch import ContentTitle
from testkit.batches import a_batch

CREATED = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


def test_without_content_a_batch_is_named_by_its_date() -> None:
    assert name_by_date(CREATED) == "Batch of 2026-03-01 09:05 UTC"


@pytest.mark.parametrize(
    ("total", "name"), [(1, "Bread"), (2, "Bread"), (3, "Bread and 1 more"), (1202, "Bread and 1,200 more")]
)
def test_with_content_it_is_named_after_the_first_title(total: int, name: str) -> None:
    assert ContentTitle("Bread", videos=2).name(total) == name


def test_a_long_title_is_cut() -> None:
    batch = a_batch(name=name_by_date(CREATED), created_at=CREATED)
    title = new_title(batch, "パン" * 90)
    assert title
    assert len(title.name(4).encode()) < 200


@pytest.mark.parametrize(
    ("name", "title", "parts"),
    [
        (name_by_date(CREATED), None, AutomaticName(title=None)),
        ("Bread and 2 more", ContentTitle("Bread"), AutomaticName("Bread", others=2)),
        ("Baking", ContentTitle("Baking", videos=9), AutomaticName("Baking")),
        ("Bread and 2 more", None, None),
        ("Mine", ContentTitle("Bread"), None),
    ],
)
def test_only_a_name_that_nobody_has_chosen_has_parts(
    name: str, title: ContentTitle | None, parts: AutomaticName | None
) -> None:
    batch = a_batch(name=name, created_at=CREATED, total=3, content_title=title)
    assert automatic_name(batch) == parts
