"""The endpoint of models, as the deployment configures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint with OpenAI's protocol. A `base_url` of None means OpenAI itself.

    `model` is another vendor's model that it serves, with its context window, prices (USD per million tokens),
    concurrent requests, the seconds that an answer may take after its first token, and parameters that are sent
    with every request; None means that it serves OpenAI's own models. `ollama_base_url` is the address of an Ollama, if
    there is one. `bedrock_region` is the region of Amazon Bedrock, None if it is not used; `bedrock_base_url`
    is its address, None for its public endpoint in that region.
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
