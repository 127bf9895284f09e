"""Translates the OpenAI SDK's errors into ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from skimlist.errors import ModelUnreachable
from skimlist.llm.event_streams import join_chunks
from skimlist.llm.openai_sdk import openai
from skimlist.llm.rejections import NO_COMPLETION, meaning, rejection_in


@contextmanager
def domain_errors() -> Iterator[None]:
    """Translates the SDK's errors inside the context into one of our errors or FormRejected."""
    try:
        yield
    except (openai.APIConnectionError, httpx2.HTTPError) as error:  # the latter while a body is streamed
        raise ModelUnreachable from error
    except openai.APIStatusError as error:
        raise meaning(rejection_in(error.status_code, _decoded(error.response.content))) from error
    except (openai.OpenAIError, UnicodeError) as error:
        # The SDK decodes a rejection by the character set in its header, even if that is wrong.
        raise ModelUnreachable(NO_COMPLETION) from error


def _decoded(body: bytes) -> object:
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return join_chunks(text)
