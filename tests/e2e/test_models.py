"""Summaries from an OpenAI-compatible endpoint: how each of its failures ends, and that nothing is paid twice."""

from __future__ import annotations

import httpx
import pytest

from local.model import Failure
from local.model.failures import HTTP_ERRORS
from testkit.whole_stack import WholeStack, await_status, create_batch

VIDEO = "Lighthouse1"


def test_a_summary_carries_its_tokens_and_its_cost_and_is_found_by_another_batch(
    stack: WholeStack, user: httpx.Client
) -> None:
    first = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    item = first["items"][0]
    assert item["status"] == "completed"
    assert min(item["tokens_in"], item["tokens_out"], item["cost_usd"]) > 0
    assert first["cost"]["usd"] == item["cost_usd"]
    assert first["tokens"] == {"input": item["tokens_in"], "output": item["tokens_out"]}

    asked, fetched = stack.model.requests["asked"], stack.youtube.requests
    second = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    assert second["items"][0]["cached"] is True
    assert second["cost"] == {"usd": 0, "saved_usd": first["cost"]["usd"]}
    assert (stack.model.requests["asked"], stack.youtube.requests) == (asked, fetched)
    different = await_status(user, create_batch(user, VIDEO, model="openai", summary_length="brief")["id"])
    assert different["items"][0]["cached"] is False


@pytest.mark.parametrize(
    ("failure", "code"),
    [(Failure.CUT_OFF, "model_answer_invalid"), (Failure.CONTENT_FILTER, "model_refused")],
)
def test_a_failure_of_the_model_fails_the_video_alone_and_a_retry_goes_through(
    stack: WholeStack, user: httpx.Client, failure: Failure, code: str
) -> None:
    stack.model.fail(failure)
    batch = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    assert batch["status"] == "completed"
    item = batch["items"][0]
    assert item["error"]["code"] == code
    # An answer that could not be used was paid for all the same.
    assert batch["cost"]["usd"] == item["cost_usd"]
    assert (item["cost_usd"] > 0) is (failure not in HTTP_ERRORS)

    stack.model.recover()
    fetched = stack.youtube.requests["timedtext"][VIDEO]
    assert user.post(f"batch/{batch['id']}/retry", json={"all": True}).status_code == httpx.codes.ACCEPTED
    mended = await_status(user, batch["id"])
    assert mended["progress"]["completed"] == 1
    assert mended["cost"]["usd"] == mended["items"][0]["cost_usd"] > item["cost_usd"]
    assert stack.youtube.requests["timedtext"][VIDEO] == fetched


@pytest.mark.parametrize(
    ("failure", "asked"),
    [
        pytest.param(Failure.SERVER_ERROR, 2, id="an error that passes"),
        pytest.param(Failure.NOT_JSON, 2, id="an answer that is repaired"),
        pytest.param("gateway:ok_as_a_stream", 1, id="a stream nobody asked for"),
    ],
)
def test_a_brief_failure_ends_within_the_step(stack: WholeStack, user: httpx.Client, failure: str, asked: int) -> None:
    before = stack.model.requests["asked"]
    stack.model.fail(failure, times=1)
    batch = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    assert (batch["progress"]["completed"], batch["items"][0]["attempts"]) == (1, 1)
    assert stack.model.requests["asked"] == before + asked


@pytest.mark.parametrize(
    ("failure", "code", "tries_the_next_video"),
    [(Failure.RATE_LIMITED, "model_overloaded", True), (Failure.KEY_REJECTED, "model_key_rejected", False)],
)
def test_an_endpoint_that_answers_nobody_pauses_the_batch_and_fails_no_video(
    stack: WholeStack, user: httpx.Client, failure: Failure, code: str, tries_the_next_video: bool
) -> None:
    stack.model.fail(failure)
    fetched = stack.youtube.requests["watch"].get("Sauerteig_1")
    batch = create_batch(user, VIDEO, "Sauerteig_1", model="openai")
    paused = await_status(user, batch["id"], {"paused"})
    assert (paused["pause"]["code"], paused["progress"]["failed"]) == (code, 0)
    assert (stack.youtube.requests["watch"].get("Sauerteig_1") != fetched) is tries_the_next_video

    stack.model.recover()
    user.post(f"batch/{batch['id']}/resume").raise_for_status()
    assert await_status(user, batch["id"])["progress"]["completed"] == 2
