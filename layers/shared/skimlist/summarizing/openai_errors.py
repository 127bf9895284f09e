"""The OpenAI SDK's errors as ours, told apart by class, status and code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from skimlist.errors import (
    ModelAccessDenied,
    ModelKeyRejected,
    ModelOverloaded,
    ModelQuotaExceeded,
    ModelRefused,
    ModelRequestRejected,
    ModelUnreachable,
)
from skimlist.summarizing.openai_sdk import openai


class FormRejected(Exception):
    """The endpoint answered that it does not take a request of this form."""


# A code says more than the status that it comes with.
_ERRORS_BY_CODE: Mapping[str | None, type[Exception]] = {
    "insufficient_quota": ModelQuotaExceeded,
    "billing_hard_limit_reached": ModelQuotaExceeded,
    "content_filter": ModelRefused,
    "context_length_exceeded": ModelRequestRejected,
}
# What some endpoints say in words only: a moderated input comes with a 403 (openrouter.ai/docs/api-reference/errors),
# an empty account with a 400 (Anthropic). The words tell only what a failure is; they go no further.
_ERRORS_BY_WORDS: Mapping[re.Pattern[str], type[Exception]] = {
    re.compile(r"\bflagged\b|\bmoderation\b|\bcontent[ _](filter|policy|management)", re.IGNORECASE): ModelRefused,
    re.compile(r"\bcredit balance is too low\b", re.IGNORECASE): ModelQuotaExceeded,
}
_IN_WORDS = frozenset({400, 403})
_ERRORS_BY_STATUS: Mapping[int, type[Exception]] = {
    400: FormRejected,
    401: ModelKeyRejected,
    402: ModelQuotaExceeded,
    403: ModelAccessDenied,
    408: ModelUnreachable,
    409: ModelUnreachable,
    422: FormRejected,
    429: ModelOverloaded,
}


@contextmanager
def foreign_errors() -> Iterator[None]:
    """Raises one of our errors, or FormRejected, for what the SDK raises inside."""
    try:
        yield
    except openai.APIConnectionError as error:
        raise ModelUnreachable from error
    except openai.APIStatusError as error:
        raise _our_error(error) from error
    except openai.APIError as error:
        raise ModelUnreachable("The model's endpoint answered something that is not a chat completion.") from error


def _our_error(error: openai.APIStatusError) -> Exception:
    if error.code in _ERRORS_BY_CODE:
        return _ERRORS_BY_CODE[error.code]()
    if error.status_code in _IN_WORDS:
        for words, meaning in _ERRORS_BY_WORDS.items():
            if words.search(error.message):
                return meaning()
    if error.status_code in _ERRORS_BY_STATUS:
        return _ERRORS_BY_STATUS[error.status_code]()
    if 300 <= error.status_code < 400:
        return ModelRequestRejected(
            f"The model's endpoint sends requests on to another address (HTTP status {error.status_code}), which is "
            "not asked. Give the deployment the address at which the model answers."
        )
    if error.status_code >= 500:
        return ModelUnreachable()
    return ModelRequestRejected(f"The model's endpoint rejected the request with HTTP status {error.status_code}.")
