"""The SDK of OpenAI: a summary imports part of it, and the rest is found on demand."""

from __future__ import annotations

import subprocess
import sys

from testkit.template import ROOT

LAYER = ROOT / "layers" / "shared"

A_QUESTION = """
import sys
from skimlist.llm.openai_sdk import ChatCompletion, openai

openai.OpenAI(api_key="none").chat.completions
assert ChatCompletion.__module__ == "openai.types.chat.chat_completion"
print(*(name for name in sys.modules if name.startswith("openai.")))
"""

EVERY_TYPE = """
import ast, inspect, pkgutil
from importlib import import_module
from skimlist.llm.openai_sdk import openai

below = pkgutil.walk_packages(openai.types.__path__, "openai.types.")
packages = ["openai.types", *(found.name for found in below if found.ispkg)]
for package in map(import_module, packages):
    for statement in ast.parse(inspect.getsource(package)).body:
        for alias in statement.names if isinstance(statement, ast.ImportFrom) and statement.level else ():
            home = import_module("." * statement.level + statement.module, package.__name__)
            assert getattr(package, alias.asname or alias.name) is getattr(home, alias.name)
            print(alias.name)
assert not hasattr(openai.types, "NoSuchType")
"""


def run(script: str) -> list[str]:
    """Runs code in a fresh interpreter; returns what it prints."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(LAYER)!r})\n{script}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_a_question_to_a_model_imports_a_quarter_of_the_sdk() -> None:
    loaded = run(A_QUESTION)
    assert len(loaded) < 150
    assert "openai.types.responses.response" not in loaded


def test_every_other_type_is_there_when_it_is_asked_for() -> None:
    assert len(run(EVERY_TYPE)) > 500
