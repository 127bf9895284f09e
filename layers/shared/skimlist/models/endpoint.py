"""Where models are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint that speaks OpenAI's protocol. `base_url` None: OpenAI itself.

    `model` names another vendor's model that it serves, with its context window, its prices (USD per million tokens),
    how many requests it takes at a time, how many seconds an answer may take from its first token on, and what is sent
    along with every request; None: it serves OpenAI's own models. `ollama_base_url` is where an Ollama listens, if
    there is one. `bedrock_region` is the region in which Amazon Bedrock is asked, None: it is not; `bedrock_base_url`
    is where it is reached, None: at its public endpoint of that region.
    """

    base_url: str | None = None
    model: str | None = None
    context_tokens: int | None = None
    usd_per_million_in: Decimal = Decimal(0)
    usd_per_million_out: Decimal = Decimal(0)
    concurrent_requests: int | None = None
    answer_seconds: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ollama_base_url: str | None = None
    bedrock_region: str | None = None
    bedrock_base_url: str | None = None
