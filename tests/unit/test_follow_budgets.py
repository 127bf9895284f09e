"""What a lower budget of a month leaves to the open runs of a follow."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from skimlist.errors import BudgetReached
from skimlist.following.budgets import lowered_budgets
from skimlist.models.batch import Batch, BatchStatus, Pause
from testkit.batches import a_batch

CENTS = st.integers(0, 50).map(lambda cents: Decimal(cents) / 100)
OPEN_BATCHES = st.lists(
    st.builds(
        lambda cost, budget: a_batch(status=BatchStatus.PROCESSING, cost_usd=cost, max_cost_usd=budget),
        CENTS,
        st.none() | CENTS,
    )
)


@given(OPEN_BATCHES, st.integers(-50, 100).map(lambda cents: Decimal(cents) / 100))
def test_no_more_than_what_is_left_can_be_spent_and_the_first_get_all_that_they_may(
    open_batches: list[Batch], left: Decimal
) -> None:
    lowered = {id(batch): usd for batch, usd in lowered_budgets(open_batches, left)}
    room = max(left, Decimal(0))
    for batch in open_batches:
        budget = lowered.get(id(batch), batch.max_cost_usd)
        assert budget is not None
        if id(batch) in lowered:
            assert batch.max_cost_usd is None or budget < batch.max_cost_usd
            assert budget == batch.cost_usd + room
        room -= max(budget - batch.cost_usd, Decimal(0))
    assert room >= 0


def test_ended_and_paused_runs_that_spend_nothing_more_are_passed_over() -> None:
    run = a_batch(status=BatchStatus.PROCESSING, follow_id="f", cost_usd=Decimal("0.10"))
    over = replace(run, status=BatchStatus.COMPLETED)
    pause = Pause(code=BudgetReached.code, message="", advice="", since=run.created_at, until=None, times=1)
    used_up = replace(run, status=BatchStatus.PAUSED, pause=pause)
    held = replace(used_up, pause=replace(pause, code="paused_by_user", times=0))
    assert lowered_budgets([over, used_up, held, run], Decimal("0.20")) == [
        (held, Decimal("0.30")),
        (run, Decimal("0.10")),
    ]
