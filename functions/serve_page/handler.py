"""Serve page: serves the page, with the settings that it needs of this deployment, and the API's description.

It imports only the standard library and modules of ours that do the same: the first visitor waits for its start.
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
# The content of a URL with the version never changes; browsers ask for all others again.
IMMUTABLE, REVALIDATE = "public, max-age=31536000, immutable", "no-cache"


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    path = event.get("pathParameters") or {"file": FILES_OF_ROUTES[event["routeKey"]]}
    return _response(path["file"], event["headers"], is_current=path.get("version") == _files().version)


def _response(name: str, request_headers: dict[str, str], *, is_current: bool) -> dict[str, Any]:
    is_compressed = "gzip" in request_headers.get("accept-encoding", "")
    file = _files().find(name, is_compressed)
    # A script that is loaded later works only with the first script of its own version.
    if file is None or (is_lazy_script(name) and not is_current):
        return {"statusCode": HTTPStatus.NOT_FOUND, "headers": _security_headers(name), "body": ""}
    headers = {**_security_headers(name), "ETag": file.etag, "Vary": "Accept-Encoding"}
    headers["Cache-Control"] = IMMUTABLE if is_current else REVALIDATE
    if file.etag in request_headers.get("if-none-match", ""):
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
    """The files of Swagger UI that come with Powertools; importing Powertools would take longer than all the rest."""
    powertools = find_spec("aws_lambda_powertools")
    if powertools is None or powertools.origin is None:
        raise ModuleNotFoundError("aws_lambda_powertools is missing; the layer of shared code contains it.")
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
    """The policy of the page: only our own files run, and text never becomes markup.

    The page connects only to this API and to Cognito; a frame may show only YouTube's player.
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
    """The policy of the API's description: Swagger UI makes markup from text, but runs only our files."""
    return security_headers.content_security_policy(
        script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'"
    )
