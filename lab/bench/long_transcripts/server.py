"""The fake model server in its own process, so that it does not share a core with its clients."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `base_url` is for an OpenAI client."""

    base_url: str

    def counts(self) -> Counter[str]:
        """Returns the calls and tokens since the start, by OpenAI's names."""
        answer = httpx.get(self.base_url.removesuffix("/v1") + "/requests", trust_env=False).raise_for_status().json()
        return Counter({"calls": answer["asked"], **answer["used"]})

    def warm_up(self) -> None:
        """Makes the server load its tokenizer, so that the first request does not wait for that."""
        question = {"model": "any", "messages": [{"role": "user", "content": "Are you there?"}]}
        httpx.post(f"{self.base_url}/chat/completions", json=question, trust_env=False, timeout=60).raise_for_status()


@contextmanager
def serving(*, latency: float, prefill: float | None) -> Iterator[Server]:
    options = ["--latency", str(latency), *(["--prefill", str(prefill)] if prefill else [])]
    command = [sys.executable, "-m", "local.model", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            server = Server(process.stdout.readline().strip().removeprefix("OPENAI_BASE_URL="))
            server.warm_up()
            yield server
        finally:
            process.terminate()
