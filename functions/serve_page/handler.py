"""Serve page: gives a browser the page, and what the page must know of this deployment.

It imports nothing but the standard library and our settings: the first visitor waits for its start.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from page_files import DOCUMENT, PageFiles

from skimlist.config import settings

# An address that names the version never changes its content; any other one is asked for again.
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    place = event.get("pathParameters") or {"file": DOCUMENT}
    is_current = place.get("version") == _files().version
    return _answer(place["file"], event["headers"], FOR_EVER if is_current else ASK_AGAIN)


def _answer(name: str, asked: dict[str, str], lives: str) -> dict[str, Any]:
    is_compressed = "gzip" in asked.get("accept-encoding", "")
    file = _files().find(name, is_compressed)
    if file is None:
        return {"statusCode": HTTPStatus.NOT_FOUND, "headers": _security_headers(), "body": ""}
    headers = {**_security_headers(), "ETag": file.etag, "Cache-Control": lives, "Vary": "Accept-Encoding"}
    if file.etag in asked.get("if-none-match", ""):
        return {"statusCode": HTTPStatus.NOT_MODIFIED, "headers": headers, "body": ""}
    headers["Content-Type"] = file.media_type
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    return {"statusCode": HTTPStatus.OK, "headers": headers, "body": file.body, "isBase64Encoded": True}


@cache
def _files() -> PageFiles:
    config = {"client_id": settings().user_pool_client_id, "cognito_endpoint": settings().cognito_endpoint}
    return PageFiles(Path(settings().page_folder), config)


@cache
def _security_headers() -> dict[str, str]:
    """Only our own files run, text never becomes markup, nothing goes elsewhere than to this API and to Cognito."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self' {settings().cognito_endpoint}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }
