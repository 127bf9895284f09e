"""Asking a model within a step: its key, its budget, and what a try that fails has cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from skimlist.errors import SkimlistError
from skimlist.jobs.spending import Reservation, Spending
from skimlist.llm.catalogue import ModelSpec, Usage, offered_model
from skimlist.llm.completions import AnswerCache
from skimlist.models.batch import Batch
from skimlist.models.endpoint import Endpoint


class Asked(Protocol):
    """A model that was opened; `spent` is all that its answers have cost so far."""

    spec: ModelSpec

    @property
    def spent(self) -> Usage: ...


OpenedT_co = TypeVar("OpenedT_co", bound=Asked, covariant=True)


class Opener(Protocol[OpenedT_co]):
    """Opens a model for one kind of task: `open_model` or `open_digester`."""

    def __call__(
        self,
        spec: ModelSpec,
        *,
        api_key: str | None,
        answer_cache: AnswerCache,
        seconds_left: Callable[[], float],
        ca_bundle: str | None,
    ) -> OpenedT_co: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """What the deployment offers and how it is reached; `find_key` is called for a model that takes a key."""

    endpoint: Endpoint
    find_key: Callable[[str], str | None]
    seconds_left: Callable[[], float]
    ca_bundle: str | None

    def spec(self, batch: Batch) -> ModelSpec:
        """Raises ModelNotOffered."""
        return offered_model(batch.settings.model, self.endpoint)

    def open(self, opener: Opener[OpenedT_co], spec: ModelSpec, answer_cache: AnswerCache) -> OpenedT_co:
        """Raises ModelKeyMissing or ModelKeyRejected."""
        return opener(
            spec,
            api_key=self.find_key(spec.key_secret) if spec.key_secret else None,
            answer_cache=answer_cache,
            seconds_left=self.seconds_left,
            ca_bundle=self.ca_bundle,
        )


def require_budget(batch: Batch, cost_usd: Decimal, *, what: str, reached: type[SkimlistError]) -> None:
    """Raises `reached` if `what` would cost more than is left of the batch's budget."""
    if batch.max_cost_usd is not None and batch.cost_usd + cost_usd > batch.max_cost_usd:
        raise reached(
            f"{what} would cost about {cost_usd} USD; {batch.cost_usd} of {batch.max_cost_usd} USD are spent."
        )


@contextmanager
def spending_kept(
    spending: Spending, reservation: Reservation, model: Asked, note: Callable[[Usage, Decimal], object]
) -> Iterator[None]:
    """What a try that fails has cost takes the place of its reservation, and is noted with its price in USD."""
    try:
        yield
    except Exception:  # also one of a library: what it has cost is known all the same
        cost_usd = model.spec.prices.cost(model.spent)
        # Settled before it is noted: a try that dies in between is counted twice, not left out.
        spending.settle(reservation, cost_usd)
        if model.spent != Usage():
            # Tokens of an answer that came to nothing are paid all the same.
            note(model.spent, cost_usd)
        raise
