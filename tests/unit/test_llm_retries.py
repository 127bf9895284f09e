"""Which responses of a model's endpoint are worth a second request: the SDK's own rule."""

from __future__ import annotations

import httpx2
import pytest

from skimlist.llm.openai_sdk import openai
from skimlist.llm.retries import delay_before_retry


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
