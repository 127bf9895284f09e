"""How much one user may have: batches under way at once, and videos added to batches a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from skimlist.errors import BatchChanged, TooManyBatches, TooManyVideos
from skimlist.jobs import records
from skimlist.jobs.records import Record, change
from skimlist.jobs.store import Store
from skimlist.models import Batch, BatchStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

_UNDER_WAY = frozenset({BatchStatus.PENDING, BatchStatus.PROCESSING, BatchStatus.PAUSED})
# A batch that was let in is under way at the latest after this, or its request was cut off.
_STARTS_WITHIN = timedelta(minutes=1)


class Quotas(Store):
    """`batches_at_once` (100 at most) and `videos_a_day` of each user; 0 is no limit."""

    def __init__(self, table: Table, *, batches_at_once: int = 0, videos_a_day: int = 0) -> None:
        super().__init__(table)
        self._batches_at_once = batches_at_once
        self._videos_a_day = videos_a_day

    def let_in(self, batch: Batch, now: datetime) -> list[Record]:
        """What to write in the transaction that sets the batch under way; it fails if another one came between.

        Raises TooManyBatches. Nobody counts down: who has ended is found out when somebody else wants to begin.
        """
        if not self._batches_at_once:
            return []
        key = records.under_way_key(batch.user_id)
        found = self.read(key) or {}
        others = {id_: since for id_, since in found.get("batches", {}).items() if id_ != batch.id}
        others = self._still_under_way(batch.user_id, others, now)
        if len(others) >= self._batches_at_once:
            raise TooManyBatches(self._batches_at_once)
        update = change(
            "SET #batches = :batches, #version = :next",
            "#version = :seen" if found else "attribute_not_exists(#version)",
            batches={**others, batch.id: now},
            next=found.get("version", 0) + 1,
            **({"seen": found["version"]} if found else {}),
        )
        return [{"Update": {"Key": key, **update}}]

    def admit(self, batch: Batch, now: datetime) -> None:
        """Counts a batch that was there before as under way from now on. Raises TooManyBatches and BatchChanged."""
        writes = self.let_in(batch, now)
        if writes and not self.transact_writes(*writes):
            raise BatchChanged("Another batch was started at the same moment; try again.")

    def add_videos(self, user_id: str, count: int, now: datetime) -> list[Record]:
        """What to write in the transaction that adds `count` videos to a batch of the user. Raises TooManyVideos."""
        if not self._videos_a_day or not count:
            return []
        key = records.day_key(user_id, now)
        added = int((self.read(key) or {}).get("videos", 0))
        midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
        if added + count > self._videos_a_day:
            raise TooManyVideos(self._videos_a_day, max(self._videos_a_day - added, 0), midnight, now)
        update = change(
            "SET #expires_at = :expires_at ADD #videos :count",
            "attribute_not_exists(#videos) OR #videos <= :room",
            count=count,
            room=self._videos_a_day - count,
            expires_at=int((midnight + timedelta(days=1)).timestamp()),
        )
        return [{"Update": {"Key": key, **update}}]

    def _still_under_way(self, user_id: str, batches: dict[str, str], now: datetime) -> dict[str, str]:
        found = self.read_many([records.batch_key(user_id, batch_id) for batch_id in batches])
        under_way = {batch.id for batch in map(records.batch_from, found) if batch.status in _UNDER_WAY}
        return {
            batch_id: since
            for batch_id, since in batches.items()
            if batch_id in under_way or now - datetime.fromisoformat(since) < _STARTS_WITHIN
        }
