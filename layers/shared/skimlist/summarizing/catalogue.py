"""The models that a batch can ask for, with their limits and prices (models.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

# Tokens that an answer may take, hidden reasoning included, and as many again when it was cut off.
_ANSWER_TOKENS = 8_000
# Tokens that instructions, schema and the explanation in a second attempt take beside the captions.
_INSTRUCTION_TOKENS = 3_000

# What a user gets who names no model, with and without a key stored for the first one.
DEFAULT_MODEL = "openai"
DEFAULT_MODEL_WITHOUT_KEY = "extractive"

_MILLION = Decimal(1_000_000)
_MICRO_USD = Decimal("0.000001")


class Provider(StrEnum):
    OPENAI = "openai"
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
class ModelSpec:
    """One entry of the catalogue. `context_tokens` None: no limit; `base_url` None: OpenAI's endpoint."""

    alias: str
    label: str
    provider: Provider
    model: str
    prices: Prices = Prices()
    base_url: str | None = None
    context_tokens: int | None = None
    max_output_tokens: int = 8_000
    key_secret: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def at(self, base_url: str | None) -> ModelSpec:
        """This model at the deployment's endpoint (None: OpenAI's own), unless it names one or needs none."""
        if self.provider is Provider.EXTRACTIVE or self.base_url:
            return self
        return replace(self, base_url=base_url)

    @property
    def answer_limits(self) -> tuple[int, ...]:
        """Most tokens of an answer: at the first attempt, and at the second one after an answer that was cut off."""
        return tuple(sorted({min(tokens, self.max_output_tokens) for tokens in (_ANSWER_TOKENS, 2 * _ANSWER_TOKENS)}))

    @property
    def caption_tokens(self) -> int | None:
        """Most tokens of captions in one request; None: any number."""
        if self.context_tokens is None:
            return None
        return self.context_tokens - self.answer_limits[-1] - _INSTRUCTION_TOKENS


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, ModelSpec]:
    """Every model by its alias, in the order of the file."""
    entries = tomllib.loads(files(__package__).joinpath("models.toml").read_text(encoding="utf-8"))
    return MappingProxyType({alias: _read(alias, entry) for alias, entry in entries.items()})


def _read(alias: str, entry: Mapping[str, Any]) -> ModelSpec:
    prices = {name: Decimal(usd) for name, usd in entry.get("usd_per_million", {}).items()}
    return ModelSpec(
        **{key: value for key, value in entry.items() if key not in {"provider", "usd_per_million"}},
        alias=alias,
        provider=Provider(entry["provider"]),
        prices=Prices(
            tokens_in=prices.get("in", Decimal(0)),
            tokens_out=prices.get("out", Decimal(0)),
            # A provider without a price of its own for its cache charges the usual one.
            cache_read=prices.get("cache_read", prices.get("in", Decimal(0))),
            cache_write=prices.get("cache_write", prices.get("in", Decimal(0))),
        ),
    )
