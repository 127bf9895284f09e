"""The texts of the page: all are in the catalogue, and each language has all of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ops.error_reference import PAUSED_BY_USER
from skimlist.errors import (
    BatchBlocked,
    DigestFailed,
    FollowMonthSpent,
    FollowOwnerDeleted,
    PlaylistFailed,
    RequestRefused,
    SkimlistError,
    VideoFailed,
    error_classes,
)
from skimlist.llm import rejections
from skimlist.llm.catalogue import DEFAULT_MODEL, catalogue
from skimlist.selecting import PUT_BACK, REASONS
from testkit.template import ROOT

SCRIPTS = ROOT / "web" / "scripts"
LINKS = ROOT / "layers" / "shared" / "skimlist" / "links"
LANGUAGES = sorted((SCRIPTS / "texts").glob("*.js"))
SOURCES = sorted({*SCRIPTS.rglob("*.js")} - {*LANGUAGES, SCRIPTS / "texts.js"})

COMMENT = re.compile(r"^\s*//.*|/\*\*[\s\S]*?\*/|(?<=[\s;,{)])// .*", re.MULTILINE)
PATTERN = re.compile(r"(?<=[(,=:[!&|?{;\s])/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
TRANSLATED = re.compile(r"\b(?:t|nodes)`([^`]*)`")
PLACE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
AMOUNT = re.compile(r'\bcounted\(\s*(?:[^(),"]|\([^()]*\))+,\s*"([^"]+)"(?:,\s*"([^"]+)")?')
ENTRY = re.compile(r'^  (?:"((?:[^"\\]|\\.)*)"|(\w+)):(.*?),$(?=\n  \S|\n\};)', re.MULTILINE | re.DOTALL)
FORMATTED = re.compile(r'f"((?:[^"\\\n]|\\.)*(?:"\s+f?"(?:[^"\\\n]|\\.)*)*)"')
PATTERN_ENTRY = re.compile(r'\[\s*"([^"]+)",\s*"([^"]+)",?\s*\]')
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`')
# Two words, or one with a capital, are a sentence or a label, unless they are for the browser or a server.
TEXT = re.compile(r"[A-Za-z]{2,}[,.;:!?]? +(?:[A-Za-z]{2,}|\{\})|\{\}[,:]? [a-z]{2,}|^[A-Z][a-z]+(?![A-Za-z])")
NEVER_SHOWN = re.compile(r"(?:\bclass:|className =|===) $")
NOT_TEXT = {
    *("Skimlist", "Markdown", "Notification", "place {}", "notice problem", "noopener noreferrer"),
    *("Bearer {}", "Content-Type", "If-None-Match", "If-Match", "Idempotency-Key", "(prefers-color-scheme: dark)"),
    *("Alt ↑", "Alt ↓", "Esc", "a, button, input, .handle", "input, textarea, select, dialog"),
    "input, textarea, select, dialog, [contenteditable]",
    "autoplay; encrypted-media; fullscreen; picture-in-picture",
    "aws ssm put-parameter --name {} --type SecureString --value …",
    "--app {} --client {} --username {}",
}


def code_of(path: Path) -> str:
    return PATTERN.sub("0", COMMENT.sub("", path.read_text(encoding="utf-8")))


def with_places(template: str) -> str:
    """Returns a text as the page looks it up: `{0}` in place of the first value."""
    parts = PLACE.split(template)
    return parts[0] + "".join(f"{{{place}}}{part}" for place, part in enumerate(parts[1:]))


def texts_of(path: Path) -> set[str]:
    return {with_places(template) for template in TRANSLATED.findall(code_of(path))}


def amounts_of(path: Path) -> set[str]:
    return {f"{{0}} {several or one + 's'}" for one, several in AMOUNT.findall(code_of(path))}


def sentences_of(*roots: type[SkimlistError]) -> set[str]:
    errors = [error for error in error_classes() if issubclass(error, roots)]
    return {sentence for error in errors for sentence in (error.message, error.advice) if sentence}


def stored_sentences() -> set[str]:
    """Returns the API's fixed sentences about failures, refusals, pauses and links."""
    of_follows = FollowMonthSpent, FollowOwnerDeleted
    failures = sentences_of(VideoFailed, BatchBlocked, PlaylistFailed, DigestFailed, RequestRefused, *of_follows)
    failures |= {str(error) for error in vars(rejections).values() if isinstance(error, SkimlistError)}
    failures.add(catalogue()[DEFAULT_MODEL].label)
    links = "".join(path.read_text(encoding="utf-8") for path in LINKS.glob("*.py"))
    selection = {*REASONS.values(), PUT_BACK}
    return failures | selection | set(PAUSED_BY_USER[1:3]) | set(re.findall(r'\breason="([^"{]+)"', links))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_language_has_every_text_and_no_other(path: Path) -> None:
    found = ENTRY.findall(path.read_text(encoding="utf-8"))
    entries = {json.loads(f'"{quoted or bare}"'): text.strip() for quoted, bare, text in found}
    assert len(entries) == len(found)  # JavaScript takes the last one of two
    amounts = {english for english, text in entries.items() if text.startswith("{")}
    assert amounts == set().union(*map(amounts_of, SOURCES))
    wanted = stored_sentences().union(*map(texts_of, SOURCES))
    assert set(entries) - amounts - sentences_of(SkimlistError) <= wanted <= set(entries)
    for english, text in entries.items():
        assert set(re.findall(r"\{\d\}", english)) == set(re.findall(r"\{\d\}", text)), english


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_every_pattern_of_a_language_is_a_sentence_of_the_api(path: Path) -> None:
    code = "".join(source.read_text(encoding="utf-8") for source in (ROOT / "layers" / "shared").rglob("*.py"))
    # A sentence may go on in the next string.
    sentences = [re.sub(r'"\s+f?"', "", found) for found in FORMATTED.findall(code)]
    possible = [re.compile(".+".join(map(re.escape, re.split(r"\{[^{}]*\}", each)))) for each in sentences]
    patterns = PATTERN_ENTRY.findall(path.read_text(encoding="utf-8").partition("export const patterns")[2])
    assert len(patterns) > 3
    for english, other in patterns:
        assert any(each.fullmatch(english) for each in possible), english
        assert sorted(re.findall(r"\{\d\}", english)) == sorted(re.findall(r"\{\d\}", other)), english


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(SCRIPTS).as_posix())
def test_no_text_of_the_page_stands_outside(path: Path) -> None:
    code = AMOUNT.sub("", TRANSLATED.sub("", code_of(path)))
    outside = set()
    for found in LITERAL.finditer(code):
        text = found[1] if found[1] is not None else PLACE.sub("{}", found[2])
        if TEXT.search(text) and text not in NOT_TEXT and not NEVER_SHOWN.search(code[: found.start()]):
            outside.add(text)
    assert not outside
