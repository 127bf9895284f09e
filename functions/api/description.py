"""How the API describes itself: the OpenAPI document, and a page to browse it. Both are made when somebody asks."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types

# In plain values: the library's models of OpenAPI take a third of the time in which the API starts.
DESCRIPTION: dict[str, Any] = {
    "title": "Skimlist",
    "version": "1",
    "openapi_version": "3.1.0",
    "description": "Summaries of whole lists of YouTube videos, one after the other, at a known cost.",
    "servers": [{"url": "/api"}],
    "security_schemes": {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The ID token of the user pool",
        }
    },
    "security": [{"token": []}],
}


def register(app: APIGatewayHttpResolver) -> None:
    @app.get("/openapi.json", include_in_schema=False)
    def document() -> Response[str]:
        return Response(HTTPStatus.OK.value, content_types.APPLICATION_JSON, _document(app))

    @app.get("/docs", compress=True, include_in_schema=False)
    def page() -> Response[str]:
        return Response(HTTPStatus.OK.value, content_types.TEXT_HTML, _page(_document(app)))


def _document(app: APIGatewayHttpResolver) -> str:
    return app.get_openapi_json_schema(**DESCRIPTION)


def _page(document: str) -> str:
    from aws_lambda_powertools.event_handler.openapi import swagger_ui  # noqa: PLC0415 - imports the models

    folder = Path(swagger_ui.__file__).parent
    script, styles = ((folder / name).read_text() for name in ("swagger-ui-bundle.min.js", "swagger-ui.min.css"))
    # Within a script, no text may look like its end.
    return swagger_ui.generate_swagger_html(document.replace("</", "<\\/"), script, styles, "", oauth2_config=None)
