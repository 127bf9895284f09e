"""Limits per user hold on the running stack, also for simultaneous requests."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from testkit.whole_stack import WholeStack

AT_ONCE, A_DAY = 3, 10


@pytest.fixture
def limited(stack: WholeStack) -> Iterator[None]:
    """Sets low limits in the API, and resets them afterwards."""
    account = stack.local.account
    function = {"FunctionName": account.physical_id("ApiFunction")}
    functions = account.client("lambda")
    variables = functions.get_function_configuration(**function)["Environment"]["Variables"]
    limits = {"BATCHES_AT_ONCE": str(AT_ONCE), "VIDEOS_A_DAY": str(A_DAY)}
    functions.update_function_configuration(**function, Environment={"Variables": variables | limits})
    try:
        yield
    finally:
        functions.update_function_configuration(**function, Environment={"Variables": variables})


@pytest.mark.usefixtures("limited")
def test_racing_requests_are_accepted_one_by_one_and_repeated_ones_count_once(user: httpx.Client) -> None:
    def create(key: str) -> int:
        request = {"urls": ["Lighthouse1", "Sauerteig_1"], "model": "extractive"}
        return user.post("batch/create", json=request, headers={"Idempotency-Key": key}).status_code

    keys = [str(uuid.uuid4()) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(create, keys))
        repeated = list(pool.map(create, keys))
    assert Counter(answers) == {201: AT_ONCE, 429: 5 - AT_ONCE}
    assert [status for status, first in zip(repeated, answers, strict=True) if first == 201] == [201] * AT_ONCE
    assert len(user.get("batch").json()["batches"]) == AT_ONCE

    draft = {"urls": ["Polinesia_1", "Momiji_no_1", "Steel_Box_1", "Silent_Film", "Hidden_Film"], "start": False}
    refused = user.post("batch/create", json=draft)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_videos")
    assert "4 left today" in refused.json()["error"]["message"]
    assert int(refused.headers["Retry-After"]) > 0
    assert user.post("batch/create", json={**draft, "urls": draft["urls"][:4]}).status_code == httpx.codes.CREATED
