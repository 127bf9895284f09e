"""The budget of a batch, and the cost of an attempt that fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from skimlist.errors import BudgetReached
from skimlist.jobs.spending import Reservation
from skimlist.llm.catalogue import ModelSpec, Usage, catalogue
from skimlist.steps.models import require_budget, spending_kept
from testkit.batches import a_batch

RESERVED = Reservation("b7f3#00001", Decimal("0.30"), Decimal(0))


@pytest.mark.parametrize("budget", [None, Decimal("0.50")])
def test_a_cost_within_the_budget_passes(budget: Decimal | None) -> None:
    batch = a_batch(cost_usd=Decimal("0.20"), max_cost_usd=budget)
    require_budget(batch, Decimal("0.30"), what="The digest", reached=BudgetReached)


def test_a_cost_above_the_budget_is_refused_with_both_sums() -> None:
    batch = a_batch(cost_usd=Decimal("0.20"), max_cost_usd=Decimal("0.50"))
    with pytest.raises(
        BudgetReached, match=r"The digest would cost about \$0\.31; \$0\.20 of the budget of \$0\.50 is spent\."
    ):
        require_budget(batch, Decimal("0.31"), what="The digest", reached=BudgetReached)


@dataclass
class Paid:
    """A model whose answers have used so many tokens, with the budget check."""

    spent: Usage
    spec: ModelSpec = field(default_factory=lambda: catalogue()["openai"])
    done: list[tuple[Any, ...]] = field(default_factory=list)

    def settle(self, reservation: Reservation, usd: Decimal) -> None:
        self.done.append(("settled", reservation.name, usd))

    def note(self, spent: Usage, usd: Decimal) -> None:
        self.done.append(("noted", spent, usd))

    def end_unpaid(self) -> None:
        self.done.append(("ended unpaid",))

    def fail(self) -> None:
        spending: Any = self
        with spending_kept(spending, RESERVED, self, self.note, self.end_unpaid):
            raise ZeroDivisionError


def test_a_failed_attempt_settles_its_cost_before_noting_it() -> None:
    used = Usage(tokens_in=1_000_000, tokens_out=0)
    model = Paid(used)
    price = model.spec.prices.cost(used)
    with pytest.raises(ZeroDivisionError):
        model.fail()
    assert price > 0
    assert model.done == [("settled", "b7f3#00001", price), ("noted", used, price)]


def test_a_failed_attempt_without_an_answer_releases_its_reservation() -> None:
    model = Paid(Usage())
    with pytest.raises(ZeroDivisionError):
        model.fail()
    assert model.done == [("settled", "b7f3#00001", 0), ("ended unpaid",)]
