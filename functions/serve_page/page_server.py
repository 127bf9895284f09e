"""Decides which response a request for a file of the page gets: its status, its headers, and its body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from page_files import API_DOCS, PageFiles, is_lazy_script

from skimlist import security_headers

# The content of a URL with the current version never changes; browsers revalidate all others.
IMMUTABLE, REVALIDATE = "public, max-age=31536000, immutable", "no-cache"


class PageServer:
    """Serves `files` to browsers, which connect to these `origins`: to sign in, and to upload files."""

    def __init__(self, files: PageFiles, origins: Iterable[str]) -> None:
        self.files = files
        # Only our own files run, and text never becomes markup. The page connects only to this API and the origins.
        self._policy = security_headers.content_security_policy(
            script_src="'self'",
            style_src="'self'",
            img_src="'self'",
            manifest_src="'self'",
            connect_src=" ".join(["'self'", *origins]),
            frame_src="https://www.youtube-nocookie.com",  # plays a moment of a video on request
            require_trusted_types_for="'script'",
            trusted_types="'none'",
        )
        # Swagger UI makes markup from text, but only our files run there too.
        self._policy_of_api_docs = security_headers.content_security_policy(
            script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'"
        )

    def respond(self, name: str, version: str | None, request_headers: Mapping[str, str]) -> dict[str, Any]:
        """Returns the response of an HTTP API (format 2.0); `version` is that of the URL, if it has one."""
        is_current = version == self.files.version
        is_compressed = "gzip" in request_headers.get("accept-encoding", "")
        file = self.files.find(name, is_compressed)
        # A lazy script works only with the first script of its own version.
        if file is None or (is_lazy_script(name) and not is_current):
            return {"statusCode": HTTPStatus.NOT_FOUND, "headers": self._security_headers(name), "body": ""}
        headers = {**self._security_headers(name), "ETag": file.etag, "Vary": "Accept-Encoding"}
        headers["Cache-Control"] = IMMUTABLE if is_current else REVALIDATE
        if file.etag in request_headers.get("if-none-match", ""):
            return {"statusCode": HTTPStatus.NOT_MODIFIED, "headers": headers, "body": ""}
        headers["Content-Type"] = file.media_type
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        return {"statusCode": HTTPStatus.OK, "headers": headers, "body": file.body, "isBase64Encoded": True}

    def _security_headers(self, name: str) -> dict[str, str]:
        policy = self._policy_of_api_docs if name == API_DOCS else self._policy
        return {**security_headers.COMMON, "Content-Security-Policy": policy}
