"""Serve page: gives a browser the page, what the page must know of this deployment, and the description of the API.

It imports nothing but the standard library and modules of ours that do the same: the first visitor waits for its start.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from page_files import API_DOCS, DOCUMENT, OPENAPI, PageFiles, is_lazy_script

from skimlist import security_headers
from skimlist.config import settings

FILES_OF_ROUTES = {"GET /": DOCUMENT, "GET /api/docs": API_DOCS, "GET /api/openapi.json": OPENAPI}
# An address that names the version never changes its content; any other one is asked for again.
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    asked = event.get("pathParameters") or {"file": FILES_OF_ROUTES[event["routeKey"]]}
    return _answer(asked["file"], event["headers"], is_current=asked.get("version") == _files().version)


def _answer(name: str, asked: dict[str, str], *, is_current: bool) -> dict[str, Any]:
    is_compressed = "gzip" in asked.get("accept-encoding", "")
    file = _files().find(name, is_compressed)
    # A script that is loaded later works only with the first script of its own version.
    if file is None or (is_lazy_script(name) and not is_current):
        return {"statusCode": HTTPStatus.NOT_FOUND, "headers": _security_headers(name), "body": ""}
    headers = {**_security_headers(name), "ETag": file.etag, "Vary": "Accept-Encoding"}
    headers["Cache-Control"] = FOR_EVER if is_current else ASK_AGAIN
    if file.etag in asked.get("if-none-match", ""):
        return {"statusCode": HTTPStatus.NOT_MODIFIED, "headers": headers, "body": ""}
    headers["Content-Type"] = file.media_type
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    return {"statusCode": HTTPStatus.OK, "headers": headers, "body": file.body, "isBase64Encoded": True}


@cache
def _files() -> PageFiles:
    config = {"client_id": settings().user_pool_client_id, "cognito_endpoint": settings().cognito_endpoint}
    return PageFiles(Path(settings().page_folder), config, _swagger_ui())


def _swagger_ui() -> dict[str, Path]:
    """The viewer as Powertools ships it; to import Powertools would take longer than all the rest."""
    powertools = find_spec("aws_lambda_powertools")
    if powertools is None or powertools.origin is None:
        raise ModuleNotFoundError("aws_lambda_powertools is missing; the layer of shared code brings it.")
    folder = Path(powertools.origin).parent / "event_handler" / "openapi" / "swagger_ui"
    return {
        "docs/swagger-ui.js": folder / "swagger-ui-bundle.min.js",
        "docs/swagger-ui.css": folder / "swagger-ui.min.css",
    }


def _security_headers(file: str) -> dict[str, str]:
    policy = _policy_of_api_docs() if file == API_DOCS else _policy()
    return {**security_headers.COMMON, "Content-Security-Policy": policy}


@cache
def _policy() -> str:
    """Only our own files run, and text never becomes markup.

    Nothing goes elsewhere than to this API and to Cognito; a frame may hold YouTube's player alone.
    """
    return security_headers.content_security_policy(
        script_src="'self'",
        style_src="'self'",
        img_src="'self'",
        manifest_src="'self'",
        connect_src=f"'self' {settings().cognito_endpoint}",
        frame_src="https://www.youtube-nocookie.com",  # plays a moment of a video when somebody asks for it
        require_trusted_types_for="'script'",
        trusted_types="'none'",
    )


@cache
def _policy_of_api_docs() -> str:
    """Swagger UI makes markup of text, which it cleans itself; it runs our files alone and asks this API alone."""
    return security_headers.content_security_policy(
        script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'"
    )
