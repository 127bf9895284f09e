"""No text from a request is kept in the API's log, whatever field it is in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from testkit.api_client import Client
from testkit.functions import openapi_document
from tests.fakes.log import Log

DOCUMENT = openapi_document()
# Eight letters and digits, so that it can be a part of a language code.
MARKER = "Xq7zkW4p"
# Ways to write it so that it fits the pattern of a field; where any text fits, it is in a link.
FITTING = (
    *(f"youtu.be/Lighthouse1?si={MARKER}", f"en-{MARKER}", MARKER.ljust(11, "_"), "00001"),
    f"https://127.0.0.1:9/{MARKER}",
    *("06:30", "100", "1"),
)


def resolved(schema: Any) -> Any:
    """Follows references of a schema, and takes the first of several that is not null."""
    if "$ref" in schema:
        return resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return resolved(next(each for each in schema["anyOf"] if each.get("type") != "null"))
    return schema


def everywhere(schema: Any) -> Any:
    """Returns a value with the marker in every place, also where a number, date or enum belongs."""
    schema = resolved(schema)
    match schema.get("type"):
        case "object":
            fields = {name: everywhere(each) for name, each in schema.get("properties", {}).items()}
            return {**fields, f"unknown {MARKER}": MARKER}
        case "array":
            return [everywhere(schema["items"])]
    return MARKER


def fitting(schema: Any) -> Any:
    """Returns a value that fits the schema, with the marker wherever text is allowed."""
    schema = resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case None:
            return FITTING[0]
        case "object":
            return {name: fitting(each) for name, each in schema["properties"].items()}
        case "array":
            return [fitting(schema["items"])]
        case "string" if schema.get("format") != "date":
            return next(text for text in FITTING if re.search(schema.get("pattern", ""), text))
    return {"string": "2026-03-01", "boolean": False}.get(schema["type"], schema.get("minimum", 1))


def requests_of(operation: Any) -> Iterator[dict[str, Any]]:
    """Returns a request with the marker in every place, and one for each parameter and field that fits."""
    parameters = [each for each in operation.get("parameters", ()) if each["in"] != "path"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    everything = {(each["in"], each["name"]): everywhere(each["schema"]) for each in parameters}
    yield {
        **_sent(everything | {("query", MARKER): MARKER, ("header", f"x-{MARKER}"): MARKER}),
        "text": json.dumps({MARKER: MARKER}),
    }
    for each in parameters:
        yield _sent({(each["in"], each["name"]): fitting(each["schema"])}) | (_json(fitting(body)) if body else {})
    if body:
        yield _json(everywhere(body))
        yield {"text": f'{{"{MARKER}": {MARKER}}}'}
        yield {"text": MARKER, "headers": {"content-type": f"text/{MARKER}"}}
        shape = resolved(body)
        fields = {name: fitting(schema) for name, schema in shape["properties"].items()}
        # A batch that is not started stays as it is.
        needed = {name: fields[name] for name in fields if name in {*shape.get("required", ()), "start"}}
        yield from (_json({**needed, name: value}) for name, value in fields.items())


def _json(body: Any) -> dict[str, Any]:
    return {"text": json.dumps(body)}


def _sent(parameters: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    return {
        "query": {name: value for (place, name), value in parameters.items() if place == "query"},
        "headers": {name.lower(): str(value) for (place, name), value in parameters.items() if place == "header"},
    }


def new_draft(client: Client) -> str:
    draft: str = client.post("/batch/create", {"urls": ["Lighthouse1"], "start": False}).json["id"]
    return draft


def test_no_field_of_a_request_is_logged(ada: Client, log: Log) -> None:
    """Sends the requests of every operation, each that may change a draft with its own."""
    statuses = set()
    draft = new_draft(ada)
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for request in requests_of(operation):
                ids = {"batch_id": draft, "item_id": "00001", "summary_id": f"{draft}-00001", "video_id": "Lighthouse1"}
                ids |= {"preset_name": MARKER, "follow_id": "unknown"}
                status = ada.send(method.upper(), path.format(**ids), **request).status
                statuses.add(status)
                if method != "get" and "{batch_id}" in path and status < 400:
                    draft = new_draft(ada)
    assert {200, 201, 202, 204, 400, 409, 415, 422} <= statuses
    logged = [json.dumps(line) for line in log.lines()]
    assert len(logged) > 50
    assert [line for line in logged if MARKER.casefold() in line.casefold()] == []
