"""Names batches whose users have not named them: first by date, then by content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from skimlist.formatting import beginning_of
from skimlist.models.batch import Batch, ContentTitle

# The part of a title that fits into an email's subject and the record of a batch.
_TITLE_BYTES = 160


def name_by_date(created_at: datetime) -> str:
    """Returns the name of a batch by its date; `created_at` is in UTC."""
    return f"Batch of {created_at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class AutomaticName:
    """The parts of a batch's name: a title and the number of `others`, its other videos; without a title, its date."""

    title: str | None
    others: int = 0


def automatic_name(batch: Batch) -> AutomaticName | None:
    """Returns what the batch is named after; None if its user has named it, or an early version of Skimlist."""
    if is_named_by_date(batch):
        return AutomaticName(title=None)
    title = batch.content_title
    if title is None or batch.name != title.name(batch.total):
        return None
    return AutomaticName(title.text, title.others(batch.total))


def is_named_by_date(batch: Batch) -> bool:
    return batch.name == name_by_date(batch.created_at)


def new_title(batch: Batch, title: str | None, videos: int = 1) -> ContentTitle | None:
    """Returns the title to name the batch after; None if it already has a name or `title` is empty."""
    return ContentTitle(beginning_of(title, _TITLE_BYTES), videos) if title and is_named_by_date(batch) else None
