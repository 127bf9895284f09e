"""`sam build`, once for Lambda and once for this machine, where its handlers can be imported."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.sam_build import add_bytecode, build_for_lambda, build_for_this_machine, runs_here
from local.settings import ROOT

LAMBDA_LIMIT_BYTES = 250 * 1024 * 1024
# Lambda loads what a function ships whenever it starts one. In bytes, with bytecode; the SDK's are in the layer.
MAX_BEYOND_THE_SDK = {
    "ApiFunction": 22_000_000,  # 0.3 MB of it to read caption files, 1 MB for time zones
    "DescribeSourcesFunction": 42_000_000,  # most of it is yt-dlp, which is imported only without a Data API key
    "FetchTranscriptFunction": 17_000_000,
    "SummarizeVideoFunction": 48_000_000,  # 4.5 MB of it to check claims
}
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3")
UNCHECKED_HASH = 1


def handlers(built: Path) -> list[Path]:
    return sorted(built.glob("*/handler.py"))


@pytest.fixture(scope="module")
def for_lambda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_for_lambda(tmp_path_factory.mktemp("lambda"))


@pytest.fixture(scope="module")
def for_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not runs_here():
        pytest.skip("`sam build` takes packages for Linux")
    return build_for_this_machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="module")
def with_bytecode(for_this_machine: Path) -> list[Path]:
    """The layer and the functions whose size is limited; the other functions have the same packages."""
    folders = [for_this_machine / name for name in ("SharedLayer", *MAX_BEYOND_THE_SDK)]
    for folder in folders:
        add_bytecode(folder)
    return folders


def test_there_is_an_artifact_for_every_function(for_lambda: Path) -> None:
    assert len(handlers(for_lambda)) == len(list((ROOT / "functions").glob("*/handler.py")))


def test_the_description_of_the_api_and_its_viewer_ship_with_the_page(for_lambda: Path) -> None:
    page = for_lambda / "PageLayer" / "page"
    assert (page / "openapi.json").read_bytes() == (ROOT / "web" / "openapi.json").read_bytes()
    assert (page / "docs" / "index.html").is_file()
    viewer = "python/aws_lambda_powertools/event_handler/openapi/swagger_ui/swagger-ui-bundle.min.js"
    assert (for_lambda / "SharedLayer" / viewer).is_file()


def test_binary_packages_are_those_of_lambdas_machine(for_lambda: Path) -> None:
    libraries = [path.name for path in for_lambda.rglob("*.so")]
    assert libraries
    assert [name for name in libraries if "x86_64" in name] == []
    assert all("cpython-313-aarch64" in name or ".abi3" in name for name in libraries), libraries


def test_the_page_is_a_layer_of_its_own_with_its_files_as_they_are(for_lambda: Path) -> None:
    page = for_lambda / "PageLayer" / "page"
    built = {path.relative_to(page) for path in page.rglob("*") if path.is_file()}
    sources = {path.relative_to(ROOT / "web") for path in (ROOT / "web").rglob("*") if path.is_file()}
    assert built == sources - {Path("Makefile")}


def test_a_function_and_the_layer_fit_into_lambda_together(for_lambda: Path) -> None:
    sizes = {
        path.name: sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        for path in for_lambda.iterdir()
        if path.is_dir()
    }
    layer = sizes.pop("SharedLayer")
    assert layer + max(sizes.values()) < LAMBDA_LIMIT_BYTES


def test_handlers_import_with_nothing_but_what_they_ship(for_this_machine: Path) -> None:
    for handler in handlers(for_this_machine):
        search_path = f"{handler.parent}{os.pathsep}{for_this_machine / 'SharedLayer' / 'python'}"
        finished = subprocess.run(
            [sys.executable, "-S", "-c", "import handler; handler.handler"],
            cwd="/",
            env={"PYTHONPATH": search_path, "AWS_DEFAULT_REGION": "us-east-1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, f"{handler.parent.name}: {finished.stderr}"


def test_every_module_ships_bytecode_that_no_time_of_a_file_makes_invalid(with_bytecode: list[Path]) -> None:
    for source in (source for folder in with_bytecode for source in folder.rglob("*.py")):
        compiled = Path(importlib.util.cache_from_source(str(source)))
        assert compiled.is_file(), source
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == UNCHECKED_HASH, source


def test_functions_ship_little_beyond_the_sdk_and_little_of_that(with_bytecode: list[Path]) -> None:
    shared, *functions = with_bytecode
    layer = shared / "python"
    sdk = sum(size(layer / package) for package in SDK)
    assert sdk < 8_000_000
    for function in functions:
        assert size(function) + size(layer) - sdk < MAX_BEYOND_THE_SDK[function.name], function.name


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
