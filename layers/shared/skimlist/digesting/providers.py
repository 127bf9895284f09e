"""Opens a digester for a model of the catalogue. The OpenAI SDK is imported only for a model that needs it."""

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
    """Opens a digester, with the parameters and errors of `summarizing.providers.open_model`."""
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
