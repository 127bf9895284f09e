"""The spending limit on the running stack: two batches of one user reach it at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from testkit.whole_stack import WholeStack, await_mail, await_status, create_batch

FIRST, SECOND = ["Lighthouse1", "Sauerteig_1"], ["Polinesia_1", "Momiji_no_1"]


@pytest.fixture
def usd_a_day(stack: WholeStack) -> Iterator[Callable[[float], None]]:
    """Sets what one user may spend, and resets it afterwards."""
    account = stack.local.account
    function = {"FunctionName": account.physical_id("SummarizeVideoFunction")}
    functions = account.client("lambda")
    variables = functions.get_function_configuration(**function)["Environment"]["Variables"]

    def set_limit(usd: float) -> None:
        changed = {**variables, "USD_A_DAY": f"{usd:.6f}"}
        functions.update_function_configuration(**function, Environment={"Variables": changed})

    try:
        yield set_limit
    finally:
        functions.update_function_configuration(**function, Environment={"Variables": variables})


def test_two_batches_at_once_stop_at_the_limit_and_continue_when_it_is_raised(
    stack: WholeStack, user: httpx.Client, usd_a_day: Callable[[float], None]
) -> None:
    stack.model.latency = 0.5
    draft = create_batch(user, *FIRST, *SECOND, model="openai", start=False, preflight=True)
    checked = await_status(user, draft["id"], {"draft"}, lambda batch: batch["preflight"]["status"] == "ready")
    estimates = {item["video_id"]: item["preflight"]["cost_usd"] for item in checked["items"]}
    limit = sum(estimates.values()) * 0.6
    usd_a_day(limit)
    ids = [create_batch(user, *videos, model="openai")["id"] for videos in (FIRST, SECOND)]
    batches = [await_status(user, batch_id, {"paused", "completed"}) for batch_id in ids]
    stack.model.latency = 0

    paused = [batch for batch in batches if batch["status"] == "paused"]
    assert {batch["pause"]["code"] for batch in paused} == {"daily_spending_reached"}
    assert {batch["pause"]["until"][11:19] for batch in paused} == {"00:00:00"}
    assert [batch["progress"]["failed"] for batch in batches] == [0, 0]
    done = [item for batch in batches for item in batch["items"] if item["status"] == "completed"]
    assert 0 < len(done) < len(FIRST + SECOND)
    above_estimates = sum(max(item["cost_usd"] - estimates[item["video_id"]], 0) for item in done)
    assert 0 < sum(item["cost_usd"] for item in done) <= limit + above_estimates
    await_mail(stack, paused[0]["id"], "each user may spend")

    usd_a_day(limit * 10)
    for batch in paused:
        assert user.post(f"batch/{batch['id']}/resume").status_code == httpx.codes.ACCEPTED
    ended = [await_status(user, batch_id, {"completed"}) for batch_id in ids]
    assert [batch["progress"]["completed"] for batch in ended] == [2, 2]
