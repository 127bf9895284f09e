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
    modules = {"scripts/app.js": APP, "scripts/views/a.js": A, "scripts/b.js": B}
    assert bundle(modules, "scripts/app.js", "all.js") == {"all.js": JOINED}


def test_each_module_of_the_page_comes_after_those_that_it_imports() -> None:
    for script in bundle(of_the_page(), "scripts/app.js", "scripts.js").values():
        known = set(re.findall(r"\w+", "".join(re.findall(r"^import \{(.*)\} from", script, re.MULTILINE))))
        for part in script.split("\n})();\n"):
            assert set(re.findall(r"const {[^}]*} = (module\d+);", part)) <= known
            known |= set(re.findall(r"^const (module\d+) = ", part, re.MULTILINE))


LAZY = {
    "scripts/app.js": 'const { one } = await import("./views/one.js");\nawait import("./two.js");\n',
    "scripts/views/one.js": 'import { own } from "../own.js";\nimport { shared } from "../shared.js";\n'
    "export const one = own + shared;\n",
    "scripts/two.js": 'import { shared } from "./shared.js";\nexport const two = shared;\nimport("./views/one.js");\n',
    "scripts/own.js": "export const own = 1;\n",
    "scripts/shared.js": "export const shared = 2;\n",
}


def test_a_lazy_module_is_a_script_that_brings_what_it_alone_needs() -> None:
    scripts = bundle(LAZY, "scripts/app.js", "all.js")
    assert set(scripts) == {"all.js", "scripts/views/one.js", "scripts/two.js"}
    (shared,) = re.findall(r"export \{ (module\d) \};$", scripts["all.js"])
    assert f"const {shared} = (() => {{\nconst shared = 2;" in scripts["all.js"]
    assert 'await import("./scripts/views/one.js")' in scripts["all.js"]
    assert scripts["scripts/views/one.js"].startswith(f'import {{ {shared} }} from "../../all.js";\n')
    assert "const own = 1;" in scripts["scripts/views/one.js"]
    assert scripts["scripts/two.js"].endswith('export const two = shared;import("./views/one.js");')
    assert 'import("./views/one.js");' in scripts["scripts/two.js"]


TYPES = """/** @param {import("./shared.js").Shared} shared */
export const show = (shared) => shared;
/**
 * @type {import("./missing.js").Missing | null}
 */
/* as import("./missing.js") would */
const known = /** @type {import("./shared.js").Shared} */ (null);
// also import("./missing.js")
show(known);
"""


def test_what_a_comment_imports_is_not_loaded() -> None:
    app = 'import { shared } from "./shared.js";\nimport { show } from "./types.js";\nshow(shared);\n'
    modules = {"scripts/app.js": app, "scripts/types.js": TYPES, "scripts/shared.js": LAZY["scripts/shared.js"]}
    scripts = bundle(modules, "scripts/app.js", "all.js")
    assert set(scripts) == {"all.js"}
    assert "const show = (shared) => shared;const known = (null);show(known);" in scripts["all.js"]


@pytest.mark.parametrize("importing", ["scripts/app.js", "scripts/two.js"])
def test_a_module_is_lazy_for_all_or_for_nobody(importing: str) -> None:
    both_ways = 'import { one } from "./views/one.js";\n' + LAZY[importing]
    with pytest.raises(ValueError, match=r"views/one\.js: every import of a module has to be lazy, or none"):
        bundle({**LAZY, importing: both_ways}, "scripts/app.js", "all.js")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('import "./b.js";', 'import "./b.js";'),
        ('import b from "./b.js";', 'import b from "./b.js";'),
        ('import * as b from "./b.js";', 'import * as b from "./b.js";'),
        ("const b = await import(path);", "import(path);"),
        ("const here = import.meta.url;", "import.meta.url;"),
        ('two(); // as import("./b.js") would', '// as import("./b.js") would'),
        ('two(/* import("./b.js") */);', '/* import("./b.js") */);'),
        ("export { two };", "export { two };"),
        ("const c = 1;\nexport { c };", "export { c };"),
        ('export * from "./b.js";', 'export * from "./b.js";'),
        ("export default 2;", "export default 2;"),
        ("export let two = 2;", "export let two = 2;"),
    ],
)
def test_another_form_is_an_error_that_names_it(line: str, named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"`{named}`")):
        bundle({"scripts/app.js": line + "\n", "scripts/b.js": "export const two = 2;\n"}, "scripts/app.js", "all.js")


def test_imports_in_a_circle_are_an_error() -> None:
    one, other = 'import { b } from "./b.js";\n', 'import { a } from "./a.js";\n'
    with pytest.raises(ValueError, match="cycle"):
        bundle({"scripts/a.js": one, "scripts/b.js": other}, "scripts/a.js", "all.js")
