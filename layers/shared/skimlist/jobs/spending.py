"""Limits on the cost of models: one per user and day, and one for the whole stack per month (UTC)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from skimlist import metrics
from skimlist.errors import AboveSpendingLimit, DailySpendingReached, MonthlySpendingReached
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, Keys, SpendingRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.metrics import Metric
from skimlist.models.batch import Batch
from skimlist.periods import next_month

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

_KEPT = timedelta(days=1)
# Without a limit per user, spending is added up too, so that users can see it.
_NO_LIMIT = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit for one period, and the record that adds up the spent and reserved USD in it.

    The record is deleted some time after `needed_until`.
    """

    key: Record
    usd: Decimal
    needed_until: datetime
    reached: DailySpendingReached | MonthlySpendingReached


@dataclass(frozen=True, slots=True)
class Reservation:
    """USD for one answer, reserved under `name` in the record of each of the `limits`.

    The answer's price will include the cost of earlier attempts, of which `settled_usd` is already settled.
    """

    name: str
    usd: Decimal
    settled_usd: Decimal
    limits: Sequence[Limit] = ()

    def has_room_for(self, cost_usd: Decimal) -> bool:
        """Whether the answer may cost this much: limits have room for what was reserved, and no more."""
        is_limited = any(limit.usd != _NO_LIMIT for limit in self.limits)
        return not is_limited or cost_usd - self.settled_usd <= self.usd


@dataclass(frozen=True, slots=True)
class UserSpending:
    """USD that models have cost one user on the current day and in the current month (UTC)."""

    today_usd: Decimal
    month_usd: Decimal


class Spending(TableRepository):
    """Enforces `usd_a_day` of each user and `usd_a_month` of the whole stack; 0 means no limit.

    An estimate is reserved before a model is asked; the real price replaces it afterwards. The record of a limit has
    `committed`, the USD spent and reserved, and one attribute for each reservation, so that reserving twice for the
    same answer counts once. The reservation of a function that was killed counts as spent, because the model may have
    been paid. That lasts until the same item is tried again with the same model in that period: the new attempt
    replaces the reservation, or settles it if the answer was stored. So the price of all answers stays below the limit,
    except for the error of the open estimates.

    Each record is written separately: every model request writes to the month's record, and transactions on one record
    would conflict.
    """

    def __init__(self, table: Table, *, usd_a_day: Decimal = Decimal(0), usd_a_month: Decimal = Decimal(0)) -> None:
        super().__init__(table)
        self._usd_a_day = usd_a_day
        self._usd_a_month = usd_a_month

    def reserve(
        self, batch: Batch, item_id: str, usd: Decimal, now: datetime, *, settled_usd: Decimal = Decimal(0)
    ) -> Reservation:
        """Reserves `usd` for one answer; for a free model nothing is reserved or written.

        Raises DailySpendingReached or MonthlySpendingReached, or AboveSpendingLimit if the limit is lower than `usd`.
        Nothing stays reserved after an error.
        """
        reservation = Reservation(_reservation_name(batch, item_id), usd, settled_usd)
        limits = list(self._limits(batch.user_id, now)) if usd else []
        if any(usd > limit.usd for limit in limits):
            raise AboveSpendingLimit
        for limit in limits:
            if not self._reserve_within(limit, reservation):
                self.settle(reservation, Decimal(0))
                raise limit.reached
            reservation = replace(reservation, limits=(*reservation.limits, limit))
        return reservation

    def settle(self, reservation: Reservation, usd: Decimal) -> None:
        """Replaces the reservation by the price of the answer. Repeating this changes nothing."""
        spent = max(usd - reservation.settled_usd, Decimal(0))
        for limit in reservation.limits:
            reserved = SpendingRecord.reservation(reservation.name)
            settled = Update(SpendingRecord.committed.add(spent - reservation.usd), reserved.remove())
            record = self.update(limit.key, settled.only_if(reserved.eq(reservation.usd)))
            if record and isinstance(limit.reached, MonthlySpendingReached):
                metrics.record({Metric.MONTH_SPENT_PERCENT: float(100 * record["committed"] / limit.usd)})

    def begin(self, batch: Batch, name: str, now: datetime) -> None:
        """Notes that the batch's model is about to be asked for `name`, until the cost of its answers is counted."""
        begun = Update(BatchRecord.begun_model(name).set(batch.settings.model), BatchRecord.updated_at.set(now))
        self.update_batch(batch.user_id, batch.id, begun)

    def end_unpaid(self, batch: Batch, name: str, now: datetime) -> None:
        """Notes that an attempt for `name` has failed without a paid answer: the next may ask another model."""
        ended = Update(BatchRecord.begun_model(name).remove(), BatchRecord.updated_at.set(now))
        self.update_batch(batch.user_id, batch.id, ended)

    def by_user(self, user_id: str, now: datetime) -> UserSpending:
        """The cost of models for the user so far, including reservations for answers under way."""
        today, month = records.day_spending_key(user_id, now), records.month_of_spending_prefix(now)
        found = self.query(records.user_partition(user_id), month, [Keys.sk, SpendingRecord.committed])
        days = {record["sk"]: record["committed"] for record in found}
        return UserSpending(today_usd=days.get(today["sk"], Decimal(0)), month_usd=sum(days.values(), Decimal(0)))

    def settle_earlier(self, batch: Batch, item_id: str, usd: Decimal, now: datetime, *, settled_usd: Decimal) -> None:
        """Settles the reservation, if any, of an earlier attempt that has stored the answer."""
        name = _reservation_name(batch, item_id)
        for limit in self._limits(batch.user_id, now) if usd else ():
            if reserved := self._reserved(limit, name):
                self.settle(Reservation(name, reserved, settled_usd, (limit,)), usd)

    def _limits(self, user_id: str, now: datetime) -> Iterator[Limit]:
        usd_a_day = self._usd_a_day or _NO_LIMIT
        error = DailySpendingReached(
            f"The next request would exceed the {usd_a_day} USD that each user may spend on models a day."
        )
        # Kept for the month, because the user sees the sum of its days.
        yield Limit(records.day_spending_key(user_id, now), usd_a_day, next_month(now), error)
        if self._usd_a_month:
            key = records.month_spending_key(now)
            yield Limit(key, self._usd_a_month, next_month(now), MonthlySpendingReached())

    def _reserve_within(self, limit: Limit, reservation: Reservation) -> bool:
        """Reserves within one limit. Returns false if the limit does not allow that much."""
        reserved = SpendingRecord.reservation(reservation.name)
        is_below_limit = SpendingRecord.committed.lte(limit.usd - reservation.usd)
        reserve = Update(
            reserved.set(reservation.usd),
            SpendingRecord.expires_at.set(int((limit.needed_until + _KEPT).timestamp())),
            SpendingRecord.committed.add(reservation.usd),
        ).only_if(reserved.not_exists(), SpendingRecord.committed.not_exists() | is_below_limit)
        if self.update(limit.key, reserve):
            return True
        before = self._reserved(limit, reservation.name)
        return before is not None and self._replace_reservation(limit, reservation, before)

    def _reserved(self, limit: Limit, name: str) -> Decimal | None:
        return (self.read(limit.key) or {}).get(name)

    def _replace_reservation(self, limit: Limit, reservation: Reservation, before: Decimal) -> bool:
        """Replaces `before`, which an earlier attempt, or this write arriving twice, has reserved."""
        more = reservation.usd - before
        if not more:
            return True
        reserved = SpendingRecord.reservation(reservation.name)
        replaced = Update(reserved.set(reservation.usd), SpendingRecord.committed.add(more)).only_if(
            reserved.eq(before), SpendingRecord.committed.lte(limit.usd - more)
        )
        # The SDK repeats a write whose response was lost; then the reservation is replaced already.
        return self.update(limit.key, replaced) is not None or (
            self._reserved(limit, reservation.name) == reservation.usd
        )


def _reservation_name(batch: Batch, item_id: str) -> str:
    # The name includes the model: another model cannot reuse the answers that this reservation is for.
    return f"{batch.id}#{item_id}#{batch.settings.model}"
