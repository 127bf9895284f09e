"""The files of the page: nothing inline, nothing from elsewhere, no way for text to become markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testkit.template import ROOT

WEB = ROOT / "web"
SCRIPTS = sorted((WEB / "scripts").rglob("*.js"))
# The description of the API shows addresses as examples.
EVERYTHING = [path for path in sorted(WEB.rglob("*")) if path.is_file() and path != WEB / "openapi.json"]
# What a link of the page may lead to, and the namespace that SVG elements are made in.
KNOWN_ADDRESSES = {"https://youtu.be/", "https://www.youtube.com/", "http://www.w3.org/"}
MARKUP = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|eval|new Function)\b")
IMPORT = re.compile(r"\b(?:from\s*|import\()\"(\.[^\"]+)\"")


def name(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    addresses = set(re.findall(r"https?://[\w.-]+/", path.read_text(encoding="utf-8")))
    # YouTube's player, which is made on a click; nothing else is loaded from elsewhere.
    player = {"https://www.youtube-nocookie.com/"} if path.name == "player.js" else set()
    assert addresses <= KNOWN_ADDRESSES | player


def test_the_document_has_no_inline_script_style_or_handler() -> None:
    document = (WEB / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script[^>]*>(.*?)</script>", document, re.DOTALL) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", document)


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_no_script_makes_markup_of_text(path: Path) -> None:
    assert not MARKUP.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_scripts_import_what_there_is(path: Path) -> None:
    for imported in IMPORT.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / imported).is_file(), imported


def test_every_script_is_imported() -> None:
    imported = {
        (path.parent / each).resolve() for path in SCRIPTS for each in IMPORT.findall(path.read_text(encoding="utf-8"))
    }
    assert set(SCRIPTS) - imported == {WEB / "scripts" / "app.js"}
