"""Files, make targets and modules named in documents exist, links lead somewhere, commands are complete."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from testkit.template import ROOT

DOCUMENTS = sorted(
    path
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "lab/bench/*.md",
        "local/samples/*.md",
        "local/deploy/*.txt",
        ".env.example",
    )
    for path in ROOT.glob(pattern)
)
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {".local", ".venv"}
# The threat model names tests by these alone.
TESTS = ROOT / "tests"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@each_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    """By its place in the repository, below `tests/`, or, a test, by its name."""
    for name in re.findall(r"`([\w.*-]+(?:/[\w.*-]*)+)`", text_of(document)):
        if name.partition("/")[0] in FOLDERS:
            assert list(ROOT.glob(name)), name
        elif name.partition("/")[0] in {"unit", "integration", "e2e"}:
            assert list(TESTS.glob(name)), name
    for name in re.findall(r"`(test_[\w*]+\.py)`", text_of(document)):
        assert list(TESTS.rglob(name)), name


@each_document
def test_every_test_that_is_named_exists(document: Path) -> None:
    """As `test_file.py::test_name`, with or without its folder below `tests/`."""
    for file, name in re.findall(r"`([\w/]*test_\w+\.py)::(\w+)`", text_of(document)):
        assert any(f"def {name}(" in found.read_text(encoding="utf-8") for found in TESTS.rglob(file)), (
            f"{file}::{name}"
        )


@each_document
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text_of(document)):
        file, _, heading = link.partition("#")
        assert (document.parent / file).is_file(), link
        if heading:
            headings = re.findall(r"^#+ (.*)", text_of(document.parent / file), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings], link


@each_document
def test_every_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:^ *|`)make ([a-z-]+)", text_of(document), re.MULTILINE)) <= targets


@each_document
def test_every_module_that_is_to_be_run_exists(document: Path) -> None:
    for module in re.findall(r"python -m ((?:local|upgrades)[\w.]*)", text_of(document)):
        place = ROOT.joinpath(*module.split("."))
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module


@each_document
def test_every_command_is_whole(document: Path) -> None:
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text_of(document), re.MULTILINE | re.DOTALL):
        read = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert (read.returncode, read.stderr) == (0, ""), block


def test_the_index_of_decisions_names_each_with_its_title() -> None:
    folder = ROOT / "docs/decisions"
    titles = {path.name: text_of(path).partition("\n")[0].removeprefix("# ") for path in folder.glob("[0-9]*.md")}
    index = re.findall(r"^- \[(\d{4})\]\((\1-.*)\) (.*)$", text_of(folder / "README.md"), re.MULTILINE)
    assert sorted((name, title) for _, name, title in index) == sorted(titles.items())
