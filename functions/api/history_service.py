"""Lists and shows a signed-in user's summaries across all batches."""

from __future__ import annotations

from dataclasses import dataclass, replace

from history_schemas import SummaryEntry, SummaryPage, SummaryView

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.errors import SummaryNotFound
from skimlist.jobs.history import History, HistoryFilter
from skimlist.jobs.results import Results
from skimlist.summary_search import search

# Summaries in one answer of a search in whole summaries: searching 1,000 takes five requests and about 625 read units.
_WHOLE_AT_ONCE = 200


@dataclass(frozen=True)
class HistoryService:
    user_id: str

    def list_newest_first(self, wanted: HistoryFilter, limit: int, cursor: str | None) -> SummaryPage:
        entries, next_cursor = self._history.list_newest_first(self.user_id, wanted, limit, cursor)
        listed = [SummaryEntry.of(entry) for entry in entries]
        return SummaryPage(summaries=listed, searched=None, next_cursor=next_cursor)

    def search_whole(self, wanted: HistoryFilter, cursor: str | None) -> SummaryPage:
        """Searches the whole texts of the next summaries, of which none may match."""
        every = replace(wanted, words=())
        entries, next_cursor = self._history.list_newest_first(self.user_id, every, _WHOLE_AT_ONCE, cursor)
        read = self._results.at_places([(entry.batch_id, entry.item_id) for entry in entries])
        found = [
            SummaryEntry.of(entry, match)
            for entry in entries
            if (summary := read.get((entry.batch_id, entry.item_id))) and (match := search(summary, wanted.words))
        ]
        return SummaryPage(summaries=found, searched=len(entries), next_cursor=next_cursor)

    def get(self, summary_id: str) -> SummaryView:
        """Raises SummaryNotFound, also for a malformed id."""
        batch_id, _, item_id = summary_id.rpartition("-")
        if not self._history.is_shown(self.user_id, batch_id):
            raise SummaryNotFound
        summary = self._results.get(self.user_id, batch_id, item_id)
        return SummaryView.of(summary, batch_id, item_id)

    @property
    def _results(self) -> Results:
        return Results(aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name))

    @property
    def _history(self) -> History:
        return History(aws.table(settings().table_name))
