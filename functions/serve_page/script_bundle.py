"""Joins the JavaScript modules of the page into few scripts, so that a first visit makes few requests.

A bundler would do this as well, but needs Node.js on every machine that deploys. The page's modules are written in one
plain form of import and export, so little is needed: each module becomes a function that runs once, after those that it
imports, and returns what it exports. A module that is imported with `import("…")` becomes a script of its own, which a
browser loads when it is needed, together with the modules that nobody else needs. Comments, indentation and needless
line ends are left out, so a template literal has to stay on one line, and what a comment imports is not loaded: it
names a type. Any other form is an error; `tests/unit/test_script_bundle.py` shows them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from itertools import chain

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";', re.MULTILINE)
_LAZY_IMPORT = re.compile(r'\bimport\("([^"]+)"\)')
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
# Lines of their own, which take an eighth of what a browser would load, and types within a line.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/)\n|/\*\* @(?:(?!\*/).)*\*/ ?", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{2,}")
# The end of a line after which the statement always continues; not after text that may be a comment.
_OPEN_END = re.compile(r"^((?:(?!//).)*[,;({\[])\n", re.MULTILINE)
# Includes an import after text that may be a comment, which nobody could tell apart from one that is to be loaded.
_OTHER_FORM = re.compile(r'^(?:import\s|export\b).*|import(?:\.|\((?!"[^"]+"\))).*|/[/*].*\bimport\(.*', re.MULTILINE)


class _Page:
    """The modules by their paths, and the script that each belongs to: the first one or a lazy one."""

    def __init__(self, modules: Mapping[str, str], entry: str) -> None:
        self.modules = {path: _COMMENT.sub("", source) for path, source in modules.items()}
        self.imports = {path: _targets(_IMPORT, path, source) for path, source in self.modules.items()}
        self.order = list(TopologicalSorter(self.imports).static_order())
        self.names = {path: f"module{number}" for number, path in enumerate(self.order)}
        self.lazy = _sorted_union(_targets(_LAZY_IMPORT, path, source) for path, source in self.modules.items())
        self.entry_of = {path: self._entry_of(path, entry) for path in self.order}
        for path in self.lazy:
            if self.entry_of[path] != path:
                raise ValueError(f"{path}: every import of a module has to be lazy, or none.")

    def _entry_of(self, path: str, entry: str) -> str:
        """The lazy module that alone needs this one; else the module that begins the first script."""
        needing = [root for root in (entry, *self.lazy) if path in self._needed_by(root)]
        return needing[0] if len(needing) == 1 else entry

    def _needed_by(self, path: str) -> set[str]:
        return {path}.union(*(self._needed_by(imported) for imported in self.imports[path]))

    def modules_of(self, entry: str) -> list[str]:
        return [path for path in self.order if self.entry_of[path] == entry]

    def borrowed_by(self, entry: str) -> list[str]:
        """The names of the modules that a lazy script takes from the first one."""
        imported = _sorted_union(self.imports[path] for path in self.modules_of(entry))
        return [self.names[path] for path in imported if self.entry_of[path] != entry]


def bundle(modules: Mapping[str, str], entry: str, name: str) -> dict[str, str]:
    """Scripts by their paths: the first, called `name`, does what importing `entry` does; lazy ones keep their paths.

    `modules` maps paths with slashes to sources. What several lazy scripts need is part of the first one, which must
    not wait for any of them at its top level: they wait for its end. Raises `ValueError` for a form of import or export
    that is not known and for imports in a circle, and `KeyError` for a module that is missing.
    """
    page = _Page(modules, entry)
    borrowed = {path: page.borrowed_by(path) for path in page.lazy}
    scripts = {name: _script(page, entry, name) + _listed("\nexport {};", _sorted_union(borrowed.values()))}
    for path, names in borrowed.items():
        scripts[path] = _listed(f'import {{}} from "{_relative(name, path)}";\n', names) + _script(page, path, path)
    return scripts


def _script(page: _Page, entry: str, name: str) -> str:
    return "\n".join(_module(page, path, name, is_entry=path == entry) for path in page.modules_of(entry))


def _module(page: _Page, path: str, script: str, *, is_entry: bool) -> str:
    def from_function(found: re.Match[str]) -> str:
        return f"const {{{found[1].replace(' as ', ': ')}}} = {page.names[_resolved(path, found[2])]};"

    def from_script(found: re.Match[str]) -> str:
        return f'import("{_relative(_resolved(path, found[1]), script)}")'

    body = _IMPORT.sub(from_function, page.modules[path])
    exports = [name for _, name in _EXPORT.findall(body)]
    without_exports = _EXPORT.sub(r"\1 \2", body)
    if other := _OTHER_FORM.search(without_exports):
        raise ValueError(f"{path}: the page's scripts are joined, which cannot be done with `{other[0]}`.")
    shortened = _shortened(_LAZY_IMPORT.sub(from_script, body if is_entry else without_exports))
    if is_entry:
        return shortened  # at the top level, from where it can export
    returned = f"return {{ {', '.join(exports)} }};"
    return f"const {page.names[path]} = (() => {{\n{shortened}\n{returned}\n}})();"


def _shortened(source: str) -> str:
    return _OPEN_END.sub(r"\1", _BLANK_LINES.sub("\n", _INDENTATION.sub("", source))).strip("\n")


def _listed(statement: str, names: list[str]) -> str:
    return statement.replace("{}", f"{{ {', '.join(names)} }}") if names else ""


def _targets(imports: re.Pattern[str], path: str, source: str) -> list[str]:
    """The modules that a module imports in one of the two ways."""
    return [_resolved(path, found[imports.groups]) for found in imports.finditer(source)]


def _sorted_union(groups: Iterable[list[str]]) -> list[str]:
    """Sorted, because every process has to make the same scripts: their version is a hash of them."""
    return sorted(set(chain.from_iterable(groups)))


def _resolved(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _relative(target: str, script: str) -> str:
    path = posixpath.relpath(target, posixpath.dirname(script) or ".")
    return path if path.startswith(".") else f"./{path}"
