"""What each function imports when it starts; pyproject.toml has the contracts about what may import what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from testkit.functions import FUNCTIONS
from testkit.template import ROOT

LAYER = ROOT / "layers" / "shared"
MODULES = sorted(LAYER.glob("skimlist/**/*.py"))
HANDLERS = sorted(FUNCTIONS.glob("*/*.py"))

# Functions that change a batch, and read neither captions nor summaries.
OF_BATCHES = ("load_next_videos", "mark_batch_failed", "pause_batch", "record_digest_failure", "record_failure")
SURROUNDINGS = {"functions", "lab", "local", "ops", "testkit", "tests"}
OUTSIDE = {"boto3", "botocore", "os", "requests", "openai", "aws_lambda_powertools", "logging", "time"}
# Half a second and more of a cold start; only the modules that need one of them import it.
HEAVY = {
    "pydantic",
    "requests",
    "openai",
    "youtube_transcript_api",
    "stopwordsiso",
    "text_to_num",
    "jellyfish",
    "anyascii",
}
FOLDERS = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}
STEPS = sorted(FOLDERS - {"api", "serve_feed", "serve_page"})


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(LAYER).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def imports(path: Path) -> set[str]:
    """Returns full names of a module's imports, except for types only; `from a import b` gives `a` and `a.b`."""
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


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_function_imports_no_other_function_and_no_aws_client(path: Path) -> None:
    others = {module.stem for module in HANDLERS if module.parent != path.parent}
    assert not tops(imports(path)) & {*SURROUNDINGS, "boto3", "botocore", *(others - {"handler"})}


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_function_ships_every_package_that_it_may_import(folder: str) -> None:
    """Also those that a module imports only when they are needed, which a start does not show."""
    shipped = {name for locked in (FUNCTIONS / folder, LAYER) for name in packages_in(locked / "requirements.txt")}
    own = {path.stem for path in HANDLERS if path.parent.name == folder}
    needed = reachable_imports(folder) - {"skimlist", *own, *sys.stdlib_module_names}
    assert {name for name in needed if not shipped & providers(name)} == set()


@cache
def distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def providers(name: str) -> set[str]:
    """Returns the packages with a module of this name, as a lock file writes them."""
    return {package.lower().replace("_", "-") for package in distributions().get(name, ())}


def packages_in(lock: Path) -> set[str]:
    return set(re.findall(r"^([\w.-]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)) if lock.exists() else set()


def reachable_imports(folder: str) -> set[str]:
    """The packages and modules that any module imports that the function may load."""
    modules = {name_of(path): path for path in MODULES}
    waiting = [path for path in HANDLERS if path.parent.name == folder]
    read: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in read:
            continue
        read.add(path)
        parts = [name.split(".") for name in imports(path)]
        prefixes = {".".join(name[:length]) for name in parts for length in range(1, len(name) + 1)}
        waiting += [modules[name] for name in prefixes & modules.keys()]
    return {name for path in read for name in tops(imports(path))}


def test_a_function_starts_without_what_only_some_need() -> None:
    """All of them are imported in one process: a module that it does not load, no function loads."""
    loaded = loaded_by(*STEPS)
    assert "skimlist.aws" in loaded
    assert {f"skimlist.steps.{folder}" for folder in STEPS} <= loaded
    assert not HEAVY & loaded


def test_functions_that_only_change_a_batch_start_without_the_types_of_other_subjects() -> None:
    """Each dataclass takes half a millisecond of a start."""
    others = ("digest", "follow", "notifications", "playlist", "summary", "transcript")
    loaded = loaded_by(*OF_BATCHES)
    assert "skimlist.models.batch" in loaded
    assert not {"zoneinfo", *(f"skimlist.models.{name}" for name in others)} & loaded


def test_the_api_starts_without_what_only_some_requests_need() -> None:
    """The schemas' descriptions took a third of the start; other functions write exports and ask models."""
    loaded = loaded_by("api")
    assert "aws_lambda_powertools.event_handler" in loaded
    assert not {name for name in loaded if name.startswith("aws_lambda_powertools.event_handler.openapi.models")}
    assert not {"skimlist.export.archive", "skimlist.summarizing.prompts", "openai", "requests"} & loaded


def test_the_page_is_served_without_any_package() -> None:
    assert not (HEAVY | OUTSIDE - {"os", "time"}) & loaded_by("serve_page")


def loaded_by(*folders: str) -> set[str]:
    """The modules of a fresh interpreter that has imported the handlers of these functions."""
    script = f"""
import sys
sys.path.insert(0, {str(LAYER)!r})
for folder in {[str(FUNCTIONS / folder) for folder in folders]!r}:
    sys.path.insert(0, folder)
    import handler
    sys.path.remove(folder)
    del sys.modules["handler"]
print(*sys.modules)
"""
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(finished.stdout.split())


def test_only_the_settings_read_the_environment() -> None:
    reading = [
        name_of(path) for path in MODULES if re.search(r"\bos\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]
    assert reading == ["skimlist.config"]


def test_rules_do_not_look_at_the_clock() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rules = next(tuple(each["source_modules"]) for each in contracts if each["name"].startswith("Rules"))
    paths = [path for path in MODULES if f"{name_of(path)}.".startswith(tuple(f"{rule}." for rule in rules))]
    assert len(paths) > len(rules)
    assert not [path for path in paths if re.search(r"\b(now|today)\(", path.read_text(encoding="utf-8"))]
