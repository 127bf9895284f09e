"""Runs tests on changed code, in a process that has already loaded the libraries."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from types import CodeType

import pytest

from lab.mutation.mutants import Mutant

_LAYER = Path(__file__).parents[2] / "layers" / "shared"
_CPU_SECONDS = 120
_LIBRARIES = (
    *("boto3", "hypothesis", "moto.core", "moto.dynamodb.models", "moto.s3.models", "moto.stepfunctions.models"),
    *("openai", "pydantic", "requests", "aws_lambda_powertools.event_handler", "aws_lambda_powertools.metrics"),
    *(
        "cryptography.x509",
        "docker",
        "httpx",
        "joserfc.jwt",
        "rich.console",
        "rich.progress",
        "trustme",
        "xdist.plugin",
    ),
)
_FORK = get_context("fork")


def is_noticed(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether one of the tests fails. A test that does not end is stopped, and counts as failed."""
    if not tests:
        return False
    process = _FORK.Process(target=_run, args=(mutant, tests))
    process.start()
    process.join()
    return process.exitcode != pytest.ExitCode.OK


def load_libraries() -> None:
    """Imports what the tests load of other projects once for all processes: it takes longer than most tests."""
    for name in _LIBRARIES:
        import_module(name)


def _run(mutant: Mutant, tests: Sequence[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    sys.meta_path.insert(0, _ChangedModule(mutant))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
    os._exit(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]))


class _ChangedModule(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._path = str(mutant.path)
        module = mutant.path.relative_to(_LAYER).with_suffix("")
        self._name = ".".join(module.parts).removesuffix(".__init__")
        self._code = mutant.code()

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        if fullname != self._name:
            return None
        return spec_from_file_location(fullname, self._path, loader=_Loader(fullname, self._path, self._code))


class _Loader(SourceFileLoader):
    """Loads the changed code instead of the file."""

    def __init__(self, name: str, path: str, code: str) -> None:
        super().__init__(name, path)
        self._changed = code

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self._changed, self.path, "exec")
