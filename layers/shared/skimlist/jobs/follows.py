"""Stores follows, the videos that each has seen, its batches by month, and how far all sources were checked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from skimlist.codec import decode, to_dynamodb
from skimlist.errors import FollowChanged, FollowDeleted, FollowNotFound, TooManyFollows
from skimlist.following.budgets import has_used_its_budget, least, lowered_budgets
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, FollowRecord, FollowRunRecord, Keys, NewFollowsRecord
from skimlist.jobs.batches import DELETION_KEPT
from skimlist.jobs.expressions import Update, condition, query
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository, updated
from skimlist.models.batch import Batch
from skimlist.models.follow import Follow, FollowChecks, FollowRun
from skimlist.transitions import OPEN

# About 350 KB when compressed; the oldest are forgotten first.
_MAX_SEEN = 35_000
_MAX_ATTEMPTS = 5
# A transaction has at most 100 writes, one of which replaces the follow.
_MOST_LOWERED = 99
# If one user creates several follows at the same moment, each attempt creates one of them.
_CREATE_ATTEMPTS = 10


class Follows(TableRepository):
    # --- Follows -----------------------------------------------------------------------------------------------------

    def create(self, follow: Follow, most: int) -> Follow:
        """Stores a follow unless it exists, and returns it. `most` 0 means no limit.

        Raises FollowDeleted if it existed before, TooManyFollows, and FollowChanged if the user creates others at the
        same moment.
        """
        absent = condition(Keys.pk.not_exists())
        deletion = records.deletion_key(follow.user_id, follow.id)
        for _ in range(_CREATE_ATTEMPTS):
            with suppress(FollowNotFound):
                return self.get(follow.user_id, follow.id)
            if self.read(deletion):
                raise FollowDeleted
            new = {"Put": {"Item": _record(follow), **absent}}
            not_deleted = {"ConditionCheck": {"Key": deletion, **absent}}
            if self.transact_writes(new, not_deleted, *self._slot(follow, most)):
                return follow
        raise FollowChanged("Other follows were created at the same moment; try again.")

    def _slot(self, follow: Follow, most: int) -> list[Record]:
        """The write that fails if the user has created another follow since the follows were counted.

        Raises TooManyFollows. A deletion only makes room, so it need not be noticed.
        """
        if not most:
            return []
        key, version = records.new_follows_key(follow.user_id), NewFollowsRecord.version
        found = self.read(key)
        others = [each for each in self.list_of(follow.user_id) if each.id != follow.id]
        if len(others) >= most:
            raise TooManyFollows(f"You can have up to {most} follows; delete one that you no longer need.")
        earlier = int(found["version"]) if found else 0
        counted = Update(version.set(earlier + 1)).only_if(version.eq(earlier) if found else version.not_exists())
        return [updated(key, counted)]

    def get(self, user_id: str, follow_id: str) -> Follow:
        """Raises FollowNotFound."""
        record = self.read(records.follow_key(user_id, follow_id))
        if record is None:
            raise FollowNotFound
        return decode(Follow, record)

    def list_of(self, user_id: str) -> list[Follow]:
        """The user's follows, oldest first."""
        found = self.query(records.FOLLOWS, f"{user_id}#")
        return sorted((decode(Follow, record) for record in found), key=lambda follow: follow.created_at)

    def list_all(self, note_unreadable: Callable[[Exception], None]) -> Iterator[Follow]:
        """Every follow, in the order of their keys; what was written within the last second may be missing.

        Calls `note_unreadable` with the error of a record that is not one of a follow.
        """
        for record in self.pages(query(Keys.pk.eq(records.FOLLOWS))):
            try:
                follow = decode(Follow, record)
            except (TypeError, ValueError, LookupError, ArithmeticError) as error:
                note_unreadable(error)
            else:
                yield follow

    def replace(self, before: Follow, after: Follow, *writes: Record) -> Follow:
        """Replaces the follow together with the other writes, and returns it as it is stored.

        Raises FollowChanged if it is no longer `before`, or gone, or a condition of another write does not hold.
        """
        after = replace(after, version=before.version + 1)
        if not self.transact_writes(replacement(before, after), *writes):
            raise FollowChanged
        return after

    def change(
        self,
        user_id: str,
        follow_id: str,
        change: Callable[[Follow], Follow],
        writes: Callable[[Follow, Follow], Sequence[Record]] = lambda _before, _after: (),
    ) -> Follow:
        """Reads the follow and replaces it by what `change` makes of it, together with the `writes` for that change.

        Does so again if a condition of a write does not hold, as when the follow changes at that moment. Raises
        FollowNotFound, and FollowChanged if that happens every time.
        """
        for _ in range(_MAX_ATTEMPTS):
            before = self.get(user_id, follow_id)
            after = change(before)
            if after == before:
                return before
            try:
                return self.replace(before, after, *writes(before, after))
            except FollowChanged:
                continue
        raise FollowChanged

    def remove(self, user_id: str, follow_id: str, now: datetime) -> None:
        """Deletes the follow and what belongs to it, but not its batches. Repeating this changes nothing.

        For a day, a repetition of the request that created the follow does not create it again.
        """
        deletion = {
            **records.deletion_key(user_id, follow_id),
            "expires_at": int((now + DELETION_KEPT).timestamp()),
        }
        existing = {"Key": records.follow_key(user_id, follow_id), **condition(Keys.pk.exists())}
        link = {"Key": records.feed_link_key(follow_id)}
        self.transact_writes({"Delete": existing}, {"Put": {"Item": deletion}}, {"Delete": link})
        partition = records.followed_partition(user_id, follow_id)
        keys = query(Keys.pk.eq(partition), attributes=(Keys.pk, Keys.sk))
        self.delete_each(self.pages(keys, ConsistentRead=True))

    # --- The videos that were seen -----------------------------------------------------------------------------------

    def seen(self, follow: Follow, *, consistent: bool = True) -> tuple[str, ...] | None:
        """Ids of the videos that the follow has seen, the latest last; None before its source was first read."""
        record = self.read(records.followed_videos_key(follow.user_id, follow.id), consistent=consistent)
        return tuple(zlib.decompress(bytes(record["video_ids"])).decode().split()) if record else None

    # --- Batches by month --------------------------------------------------------------------------------------------

    def runs(self, follow: Follow, month: str = "") -> list[FollowRun]:
        """The follow's batches of this month, or of all months in their order, the oldest first."""
        partition = records.followed_partition(follow.user_id, follow.id)
        return [decode(FollowRun, record) for record in self.query(partition, f"{records.FOLLOW_RUN_PREFIX}{month}")]

    def latest_batches(self, follow: Follow, most: int) -> list[Batch]:
        """Returns up to `most` of the follow's latest batches that its owner has not deleted, the last changed first.

        What was written within the last second may be missing.
        """
        prefix = Keys.sk.begins_with(records.FOLLOW_RUN_PREFIX)
        wanted = query(Keys.pk.eq(records.followed_partition(follow.user_id, follow.id)), prefix)
        # A batch that continued in another month has a record for each.
        runs = self.page(wanted, ScanIndexForward=False, Limit=2 * most)["Items"]
        batch_ids = list(dict.fromkeys(decode(FollowRun, run).batch_id for run in runs))[:most]
        found = self._batches(follow, batch_ids, consistent=False).values()
        batches = [batch for batch in found if not batch.deleted_at]
        return sorted(batches, key=lambda batch: batch.completed_at or batch.updated_at, reverse=True)

    def charge(self, follow: Follow, batch: Batch, now: datetime) -> None:
        """Counts the further cost of the batch towards this month. Repeating this changes nothing."""
        runs = [run for run in self.runs(follow) if run.batch_id == batch.id]
        if not runs or runs[-1].month == month_of(now):
            return
        self._note_cost(follow, runs[-1], batch.cost_usd, is_closed=True)
        run = run_record(follow, FollowRun(month=month_of(now), batch_id=batch.id, earlier_usd=batch.cost_usd))
        # If the follow is deleted at this moment, nothing of it may remain.
        follows = {"Key": records.follow_key(follow.user_id, follow.id), **condition(Keys.pk.exists())}
        self.transact_writes({"Put": {"Item": run, **condition(Keys.pk.not_exists())}}, {"ConditionCheck": follows})

    def note_cost(self, follow: Follow, batch: Batch) -> None:
        """Stores what the batch has cost so far, which still counts when the batch is deleted."""
        runs = [run for run in self.runs(follow) if run.batch_id == batch.id]
        if runs:
            self._note_cost(follow, runs[-1], batch.cost_usd)

    def _note_cost(self, follow: Follow, run: FollowRun, cost_usd: Decimal, *, is_closed: bool = False) -> None:
        key = records.follow_run_key(follow.user_id, follow.id, run.month, run.batch_id)
        noted = Update(FollowRunRecord.cost_usd.set(cost_usd), FollowRunRecord.is_closed.set(is_closed))
        self.update(key, noted.only_if(FollowRunRecord.pk.exists(), FollowRunRecord.is_closed.ne(True)))

    def month_usd(
        self, follow: Follow, now: datetime, *, reserved: bool = False, except_for: str | None = None
    ) -> Decimal:
        """Adds up what the follow has cost this month (UTC).

        With `reserved`, an open batch counts with its whole budget, unless it is the batch `except_for` or has used up
        its budget.
        """
        runs = self.runs(follow, month_of(now))
        found = self._batches(follow, [run.batch_id for run in runs])
        costs = (_usd(run, found.get(run.batch_id), reserved=reserved and run.batch_id != except_for) for run in runs)
        return sum(costs, Decimal(0))

    def left_this_month(self, follow: Follow, now: datetime, except_for: str | None = None) -> Decimal | None:
        """Subtracts costs and the budgets of other open batches from the budget of the month; None for no limit."""
        if follow.max_cost_usd_per_month is None:
            return None
        return follow.max_cost_usd_per_month - self.month_usd(follow, now, reserved=True, except_for=except_for)

    def budget_to_continue(self, follow: Follow, batch: Batch, now: datetime) -> Decimal | None:
        """The budget with which one of the follow's batches may continue; None for no limit."""
        left = self.left_this_month(follow, now, except_for=batch.id)
        return least(follow.max_cost_usd_per_run, None if left is None else batch.cost_usd + left)

    def lowered_budgets(self, follow: Follow, now: datetime) -> list[Record]:
        """The writes that lower the budgets of this month's open batches to what is left of the month's, if it has one.

        What is left goes to the oldest ones first. Each write fails if its batch has changed since it was read. One
        transaction has room for the oldest 99.
        """
        if follow.max_cost_usd_per_month is None:
            return []
        runs = self.runs(follow, month_of(now))
        found = self._batches(follow, [run.batch_id for run in runs])
        spent = sum((_usd(run, found.get(run.batch_id), reserved=False) for run in runs), Decimal(0))
        counted = [found[run.batch_id] for run in runs if run.batch_id in found and not run.is_closed]
        lowered = lowered_budgets(counted, follow.max_cost_usd_per_month - spent)
        return [_with_budget(batch, usd, now) for batch, usd in lowered[:_MOST_LOWERED]]

    def _batches(self, follow: Follow, batch_ids: Sequence[str], *, consistent: bool = True) -> dict[str, Batch]:
        """Reads the batches that exist, by their ids."""
        keys = [records.batch_key(follow.user_id, batch_id) for batch_id in batch_ids]
        found = self.read_many(keys, consistent=consistent)
        return {batch.id: batch for batch in map(records.batch_from, found)}

    # --- How far all sources were checked -----------------------------------------------------------------------------

    def checks(self) -> FollowChecks | None:
        """None if no source was ever checked."""
        record = self.read(records.follow_checks_key())
        return decode(FollowChecks, record) if record else None

    def note_checks(self, checks: FollowChecks) -> None:
        self.write({**records.follow_checks_key(), **to_dynamodb(checks)})


def replacement(before: Follow, after: Follow) -> Record:
    """The write of a transaction that replaces the follow if it is still `before`."""
    after = replace(after, version=before.version + 1)
    return {"Put": {"Item": _record(after), **condition(FollowRecord.version.eq(before.version))}}


def seen_record(follow: Follow, video_ids: Sequence[str]) -> Record:
    """The record of the videos that the follow has seen, the latest last."""
    ids = " ".join(list(dict.fromkeys(video_ids))[-_MAX_SEEN:])
    key = records.followed_videos_key(follow.user_id, follow.id)
    return {**key, "video_ids": zlib.compress(ids.encode(), level=9)}


def run_record(follow: Follow, run: FollowRun) -> Record:
    return {**records.follow_run_key(follow.user_id, follow.id, run.month, run.batch_id), **to_dynamodb(run)}


def month_of(now: datetime) -> str:
    """Returns the month (UTC) as `2026-11`."""
    return f"{now.astimezone(UTC):%Y-%m}"


def _record(follow: Follow) -> Record:
    return {**records.follow_key(follow.user_id, follow.id), **to_dynamodb(follow)}


def _usd(run: FollowRun, batch: Batch | None, *, reserved: bool) -> Decimal:
    if run.is_closed or batch is None:  # it continued in a later month, or was deleted
        cost = run.cost_usd or Decimal(0)
    elif reserved and batch.status in OPEN and not has_used_its_budget(batch):
        cost = max(batch.cost_usd, batch.max_cost_usd or Decimal(0))
    else:
        cost = batch.cost_usd
    return max(cost - run.earlier_usd, Decimal(0))


def _with_budget(batch: Batch, usd: Decimal, now: datetime) -> Record:
    """The write of a transaction that gives the batch another budget if it has not changed since it was read."""
    changed = Update(BatchRecord.max_cost_usd.set(usd), BatchRecord.updated_at.set(now), BatchRecord.revision.add(1))
    return updated(records.batch_key(batch.user_id, batch.id), changed.only_if(BatchRecord.revision.eq(batch.revision)))
