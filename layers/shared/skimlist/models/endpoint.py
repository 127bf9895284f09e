"""Where models are reached."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint that speaks OpenAI's protocol. `base_url` None: OpenAI itself.

    `model` names another vendor's model that it serves, with its context window and its prices (USD per million
    tokens); None: it serves OpenAI's own models. `ollama_base_url` is where an Ollama listens, if there is one.
    """

    base_url: str | None = None
    model: str | None = None
    context_tokens: int | None = None
    usd_per_million_in: Decimal = Decimal(0)
    usd_per_million_out: Decimal = Decimal(0)
    ollama_base_url: str | None = None
