"""What digests with a model of the catalogue; the OpenAI SDK is imported only for a model that needs it."""

from __future__ import annotations

from collections.abc import Callable

from skimlist.digesting.drafts import Digester
from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.llm.completions import AnswerCache
from skimlist.llm.providers import open_endpoint


def open_digester(
    spec: ModelSpec,
    *,
    api_key: str | None,
    answer_cache: AnswerCache,
    seconds_left: Callable[[], float],
    ca_bundle: str | None = None,
) -> Digester:
    """As `open_model`, for the digest of a batch. Raises ModelKeyMissing."""
    if spec.provider is Provider.EXTRACTIVE:
        from skimlist.digesting.extractive_digester import ExtractiveDigester  # noqa: PLC0415

        return ExtractiveDigester(spec)
    from skimlist.digesting.openai_digester import OpenAIDigester  # noqa: PLC0415

    return OpenAIDigester(
        open_endpoint(
            spec,
            api_key=api_key,
            answer_cache=answer_cache,
            seconds_left=seconds_left,
            ca_bundle=ca_bundle,
        )
    )
