"""Names batches whose users have not named them: first by date, then by content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from skimlist.formatting import beginning_of
from skimlist.models.batch import Batch

# The part of a title that fits into an email's subject and the record of a batch.
_TITLE_BYTES = 160


def name_by_date(created_at: datetime) -> str:
    """Returns the name of a batch by its date; `created_at` is in UTC."""
    return f"Batch of {created_at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class ContentTitle:
    """The title that a batch is named after: that of a video, or of a playlist with this many `videos`."""

    text: str
    videos: int = 1

    def name(self, total: int) -> str:
        """Returns the name of a batch that now has `total` videos."""
        others = total - self.videos
        return f"{self.text} and {others:,} more" if others > 0 else self.text


def is_named_by_date(batch: Batch) -> bool:
    return batch.name == name_by_date(batch.created_at)


def new_title(batch: Batch, title: str | None, videos: int = 1) -> ContentTitle | None:
    """Returns the title to name the batch after; None if it already has a name or `title` is empty."""
    return ContentTitle(beginning_of(title, _TITLE_BYTES), videos) if title and is_named_by_date(batch) else None
