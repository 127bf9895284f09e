"""Runs `sam build` on a copy of the project, for Lambda, or for this machine in order to start the result."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from local.settings import LOCAL, ROOT, LocalStackError

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_SOURCES = ("template.yaml", "operations.yaml", "samconfig.toml", "functions", "layers", "statemachine", "web")
_MACHINES = {"x86_64": "x86_64", "aarch64": "arm64"}


def build_for_lambda(folder: Path) -> Path:
    """Builds the functions and the layer, each in a folder, without bytecode, which only Lambda's Python could make."""
    return _sam_build(_copied_project(folder))


def runs_here() -> bool:
    """Whether `sam build` supports this machine; it installs packages for Linux only."""
    return sys.platform == "linux" and platform.machine() in _MACHINES


def build_for_this_machine(folder: Path) -> Path:
    """Builds the functions and the layer as shipped, but for this machine's Python and processor; without bytecode."""
    project = _copied_project(folder)
    template = project / "template.yaml"
    text = template.read_text(encoding="utf-8").replace("python3.13", f"python{PYTHON}")
    text = text.replace("arm64", _MACHINES[platform.machine()])
    template.write_text(text, encoding="utf-8")
    return _sam_build(project, LAMBDA_PYTHON=PYTHON, LAMBDA_PLATFORM=f"{platform.machine()}-unknown-linux-gnu")


def add_bytecode(folder: Path) -> None:
    """Adds the bytecode to what was built for this machine, or to a part of it."""
    # With this Python first, which elsewhere may have another name, or none at all on the path.
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([ROOT / "local" / "bytecode", folder, PYTHON], env=environment, check=True)


def _copied_project(folder: Path) -> Path:
    for name in _SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def _sam_build(project: Path, **layer: str) -> Path:
    tools = f"{LOCAL / 'sam' / 'bin'}{os.pathsep}{LOCAL / 'uv' / 'bin'}"
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0", **layer}
    finished = subprocess.run(
        ["sam", "build", "--parallel"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise LocalStackError(f"sam build failed:\n{finished.stderr}")
    return project / ".aws-sam" / "build"
