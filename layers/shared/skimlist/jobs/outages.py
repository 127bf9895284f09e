"""What keeps batches of the whole stack from going on, so that not every one of them has to find it out."""

from __future__ import annotations

from datetime import datetime, timedelta

from skimlist.circuit_breaker import shared_cause
from skimlist.jobs import records
from skimlist.jobs.records import Record, change
from skimlist.jobs.store import Store
from skimlist.models import Batch, Pause, Service, ServiceOutage

_KEPT = timedelta(days=1)


class Outages(Store):
    """One record a cause; it names no user and no batch."""

    def all(self) -> list[ServiceOutage]:
        """Also those whose time has passed. Half a read unit."""
        found = self.pages(
            KeyConditionExpression="pk = :outages", ExpressionAttributeValues={":outages": records.OUTAGES}
        )
        return [records.outage_from(record) for record in found]

    def note(self, batch: Batch, service: Service | None, pause: Pause | None) -> None:
        """The batch has paused because of `service`; what concerns it alone is not noted."""
        cause = shared_cause(service, batch)
        if cause is None or pause is None or pause.until is None:
            return
        values: Record = {"code": pause.code, "message": pause.message, "advice": pause.advice, "noted_at": pause.since}
        values |= {"until": pause.until, "expires_at": int((pause.until + _KEPT).timestamp())}
        self.update(records.outage_key(cause), change(records.set_and_remove(values, ()), **values))

    def clear(self, batch: Batch, service: Service, now: datetime) -> None:
        """The service has answered a batch that had to pause: what is noted of it is out of the way."""
        cause = shared_cause(service, batch)
        if cause is None or not batch.pauses_in_a_row:
            return
        gone = change("SET #until = :now", "attribute_exists(#pk) AND #until > :now", now=now)
        self.update(records.outage_key(cause), gone)
