"""The OpenAPI document: examples of the request, the response and the errors of each route."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from skimlist.errors import RequestRefused, StorageUnavailable, WorkflowFailed, error_classes
from skimlist.models.batch import BatchStatus
from testkit.account import Account
from testkit.api_client import Client
from testkit.functions import FUNCTIONS, load_function, openapi_document, shown_bodies
from testkit.template import ROOT

DOCUMENT = openapi_document()
OPERATIONS = {
    f"{method} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
TOLD = json.loads((ROOT / "local" / "openapi_examples.json").read_text(encoding="utf-8"))
MEDIA = "application/json"

each_operation = pytest.mark.parametrize("name", OPERATIONS)


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Returns the schemas of the request body and of every response body."""
    if "requestBody" in operation:
        yield operation["requestBody"]["content"]
    yield from (answer["content"] for answer in operation["responses"].values() if answer.get("content"))


def codes(operation: dict[str, Any]) -> set[tuple[int, str]]:
    """Returns status and code of every error in the examples; the HTTP API's own errors have no code."""
    return {
        (int(status), body["error"]["code"])
        for status, answer in operation["responses"].items()
        if status >= "4"
        for body in shown_bodies(answer["content"])
        if "error" in body
    }


def test_the_routes_of_the_handler_are_those_of_the_document() -> None:
    files = [FUNCTIONS / "api" / "handler.py", *(FUNCTIONS / "api").glob("*_routes.py")]
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    routes = re.findall(r'^@(?:app|router)\.(\w+)\(\s*"([^"]+)"([^@]*?)\)\ndef', source, re.MULTILINE | re.DOTALL)
    public = {
        f"{method} {path.replace('<', '{').replace('>', '}')}"
        for method, path, options in routes
        if "include_in_schema=False" not in options
    }
    assert len(routes) == len(re.findall(r"^@(?:app|router)\.\w+\(", source, re.MULTILINE))
    assert public == set(OPERATIONS) == set(TOLD["operations"])


@each_operation
def test_every_operation_says_what_it_does_and_shows_what_it_takes_gives_and_refuses(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"].endswith(".")
    assert set(operation["tags"]) < {tag["name"] for tag in DOCUMENT["tags"]}
    assert all(content[MEDIA]["examples"] for content in contents(operation))
    for parameter in operation.get("parameters", ()):
        assert parameter.get("description") or parameter["schema"].get("description"), parameter["name"]


@each_operation
def test_every_example_fits_its_schema(name: str) -> None:
    for content in contents(OPERATIONS[name]):
        schema = {**content[MEDIA]["schema"], "components": DOCUMENT["components"]}
        for body in shown_bodies(content):
            Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)


def test_every_example_is_shown_somewhere() -> None:
    shown = set(re.findall(r"#/components/examples/(\w+)", json.dumps(DOCUMENT["paths"])))
    assert shown == set(DOCUMENT["components"]["examples"])


def test_every_refusal_of_the_api_is_shown_under_its_status() -> None:
    load_function("api")  # which loads the module from its own folder
    status_of = {cls.code: status for cls, status in sys.modules["error_responses"].STATUS_OF.items()}
    shown = {(status, code) for operation in OPERATIONS.values() for status, code in codes(operation)}
    ours = {cls.code for cls in error_classes()}
    assert all(status_of.get(code, 500) == status for status, code in shown if code in ours)
    given = {cls.code for cls in error_classes(RequestRefused)} - {"internal"}
    assert given | {StorageUnavailable.code, WorkflowFailed.code} <= {code for _, code in shown}


@each_operation
def test_the_words_of_an_error_are_those_of_its_class(name: str) -> None:
    words = {cls.code: cls.message for cls in error_classes(RequestRefused) if cls.__dict__.get("message")}
    fixed = {"not_found", "item_not_found", "summary_not_found", "digest_not_found", "nothing_to_export"}
    for status, answer in OPERATIONS[name]["responses"].items():
        for body in shown_bodies(answer["content"]) if status >= "4" else ():
            if "error" in body and body["error"]["code"] in fixed:
                assert body["error"]["message"] == words[body["error"]["code"]]


@pytest.mark.parametrize("name", ["post /batch/validate", "post /batch/create"])
def test_example_requests_are_accepted(ada: Client, name: str) -> None:
    for body in shown_bodies(OPERATIONS[name]["requestBody"]["content"]):
        assert ada.post(name.split()[1], body).status in {200, 201}


def test_example_requests_to_a_batch_are_accepted(account: Account, ada: Client) -> None:
    def body(name: str) -> Any:
        return shown_bodies(OPERATIONS[name]["requestBody"]["content"])[0]

    account.create_batch(4, status=BatchStatus.DRAFT)
    assert ada.post("/batch/b7f3/items", body("post /batch/{batch_id}/items")).status == 202
    assert ada.send("PUT", "/batch/b7f3/order", text=json.dumps(body("put /batch/{batch_id}/order"))).status == 202
    assert ada.post("/batch/b7f3/start").status == 202
    assert ada.post("/batch/b7f3/pause").status == 202
    assert ada.post("/batch/b7f3/resume", body("post /batch/{batch_id}/resume")).status == 202
