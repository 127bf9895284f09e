"""The words of commands that the page composes reach the program as they are, through a real shell."""

from __future__ import annotations

import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.page_modules import evaluate

ORDINARY = ["https://a1.execute-api.eu-central-1.amazonaws.com", "3n4b5urk1ft4fl3mg5e62d9ado", "you+me@example.com"]
HOSTILE = [
    "o'neil@example.com",
    "''",
    "a;touch x",
    "a&b=c",
    "$(id)",
    "`id`",
    "${IFS}",
    "a\nid",
    "*",
    "~",
    "#",
    "a b",
    '"',
    "\\",
    "a\n",
    "",
]


def read_by_a_shell(texts: list[str]) -> list[str]:
    command = " ".join(evaluate("shell-word.js", "given.map(page.shellWord)", texts))
    printed = subprocess.run(["sh", "-c", f"printf '%s\\0' {command}"], capture_output=True, check=True).stdout
    return printed.decode().split("\0")[:-1]


def test_a_shell_reads_every_text_as_one_word() -> None:
    assert read_by_a_shell(HOSTILE + ORDINARY) == HOSTILE + ORDINARY


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_a_shell_reads_any_texts_as_words(texts: list[str]) -> None:
    assert read_by_a_shell(texts) == texts


def test_ordinary_values_need_no_quotes() -> None:
    assert evaluate("shell-word.js", "given.map(page.shellWord)", ORDINARY) == ORDINARY
