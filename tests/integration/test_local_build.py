from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.build import Build, build, shipped_packages
from local.settings import ROOT, LocalStackError

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
WITH_PACKAGES_OF_THEIR_OWN = sorted(path.parent.name for path in (ROOT / "functions").glob("*/requirements.txt"))


@pytest.fixture(scope="module")
def built() -> Build:
    """Shared with the stacks of other tests; after a fresh checkout it is made from nothing."""
    return build()


@pytest.fixture(scope="module")
def resources(built: Build) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built.template.read_text(encoding="utf-8"))["Resources"]
    return found


def test_unchanged_sources_are_not_built_again(built: Build) -> None:
    before = built.template.stat().st_mtime_ns
    assert build() == built
    assert built.template.stat().st_mtime_ns == before


@pytest.mark.parametrize("function", [*WITH_PACKAGES_OF_THEIR_OWN, "load_next_videos"])
def test_a_handler_imports_with_nothing_but_what_it_ships(function: str, built: Build) -> None:
    code = ROOT / "functions" / function
    search_path = os.pathsep.join(map(str, [code, *shipped_packages(code, built.folder / "layer")]))
    finished = subprocess.run(
        [sys.executable, "-S", "-c", "import handler; handler.handler"],
        cwd="/",
        env={"PYTHONPATH": search_path, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_every_function_has_a_bootstrap_that_can_be_run(built: Build, resources: dict[str, Any]) -> None:
    functions = {name for name, resource in resources.items() if resource["Type"] == "AWS::Serverless::Function"}
    assert len(functions) == len(FUNCTIONS)
    assert all(os.access(built.folder / name / "bootstrap", os.X_OK) for name in functions)


def test_the_template_of_the_repository_keeps_its_runtime(built: Build) -> None:
    assert json.loads(built.template.read_text(encoding="utf-8"))["Globals"]["Function"]["Runtime"] == "provided.al2023"
    assert "Runtime: python3.13" in (ROOT / "template.yaml").read_text(encoding="utf-8")


def test_a_function_cannot_import_packages_of_others(built: Build) -> None:
    code = ROOT / "functions" / "load_next_videos"
    names = {path.name for folder in shipped_packages(code, built.folder / "layer") for path in Path(folder).iterdir()}
    assert "skimlist" in names
    assert names.isdisjoint({"pytest", "ministack", "openai", "youtube_transcript_api"})


def test_packages_that_cannot_be_installed_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.build.LOCAL", tmp_path)
    (tmp_path / "requirements.txt").write_text("this is no requirement")
    with pytest.raises(LocalStackError, match="could not be installed"):
        shipped_packages(tmp_path, tmp_path / "layer")
    assert list((tmp_path / "packages").iterdir()) == []
