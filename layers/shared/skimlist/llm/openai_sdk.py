"""Imports the OpenAI SDK without most of its types: it builds a thousand of them, and a chat needs forty."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_TYPES = "openai.types"


class _OnDemand(SourceFileLoader):
    """Loads a package that only imports names from its modules, and imports each module when a name of it is used."""

    def exec_module(self, module: ModuleType) -> None:
        homes = _homes(ast.parse(self.get_data(self.path)))
        if homes is None:
            super().exec_module(module)
            return

        def find(name: str) -> object:
            if name not in homes:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            found: object = getattr(import_module(f"{module.__name__}.{homes[name]}"), name)
            setattr(module, name, found)
            return found

        module.__dict__["__getattr__"] = find


def _homes(package: ast.Module) -> dict[str, str] | None:
    """Returns the module of each name, or None for a package that contains other statements."""
    homes: dict[str, str] = {}
    for statement in package.body:
        match statement:
            case ast.ImportFrom(module="__future__"):
                pass
            case ast.ImportFrom(module=str(home), level=1):
                homes |= {alias.asname or alias.name: home for alias in statement.names}
            case _:
                return None
    return homes


class _Finder:
    """Finds the packages of types, and leaves everything else to others."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if not f"{name}.".startswith(f"{_TYPES}."):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and spec.origin and spec.submodule_search_locations:
            spec.loader = _OnDemand(name, spec.origin)
        return spec


sys.meta_path.insert(0, _Finder)

import openai  # noqa: E402 - after what makes it small
from openai.providers.bedrock import bedrock  # noqa: E402
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam  # noqa: E402

__all__ = ["ChatCompletion", "ChatCompletionMessageParam", "bedrock", "openai"]
