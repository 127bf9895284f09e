"""A model of the catalogue, ready to answer; the OpenAI SDK is imported only for a model that needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from skimlist.errors import ModelKeyMissing, ModelKeyRejected
from skimlist.summarizing.catalogue import ModelSpec, Provider
from skimlist.summarizing.completions import Checkpoints
from skimlist.summarizing.drafts import Model

if TYPE_CHECKING:
    from skimlist.summarizing.openai_endpoint import ChatEndpoint


def open_model(
    spec: ModelSpec,
    *,
    api_key: str | None,
    checkpoints: Checkpoints,
    seconds_left: Callable[[], float],
    ca_bundle: str | None = None,
) -> Model:
    """The model behind a catalogue entry.

    `seconds_left` tells how long the function may still run, `ca_bundle` names a file of further CA certificates.
    Raises ModelKeyMissing where a key is needed and there is none, and ModelKeyRejected for one that cannot be sent.
    """
    if spec.provider is Provider.EXTRACTIVE:
        from skimlist.summarizing.extractive_model import ExtractiveModel  # noqa: PLC0415

        return ExtractiveModel(spec)
    from skimlist.summarizing.openai_model import OpenAIModel  # noqa: PLC0415

    return OpenAIModel(
        open_endpoint(spec, api_key=api_key, checkpoints=checkpoints, seconds_left=seconds_left, ca_bundle=ca_bundle)
    )


def open_endpoint(
    spec: ModelSpec,
    *,
    api_key: str | None,
    checkpoints: Checkpoints,
    seconds_left: Callable[[], float],
    ca_bundle: str | None,
) -> ChatEndpoint:
    """What a model that is not in this process is asked through. Raises ModelKeyMissing or ModelKeyRejected."""
    # A key that was stored from a file ends with a line break.
    key = (api_key or "").strip()
    if not key and spec.key_secret and not spec.key_optional:
        raise ModelKeyMissing
    if not (key.isascii() and key.isprintable()):
        raise ModelKeyRejected("The stored key has characters that no key has, such as a line break or a long dash.")
    from skimlist.summarizing.openai_endpoint import ChatEndpoint  # noqa: PLC0415

    return ChatEndpoint(
        spec,
        # The SDK wants one in any case; a server that needs none passes over it.
        api_key=key or "none",
        checkpoints=checkpoints,
        seconds_left=seconds_left,
        ca_bundle=ca_bundle,
    )
