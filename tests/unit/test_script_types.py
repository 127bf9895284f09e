"""Which functions of the page's scripts get a description of their parameters before the type check."""

from __future__ import annotations

import pytest

from local.script_types import with_parameters


@pytest.mark.parametrize(
    ("line", "parameter"),
    [
        ("export function span(seconds) {", "seconds"),
        ("async function carryOut(id, request = {}) {", "id"),
        ("function* parts(text) {", "text"),
        ("  async #read(files) {", "files"),
        ("  constructor(api, id, { onBatch, onFailure }) {", "api"),
        ("const key = (user) => `choices.${user}`;", "user"),
        ("  const send = async (method, path) => {", "method"),
        ("    this.look = (event) => this.#look(event);", "event"),
        ("  batch: (id, query) => `#/batch/${id}${query}`,", "id"),
        ("export function confirm({ title, text }) {", "values"),
        ("function compare([one, other]) {", "values"),
    ],
)
def test_a_function_with_parameters_is_described(line: str, parameter: str) -> None:
    code = line.lstrip()
    assert with_parameters(line) == f"{line.removesuffix(code)}/** @param {parameter} */ {code}"


@pytest.mark.parametrize("opening", ["export function askHowTo(", "  askHowTo(", "const askHowTo = ("])
def test_the_parameters_may_have_lines_of_their_own(opening: str) -> None:
    first, *rest = with_parameters(f"{opening}\n    title,\n    action,\n) {{").split("\n")
    assert first.strip() == f"/** @param title */ {opening.strip()}"
    assert rest == ["    title,", "    action,", ") {"]


@pytest.mark.parametrize(
    "line",
    [
        "function hasNone() {",
        "  if (isOver(batch)) {",
        "  for (const line of lines) {",
        "  fill(node, progress);",
        "  const batch = await accept(answer);",
        "  return join(one, other);",
    ],
)
def test_other_lines_stay(line: str) -> None:
    assert with_parameters(line) == line


def test_the_authors_own_description_stays() -> None:
    script = "/**\n * Shows it.\n *\n * @param {string} text\n */\nfunction show(text) {"
    assert with_parameters(script) == script


def test_a_comment_without_parameters_is_followed_by_a_description() -> None:
    assert with_parameters("/** Shows it. */\nfunction show(text) {").endswith(
        "\n/** @param text */ function show(text) {"
    )


def test_a_description_is_only_of_the_next_function() -> None:
    script = "/** @param {string} text */\nfunction show(text) {\n}\nfunction hide(node) {"
    assert with_parameters(script).endswith("\n/** @param node */ function hide(node) {")
