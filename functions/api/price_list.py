"""Estimates the cost and time of a batch's waiting videos with each model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schemas import PriceBasis, PriceList, PriceView

from skimlist import progress
from skimlist.config import settings
from skimlist.llm.catalogue import ModelSpec, Usage, offered_models
from skimlist.models.batch import Batch, BatchStatus


def price_list(batch: Batch) -> PriceList:
    """Estimates from the draft's check if there was one, otherwise from the average of the batch's finished videos."""
    models = offered_models(settings().endpoint)
    videos = progress.remaining(batch)
    checked = batch.preflight.checked if batch.preflight else 0
    if videos and checked and batch.preflight and batch.preflight.cost_by_model:
        is_draft = batch.status is BatchStatus.DRAFT
        share = Decimal(1) if is_draft else Decimal(videos) / checked
        return PriceList(
            videos=checked if is_draft else videos,
            basis=PriceBasis.CHECKED,
            models=[
                _price(alias, cost * share, batch.preflight.seconds_by_model, share)
                for alias, cost in batch.preflight.cost_by_model.items()
                if alias in models
            ],
        )
    spec = models.get(batch.settings.model)
    if videos and spec and batch.completed and batch.tokens_out:
        return PriceList(videos=videos, basis=PriceBasis.SO_FAR, models=list(_by_average(batch, spec, models)))
    return PriceList(videos=videos, basis=None, models=[])


def _price(alias: str, cost_usd: Decimal, seconds: Mapping[str, Decimal] | None, share: Decimal) -> PriceView:
    taken = (seconds or {}).get(alias, Decimal(0)) * share
    return PriceView(model=alias, cost_usd=max(float(cost_usd), 0), seconds=max(float(taken), 0))


def _by_average(batch: Batch, spec: ModelSpec, models: Mapping[str, ModelSpec]) -> Iterator[PriceView]:
    videos = progress.remaining(batch)
    for alias, other in models.items():
        tokens = other.tokens / spec.tokens / batch.completed
        usage = Usage(tokens_in=round(batch.tokens_in * tokens), tokens_out=round(batch.tokens_out * tokens))
        yield PriceView(
            model=alias,
            cost_usd=float(other.prices.cost(usage) * videos),
            seconds=other.speed.seconds(usage) * videos,
        )
