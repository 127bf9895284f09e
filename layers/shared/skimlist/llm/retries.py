"""Decides whether a request to a model is sent again: only if the server is no longer working on the first one."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import httpx2

from skimlist.llm.openai_sdk import openai

# A delay that a server asks for is respected up to two minutes, as in the SDK.
MAX_DELAY = 120.0
_USUAL_DELAY = 0.5
_RETRYABLE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})


def delay_before_retry(error: openai.APIError) -> float | None:
    """Returns the seconds to wait before the request is sent again; None if it must not be.

    After a timeout of the answer, the server may still be writing it, and it will be charged.
    """
    if isinstance(error, openai.APIStatusError):
        return _delay_asked_for(error.response.headers) if _is_temporary(error) else None
    if isinstance(error, openai.APITimeoutError):
        return _USUAL_DELAY if isinstance(error.__cause__, httpx2.ConnectTimeout) else None
    return _USUAL_DELAY if isinstance(error, openai.APIConnectionError) else None


def _is_temporary(error: openai.APIStatusError) -> bool:
    should_retry = error.response.headers.get("x-should-retry")
    if should_retry in ("true", "false"):
        return bool(should_retry == "true")
    return error.status_code in _RETRYABLE or error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def _delay_asked_for(headers: Mapping[str, str]) -> float | None:
    """Returns the delay in seconds that the server asks for; None if it is too long."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return _USUAL_DELAY
    return max(seconds, _USUAL_DELAY) if seconds <= MAX_DELAY else None
