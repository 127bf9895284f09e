"""The texts of the page: all are in the catalogue, and each language has all of them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ops.error_reference import PAUSED_BY_USER, SENTENCES_FILE, sentences
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
from skimlist.youtube.errors import MESSAGES
from testkit.template import ROOT

SCRIPTS = ROOT / "web" / "scripts"
LINKS = ROOT / "layers" / "shared" / "skimlist" / "links"
LANGUAGES = sorted((SCRIPTS / "texts").glob("??.js"))
# What the page shows before somebody has signed in.
BEFORE_SIGNING_IN = ("shell.js", "session.js", "lazy.js", "views/loading.js", "views/sign-in.js")
CODE = (ROOT / "functions" / "api", ROOT / "layers" / "shared" / "skimlist")
# Other errors are answered without their own sentence, or reach operators only.
SHOWN = (RequestRefused, VideoFailed, BatchBlocked, PlaylistFailed, DigestFailed)
NOTES = (
    "functions/api/schemas.py",
    "layers/shared/skimlist/digesting/digest.py",
    "layers/shared/skimlist/summarizing/summarize.py",
)
SETTING = re.compile(r"[A-Z]+_[A-Z_]+")
SENTENCE = re.compile(r"(?=.* .* )[A-Z{].*[.}]$", re.DOTALL)
SOURCES = sorted({*SCRIPTS.rglob("*.js")} - {*(SCRIPTS / "texts").iterdir(), SCRIPTS / "texts.js", SENTENCES_FILE})

COMMENT = re.compile(r"^\s*//.*|/\*\*[\s\S]*?\*/|(?<=[\s;,{)])// .*", re.MULTILINE)
PATTERN = re.compile(r"(?<=[(,=:[!&|?{;\s])/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
TRANSLATED = re.compile(r"\b(?:t|nodes)`([^`]*)`")
PLACE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
AMOUNT = re.compile(r'\bcounted\(\s*(?:[^(),"]|\([^()]*\))+,\s*"([^"]+)"(?:,\s*"([^"]+)")?')
IMPORT = re.compile(r'^import \{[^}]*\} from "([^"]+)";', re.MULTILINE)
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
    *("Alt ↑", "Alt ↓", "Esc", "button, input, .handle", "input, textarea, select, dialog"),
    "input, textarea, select, dialog, [contenteditable]",
    ".points li, .chapters li, .focus dd, .tldr, .prose p, .prose li",
    ".summary-title, .tldr, .prose, .focus dd, .points, .chapters, .tags",
    "autoplay; encrypted-media; fullscreen; picture-in-picture",
    "aws ssm put-parameter --name {} --type SecureString --overwrite --value …",
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


@cache
def modules() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for root in CODE for path in sorted(root.rglob("*.py"))]


@cache
def meanings() -> dict[str, list[ast.expr]]:
    """Returns what each function of the code returns, and what each name stands for."""
    found: dict[str, list[ast.expr]] = {}
    for node in (node for module in modules() for node in ast.walk(module)):
        if isinstance(node, ast.FunctionDef):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value]
            found.setdefault(node.name, []).extend(returned)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def raised_sentences() -> set[str]:
    """Returns the sentences of errors that the page shows, with `{0}` in place of what differs."""
    shown = {error.__name__ for error in error_classes() if issubclass(error, SHOWN)}
    nodes = [node for module in modules() for node in ast.walk(module)]
    made = [node for node in nodes if isinstance(node, ast.Call) and name_of(node.func) in shown]
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name in shown:
            made += [each for each in ast.walk(node) if isinstance(each, ast.Call) and name_of(each.func) == "__init__"]
    sentences = {sentence for call in made if call.args for sentence in texts_in(call.args[0])}
    return {sentence for sentence in sentences if SENTENCE.match(sentence)}


def noted_sentences() -> set[str]:
    """Returns the sentences about how a summary or digest was made, and about a batch that has not started."""
    trees = [ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in NOTES]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Yield | ast.Return)]
    sentences = {sentence for node in nodes if node.value for sentence in texts_in(node.value, follow=False)}
    return {sentence for sentence in sentences if SENTENCE.match(sentence)}


def texts_in(node: ast.expr, *, follow: bool = True) -> Iterator[str]:
    """Yields the texts that an expression can have; `follow` also looks up what a name or a call stands for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        places = iter(range(len(node.values)))
        parts = [part.value if isinstance(part, ast.Constant) else f"{{{next(places)}}}" for part in node.values]
        yield "".join(map(str, parts))
    elif isinstance(node, ast.BoolOp):
        yield from (text for value in node.values for text in texts_in(value, follow=follow))
    elif isinstance(node, ast.Name | ast.Call) and follow:
        name = name_of(node.func if isinstance(node, ast.Call) else node)
        yield from (text for meaning in meanings().get(name, ()) for text in texts_in(meaning, follow=False))


def name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def stored_sentences() -> set[str]:
    """Returns the API's fixed sentences about failures, refusals, pauses and links."""
    of_follows = FollowMonthSpent, FollowOwnerDeleted
    failures = sentences_of(VideoFailed, BatchBlocked, PlaylistFailed, DigestFailed, RequestRefused, *of_follows)
    failures |= {str(error) for error in vars(rejections).values() if isinstance(error, SkimlistError)}
    failures |= {sentence for told in sentences().values() for sentence in told}
    failures |= set(MESSAGES.values())
    failures.add(catalogue()[DEFAULT_MODEL].label)
    links = "".join(path.read_text(encoding="utf-8") for path in LINKS.glob("*.py"))
    selection = {*REASONS.values(), PUT_BACK}
    failures |= {sentence for sentence in raised_sentences() | noted_sentences() if "{" not in sentence}
    return failures | selection | set(PAUSED_BY_USER[1:3]) | set(re.findall(r'\breason="([^"{]+)"', links))


def entries_of(*paths: Path) -> dict[str, str]:
    """Returns the texts of a language by the English ones."""
    found = [entry for path in paths for entry in ENTRY.findall(path.read_text(encoding="utf-8"))]
    entries = {json.loads(f'"{quoted or bare}"'): text.strip() for quoted, bare, text in found}
    assert len(entries) == len(found)  # JavaScript takes the last one of two
    return entries


def first_of(language: Path) -> Path:
    return language.with_name(f"{language.stem}-first.js")


def needed_by(path: Path) -> set[Path]:
    """Returns a module, and all that it imports."""
    imported = IMPORT.findall(path.read_text(encoding="utf-8"))
    return {path}.union(*(needed_by((path.parent / target).resolve()) for target in imported))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_first_visit_waits_for_the_texts_of_signing_in_alone(path: Path) -> None:
    shown = set().union(*(needed_by(SCRIPTS / module) for module in BEFORE_SIGNING_IN))
    assert set(entries_of(first_of(path))) == set().union(*map(texts_of, shown - {SCRIPTS / "texts.js"}))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_language_has_every_text_and_no_other(path: Path) -> None:
    entries = entries_of(first_of(path), path)
    amounts = {english for english, text in entries.items() if text.startswith("{")}
    assert amounts == set().union(*map(amounts_of, SOURCES))
    wanted = stored_sentences().union(*map(texts_of, SOURCES))
    assert set(entries) - amounts - sentences_of(SkimlistError) <= wanted <= set(entries)
    for english, text in entries.items():
        assert set(re.findall(r"\{\d\}", english)) == set(re.findall(r"\{\d\}", text)), english


def test_no_message_of_an_error_names_a_setting() -> None:
    messages = {error.message for error in error_classes()} | raised_sentences() | set(MESSAGES.values())
    assert {message for message in messages if SETTING.search(message)} == set()
    assert SETTING.search("Check YOUTUBE_PROXY_URL.")


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
        # A value that is an English word may be left out.
        assert set(re.findall(r"\{\d\}", english)) >= set(re.findall(r"\{\d\}", other)), english


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_language_has_every_sentence_of_the_api_that_differs_from_case_to_case(path: Path) -> None:
    patterns = PATTERN_ENTRY.findall(path.read_text(encoding="utf-8").partition("export const patterns")[2])
    varied = {sentence for sentence in raised_sentences() | noted_sentences() if "{" in sentence}
    assert len(varied) > 20
    # A pattern may spell out what a part of the sentence can be, such as the amount and its noun.
    anything = {sentence: re.compile(".+".join(map(re.escape, re.split(r"\{\d\}", sentence)))) for sentence in varied}
    assert {each for each in varied if not any(anything[each].fullmatch(english) for english, _ in patterns)} == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(SCRIPTS).as_posix())
def test_no_text_of_the_page_stands_outside(path: Path) -> None:
    code = AMOUNT.sub("", TRANSLATED.sub("", code_of(path)))
    outside = set()
    for found in LITERAL.finditer(code):
        text = found[1] if found[1] is not None else PLACE.sub("{}", found[2])
        if TEXT.search(text) and text not in NOT_TEXT and not NEVER_SHOWN.search(code[: found.start()]):
            outside.add(text)
    assert not outside
