"""What a batch is called until its user gives it a name: by its date at first, then by what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from skimlist.formatting import beginning_of
from skimlist.models.batch import Batch

# So much of a title fits into an email's subject and the record of a batch.
_TITLE_BYTES = 160


def name_by_date(created_at: datetime) -> str:
    """`created_at` in UTC."""
    return f"Batch of {created_at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class ContentTitle:
    """What a batch is named after: a video, or a playlist that brought so many `videos`."""

    text: str
    videos: int = 1

    def name(self, total: int) -> str:
        """For a batch that has `total` videos now."""
        others = total - self.videos
        return f"{self.text} and {others:,} more" if others > 0 else self.text


def is_named_by_date(batch: Batch) -> bool:
    return batch.name == name_by_date(batch.created_at)


def new_title(batch: Batch, title: str | None, videos: int = 1) -> ContentTitle | None:
    """For a batch that nobody and nothing has named yet; None for any other, and without a title."""
    return ContentTitle(beginning_of(title, _TITLE_BYTES), videos) if title and is_named_by_date(batch) else None
