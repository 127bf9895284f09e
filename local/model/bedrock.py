"""A fake of Amazon Bedrock's OpenAI-compatible endpoint, which rejects requests without a valid AWS signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from ministack.core.sigv4 import (
    SIGNATURE_MISMATCH,
    HeaderSignature,
    header_signature_failure,
    parse_header_signature,
    request_time_failure,
)

from local.model.server import FakeModelServer

SERVICE = "bedrock"


class FakeBedrock(FakeModelServer):
    """Serves the models of one region; `find_secret` returns the secret of an access key and its session token.

    Its errors about signatures are worded like AWS's. Like the endpoint bedrock-runtime, it checks the service and
    region for which the request was signed, its age, all signed headers and the body.
    """

    root = "/openai/v1"

    def __init__(self, region: str, find_secret: Callable[[str, str], str | None], **options: Any) -> None:
        super().__init__(**options)
        self._region = region
        self._find_secret = find_secret

    def turn_away(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str | None:
        if not path.startswith(self.root):
            return None
        signature = parse_header_signature(headers)
        if not isinstance(signature, HeaderSignature):
            return str(signature[1])
        return self._wrong_scope(signature) or self._wrong_signature(signature, method, path, headers, body)

    def _wrong_scope(self, signature: HeaderSignature) -> str | None:
        if signature.region != self._region:
            return "Credential should be scoped to a valid region. "
        if signature.service != SERVICE:
            return f"Credential should be scoped to correct service: '{SERVICE}'. "
        return None

    def _wrong_signature(
        self, signature: HeaderSignature, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> str | None:
        secret = self._find_secret(signature.access_key_id, headers.get("x-amz-security-token", ""))
        if secret is None:
            return "The security token included in the request is invalid."
        actual = sha256(body).hexdigest()
        if headers.get("x-amz-content-sha256", actual) != actual:  # which the verification takes as it is told
            return str(SIGNATURE_MISMATCH)
        failure = request_time_failure(signature) or header_signature_failure(
            signature, secret, method, path, {}, headers, body
        )
        return failure[1] if failure else None
