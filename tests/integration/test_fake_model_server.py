"""The fake model server, controlled over HTTP as the whole-stack tests do."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local.model import FakeModelServer
from tests.fakes.browsers import FROM_WEBSITES

QUESTION = {
    "model": "any",
    "messages": [{"role": "system", "content": "Summarize."}, {"role": "user", "content": "[1] Bread needs time."}],
}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with (
        FakeModelServer() as fake,
        httpx.Client(base_url=fake.base_url.removesuffix("/v1"), trust_env=False) as client,
    ):
        yield client


def ask(client: httpx.Client) -> int:
    return client.post("/v1/chat/completions", json=QUESTION).status_code


def test_failures_come_as_often_as_requested(client: httpx.Client) -> None:
    client.put("/failures", json={"failure": "server_error", "times": 2})
    assert [ask(client) for _ in range(3)] == [500, 500, 200]


@pytest.mark.parametrize("path", ["/failures", "/v1/chat/completions"])
@pytest.mark.parametrize("headers", FROM_WEBSITES)
def test_websites_are_refused(client: httpx.Client, path: str, headers: dict[str, str]) -> None:
    hidden = "PUT /failures HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    for method in ("GET", "POST", "PUT"):
        assert client.request(method, path, headers=headers, content=hidden).status_code == 403
    assert ask(client) == 200
    assert client.get("/requests").json()["asked"] == 1


def test_failures_end_on_request(client: httpx.Client) -> None:
    client.put("/failures", json={"failure": "quota"})
    assert ask(client) == 429
    client.delete("/failures")
    assert ask(client) == 200


def test_the_same_prompt_answered_twice_shows_in_the_counts(client: httpx.Client) -> None:
    client.put("/failures", json={"failure": "rate_limited", "times": 1})
    for _ in range(3):
        ask(client)
    requests = client.get("/requests").json()
    assert requests["asked"] == 3
    assert list(requests["answered"].values()) == [2]


def test_tokens_are_counted_as_openai_counts_them(client: httpx.Client) -> None:
    usage = client.post("/v1/chat/completions", json=QUESTION).json()["usage"]
    assert usage["prompt_tokens"] == 3 + (3 + 4) + (3 + 7)
    assert usage["completion_tokens"] > 0


def test_the_tokens_of_all_answers_are_counted(client: httpx.Client) -> None:
    for _ in range(2):
        ask(client)
    used = client.get("/requests").json()["used"]
    assert used["total_tokens"] == used["prompt_tokens"] + used["completion_tokens"] > 0


def test_a_prompt_without_numbered_lines_gets_a_plain_text(client: httpx.Client) -> None:
    answer = client.post(
        "/v1/chat/completions", json={"model": "any", "messages": [{"role": "user", "content": "A b"}]}
    )
    assert answer.json()["choices"][0]["message"]["content"] == "A b"


def test_reading_a_long_prompt_takes_time() -> None:
    fake = FakeModelServer(latency=1.0, prefill=10.0)
    assert fake.seconds_for([{"role": "user", "content": "x" * 400}]) == pytest.approx(11.0)


def test_there_is_nothing_else(client: httpx.Client) -> None:
    assert client.get("/v1/models").status_code == 404
