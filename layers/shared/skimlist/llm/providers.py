"""Opens the endpoint of a model of the catalogue. The OpenAI SDK is imported only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from skimlist import metrics
from skimlist.errors import ModelKeyMissing, ModelKeyRejected
from skimlist.llm.catalogue import ModelSpec
from skimlist.llm.completions import AnswerCache

if TYPE_CHECKING:
    from skimlist.llm.endpoint import ChatEndpoint


def open_endpoint(
    spec: ModelSpec,
    *,
    api_key: str | None,
    answer_cache: AnswerCache,
    seconds_left: Callable[[], float],
    ca_bundle: str | None,
) -> ChatEndpoint:
    """Opens the endpoint of a model outside this process. Raises ModelKeyMissing or ModelKeyRejected."""
    # A key that was stored from a file ends with a line break.
    key = (api_key or "").strip()
    if not key and spec.key_secret and not spec.key_optional:
        raise ModelKeyMissing
    if not (key.isascii() and key.isprintable()):
        raise ModelKeyRejected("The stored key has characters that no key has, such as a line break or a long dash.")
    from skimlist.llm.endpoint import ChatEndpoint  # noqa: PLC0415

    return ChatEndpoint(
        spec,
        # The SDK requires a key in any case; a server that needs none ignores it.
        api_key=key or "none",
        answer_cache=answer_cache,
        seconds_left=seconds_left,
        ca_bundle=ca_bundle,
        on_repair=lambda usage: metrics.record_repair(spec.prices.cost(usage)),
    )
