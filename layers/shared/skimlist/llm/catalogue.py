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

# Tokens that an answer may take, hidden reasoning included, and as many again when it was cut off. Of a small context
# window an answer takes no more than this share, so that captions fit in beside it.
_ANSWER_TOKENS = 8_000
_ANSWER_SHARE = 0.25

# What a request gets that names no model: the one that costs nothing and works everywhere.
DEFAULT_MODEL = "extractive"
# The entry whose model, context window and prices the deployment tells.
CUSTOM_MODEL = "custom"
# The entry that is offered where the deployment tells an endpoint of its own for it.
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
    """Tokens that a provider charged. Those read from and written to its prompt cache are part of `tokens_in`."""

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
    """USD per million tokens."""

    tokens_in: Decimal = Decimal(0)
    tokens_out: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)
    cache_write: Decimal = Decimal(0)

    def cost(self, usage: Usage) -> Decimal:
        """USD, exact to the millionth."""
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
    """How long an answer takes: `wait` seconds at first, then so many tokens are `read` and `written` a second."""

    wait: float = 1.0
    read: float = 10_000.0
    written: float = 100.0

    def seconds(self, usage: Usage) -> float:
        return self.wait + usage.tokens_in / self.read + usage.tokens_out / self.written


class AnswerForm(StrEnum):
    """The strictest form in which an endpoint can be asked to answer; what it rejects is asked for in the next one.

    BOUNDED is a schema with every bound: most items of a list, a range of numbers, most characters of a text. COUNTED
    keeps the items alone, and SCHEMA no bound at all.
    """

    BOUNDED = "bounded_json_schema"
    COUNTED = "counted_json_schema"
    SCHEMA = "json_schema"
    JSON = "json_object"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One entry of the catalogue. `context_tokens` None: no limit; `base_url` None: the provider's own endpoint.

    `region` is where Amazon Bedrock is asked, which needs no key but the function's own credentials.

    `tokens` is how many tokens it counts where OpenAI's current models count one. `key_optional`: it is asked without
    a key where none is stored. `self_hosted`: it may be slow, so that its answers are streamed. `answer_seconds` is the
    longest that an answer may take from its first token on; None: as long as the function may run.
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
        """Whether it can be asked with the stored `keys`, because its own is among them or it needs none."""
        return self.key_secret is None or self.key_optional or self.key_secret in keys

    @property
    def is_at_endpoint(self) -> bool:
        """Whether it is asked for at the deployment's endpoint, and not at one of its own or at none."""
        return self.provider is Provider.OPENAI and self.base_url is None

    def at(self, base_url: str | None) -> ModelSpec:
        """This model at the deployment's endpoint (None: OpenAI's own), unless it has one of its own or needs none."""
        return replace(self, base_url=base_url) if self.is_at_endpoint else self

    @property
    def answer_limits(self) -> tuple[int, ...]:
        """Most tokens of an answer: at the first attempt, and at the second one after an answer that was cut off."""
        most = self.max_output_tokens
        if self.context_tokens is not None:
            most = min(most, int(self.context_tokens * _ANSWER_SHARE))
        return tuple(sorted({min(tokens, most) for tokens in (_ANSWER_TOKENS, 2 * _ANSWER_TOKENS)}))


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, ModelSpec]:
    """Every model by its alias, in the order of the file."""
    entries = tomllib.loads(files(__package__).joinpath("models.toml").read_text(encoding="utf-8"))
    return MappingProxyType({alias: _read(alias, entry) for alias, entry in entries.items()})


def offered(endpoint: Endpoint) -> Mapping[str, ModelSpec]:
    """The models that a deployment with this endpoint offers, each where it is.

    An endpoint that serves another vendor's model is offered as `custom`, under that model's own name and price, in
    place of the models of OpenAI; Ollama's only where the deployment knows an Ollama, and those of Amazon Bedrock only
    where it names a region.
    """
    placed = {alias: _placed(spec, endpoint) for alias, spec in catalogue().items()}
    return {alias: spec for alias, spec in placed.items() if spec}


def offered_model(alias: str, endpoint: Endpoint) -> ModelSpec:
    """One of them. Raises ModelNotOffered: the deployment may have changed since its batch was created."""
    try:
        return offered(endpoint)[alias]
    except KeyError:
        raise ModelNotOffered from None


def preselected(models: Mapping[str, ModelSpec], keys: Container[str]) -> str:
    """Which of the offered models is suggested to a user who has not chosen yet.

    It is the first that has a price and can be asked with the stored `keys`; what is free may not be running.
    """
    paid = (alias for alias, spec in models.items() if spec.prices.tokens_out and spec.has_key(keys))
    return next(paid, DEFAULT_MODEL)


def _placed(spec: ModelSpec, endpoint: Endpoint) -> ModelSpec | None:
    """The model where it is to be asked; None if the deployment does not offer it."""
    if spec.alias == OLLAMA_MODEL:
        return replace(spec, base_url=endpoint.ollama_base_url) if endpoint.ollama_base_url else None
    if spec.provider is Provider.BEDROCK:
        there = replace(spec, base_url=endpoint.bedrock_base_url, region=endpoint.bedrock_region)
        return there if endpoint.bedrock_region else None
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
            # A provider without a price of its own for its cache charges the usual one.
            cache_read=prices.get("cache_read", prices.get("in", Decimal(0))),
            cache_write=prices.get("cache_write", prices.get("in", Decimal(0))),
        ),
    )
