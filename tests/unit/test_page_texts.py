"""The words of the page in another language: every text of its scripts has one translation, and no more are kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from testkit.template import ROOT

SCRIPTS = ROOT / "web" / "scripts"
CATALOGUES = sorted((SCRIPTS / "texts").glob("*.js"))
_TEMPLATE = re.compile(r"\b(?:t|nodes)`")
_COUNTED = re.compile(r"\bcounted\((?:[^\"()]|\([^()]*\))*\"([^\"]+)\"(?:,\s*\"([^\"]+)\")?")
_STRING = r"\"(?:[^\"\\]|\\.)*\""
# At the first level of the catalogue: the English text, then the translation or its forms.
_ENTRY = re.compile(rf"^  ({_STRING}|\w+):\s*({_STRING}|\{{.*?\}})", re.MULTILINE | re.DOTALL)


def templates(script: str) -> set[str]:
    """The texts of a script as a catalogue names them, with `{0}` for the first value."""
    return {_english(script, found.end())[0] for found in _TEMPLATE.finditer(script)}


def counted(script: str) -> set[str]:
    return {f"{{0}} {several or one + 's'}" for one, several in _COUNTED.findall(script)}


def _english(script: str, start: int) -> tuple[str, int]:
    """The text that begins at `start`, behind the backtick, and where it ends."""
    text, at, values = "", start, 0
    while script[at] != "`":
        if script.startswith("${", at):
            text, values, at = f"{text}{{{values}}}", values + 1, _behind_value(script, at + 2)
        else:
            text, at = text + script[at], at + 1
    return text, at


def _behind_value(script: str, at: int) -> int:
    depth = 1
    while depth:
        if script[at] == "`":
            at = _english(script, at + 1)[1]
        depth += {"{": 1, "}": -1}.get(script[at], 0)
        at += 1
    return at


def entries(catalogue: Path) -> list[tuple[str, str]]:
    found = _ENTRY.findall(catalogue.read_text(encoding="utf-8"))
    return [(json.loads(key) if key.startswith('"') else key, value) for key, value in found]


@pytest.fixture(scope="module")
def used() -> dict[str, set[str]]:
    scripts = [path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js") if path not in CATALOGUES]
    return {"text": set().union(*map(templates, scripts)), "counted": set().union(*map(counted, scripts))}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_text_of_the_page_has_one_translation(catalogue: Path, used: dict[str, set[str]]) -> None:
    translated = entries(catalogue)
    assert [key for key, amount in Counter(key for key, _ in translated).items() if amount > 1] == []
    assert {key for key, value in translated if not value.startswith("{")} == used["text"]
    assert {key for key, value in translated if value.startswith("{")} == used["counted"]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_shows_the_values_of_its_text(catalogue: Path) -> None:
    for key, value in entries(catalogue):
        assert set(re.findall(r"\{\d\}", value)) == set(re.findall(r"\{\d\}", key)), key
