"""Joins the JavaScript modules of the page into one script, so that a first visit makes few requests.

A bundler would do this as well, but needs Node.js on every machine that deploys. The page's modules are written in one
plain form of import and export, so little is needed: each module becomes a function that runs once, after those that it
imports, and returns what it exports. Comments, indentation and needless line ends are left out, so a template literal
has to stay on one line. Any other form is an error;
`tests/unit/test_script_bundle.py` shows them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
# Lines of their own; they take an eighth of what a browser would load.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{2,}")
# The end of a line after which JavaScript goes on in any case; not behind what may be a comment.
_OPEN_END = re.compile(r"^((?:(?!//).)*[,;({\[])\n", re.MULTILINE)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*|import[(.].*", re.MULTILINE)


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """One module script that does what importing `entry` does.

    `modules` maps paths with slashes to sources. Raises `ValueError` for a form of import or export that is not known
    and for imports in a circle, and `KeyError` for a module that is missing.
    """
    imports = {
        path: {_resolved(path, target) for _, target in _IMPORT.findall(source)} for path, source in modules.items()
    }
    order = list(TopologicalSorter(imports).static_order())
    names = {path: f"module{number}" for number, path in enumerate(order)}
    return "\n".join(_as_function(path, modules[path], names, path == entry) for path in order)


def _as_function(path: str, source: str, names: Mapping[str, str], is_entry: bool) -> str:
    def from_function(found: re.Match[str]) -> str:
        return f"const {{{found[1].replace(' as ', ': ')}}} = {names[_resolved(path, found[2])]};"

    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(from_function, _COMMENT.sub("", source)))
    body = _OPEN_END.sub(r"\1", _BLANK_LINES.sub("\n", _INDENTATION.sub("", body))).strip("\n")
    if other := _OTHER_FORM.search(body):
        raise ValueError(f"{path}: the page's scripts are joined into one, which cannot be done with `{other[0]}`.")
    if is_entry:
        return body  # at the top level, where a module may use `await`
    exported = ", ".join(name for _, name in _EXPORT.findall(source))
    return f"const {names[path]} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _resolved(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
