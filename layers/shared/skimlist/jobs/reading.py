"""Stores which videos a batch's owner has read or starred: one small record beside the items, deleted with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from skimlist.jobs import records
from skimlist.jobs.attributes import ReadingRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository


@dataclass(frozen=True, slots=True)
class Marks:
    """Ids of the items that were read, and of those that are starred."""

    read: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()


class ReadingMarks(TableRepository):
    """Keeps item numbers in sets, so that two devices can mark at once and a repetition changes nothing."""

    def get(self, batch_id: str) -> Marks:
        return _marks(self.read(records.reading_key(batch_id)))

    def mark(
        self, batch_id: str, numbers: Collection[int], *, read: bool | None = None, starred: bool | None = None
    ) -> Marks:
        """Sets or removes marks of these items, and returns all marks of the batch; None leaves a mark as it is."""
        changes = [
            marked.include(numbers) if wanted else marked.exclude(numbers)
            for marked, wanted in ((ReadingRecord.read, read), (ReadingRecord.starred, starred))
            if wanted is not None
        ]
        return _marks(self.update(records.reading_key(batch_id), Update(*changes)))


def _marks(record: Record | None) -> Marks:
    found = record or {}
    return Marks(
        read=_item_ids(found.get(ReadingRecord.read.name, ())),
        starred=_item_ids(found.get(ReadingRecord.starred.name, ())),
    )


def _item_ids(numbers: Collection[int]) -> tuple[str, ...]:
    return tuple(records.item_id(int(number)) for number in sorted(numbers))
