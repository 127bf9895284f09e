"""Reads and searches a batch's summaries, keeps the marks of what was read and starred, and stores presets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property

from history_schemas import SummaryView
from reading_schemas import MatchOfItem, MatchPage
from user_service import UserService

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import ItemNotFound
from skimlist.jobs.presets import Presets
from skimlist.jobs.reading import Marks, ReadingMarks
from skimlist.jobs.results import Results
from skimlist.summary_search import search


class ReadingService(UserService):
    """Raises BatchNotFound for a batch that does not exist or belongs to someone else."""

    def marks(self, batch_id: str) -> Marks:
        self._require_batch(batch_id)
        return self._marks.get(batch_id)

    def mark(self, batch_id: str, item_ids: Sequence[str], *, read: bool | None, starred: bool | None) -> Marks:
        """Raises ItemNotFound if one of them is not in the batch, so the record cannot outgrow the batch."""
        self._require_batch(batch_id)
        numbers = {int(item_id) for item_id in item_ids}
        if not numbers <= set(self._queue.order(batch_id).numbers):
            raise ItemNotFound
        return self._marks.mark(batch_id, numbers, read=read, starred=starred)

    def summaries(self, batch_id: str, item_ids: Sequence[str]) -> list[SummaryView]:
        self._require_batch(batch_id)
        found = self._results.iterate_each(batch_id, list(dict.fromkeys(item_ids)))
        return [SummaryView.of(summary, batch_id, item_id) for item_id, summary in found]

    def search(self, batch_id: str, words: Sequence[str], limit: int, cursor: str) -> MatchPage:
        """The summaries with all of the folded `words` among the `limit` ones after the item `cursor`."""
        self._require_batch(batch_id)
        read, last = self._results.list_ascending(batch_id, cursor, limit)
        found = ((item_id, search(summary, words)) for item_id, summary in read)
        matches = [MatchOfItem(item_id=item_id, **asdict(match)) for item_id, match in found if match]
        return MatchPage(matches=matches, searched=len(read), next_cursor=last)

    def _require_batch(self, batch_id: str) -> None:
        self._batches.get(self.user_id, batch_id, consistent=False)

    @cached_property
    def _results(self) -> Results:
        return Results(aws.table(settings().table_name), self._archive)

    @cached_property
    def _marks(self) -> ReadingMarks:
        return ReadingMarks(aws.table(settings().table_name))

    @cached_property
    def presets(self) -> Presets:
        return Presets(aws.table(settings().table_name))
