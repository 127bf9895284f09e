"""Decides whether a batch of a follow has used up its budget, and what a lower budget of the month leaves to each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from skimlist.errors import BudgetReached
from skimlist.models.batch import Batch, BatchStatus
from skimlist.transitions import OPEN


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


def lowered_budgets(batches: Iterable[Batch], left_usd: Decimal) -> list[tuple[Batch, Decimal]]:
    """Returns which open batches must get a lower budget, and which, so that they cost at most `left_usd` more in all.

    `left_usd` may be negative. What is left goes to the batches in their order. No new budget is below the cost so far.
    """
    lowered = []
    for batch in batches:
        if batch.status not in OPEN or has_used_its_budget(batch):
            continue
        allowed = batch.cost_usd + max(left_usd, Decimal(0))
        if batch.max_cost_usd is None or batch.max_cost_usd > allowed:
            lowered.append((batch, allowed))
        else:
            allowed = batch.max_cost_usd
        left_usd -= max(allowed - batch.cost_usd, Decimal(0))
    return lowered
