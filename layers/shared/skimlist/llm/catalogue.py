"""The models that a batch can ask for, with their limits and prices (models.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from skimlist.errors import ModelNotOffered
from skimlist.models.endpoint import Endpoint

# The maximum tokens of an answer, including hidden reasoning; twice as many after an answer that was cut off. In a
# small context window an answer takes at most this share, so that the captions fit beside it.
_ANSWER_TOKENS = 8_000
_ANSWER_SHARE = 0.25

# The model of a request that names none: it costs nothing and works everywhere.
DEFAULT_MODEL = "extractive"
# The entry whose model, context window and prices are settings of the deployment.
CUSTOM_MODEL = "custom"
# The entry that is offered if the deployment has an endpoint for it.
OLLAMA_MODEL = "ollama"

_READ_BY_NAME = frozenset({"provider", "usd_per_million", "speed", "answers"})
_MILLION = Decimal(1_000_000)
_MICRO_USD = Decimal("0.000001")


class Provider(StrEnum):
    OPENAI = "openai"
    BEDROCK = "bedrock"
    EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a provider charged. `tokens_in` includes those read from and written to its prompt cache."""

    tokens_in: int = 0
    tokens_out: int = 0
    cache_read: int = 0
    cache_write: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cache_read=self.cache_read + other.cache_read,
            cache_write=self.cache_write + other.cache_write,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The prices of a model in USD per million tokens."""

    tokens_in: Decimal = Decimal(0)
    tokens_out: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)
    cache_write: Decimal = Decimal(0)

    def cost(self, usage: Usage) -> Decimal:
        """Returns the cost in USD, rounded to the millionth."""
        uncached = usage.tokens_in - usage.cache_read - usage.cache_write
        total = (
            uncached * self.tokens_in
            + usage.cache_read * self.cache_read
            + usage.cache_write * self.cache_write
            + usage.tokens_out * self.tokens_out
        )
        return (total / _MILLION).quantize(_MICRO_USD, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """The speed of a model: `wait` seconds before it starts, then tokens `read` and `written` per second."""

    wait: float = 1.0
    read: float = 10_000.0
    written: float = 100.0

    def seconds(self, usage: Usage) -> float:
        return self.wait + usage.tokens_in / self.read + usage.tokens_out / self.written


class AnswerForm(StrEnum):
    """The forms in which an endpoint can be asked to answer, the strictest first; after a rejection the next is tried.

    BOUNDED is a schema with every bound: the items of a list, the range of a number, the characters of a text. COUNTED
    keeps the bounds on items only, and SCHEMA none at all.
    """

    BOUNDED = "bounded_json_schema"
    COUNTED = "counted_json_schema"
    SCHEMA = "json_schema"
    JSON = "json_object"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One entry of the catalogue.

    `context_tokens` of None means no limit, `base_url` of None the provider's own endpoint. `region` is that of Amazon
    Bedrock, which needs the function's AWS credentials instead of a key.

    `tokens` is the number of tokens that the model counts per token of OpenAI's current models. A model with
    `key_optional` is asked without a key if none is stored. A `self_hosted` model may be slow, so its answers are
    streamed. `answer_seconds` is the time limit of an answer after its first token; None means that of the function.
    """

    alias: str
    label: str
    provider: Provider
    model: str
    prices: Prices = Prices()
    base_url: str | None = None
    region: str | None = None
    context_tokens: int | None = None
    max_output_tokens: int = 8_000
    key_secret: str | None = None
    key_optional: bool = False
    self_hosted: bool = False
    answer_seconds: float | None = None
    concurrent_requests: int = 16
    tokens: float = 1.0
    speed: Speed = Speed()
    answers: AnswerForm = AnswerForm.COUNTED
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def has_key(self, keys: Container[str]) -> bool:
        """Whether the model can be asked with the stored `keys`, because its key is one of them or it needs none."""
        return self.key_secret is None or self.key_optional or self.key_secret in keys

    @property
    def translates(self) -> bool:
        """Whether the model writes in another language than it reads."""
        return self.provider is not Provider.EXTRACTIVE

    @property
    def is_at_endpoint(self) -> bool:
        """Whether the model is asked at the deployment's endpoint, rather than at its own or in this process."""
        return self.provider is Provider.OPENAI and self.base_url is None

    def at(self, base_url: str | None) -> ModelSpec:
        """Returns the model at the deployment's endpoint (None means OpenAI's), unless it has its own or needs none."""
        return replace(self, base_url=base_url) if self.is_at_endpoint else self

    @property
    def answer_limits(self) -> tuple[int, ...]:
        """The maximum tokens of an answer in the first attempt, and in the second one after a cut-off answer."""
        most = self.max_output_tokens
        if self.context_tokens is not None:
            most = min(most, int(self.context_tokens * _ANSWER_SHARE))
        return tuple(sorted({min(tokens, most) for tokens in (_ANSWER_TOKENS, 2 * _ANSWER_TOKENS)}))


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, ModelSpec]:
    """Returns every model by its alias, in the order of the file."""
    entries = tomllib.loads(files(__package__).joinpath("models.toml").read_text(encoding="utf-8"))
    return MappingProxyType({alias: _read(alias, entry) for alias, entry in entries.items()})


def offered_models(endpoint: Endpoint) -> Mapping[str, ModelSpec]:
    """Returns the models that a deployment with this endpoint offers, each with its address.

    If the endpoint serves another vendor's model, that model is offered as `custom`, with its own name and price,
    instead of OpenAI's models. Ollama is offered only if the deployment has an Ollama, and Amazon Bedrock's models only
    if it has a region for them.
    """
    placed = {alias: _placed(spec, endpoint) for alias, spec in catalogue().items()}
    return {alias: spec for alias, spec in placed.items() if spec}


def offered_model(alias: str, endpoint: Endpoint) -> ModelSpec:
    """Returns one offered model.

    Raises ModelNotOffered; the deployment may have changed since the batch was created.
    """
    try:
        return offered_models(endpoint)[alias]
    except KeyError:
        raise ModelNotOffered from None


def suggested_model(models: Mapping[str, ModelSpec], keys: Container[str]) -> str:
    """Returns the alias of the offered model that is suggested to a user who has not chosen one.

    It is the first model with a price that can be asked with the stored `keys`; a free one may not be running.
    """
    paid = (alias for alias, spec in models.items() if spec.prices.tokens_out and spec.has_key(keys))
    return next(paid, DEFAULT_MODEL)


def _placed(spec: ModelSpec, endpoint: Endpoint) -> ModelSpec | None:
    """Returns the model with its address, or None if the deployment does not offer it."""
    if spec.alias == OLLAMA_MODEL:
        return replace(spec, base_url=endpoint.ollama_base_url) if endpoint.ollama_base_url else None
    if spec.provider is Provider.BEDROCK:
        in_region = replace(spec, base_url=endpoint.bedrock_base_url, region=endpoint.bedrock_region)
        return in_region if endpoint.bedrock_region else None
    if not spec.is_at_endpoint:
        return spec
    if (spec.alias == CUSTOM_MODEL) != (endpoint.model is not None):
        return None
    return _custom(spec, endpoint) if endpoint.model else spec.at(endpoint.base_url)


def _custom(spec: ModelSpec, endpoint: Endpoint) -> ModelSpec:
    usd_in, usd_out = endpoint.usd_per_million_in, endpoint.usd_per_million_out
    model = endpoint.model or spec.model
    return replace(
        spec,
        label=f"{model} at {urlsplit(endpoint.base_url).hostname}" if endpoint.base_url else model,
        model=model,
        base_url=endpoint.base_url,
        context_tokens=endpoint.context_tokens or spec.context_tokens,
        concurrent_requests=endpoint.concurrent_requests or spec.concurrent_requests,
        answer_seconds=endpoint.answer_seconds,
        parameters=endpoint.parameters,
        prices=Prices(tokens_in=usd_in, tokens_out=usd_out, cache_read=usd_in, cache_write=usd_in),
    )


def _read(alias: str, entry: Mapping[str, Any]) -> ModelSpec:
    prices = {name: Decimal(usd) for name, usd in entry.get("usd_per_million", {}).items()}
    return ModelSpec(
        **{key: value for key, value in entry.items() if key not in _READ_BY_NAME},
        alias=alias,
        provider=Provider(entry["provider"]),
        speed=Speed(**entry.get("speed", {})),
        answers=AnswerForm(entry.get("answers", AnswerForm.COUNTED)),
        prices=Prices(
            tokens_in=prices.get("in", Decimal(0)),
            tokens_out=prices.get("out", Decimal(0)),
            # A provider without a special price for its cache charges the usual one.
            cache_read=prices.get("cache_read", prices.get("in", Decimal(0))),
            cache_write=prices.get("cache_write", prices.get("in", Decimal(0))),
        ),
    )
