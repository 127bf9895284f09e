"""Decides what happens to a follow, or to one of its batches, when a budget is used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from skimlist.errors import BudgetReached, FollowMonthSpent
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.follow import Follow, Notice, NoticeKind
from skimlist.periods import next_month

# Open batches may cost less than their budgets, and then leave some of the month's budget.
BUDGET_AGAIN_AFTER = timedelta(hours=1)


def spent_until_next_month(follow: Follow, now: datetime, *, told: bool) -> Follow:
    """The follow as it waits for the next month; its owner is told once, unless they were `told` otherwise."""
    notice = Notice(kind=NoticeKind.MONTH_SPENT, since=now, told=told)
    return replace(follow, hold_until=next_month(now), problem=FollowMonthSpent().as_problem(), notice=notice)


def least(*limits: Decimal | None) -> Decimal | None:
    """Returns the lowest limit, None being no limit."""
    return min((limit for limit in limits if limit is not None), default=None)


def has_used_its_budget(batch: Batch) -> bool:
    """Whether the batch is a follow's, and has paused because its budget is used up.

    It costs nothing more until its user raises that budget or a new month begins, and the next videos must not wait for
    that: it does not count as under way, and keeps nothing of the month's budget.
    """
    if batch.follow_id is None or batch.status is not BatchStatus.PAUSED or batch.pause is None:
        return False
    return batch.pause.code == BudgetReached.code
