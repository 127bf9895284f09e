"""Which responses of a model's endpoint are worth a second request: the SDK's own rule."""

from __future__ import annotations

import httpx2
import pytest

from skimlist.llm.openai_sdk import openai
from skimlist.llm.retries import MAX_DELAY, delay_before_retry


@pytest.mark.parametrize("should_retry", [None, "true", "false"])
def test_the_same_statuses_are_sent_again_as_by_the_sdk(should_retry: str | None) -> None:
    """We cannot leave it to the SDK, which also repeats a request whose answer may still be written and paid for."""
    sdk = openai.OpenAI(api_key="key")
    headers = {} if should_retry is None else {"x-should-retry": should_retry}
    request = httpx2.Request("POST", "https://models.example/v1/chat/completions")
    for status in range(400, 600):
        response = httpx2.Response(status, headers=headers, request=request)
        delay = delay_before_retry(openai.APIStatusError("", response=response, body=None))
        assert (delay is not None) == sdk._should_retry(response), status


@pytest.mark.parametrize(
    ("asked", "seconds"), [("", 0.5), ("0", 0.5), ("2.5", 2.5), (str(MAX_DELAY), MAX_DELAY), (str(MAX_DELAY + 1), None)]
)
def test_a_server_is_given_the_time_that_it_asks_for_unless_that_is_too_long(asked: str, seconds: float | None) -> None:
    request = httpx2.Request("POST", "https://models.example/v1/chat/completions")
    response = httpx2.Response(503, headers={"retry-after": asked}, request=request)
    assert delay_before_retry(openai.APIStatusError("", response=response, body=None)) == seconds


@pytest.mark.parametrize(
    ("error", "cause", "seconds"),
    [
        (openai.APIConnectionError, httpx2.ConnectError("refused"), 0.5),
        (openai.APITimeoutError, httpx2.ConnectTimeout("late"), 0.5),
        (openai.APITimeoutError, httpx2.ReadTimeout("late"), None),
    ],
)
def test_a_request_that_may_have_arrived_is_not_sent_again(
    error: type[openai.APIConnectionError], cause: Exception, seconds: float | None
) -> None:
    raised = error(request=httpx2.Request("POST", "https://models.example/v1/chat/completions"))
    raised.__cause__ = cause
    assert delay_before_retry(raised) == seconds
