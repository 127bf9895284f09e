"""Who may import whom: handlers use adapters and rules, these use models and errors, and nobody looks back."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from testkit.functions import FUNCTIONS
from testkit.template import ROOT

LAYER = ROOT / "layers" / "shared"
MODULES = sorted(LAYER.glob("skimlist/**/*.py"))
HANDLERS = sorted(FUNCTIONS.glob("*/*.py"))

# What neither talks to the outside, nor reads the environment, nor looks at the clock.
RULES = {
    "skimlist.blast_radius",
    "skimlist.circuit_breaker",
    "skimlist.events",
    "skimlist.formatting",
    "skimlist.ids",
    "skimlist.notifications.text",
    "skimlist.periods",
    "skimlist.progress",
    "skimlist.text.language_codes",
    "skimlist.text.search",
    "skimlist.transitions",
    *("skimlist.links.addresses", "skimlist.links.decoding", "skimlist.links.finding", "skimlist.links.parsing"),
    *("skimlist.youtube.captions", "skimlist.youtube.player"),
    *("skimlist.jobs.records", "skimlist.jobs.order"),
}
OUTSIDE = {"boto3", "botocore", "os", "requests", "openai", "aws_lambda_powertools", "logging", "time"}
FOUNDATION = {"skimlist.models", "skimlist.errors"}
# Half a second and more of a cold start; only the modules that need one of them import it.
HEAVY = {"pydantic", "requests", "openai", "youtube_transcript_api", "stopwordsiso"}
FOLDERS = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}
STEPS = sorted(FOLDERS - {"api", "serve_page"})


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(LAYER).with_suffix("").parts)
    return name.removesuffix(".__init__")


def package_of(name: str) -> str:
    """`skimlist.jobs` of `skimlist.jobs.queue`; a module beside the packages is one by itself."""
    return ".".join(name.split(".")[:2])


@cache
def imports(path: Path) -> set[str]:
    """Full names of what a module imports, but for types alone; `from a import b` gives `a` and `a.b`."""
    found: set[str] = set()
    for node in walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from walk(child)


def tops(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_layer_imports_no_function_and_no_local_stack(path: Path) -> None:
    siblings = {module.stem for module in HANDLERS}
    assert not tops(imports(path)) & {"functions", "local", "tests", *siblings}


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_function_imports_no_other_function_and_no_aws_client(path: Path) -> None:
    others = {module.stem for module in HANDLERS if module.parent != path.parent}
    assert not tops(imports(path)) & {"functions", "local", "tests", "boto3", "botocore", *(others - {"handler"})}


@pytest.mark.parametrize("name", sorted(FOUNDATION))
def test_models_and_errors_stand_on_nothing_else_of_the_layer(name: str) -> None:
    paths = [path for path in MODULES if package_of(name_of(path)) == name]
    ours = {package_of(found) for path in paths for found in imports(path) if found.startswith("skimlist")}
    assert ours <= FOUNDATION
    assert name != "skimlist.models" or ours == {name}


@pytest.mark.parametrize("name", sorted(RULES))
def test_rules_are_pure(name: str) -> None:
    path = LAYER / f"{name.replace('.', '/')}.py"
    used = imports(path)
    assert not tops(used) & OUTSIDE
    modules = {name_of(module) for module in MODULES if module.stem != "__init__"}
    assert {found for found in used if found in modules and package_of(found) not in FOUNDATION} <= RULES
    assert "now(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_modules_of_the_layer_import_in_one_direction(path: Path) -> None:
    """No module is reached again from what it imports."""
    graph = {name_of(module): imports(module) for module in MODULES}
    assert name_of(path) not in reached(name_of(path), graph)


@pytest.mark.parametrize("package", sorted({package_of(name_of(path)) for path in MODULES} - {"skimlist"}))
def test_the_packages_of_the_layer_import_in_one_direction(package: str) -> None:
    """Nor is any package, though different modules of it may be meant."""
    graph: dict[str, set[str]] = {}
    for module in MODULES:
        graph.setdefault(package_of(name_of(module)), set()).update(map(package_of, imports(module)))
    assert package not in reached(package, graph)


def reached(start: str, graph: dict[str, set[str]]) -> set[str]:
    """What is imported from there on, at any distance; itself only if something else leads back to it."""
    seen = set[str]()
    ahead = [name for name in graph[start] if name in graph and name != start]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += [found for found in graph[name] if found in graph and found not in {name, "skimlist"}]
    return seen


@pytest.mark.parametrize("folder", STEPS)
def test_a_function_starts_without_what_only_some_need(folder: str) -> None:
    loaded = loaded_by(folder)
    assert "skimlist.aws" in loaded
    assert not HEAVY & loaded


def test_the_api_starts_without_what_only_some_requests_need() -> None:
    """What describes it took a third of its start; exports are written, and models asked, by other functions."""
    loaded = loaded_by("api")
    assert "aws_lambda_powertools.event_handler" in loaded
    assert not {name for name in loaded if name.startswith("aws_lambda_powertools.event_handler.openapi.models")}
    assert not {"skimlist.export.archive", "skimlist.summarizing.prompts", "openai", "requests"} & loaded


def test_the_page_is_served_without_any_package() -> None:
    assert not (HEAVY | OUTSIDE - {"os", "time"}) & loaded_by("serve_page")


def loaded_by(folder: str) -> set[str]:
    script = (
        f"import sys; sys.path[:0] = {[str(LAYER), str(FUNCTIONS / folder)]!r}; import handler; print(*sys.modules)"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(finished.stdout.split())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_reads_the_environment_when_it_is_imported(path: Path) -> None:
    if name_of(path) != "skimlist.config":
        assert not re.search(r"\bos\.(environ|getenv)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted((ROOT / "local").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_surrounds_the_stack_knows_nothing_of_its_code(path: Path) -> None:
    """It runs without the layer on its path, and a stand-in that shared a rule with us would share its errors."""
    assert "skimlist" not in tops(imports(path))
