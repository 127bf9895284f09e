"""Serve page: serves the page with the settings of this deployment, and the API's docs.

It imports only the standard library and modules of ours that do the same, because a first visitor waits for it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from page_files import API_DOCS, DOCUMENT, OPENAPI, PageFiles, swagger_ui
from page_server import PageServer

from skimlist.config import settings

FILES_OF_ROUTES = {"GET /": DOCUMENT, "GET /api/docs": API_DOCS, "GET /api/openapi.json": OPENAPI}


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    path = event.get("pathParameters") or {"file": FILES_OF_ROUTES[event["routeKey"]]}
    return _page_server().respond(path["file"], path.get("version"), event["headers"])


@cache
def _page_server() -> PageServer:
    config = {"client_id": settings().user_pool_client_id, "cognito_endpoint": settings().cognito_endpoint}
    origins = (settings().cognito_endpoint, settings().upload_origin)
    return PageServer(PageFiles(Path(settings().page_folder), config, swagger_ui()), origins)
