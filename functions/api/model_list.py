"""Lists the models that a batch can use, and whether this deployment has a key for each."""

from __future__ import annotations

from schemas import ModelList, ModelView

from skimlist import aws
from skimlist.config import settings
from skimlist.llm.catalogue import ModelSpec, Usage, offered_models, suggested_model
from skimlist.secrets import Secrets

# Tokens read and written for standard summaries of an hour of video, as OpenAI's current models count them: what
# summarizing/estimate.py expects of three English talks of 33 to 44 minutes.
_HOUR_OF_VIDEO = Usage(tokens_in=14_000, tokens_out=1_300)


def list_models() -> ModelList:
    stored = Secrets(aws.client("ssm"), settings().secrets_prefix).names()
    models = offered_models(settings().endpoint)
    return ModelList(
        preselected=suggested_model(models, stored), models=[_view(spec, stored) for spec in models.values()]
    )


def _view(spec: ModelSpec, stored: frozenset[str]) -> ModelView:
    return ModelView(
        alias=spec.alias,
        label=spec.label,
        provider=spec.provider,
        model=spec.model,
        context_tokens=spec.context_tokens,
        usd_per_million_tokens_in=float(spec.prices.tokens_in),
        usd_per_million_tokens_out=float(spec.prices.tokens_out),
        usd_per_hour_of_video=float(spec.prices.cost(_HOUR_OF_VIDEO)) * spec.tokens,
        translates=spec.translates,
        key_configured=spec.has_key(stored),
        key_parameter=settings().secrets_prefix + spec.key_secret if spec.key_secret else None,
    )
