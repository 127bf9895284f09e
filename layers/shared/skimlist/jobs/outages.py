"""What batches report of services that failed them, so that not every other batch has to find it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from skimlist.circuit_breaker import report_of, shared_cause
from skimlist.errors import SkimlistError
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys
from skimlist.jobs.expressions import query
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.models.batch import Batch, Pause
from skimlist.models.outage import Dependency, OutageReport

_KEPT = timedelta(days=1)


class Outages(TableRepository):
    """One record for each cause and batch; it names neither the user nor the batch."""

    def reports(self) -> list[OutageReport]:
        """Also those whose time has passed. Half a read unit for a dozen."""
        return [records.outage_report_from(record) for record in self._records("")]

    def report(self, batch: Batch, error: SkimlistError, pause: Pause | None, source: str) -> None:
        """The batch has paused because of `error` at `source`; what concerns it alone is not reported."""
        report = report_of(error, batch, pause, source) if pause else None
        if report:
            self.write(records.outage_record(report, expires_at=report.until + _KEPT))

    def clear(self, batch: Batch, service: Dependency) -> None:
        """The service has answered the batch: what anybody has reported of it holds no longer."""
        cause = shared_cause(service, batch)
        for record in self._records(f"{cause}#") if cause else ():
            self.delete({"pk": record["pk"], "sk": record["sk"]})

    def _records(self, prefix: str) -> Iterator[Record]:
        key = [Keys.pk.eq(records.OUTAGES), *([Keys.sk.begins_with(prefix)] if prefix else [])]
        return self.pages(query(*key))
