"""A fake of Amazon Bedrock's OpenAI-compatible endpoint, which rejects requests without a valid AWS signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.bedrock_signatures import ROOT, SignatureCheck
from local.model.server import FakeModelServer


class FakeBedrock(FakeModelServer):
    """Serves the models of one region; `find_secret` returns the secret of an access key and its session token."""

    root = ROOT

    def __init__(self, region: str, find_secret: Callable[[str, str], str | None], **options: Any) -> None:
        super().__init__(**options)
        self._check = SignatureCheck(region, find_secret)

    def turn_away(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str | None:
        return self._check.problem(method, path, headers, body) if path.startswith(self.root) else None
