"""Verifies signatures of requests to Amazon Bedrock's OpenAI-compatible endpoint, with AWS's own words for errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ministack.core.sigv4 import (
    SIGNATURE_MISMATCH,
    HeaderSignature,
    header_signature_failure,
    parse_header_signature,
    request_time_failure,
)

# The name of the service in signatures for the endpoint bedrock-runtime.
SERVICE = "bedrock"
# The beginning of the protocol's paths.
ROOT = "/openai/v1"


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """Checks requests to one region; `find_secret` returns the secret of an access key and its session token.

    Like the endpoint bedrock-runtime, it checks the service and the region for which a request was signed, its age, all
    signed headers and the body.
    """

    region: str
    find_secret: Callable[[str, str], str | None]

    def problem(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str | None:
        """Returns why the request is rejected, or None. The names of the headers are in lower case."""
        signature = parse_header_signature(headers)
        if not isinstance(signature, HeaderSignature):
            return str(signature[1])
        return self._wrong_scope(signature) or self._wrong_signature(signature, method, path, headers, body)

    def _wrong_scope(self, signature: HeaderSignature) -> str | None:
        if signature.region != self.region:
            return "Credential should be scoped to a valid region. "
        if signature.service != SERVICE:
            return f"Credential should be scoped to correct service: '{SERVICE}'. "
        return None

    def _wrong_signature(
        self, signature: HeaderSignature, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> str | None:
        secret = self.find_secret(signature.access_key_id, headers.get("x-amz-security-token", ""))
        if secret is None:
            return "The security token included in the request is invalid."
        actual = sha256(body).hexdigest()
        if headers.get("x-amz-content-sha256", actual) != actual:  # moto does not compare it with the body
            return str(SIGNATURE_MISMATCH)
        failure = request_time_failure(signature) or header_signature_failure(
            signature, secret, method, path, {}, headers, body
        )
        return failure[1] if failure else None
