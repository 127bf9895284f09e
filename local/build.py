"""The local build: every function and the layer as on AWS, for this machine's interpreter and processor.

`sam build` cannot make it, because its uv builder accepts wheels for Linux only. Packages are installed once per lock
file and stay outside the deployed archives; a function's bootstrap lists exactly the folders that it would ship.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from local.locking import exclusive
from local.settings import LOCAL, ROOT, LocalStackError

_SOURCES = (
    "template.yaml",
    "operations.yaml",
    "statemachine",
    "functions",
    "layers",
    "web",
    "local/build.py",
    "local/runtime",
)
_UV = LOCAL / "uv" / "bin" / "uv"
_LAYER = ROOT / "layers" / "shared"
_PAGE = ROOT / "web"
_RUNTIME = ROOT / "local" / "runtime"
_TRIM_BOTOCORE = _LAYER / "trim_botocore.py"
_UNSHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")

# Without -S the interpreter would add the packages of the development environment.
_BOOTSTRAP = """\
#!/bin/sh
export PYTHONPATH="$LAMBDA_TASK_ROOT{packages}"
exec "{python}" -uS -m awslambdaric "$_HANDLER"
"""


@dataclass(frozen=True, slots=True)
class Build:
    """A built template that the SAM CLI can deploy; `digest` identifies the sources that it was made from."""

    folder: Path
    digest: str

    @property
    def template(self) -> Path:
        return self.folder / "template.json"


def build() -> Build:
    """Builds the sources, unless the same ones have been built already."""
    digest = _digest()
    result = Build(LOCAL / "build" / digest, digest)
    with exclusive(LOCAL / "build.lock"), _appearing_whole(result.folder) as scratch:
        if scratch:
            _fill(scratch, result.folder)
    return result


def shipped_packages(code: Path, layer: Path) -> list[Path]:
    """Returns the folders besides its own from which the function in `code` may import, in Lambda's order."""
    return [*_packages(code), layer, *_packages(_LAYER), *_packages(_RUNTIME)]


def _fill(scratch: Path, destination: Path) -> None:
    """Builds in `scratch`, for the place `destination`."""
    template: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    common = template["Globals"]["Function"]
    common["Runtime"] = "provided.al2023"
    del common["Architectures"], common["Layers"]
    del template["Resources"]["SharedLayer"], template["Resources"]["PageLayer"]
    del template["Resources"]["BucketPolicy"]  # it requires TLS, which the emulator does not support
    shutil.copytree(_LAYER, scratch / "layer", ignore=_UNSHIPPED)
    shutil.copytree(_PAGE, scratch / "page")
    page_server = template["Resources"]["ServePageFunction"]["Properties"]
    del page_server["Layers"]
    page_server["Environment"]["Variables"]["PAGE_FOLDER"] = str(destination / "page")
    for name, resource in template["Resources"].items():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::Serverless::Function":
            code = ROOT / properties["CodeUri"]
            shutil.copytree(code, scratch / name, ignore=_UNSHIPPED)
            write_bootstrap(scratch / name, shipped_packages(code, destination / "layer"))
            properties["CodeUri"] = name
        elif resource["Type"] == "AWS::Serverless::StateMachine":
            properties["DefinitionUri"] = str(ROOT / properties["DefinitionUri"])
        elif resource["Type"] == "AWS::CloudFormation::Stack":
            properties["TemplateURL"] = str(ROOT / properties["TemplateURL"])
    (scratch / "template.json").write_text(json.dumps(template, indent=1), encoding="utf-8")
    # Archives do not keep modification times, so Python would never use bytecode that it validates by them.
    compileall.compile_dir(scratch, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)


def write_bootstrap(function: Path, packages: list[Path]) -> None:
    bootstrap = function / "bootstrap"
    bootstrap.write_text(
        _BOOTSTRAP.format(packages="".join(f":{folder}" for folder in packages), python=sys.executable),
        encoding="utf-8",
    )
    bootstrap.chmod(0o755)


def _packages(code: Path) -> Iterator[Path]:
    """Installs the packages of the lock file beside `code`; returns None if there is no lock file."""
    lock = code / "requirements.txt"
    if not lock.is_file():
        return
    folder = LOCAL / "packages" / _sha256([sys.version.encode(), lock.read_bytes(), _TRIM_BOTOCORE.read_bytes()])
    with _appearing_whole(folder) as scratch:
        if scratch:
            _install(lock, scratch)
    yield folder


@contextmanager
def _appearing_whole(folder: Path) -> Iterator[Path | None]:
    """Provides an empty folder that is renamed to `folder` at the end; provides None if `folder` already exists."""
    if folder.is_dir():
        yield None
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        yield Path(scratch)
        Path(scratch).replace(folder)


def _install(lock: Path, target: Path) -> None:
    options = ["--quiet", "--compile-bytecode", "--require-hashes", "--python", sys.executable]
    command: list[str | Path] = [_UV, "pip", "install", *options, "--target", target, "--requirement", lock]
    if subprocess.run(command, check=False).returncode:
        raise LocalStackError(f"The packages of {lock} could not be installed; see above.")
    if (target / "botocore").is_dir():
        subprocess.run([sys.executable, _TRIM_BOTOCORE, target], check=True)


def _digest() -> str:
    files = sorted(path for source in _SOURCES for path in _files(ROOT / source))
    return _sha256([sys.version.encode(), *(part for path in files for part in (bytes(path), path.read_bytes()))])


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
    else:
        yield from (path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _sha256(parts: list[bytes]) -> str:
    """Returns a hash that is short enough for a folder's name; each part is preceded by its length."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(b"%d:" % len(part) + part)
    return hashed.hexdigest()[:16]
