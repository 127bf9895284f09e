"""Asks a model within a step: finds its key, checks the budget, and keeps the cost of an attempt that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from skimlist.errors import SkimlistError
from skimlist.events import VideoEvent
from skimlist.formatting import dollars
from skimlist.jobs.spending import Reservation, Spending
from skimlist.jobs.videos import Videos
from skimlist.llm.catalogue import ModelSpec, Usage, offered_model
from skimlist.llm.completions import AnswerCache
from skimlist.models.batch import Batch
from skimlist.models.endpoint import Endpoint
from skimlist.models.video import Item


class PaidModel(Protocol):
    """A model that was opened; `spent` is what its answers have used so far."""

    spec: ModelSpec

    @property
    def spent(self) -> Usage: ...


OpenedT_co = TypeVar("OpenedT_co", bound=PaidModel, covariant=True)


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
    """The models of the deployment and how to reach them; `find_key` is called for models that need a key."""

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


def is_in_budget(batch: Batch, cost_usd: Decimal) -> bool:
    return batch.max_cost_usd is None or batch.cost_usd + cost_usd <= batch.max_cost_usd


def require_budget(batch: Batch, cost_usd: Decimal, *, what: str, reached: type[SkimlistError]) -> None:
    """Raises `reached` if `what` would cost more than is left of the batch's budget."""
    if not is_in_budget(batch, cost_usd):
        raise reached(
            f"{what} would cost about {dollars(cost_usd)}; {dollars(batch.cost_usd)} of the budget of "
            f"{dollars(batch.max_cost_usd or Decimal(0))} is spent."
        )


def count_stored_summary(
    videos: Videos, spending: Spending, work: VideoEvent, batch: Batch, *, item: Item, now: datetime
) -> None:
    """Counts the price of a summary that an attempt stored before it was cut off, unless it is already counted."""
    paid = videos.stored_price(work.batch_id, item)
    model = batch.begun_models.get(item.id) or (item.redo.settings if item.redo else batch.settings).model
    settled = item.cost_of_summary_usd(model)
    if paid["cost_usd"] <= settled:
        return
    # Settled before it is noted, as in `spending_kept`.
    of_model = replace(batch, settings=replace(batch.settings, model=model))
    spending.settle_earlier(of_model, work.item_id, paid["cost_usd"], now, settled_usd=settled)
    videos.note_spending(work.user_id, work.batch_id, replace(item, **paid), now, model=model)


@contextmanager
def spending_kept(
    spending: Spending,
    reservation: Reservation,
    model: PaidModel,
    note: Callable[[Usage, Decimal], object],
    end_unpaid: Callable[[], object],
) -> Iterator[None]:
    """Settles the reservation of a failed attempt at its real cost, and records that cost, or that there was none."""
    try:
        yield
    except Exception:  # even for an error of a library, the cost is known
        cost_usd = model.spec.prices.cost(model.spent)
        # Settled before it is noted, so that an attempt that is cut off in between counts twice rather than not at all.
        spending.settle(reservation, cost_usd)
        if model.spent != Usage():
            # The tokens of an unusable answer have to be paid for too.
            note(model.spent, cost_usd)
        else:
            end_unpaid()
        raise
