"""`docs/architecture.md` has every route, state, function and error, and the modules and files that it names exist."""

from __future__ import annotations

import json
import re

import pytest

from local import openapi
from skimlist.errors import BatchBlocked, DigestFailed, PlaylistFailed, TooMany, VideoFailed, error_classes
from testkit import template
from testkit.functions import FUNCTIONS, load_function, openapi_document
from testkit.template import ROOT
from testkit.workflow import tasks

DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LAYER = ROOT / "layers" / "shared" / "skimlist"
# The table lists these folders as a whole; the README describes what is in them.
GROUPS = (VideoFailed, BatchBlocked, PlaylistFailed, DigestFailed, TooMany)
# Bases that nothing raises.
NEVER_RAISED = {"SkimlistError", "RequestRefused"}


def part(heading: str) -> str:
    return DOCUMENT.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def rows(heading: str) -> list[list[str]]:
    lines = [line for line in part(heading).splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


ROWS = rows("What runs where")


def without_names(route: str) -> str:
    """Replaces the id of a route, whatever it is called: `GET /api/batch/{}`."""
    return re.sub(r"{\w+", "{", route.replace("…", "/api/batch/{id}"))


def test_the_rows_are_the_routes() -> None:
    documented = re.findall(r"`([A-Z]+ [/…][^`]*)`", " ".join(row[0] for row in ROWS))
    paths = openapi_document()["paths"].items()
    resources = template.template()["Resources"].values()
    keys = [each["Properties"]["RouteKey"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Route"]
    routes = [f"{method.upper()} /api{path}" for path, methods in paths for method in methods]
    routes += [key for key in keys if not key.startswith("ANY ")]
    assert sorted(map(without_names, documented)) == sorted(map(without_names, routes))


def test_every_route_that_needs_no_token_has_a_limit_of_its_own() -> None:
    resources = template.template()["Resources"]
    routes = {
        name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::ApiGatewayV2::Route"
    }
    public = {name: route for name, route in routes.items() if route.get("AuthorizationType") != "JWT"}
    stage = resources["HttpApiStage"]
    assert set(stage["Properties"]["RouteSettings"]) == {route["RouteKey"] for route in public.values()}
    assert set(stage["DependsOn"]) == set(public), "API Gateway refuses settings of a route that is not there yet."
    targets = {route["Target"]["Fn::Sub"] for route in public.values()}
    assert targets == {"integrations/${PageIntegration}", "integrations/${FeedIntegration}"}


def test_the_openapi_document_that_is_served_is_that_of_the_code() -> None:
    document = openapi.text(openapi.document(load_function("api").app))
    assert openapi.FILE.read_text(encoding="utf-8") == document, "Run `make openapi`."


def test_every_state_and_every_function_has_its_row() -> None:
    documented = {name: row[1] for row in ROWS for name in row[0].split(", ")}
    for task in tasks():
        name = re.sub(r"^(Tell owner of ).*", r"\1…", task.name)
        assert documented[name] == f"`functions/{task.folder}`", name
    named = {name for row in ROWS for name in re.findall(r"`functions/(\w+)`", row[1])}
    assert named == {handler.parent.name for handler in FUNCTIONS.glob("*/handler.py")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_function_imports_the_modules_of_its_row(row: list[str]) -> None:
    """A module may also be imported by a module of the table."""
    folders = [FUNCTIONS / name for name in re.findall(r"`functions/(\w+)`", row[1])]
    files = [path for folder in (*folders, LAYER / "jobs") for path in folder.glob("*.py")]
    files += [step for folder in folders if (step := LAYER / "steps" / f"{folder.name}.py").exists()]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    for module in re.findall(r"`([a-z_.]+)`", row[2]):
        package, _, name = f"skimlist.{module}".rpartition(".")
        ways = (rf"from {package}\.{name}\b", rf"from {package} import .*\b{name}\b", rf"(import|from) {name}\b")
        assert any(re.search(way, code) for way in ways), module


def test_every_error_is_named_by_itself_or_by_its_group() -> None:
    below_the_table = part("What runs where").rpartition("|\n")[2]
    documented = set(re.findall(r"`([A-Z][a-z]\w+)`", " ".join([*(row[4] for row in ROWS), below_the_table])))
    known = {cls.__name__ for cls in error_classes()}
    below = {cls.__name__ for group in GROUPS for cls in error_classes(group)}
    assert documented <= known
    assert known - documented - NEVER_RAISED <= below
    assert {group.__name__ for group in GROUPS} <= documented


def test_every_place_that_is_to_be_edited_exists() -> None:
    """A name without a folder is in the folder of the one before it, or in the layer."""
    steps = part("Where to make a change").partition("### A new error code\n")[2]
    for edit in [*(row[1] for row in rows("Where to make a change")), *steps.split("\n\n")]:
        folder = ROOT
        for name in re.findall(r"`([\w./-]+[./][\w./-]*)`", edit):
            found = next((place for place in (ROOT / name, folder / name, LAYER / name) if place.exists()), None)
            assert found, name
            folder = found if found.is_dir() else found.parent


def test_the_functions_that_cannot_write_the_table_are_named() -> None:
    writing = re.compile(r"dynamodb:(Put|Update|Delete|BatchWrite)Item")
    readers = {
        function.removesuffix("Function")
        for function in template.functions()
        if not writing.search(json.dumps(template.properties(function).get("Policies", [])))
    }
    ((_, edit),) = [row for row in rows("Where to make a change") if "who may write the table" in row[0]]
    assert set(re.findall(r"[A-Z]\w+[A-Z]\w+", edit.partition("all functions but")[2])) == readers


def test_every_module_of_the_page_that_is_named_exists_and_every_view_is_named() -> None:
    named = re.findall(r"`(?:views/)?([\w-]+\.js)`", part("How the page works"))
    scripts = ROOT / "web" / "scripts"
    assert set(named) <= {path.name for path in scripts.rglob("*.js")}
    views = {path.name for path in (scripts / "views").iterdir()}
    assert views - set(named) == {"figures-chart.js", "error.js"}  # parts of others
