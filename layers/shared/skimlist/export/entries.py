"""Pairs each video of a batch with its summary, for the exports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote

from skimlist.export.file_names import summary_file_name
from skimlist.models.batch import Batch
from skimlist.models.digest import Digest
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.problem import Problem
from skimlist.models.selection import NOT_SELECTED
from skimlist.models.summary import Summary
from skimlist.models.video import Item, VideoStatus

_ENDED_WITHOUT_SUMMARY = frozenset({VideoStatus.FAILED, VideoStatus.SKIPPED})


class ExportedBatch(NamedTuple):
    """The batch of an export, with its digest, if any, and its playlists and channels."""

    batch: Batch
    digest: Digest | None = None
    sources: Sequence[ListedPlaylist] = ()


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """The archive's page of a transcript, and the seconds at which its paragraphs begin, if they have times."""

    file_name: str
    starts: Sequence[int]

    def place(self, seconds: float) -> str | None:
        """A link to the paragraph in which something is said, as Obsidian links to a block."""
        if not self.starts:
            return None
        start = self.starts[max(bisect_right(self.starts, seconds) - 1, 0)]
        return f"{quote(self.file_name)}#^t{start}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One video of an export. `position` is its place in the queue, 1…n; `file_name` is its page's if it has one."""

    position: int
    item: Item
    summary: Summary | None
    file_name: str
    transcript: TranscriptPage | None = None

    @property
    def title(self) -> str:
        return _title(self.item, self.summary)

    @property
    def channel(self) -> str | None:
        return self.item.channel or (self.summary.channel if self.summary else None)

    @property
    def channel_id(self) -> str | None:
        return self.item.channel_id or (self.summary.channel_id if self.summary else None)

    @property
    def duration_seconds(self) -> float | Decimal | None:
        return self.item.duration_seconds or (self.summary.duration_seconds if self.summary else None)

    @property
    def published_at(self) -> datetime | None:
        """The time at which the video became public; None if it is only known approximately."""
        return self.item.published_at or (self.summary.published_at if self.summary else None)

    @property
    def failure(self) -> Problem | None:
        """The reason why there is no summary; None for videos that are not wanted or that may still be summarized."""
        error = self.item.error if self.item.status in _ENDED_WITHOUT_SUMMARY else None
        is_unwanted = self.item.was_failed or (error is not None and error.code == NOT_SELECTED)
        return None if is_unwanted else error


def entries(batch: Batch, items: Iterable[Item], summaries: Iterable[tuple[str, Summary]]) -> Iterator[Entry]:
    """Each item in queue order with its summary; keeps one summary at a time in memory.

    `summaries` are `(item_id, summary)` in the same order. A summary without an item raises ValueError: if it were
    skipped silently, every later summary would be lost too.
    """
    arriving = iter(summaries)
    upcoming = next(arriving, None)
    for position, item in enumerate(items, start=1):
        summary = None
        if upcoming is not None and upcoming[0] == item.id:
            summary = upcoming[1]
            upcoming = next(arriving, None)
        file_name = summary_file_name(position, batch.total, _title(item, summary), item.video_id)
        yield Entry(position=position, item=item, summary=summary, file_name=file_name)
    if upcoming is not None:
        raise ValueError(f"The summary of item {upcoming[0]} has no place in the queue of batch {batch.id}.")


def _title(item: Item, summary: Summary | None) -> str:
    return item.title or (summary.title if summary else "") or item.video_id
