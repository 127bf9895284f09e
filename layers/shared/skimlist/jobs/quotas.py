"""Limits of each user: batches under way at once, and videos, playlists, look-ups and subscriptions per day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from skimlist.errors import (
    BatchChanged,
    TooManyBatches,
    TooManyLookups,
    TooManyPlaylists,
    TooManySubscriptions,
    TooManyVideos,
)
from skimlist.following.budgets import has_used_its_budget
from skimlist.jobs import records
from skimlist.jobs.attributes import DayRecord, UnderWayRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository, updated
from skimlist.models.batch import Batch, BatchStatus
from skimlist.periods import next_day

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

_UNDER_WAY = frozenset({BatchStatus.PENDING, BatchStatus.PROCESSING, BatchStatus.PAUSED})
# These have an execution until they are parked: it prepares a draft, or finishes a cancelled batch's current video.
_UNTIL_PARKED = frozenset({BatchStatus.DRAFT, BatchStatus.CANCELLED})
# If an accepted batch is not under way after this time, its request was interrupted.
_STARTS_WITHIN = timedelta(minutes=1)
_KEPT = timedelta(days=1)
# For each subscription, AWS sends a message to an address that may be somebody else's.
SUBSCRIPTIONS_A_DAY = 10
# For each look-up, YouTube is asked about a playlist or channel that may never be added, and the proxy's traffic costs
# money.
LOOKUPS_A_DAY = 1_000


class Quota(Protocol):
    """Returns the writes for the transaction that accepts these numbers of videos and playlists; raises TooMany."""

    def __call__(self, *, videos: int = 0, playlists: int = 0) -> Sequence[Record]: ...


def unlimited(*, videos: int = 0, playlists: int = 0) -> Sequence[Record]:
    del videos, playlists
    return ()


class Quotas(TableRepository):
    """Enforces `batches_at_once` (at most 100) and the daily limits of each user; 0 means no limit."""

    def __init__(
        self,
        table: Table,
        *,
        batches_at_once: int = 0,
        videos_a_day: int = 0,
        playlists_a_day: int = 0,
    ) -> None:
        super().__init__(table)
        self._batches_at_once = batches_at_once
        self.videos_a_day = videos_a_day
        self._playlists_a_day = playlists_a_day

    def reserve_slot(self, batch: Batch, now: datetime) -> list[Record]:
        """The write for the transaction that starts the batch; it fails if another batch starts at the same moment.

        Raises TooManyBatches. Ended batches are not counted down; they are found when the user starts another one.
        """
        if not self._batches_at_once:
            return []
        key = records.under_way_key(batch.user_id)
        found = self.read(key) or {}
        others = {id_: since for id_, since in found.get("batches", {}).items() if id_ != batch.id}
        others = self._still_under_way(batch.user_id, others, now)
        if len(others) >= self._batches_at_once:
            raise TooManyBatches(self._batches_at_once)
        update = Update(
            UnderWayRecord.batches.set({**others, batch.id: now}),
            UnderWayRecord.version.set(int(found.get("version", 0)) + 1),
        ).only_if(UnderWayRecord.version.eq(int(found["version"])) if found else UnderWayRecord.version.not_exists())
        return [updated(key, update)]

    def require_slot(self, batch: Batch, now: datetime) -> None:
        """Counts an existing batch as under way from now on. Raises TooManyBatches and BatchChanged."""
        writes = self.reserve_slot(batch, now)
        if writes and not self.transact_writes(*writes):
            raise BatchChanged("Another batch was started at the same moment; try again.")

    def count_today(
        self,
        user_id: str,
        now: datetime,
        *,
        videos: int = 0,
        playlists: int = 0,
        lookups: int = 0,
        subscriptions: int = 0,
    ) -> list[Record]:
        """Returns the writes that add these numbers to what the user has done today.

        Raises TooManyVideos, TooManyPlaylists, TooManyLookups and TooManySubscriptions.
        """
        wanted = (
            (DayRecord.videos, videos, self.videos_a_day, TooManyVideos),
            (DayRecord.playlists, playlists, self._playlists_a_day, TooManyPlaylists),
            (DayRecord.lookups, lookups, LOOKUPS_A_DAY, TooManyLookups),
            (DayRecord.subscriptions, subscriptions, SUBSCRIPTIONS_A_DAY, TooManySubscriptions),
        )
        counted = [each for each in wanted if each[1] and each[2]]
        if not counted:
            return []
        key = records.day_key(user_id, now)
        today = self.read(key) or {}
        update = Update(DayRecord.expires_at.set(int((next_day(now) + _KEPT).timestamp())))
        for attribute, count, limit, refusal in counted:
            left = limit - int(today.get(attribute.name, 0))
            if count > left:
                raise refusal(limit, max(left, 0), next_day(now), now)
            has_room = attribute.not_exists() | attribute.lte(limit - count)
            update = update.also(attribute.add(count)).only_if(has_room)
        return [updated(key, update)]

    def _still_under_way(self, user_id: str, batches: dict[str, str], now: datetime) -> dict[str, str]:
        found = self.read_many([records.batch_key(user_id, batch_id) for batch_id in batches])
        under_way = {batch.id for batch in map(records.batch_from, found) if _is_under_way(batch)}
        return {
            batch_id: since
            for batch_id, since in batches.items()
            if batch_id in under_way or now - datetime.fromisoformat(since) < _STARTS_WITHIN
        }


def _is_under_way(batch: Batch) -> bool:
    if has_used_its_budget(batch):
        return False
    return batch.status in _UNDER_WAY or (batch.status in _UNTIL_PARKED and not batch.has_no_execution)
