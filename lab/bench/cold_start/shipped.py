"""Builds the functions to start: ours as `sam build` and the archive make them, and the textbook's the same way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lab.bench.processes import Taken
from lab.bench.processes import run as run_process
from local.sam_build import add_bytecode, build_for_this_machine
from local.settings import LOCAL

_TEXTBOOK = Path(__file__).parent / "textbook"
# SAM's archives set every file to this time.
_1980 = 315532800
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "TABLE_NAME": "table",
    "BUCKET_NAME": "bucket",
    "OPENAI_API_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "bench",
    # On Lambda, a function's files are read-only.
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """The folders of a function at runtime: its own, and the layer."""

    folders: tuple[Path, ...]

    def start(self, code: str) -> Taken:
        """Runs `code` in a fresh interpreter that sees only these folders."""
        environment = {**_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(map(str, self.folders))}
        return run_process([sys.executable, "-S", "-c", code], environment)

    @property
    def size_mb(self) -> float:
        files = (file for folder in self.folders for file in folder.rglob("*") if file.is_file())
        return sum(file.stat().st_size for file in files) / 1e6


def ours(workspace: Path) -> dict[str, Shipped]:
    """Returns every function by its folder's name."""
    built = build_for_this_machine(workspace)
    add_bytecode(built)
    _forget_times(built)
    layer = built / "SharedLayer" / "python"
    handlers = sorted(built.glob("*/handler.py"))
    return {_folder_name(handler.parent.name): Shipped((handler.parent, layer)) for handler in handlers}


def textbook(workspace: Path) -> dict[str, Shipped]:
    """Returns the textbook's functions; as with SAM, their packages are installed without bytecode."""
    packages = workspace / "packages"
    options = ["--quiet", "--require-hashes", "--link-mode", "copy", "--python", sys.executable]
    places: list[str | Path] = ["--target", packages, "--requirement", _TEXTBOOK / "requirements.txt"]
    subprocess.run([LOCAL / "uv" / "bin" / "uv", "pip", "install", *options, *places], check=True)
    twins = {}
    for source in sorted(_TEXTBOOK.glob("*/handler.py")):
        folder = shutil.copytree(source.parent, workspace / source.parent.name)
        twins[source.parent.name] = Shipped((folder, packages))
    _forget_times(workspace)
    return twins


def _folder_name(logical_id: str) -> str:
    """Returns the folder of a function: `FetchTranscriptFunction` → `fetch_transcript`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id.removesuffix("Function")).lower()


def _forget_times(folder: Path) -> None:
    for file in folder.rglob("*"):
        os.utime(file, (_1980, _1980))
