"""Verifies signatures of requests to the emulator (AWS Signature Version 4, in the header or in a link)."""

from __future__ import annotations

import os
import re

from ministack.core.iam_evaluator import CredentialResolutionError, is_root_access_key, resolve_credential
from ministack.core.router import extract_access_key_id
from ministack.core.sigv4 import (
    HeaderSignature,
    header_signature_failure,
    parse_query_signature,
    presigned_request_is_expired,
    request_time_failure,
)

from local.request_guard import Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/([\w-]+)/aws4_request, ?"
    r"SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})"
)

UNSIGNED = (
    "Requests must be signed with a key of this account; the file `credentials` in the stack's state folder holds one."
)
UNKNOWN_KEY = "This access key does not belong to this account."
EXPIRED = "The signature has expired."
WRONG_SIGNATURE = "The signature does not match the request."


def signature_problem(request: Request, body: bytes) -> str | None:
    """Returns why the request's signature is not valid; None if it is one of the administrator, a role or a user.

    ministack verifies signatures itself, but not those of the keys that it accepts as the root user's.
    """
    is_link = "authorization" not in request.headers
    signature = _link_signature(request) if is_link else _header_signature(request)
    if signature is None:
        return UNSIGNED
    # The signature must be verified for the same key whose permissions are checked later.
    if extract_access_key_id(request.headers, request.query) != signature.access_key_id:
        return UNSIGNED
    in_query = request.query.get("X-Amz-Security-Token", [""])[0]
    secret = _secret(signature.access_key_id, in_query if is_link else request.headers.get("x-amz-security-token", ""))
    if secret is None:
        return UNKNOWN_KEY
    if _has_expired(signature, request, is_link=is_link):
        return EXPIRED
    signed = (request.method, request.raw_path, request.query, request.headers, body)
    return WRONG_SIGNATURE if header_signature_failure(signature, secret, *signed, presigned=is_link) else None


def _header_signature(request: Request) -> HeaderSignature | None:
    parts = _AUTHORIZATION.fullmatch(request.headers["authorization"])
    if parts is None or request.is_presigned:
        return None
    return HeaderSignature(*parts.groups(), request.headers.get("x-amz-date", ""))


def _link_signature(request: Request) -> HeaderSignature | None:
    """Returns the signature of a link to read or upload an object; no others are needed, so none are accepted."""
    if request.method not in {"GET", "HEAD", "PUT"} or request.query.get("X-Amz-Algorithm") != ["AWS4-HMAC-SHA256"]:
        return None
    signature = parse_query_signature(request.query)
    is_whole = isinstance(signature, HeaderSignature) and signature.service == "s3" and signature.signature.isascii()
    return signature if is_whole else None


def _secret(access_key_id: str, session_token: str) -> str | None:
    # ministack accepts more keys as the root user's than the one that this process was started with.
    if is_root_access_key(access_key_id) and access_key_id != os.environ["AWS_ACCESS_KEY_ID"]:
        return None
    found = resolve_credential(access_key_id, session_token=session_token)
    return None if isinstance(found, CredentialResolutionError) else found.secret_access_key


def _has_expired(signature: HeaderSignature, request: Request, *, is_link: bool) -> bool:
    if not is_link:
        return request_time_failure(signature) is not None
    try:
        return bool(presigned_request_is_expired(signature.amz_date, request.query["X-Amz-Expires"][0]))
    except (KeyError, ValueError):
        return True
