"""Summaries from an OpenAI-compatible endpoint: how each of its failures ends, and that nothing is paid twice."""

from __future__ import annotations

import httpx
import pytest

from local.model import Failure
from local.model.failures import HTTP_ERRORS
from testkit.whole_stack import WholeStack, await_status, create_batch

VIDEO = "Lighthouse1"


def test_a_summary_of_a_model_carries_its_tokens_and_its_cost(stack: WholeStack, user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    item = batch["items"][0]
    assert item["status"] == "completed"
    assert min(item["tokens_in"], item["tokens_out"], item["cost_usd"]) > 0
    assert batch["cost"]["usd"] == item["cost_usd"]
    assert batch["tokens"] == {"input": item["tokens_in"], "output": item["tokens_out"]}


def test_a_summary_that_another_batch_paid_for_is_found(stack: WholeStack, user: httpx.Client) -> None:
    first = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    asked, fetched = stack.model.requests["asked"], stack.youtube.requests
    second = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    assert second["items"][0]["cached"] is True
    assert second["cost"] == {"usd": 0, "saved_usd": first["cost"]["usd"]}
    assert (stack.model.requests["asked"], stack.youtube.requests) == (asked, fetched)
    different = await_status(user, create_batch(user, VIDEO, model="openai", summary_length="brief")["id"])
    assert different["items"][0]["cached"] is False


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure.NOT_JSON, "model_answer_invalid"),
        (Failure.INVALID_ANSWER, "model_answer_invalid"),
        (Failure.CUT_OFF, "model_answer_invalid"),
        (Failure.REFUSAL, "model_refused"),
        (Failure.CONTENT_FILTER, "model_refused"),
    ],
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
    "failure", [Failure.NOT_JSON, Failure.CUT_OFF, Failure.SERVER_ERROR, Failure.RATE_LIMITED, Failure.SCHEMA_REJECTED]
)
def test_a_brief_failure_is_retried_within_the_step(stack: WholeStack, user: httpx.Client, failure: Failure) -> None:
    stack.model.fail(failure, times=1)
    batch = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    assert (batch["progress"]["completed"], batch["items"][0]["attempts"]) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        pytest.param("lmstudio:empty", 2, id="an answer without a word, repaired"),
        pytest.param(Failure.CACHE_NOT_COUNTED, 2, id="a repair of which the cached part is not counted"),
        pytest.param("ollama:ok", 1, id="the answer among the reasoning"),
        pytest.param("vllm:ok", 1, id="the answer behind half of a tag"),
        pytest.param("gateway:ok_as_a_stream", 1, id="a stream nobody asked for"),
    ],
)
def test_an_odd_answer_is_read_or_repaired_at_once(
    stack: WholeStack, user: httpx.Client, answer: str, asked: int
) -> None:
    before = stack.model.requests["asked"]
    stack.model.fail(answer, times=None if answer is Failure.CACHE_NOT_COUNTED else 1)
    batch = await_status(user, create_batch(user, VIDEO, model="openai")["id"])
    assert (batch["progress"]["completed"], batch["items"][0]["attempts"]) == (1, 1)
    assert stack.model.requests["asked"] == before + asked


@pytest.mark.parametrize(
    ("failure", "code"),
    [(Failure.RATE_LIMITED, "model_overloaded"), (Failure.SERVER_ERROR, "model_unreachable")],
)
def test_an_endpoint_that_is_down_pauses_the_batch_and_fails_no_video(
    stack: WholeStack, user: httpx.Client, failure: Failure, code: str
) -> None:
    stack.model.fail(failure)
    batch = create_batch(user, VIDEO, "Sauerteig_1", model="openai")
    paused = await_status(user, batch["id"], {"paused"})
    assert (paused["pause"]["code"], paused["progress"]["failed"]) == (code, 0)

    stack.model.recover()
    user.post(f"batch/{batch['id']}/resume").raise_for_status()
    assert await_status(user, batch["id"])["progress"]["completed"] == 2


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure.QUOTA, "model_quota_exceeded"),
        (Failure.KEY_REJECTED, "model_key_rejected"),
        (Failure.UNKNOWN_MODEL, "model_not_found"),
    ],
)
def test_an_empty_account_a_wrong_key_or_an_unknown_model_pauses_the_batch_and_fails_no_video(
    stack: WholeStack, user: httpx.Client, failure: Failure, code: str
) -> None:
    stack.model.fail(failure)
    fetched = stack.youtube.requests["watch"].get("Sauerteig_1")
    batch = create_batch(user, VIDEO, "Sauerteig_1", model="openai")
    paused = await_status(user, batch["id"], {"paused"})
    assert (paused["pause"]["code"], paused["progress"]["failed"]) == (code, 0)
    assert stack.youtube.requests["watch"].get("Sauerteig_1") == fetched

    stack.model.recover()
    user.post(f"batch/{batch['id']}/resume").raise_for_status()
    assert await_status(user, batch["id"])["progress"]["completed"] == 2
