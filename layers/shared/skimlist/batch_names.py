"""What a batch is called until its user gives it a name: by its date at first, then by what is in it."""

from __future__ import annotations

from datetime import datetime

from skimlist.formatting import beginning_of
from skimlist.models.batch import Batch

# An email's subject and the record of a batch have room for so much of a title.
_TITLE_BYTES = 160


def name_by_date(created_at: datetime) -> str:
    """`created_at` in UTC."""
    return f"Batch of {created_at:%Y-%m-%d %H:%M} UTC"


def name_by_content(title: str, others: int) -> str:
    """`title` of a playlist or video, and how many further videos there are."""
    title = beginning_of(title, _TITLE_BYTES)
    return f"{title} and {others:,} more" if others > 0 else title


def is_named_by_date(batch: Batch) -> bool:
    return batch.name == name_by_date(batch.created_at)


def new_name(batch: Batch, title: str | None, others: int) -> str | None:
    """`name_by_content` for a batch that nobody and nothing has named yet; None for any other, and without a title."""
    return name_by_content(title, others) if title and is_named_by_date(batch) else None
