"""Loads the functions as Lambda runs them: handlers with the same module name, each in its own environment."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from local import openapi
from skimlist.errors import SkimlistError
from testkit.template import ROOT

FUNCTIONS = ROOT / "functions"


@cache
def load_function(name: str) -> ModuleType:
    """Loads `functions/<name>/handler.py`; as in Lambda, it can import the modules beside it by their plain names."""
    folder = str(FUNCTIONS / name)
    spec = importlib.util.spec_from_file_location(f"{name}_handler", FUNCTIONS / name / "handler.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


def example_event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((FUNCTIONS / name / "event.json").read_text(encoding="utf-8"))
    return event


@cache
def openapi_document() -> dict[str, Any]:
    """Returns the OpenAPI document of the API; tests/unit/test_architecture.py checks that the file is current."""
    document: dict[str, Any] = json.loads(openapi.FILE.read_text(encoding="utf-8"))
    return document


def documented_answers() -> dict[str, Any]:
    """Returns the examples of answers in the OpenAPI document by their names, for a test that may change them."""
    written: dict[str, Any] = json.loads((ROOT / "local" / "openapi_examples.json").read_text(encoding="utf-8"))
    answers: dict[str, Any] = written["answers"]
    return answers


def shown_bodies(content: dict[str, Any]) -> list[Any]:
    """Returns the examples of a body in the OpenAPI document."""
    shown = content["application/json"]["examples"].values()
    known = openapi_document()["components"]["examples"]
    return [(known[each["$ref"].rpartition("/")[2]] if "$ref" in each else each)["value"] for each in shown]


def caught(error: SkimlistError) -> dict[str, str]:
    """Returns the error as a Catch adds it to the state."""
    cause = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}
    return {"Error": type(error).__name__, "Cause": json.dumps(cause)}


@dataclass
class Context:
    """The parts of Lambda's context that the handlers use."""

    function_name: str = "function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000
