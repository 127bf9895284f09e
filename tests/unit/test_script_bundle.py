"""The page's modules as one script; the tests of the page in a browser show that it does what the modules do."""

from __future__ import annotations

import re

import pytest

from testkit.functions import load_function
from testkit.template import ROOT

load_function("serve_page")
from script_bundle import bundle  # noqa: E402 - a module beside the handler

WEB = ROOT / "web"


def of_the_page() -> dict[str, str]:
    return {
        path.relative_to(WEB).as_posix(): path.read_text(encoding="utf-8") for path in (WEB / "scripts").rglob("*.js")
    }


APP = """import { one as first } from "./views/a.js";
import { two } from "./b.js";
await first(two);
"""
A = """// What it is for.

import {
  two,
  Three,
} from "../b.js";

export async function one() {}
"""
B = """/** A number. */
export const two = 2;
  // Nobody else's, as in https://example.com
const own = 1;
export class Three {}
"""
JOINED = """const module0 = (() => {
const two = 2;const own = 1;class Three {}
return { two, Three };
})();
const module1 = (() => {
const {two,Three,} = module0;async function one() {}
return { one };
})();
const { one: first } = module1;const { two } = module0;await first(two);"""


def test_a_module_runs_once_after_those_that_it_imports() -> None:
    assert bundle({"scripts/app.js": APP, "scripts/views/a.js": A, "scripts/b.js": B}, "scripts/app.js") == JOINED


def test_each_module_of_the_page_comes_after_those_that_it_imports() -> None:
    joined = bundle(of_the_page(), "scripts/app.js")
    defined = [int(number) for number in re.findall(r"^const module(\d+) = ", joined, re.MULTILINE)]
    assert defined == list(range(len(of_the_page()) - 1))
    for place, part in enumerate(joined.split("\n})();\n")):
        assert all(int(used) < place for used in re.findall(r"const {[^}]*} = module(\d+);", part))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('import "./b.js";', 'import "./b.js";'),
        ('import b from "./b.js";', 'import b from "./b.js";'),
        ('import * as b from "./b.js";', 'import * as b from "./b.js";'),
        ('const b = await import("./b.js");', 'import("./b.js");'),
        ("const here = import.meta.url;", "import.meta.url;"),
        ("export { two };", "export { two };"),
        ('export * from "./b.js";', 'export * from "./b.js";'),
        ("export default 2;", "export default 2;"),
        ("export let two = 2;", "export let two = 2;"),
    ],
)
def test_another_form_is_an_error_that_names_it(line: str, named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"`{named}`")):
        bundle({"scripts/app.js": line + "\n", "scripts/b.js": "export const two = 2;\n"}, "scripts/app.js")


def test_imports_in_a_circle_are_an_error() -> None:
    one, other = 'import { b } from "./b.js";\n', 'import { a } from "./a.js";\n'
    with pytest.raises(ValueError, match="cycle"):
        bundle({"scripts/a.js": one, "scripts/b.js": other}, "scripts/a.js")
