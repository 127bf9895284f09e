"""Estimates the cost and time of a batch's waiting videos with each model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schemas import PriceBasis, PriceList, PriceView

from skimlist import progress
from skimlist.config import settings
from skimlist.llm.catalogue import ModelSpec, Usage, offered_models
from skimlist.models.batch import Batch, BatchStatus, MadeSummaries


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
    average = _average_of_summary(batch, models) if videos else None
    if average:
        by_average = _by_average(*average, videos, models)
        return PriceList(videos=videos, basis=PriceBasis.SO_FAR, models=list(by_average))
    return PriceList(videos=videos, basis=None, models=[])


def _average_of_summary(batch: Batch, models: Mapping[str, ModelSpec]) -> tuple[float, float] | None:
    """The average tokens read and written for one summary, as OpenAI's current models would count them."""
    known = {alias: made for alias, made in batch.made_by_model.items() if alias in models}
    if not known and batch.completed and batch.tokens_out and batch.settings.model in models:
        # Earlier records have only the sums of all videos.
        known = {
            batch.settings.model: MadeSummaries(
                videos=batch.completed, tokens_in=batch.tokens_in, tokens_out=batch.tokens_out
            )
        }
    videos = sum(made.videos for made in known.values())
    if not videos:
        return None
    tokens_in = sum(made.tokens_in / models[alias].tokens for alias, made in known.items())
    tokens_out = sum(made.tokens_out / models[alias].tokens for alias, made in known.items())
    return tokens_in / videos, tokens_out / videos


def _price(alias: str, cost_usd: Decimal, seconds: Mapping[str, Decimal] | None, share: Decimal) -> PriceView:
    taken = (seconds or {}).get(alias, Decimal(0)) * share
    return PriceView(model=alias, cost_usd=max(float(cost_usd), 0), seconds=max(float(taken), 0))


def _by_average(
    tokens_in: float, tokens_out: float, videos: int, models: Mapping[str, ModelSpec]
) -> Iterator[PriceView]:
    for alias, spec in models.items():
        usage = Usage(tokens_in=round(tokens_in * spec.tokens), tokens_out=round(tokens_out * spec.tokens))
        yield PriceView(
            model=alias,
            cost_usd=float(spec.prices.cost(usage) * videos),
            seconds=spec.speed.seconds(usage) * videos,
        )
