"""`make openapi`: generates the OpenAPI document of the API from its routes, and writes it beside the page."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from local.settings import ROOT

FILE = ROOT / "web" / "openapi.json"
DESCRIPTION: dict[str, Any] = {
    "title": "Skimlist",
    "version": "1",
    "openapi_version": "3.1.0",
    "description": "Summarizes whole lists of YouTube videos, one after the other, at a known cost.",
    "servers": [{"url": "/api"}],
    "security_schemes": {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An ID token of the user pool",
        }
    },
    "security": [{"token": []}],
}
_DESCRIPTIONS_AND_EXAMPLES = Path(__file__).with_name("openapi_examples.json")


def document(app: APIGatewayHttpResolver) -> dict[str, Any]:
    """Returns the document of the routes, with the descriptions and examples of `openapi_examples.json`."""
    described: dict[str, Any] = json.loads(app.get_openapi_json_schema(**DESCRIPTION))
    _describe(described, json.loads(_DESCRIPTIONS_AND_EXAMPLES.read_text(encoding="utf-8")))
    return described


def _describe(document: dict[str, Any], descriptions: dict[str, Any]) -> None:
    document["tags"] = [{"name": name, "description": text} for name, text in descriptions["tags"].items()]
    bodies = descriptions["answers"] | descriptions["errors"]
    document["components"]["examples"] = {name: {"value": body} for name, body in bodies.items()}
    in_order = [name.partition(" ")[2] for name in descriptions["operations"]]
    document["paths"] = dict(sorted(document["paths"].items(), key=lambda path: in_order.index(path[0])))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _describe_operation(
                operation, descriptions["operations"][f"{method} {path}"], descriptions["errors_by_status"]
            )


def _describe_operation(operation: dict[str, Any], descriptions: dict[str, Any], errors: dict[str, list[str]]) -> None:
    """Adds examples to an operation; `errors` are those of any route with that status, unless it lists its own."""
    operation |= {"tags": [descriptions["tag"]], "description": descriptions["description"]}
    if "request" in descriptions:
        operation["requestBody"]["content"]["application/json"]["examples"] = descriptions["request"]
    for status, answer in operation["responses"].items():
        if content := answer.get("content", {}).get("application/json"):
            names = (errors | descriptions["errors"]).get(str(status)) or [descriptions["answer"]]
            content["examples"] = {name: {"$ref": f"#/components/examples/{name}"} for name in names}


def text(document: dict[str, Any]) -> str:
    """Formats the document for the file, in lines that a diff can show."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    sys.path.insert(0, str(ROOT / "functions" / "api"))
    FILE.write_text(text(document(importlib.import_module("handler").app)), encoding="utf-8")


if __name__ == "__main__":
    main()
