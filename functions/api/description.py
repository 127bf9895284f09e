"""How the API describes itself: the OpenAPI document, and a page to browse it. Both are made when somebody asks."""

from __future__ import annotations

import json
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
# Descriptions and examples.
_TOLD = Path(__file__).with_name("description.json")


def register(app: APIGatewayHttpResolver) -> None:
    @app.get("/openapi.json", include_in_schema=False)
    def show_document() -> Response[str]:
        return Response(HTTPStatus.OK.value, content_types.APPLICATION_JSON, json.dumps(document(app)))

    @app.get("/docs", compress=True, include_in_schema=False)
    def show_page() -> Response[str]:
        return Response(HTTPStatus.OK.value, content_types.TEXT_HTML, _page(document(app)))


def document(app: APIGatewayHttpResolver) -> dict[str, Any]:
    """What the routes say of themselves, with the descriptions and examples of `description.json`."""
    described: dict[str, Any] = json.loads(app.get_openapi_json_schema(**DESCRIPTION))
    _describe(described, json.loads(_TOLD.read_text(encoding="utf-8")))
    return described


def _page(described: dict[str, Any]) -> str:
    from aws_lambda_powertools.event_handler.openapi import swagger_ui  # noqa: PLC0415 - imports the models

    folder = Path(swagger_ui.__file__).parent
    script, styles = ((folder / name).read_text() for name in ("swagger-ui-bundle.min.js", "swagger-ui.min.css"))
    # Within a script, no text may look like its end.
    shown = json.dumps(described).replace("</", "<\\/")
    return swagger_ui.generate_swagger_html(shown, script, styles, "", oauth2_config=None)


def _describe(document: dict[str, Any], told: dict[str, Any]) -> None:
    document["tags"] = [{"name": name, "description": text} for name, text in told["tags"].items()]
    bodies = told["answers"] | told["errors"]
    document["components"]["examples"] = {name: {"value": body} for name, body in bodies.items()}
    in_order = [name.partition(" ")[2] for name in told["operations"]]
    document["paths"] = dict(sorted(document["paths"].items(), key=lambda path: in_order.index(path[0])))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _describe_operation(operation, told["operations"][f"{method} {path}"], told["errors_by_status"])


def _describe_operation(operation: dict[str, Any], told: dict[str, Any], errors: dict[str, list[str]]) -> None:
    """`errors` are those of any route that can give the status; a route that can give others lists its own."""
    operation |= {"tags": [told["tag"]], "description": told["description"]}
    if "request" in told:
        operation["requestBody"]["content"]["application/json"]["examples"] = told["request"]
    for status, answer in operation["responses"].items():
        for content in answer.get("content", {}).values():
            names = (errors | told["errors"]).get(str(status)) or [told["answer"]]
            content["examples"] = {name: {"$ref": f"#/components/examples/{name}"} for name in names}
