"""Stores the outages that batches report, so that other batches need not run into them."""

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
    """One record for each cause and batch, with pseudonyms in place of user and batch."""

    def reports(self) -> list[OutageReport]:
        """All reports, including expired ones; a dozen cost half a read unit."""
        return [records.outage_report_from(record) for record in self._records("")]

    def report(self, batch: Batch, error: SkimlistError, pause: Pause | None, source: str) -> None:
        """Reports that the batch has paused because of `error` at `source`, unless that concerns only this batch."""
        report = report_of(error, batch, pause, source) if pause else None
        if report:
            self.write(records.outage_record(report, expires_at=report.until + _KEPT))

    def clear(self, batch: Batch, service: Dependency) -> None:
        """Withdraws every report about the service, because it has answered this batch."""
        cause = shared_cause(service, batch)
        for record in self._records(f"{cause}#") if cause else ():
            self.delete({"pk": record["pk"], "sk": record["sk"]})

    def _records(self, prefix: str) -> Iterator[Record]:
        key = [Keys.pk.eq(records.OUTAGES), *([Keys.sk.begins_with(prefix)] if prefix else [])]
        return self.pages(query(*key))
