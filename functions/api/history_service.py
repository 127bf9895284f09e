"""Lists and shows a signed-in user's summaries across all batches."""

from __future__ import annotations

from dataclasses import dataclass

from history_schemas import SummaryEntry, SummaryPage, SummaryView

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.errors import SummaryNotFound
from skimlist.jobs.history import History, HistoryFilter
from skimlist.jobs.results import Results


@dataclass(frozen=True)
class HistoryService:
    user_id: str

    def list_newest_first(self, wanted: HistoryFilter, limit: int, cursor: str | None) -> SummaryPage:
        entries, next_cursor = self._history.list_newest_first(self.user_id, wanted, limit, cursor)
        return SummaryPage(summaries=[SummaryEntry.of(entry) for entry in entries], next_cursor=next_cursor)

    def get(self, summary_id: str) -> SummaryView:
        """Raises SummaryNotFound, also for a malformed id."""
        batch_id, _, item_id = summary_id.rpartition("-")
        if not self._history.is_shown(self.user_id, batch_id):
            raise SummaryNotFound
        archive = Bucket(aws.client("s3"), settings().bucket_name)
        summary = Results(aws.table(settings().table_name), archive).get(self.user_id, batch_id, item_id)
        return SummaryView.of(summary, batch_id, item_id)

    @property
    def _history(self) -> History:
        return History(aws.table(settings().table_name))
