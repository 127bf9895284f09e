"""Decides whether a batch of a follow has used up its budget."""

from __future__ import annotations

from decimal import Decimal

from skimlist.errors import BudgetReached
from skimlist.models.batch import Batch, BatchStatus


def least(*limits: Decimal | None) -> Decimal | None:
    """Returns the lowest limit, None being no limit."""
    return min((limit for limit in limits if limit is not None), default=None)


def has_used_its_budget(batch: Batch) -> bool:
    """Whether the batch is a follow's, and has paused because its budget is used up.

    It costs nothing more until its user raises that budget or a new month begins. New videos must not wait for that, so
    the batch does not count as under way, and reserves nothing of the month's budget.
    """
    if batch.follow_id is None or batch.status is not BatchStatus.PAUSED or batch.pause is None:
        return False
    return batch.pause.code == BudgetReached.code
