"""Opens a model of the catalogue. The OpenAI SDK is imported only for a model that needs it."""

from __future__ import annotations

from collections.abc import Callable

from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.llm.completions import AnswerCache
from skimlist.llm.providers import open_endpoint
from skimlist.summarizing.drafts import Model


def open_model(
    spec: ModelSpec,
    *,
    api_key: str | None,
    answer_cache: AnswerCache,
    seconds_left: Callable[[], float],
    ca_bundle: str | None = None,
) -> Model:
    """Opens the model of a catalogue entry.

    `seconds_left` returns how long the function may still run, `ca_bundle` is a file of additional CA certificates.
    Raises ModelKeyMissing if the model needs a key and there is none, and ModelKeyRejected for a malformed key.
    """
    if spec.provider is Provider.EXTRACTIVE:
        from skimlist.summarizing.extractive.model import ExtractiveModel  # noqa: PLC0415

        return ExtractiveModel(spec)
    from skimlist.summarizing.openai_model import OpenAIModel  # noqa: PLC0415

    return OpenAIModel(
        open_endpoint(
            spec,
            api_key=api_key,
            answer_cache=answer_cache,
            seconds_left=seconds_left,
            ca_bundle=ca_bundle,
        )
    )
