"""The pre-commit hooks are part of `make lint`, the changelog has no repetitions, and docstrings begin as sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
import yaml

from testkit.template import ROOT

HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

FOLDERS = ("layers", "functions", "lab", "local", "testkit", "ops")
# A docstring that begins with one of these continues the name of its function, as in "watch_order: Up to 12 videos". A
# tooltip, a search hit or a reader who begins at the docstring then has no sentence.
FRAGMENT = re.compile(
    r"""(about|above|across|after|against|along|among|around|as|at|because|before|behind|below|beside|between|beyond|but|
    by|clearly|during|except|for|from|if|in|inside|into|it|its|like|near|of|off|on|onto|or|out|outside|over|past|per|
    since|than|that|their|them|these|they|this|those|through|till|to|under|unless|until|up|via|what|when|whenever|
    where|which|while|who|whoever|whom|whose|why|with|within|without)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def test_every_hook_is_a_command_of_the_gate_and_none_is_taken_from_elsewhere() -> None:
    assert {repository["repo"] for repository in HOOKS} == {"local"}
    commands = [hook["entry"] for repository in HOOKS for hook in repository["hooks"]]
    gate = MAKEFILE[MAKEFILE.index("\nlint:") :].partition("\n\n")[0]
    for command in commands:
        assert f"\t@{command.replace('.venv/bin/python -m', '$(RUN)')}" in gate, command
    assert len(commands) == 3


def test_the_changelog_says_nothing_twice() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    # The beginnings of the entries: an entry that repeats another is often longer.
    begun = re.findall(r"^- (.{30})", changelog, re.MULTILINE)
    assert sorted(begun) == sorted(set(begun))


def docstrings(source: str) -> Iterator[tuple[str, str]]:
    """Returns name and docstring of each module, class and function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "name", "module"), ast.get_docstring(node) or ""


def fragments(source: str) -> list[str]:
    """Returns docstrings whose first word continues a name instead of beginning a sentence."""
    return [f"{name}: {text.splitlines()[0]}" for name, text in docstrings(source) if FRAGMENT.match(text)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_docstring_is_a_sentence_of_its_own(folder: str) -> None:
    sources = sorted((ROOT / folder).rglob("*.py"))
    assert sources
    found = {str(path.relative_to(ROOT)): fragments(path.read_text(encoding="utf-8")) for path in sources}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("docstring", "is_fragment"),
    [
        ("Until Ctrl-C; LocalStackError when the emulator ends before.", True),
        ("Clearly; a text of a few words tells nothing.", True),
        ("`path` is relative to `/api`.", False),
        ("Waits until Ctrl-C.", False),
        ("Iterations of a Map.", False),
    ],
)
def test_a_docstring_that_continues_the_name_is_found(docstring: str, is_fragment: bool) -> None:
    assert bool(fragments(f'def wait():\n    """{docstring}"""')) is is_fragment
