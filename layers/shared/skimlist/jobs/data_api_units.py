"""Counts the requests of the whole deployment to the YouTube Data API, of which Google allows a fixed number a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from skimlist.errors import DataApiQuotaExceeded
from skimlist.jobs import records
from skimlist.jobs.attributes import DataApiDayRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.table_repository import TableRepository
from skimlist.youtube.data_api_key import DataApiKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

_KEPT = timedelta(days=2)


class Purpose(StrEnum):
    LOOKUP = "look-up"
    FOLLOW = "follow"
    BATCH = "batch"


# Once this share of the day's units is used, whatever for, a purpose gets no more. Looking up titles while links are
# pasted must leave some for follows, and both must leave some for batches, which somebody waits for.
_SHARES: Mapping[Purpose, Fraction] = {
    Purpose.LOOKUP: Fraction(1, 2),
    Purpose.FOLLOW: Fraction(4, 5),
    Purpose.BATCH: Fraction(1),
}


class DataApiUnits(TableRepository):
    """The units of Google's current day; each request that we make costs one. `units_a_day` 0 means no limit of ours.

    A unit is taken before its request, so however many functions run at once, they make no more requests than that. A
    unit counts as used if its function is killed, or twice if the answer of the table is lost.
    """

    def __init__(self, table: Table, units_a_day: int, now: Callable[[], datetime]) -> None:
        super().__init__(table)
        self._units_a_day = units_a_day
        self._now = now

    def counted(self, key: str | None, purpose: Purpose) -> DataApiKey | None:
        """The key, if there is one, with its requests counted."""
        if key is None or not self._units_a_day:
            return DataApiKey(key) if key else None
        return DataApiKey(key, partial(self.take, purpose))

    def take(self, purpose: Purpose) -> None:
        """Takes a unit. Raises DataApiQuotaExceeded."""
        now = self._now()
        limit = int(self._units_a_day * _SHARES[purpose])
        taken = Update(
            DataApiDayRecord.units.add(1), DataApiDayRecord.expires_at.set(int((now + _KEPT).timestamp()))
        ).only_if(DataApiDayRecord.units.not_exists() | DataApiDayRecord.units.lt(limit))
        if limit == 0 or self.update(records.data_api_day_key(now), taken) is None:
            raise DataApiQuotaExceeded
