"""Lets a follow wait for the next month when it has used up its budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from skimlist.errors import FollowMonthSpent
from skimlist.models.follow import Follow, Notice, NoticeKind
from skimlist.periods import next_month

# Open batches may cost less than their budgets, which frees some of the month's budget.
BUDGET_AGAIN_AFTER = timedelta(hours=1)


def spent_until_next_month(follow: Follow, now: datetime, *, notified: bool) -> Follow:
    """Lets the follow wait for the next month; its owner gets one notice, unless they were `notified` already."""
    notice = Notice(kind=NoticeKind.MONTH_SPENT, since=now, told=notified)
    return replace(follow, hold_until=next_month(now), problem=FollowMonthSpent().as_problem(), notice=notice)
