"""Runs programs as processes of their own, and measures them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_WATCH = Path(__file__).parent / "watch.py"


@dataclass(frozen=True, slots=True)
class Taken:
    """The effort of a process: wall time and CPU time in seconds, and its peak resident memory in bytes."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> Taken:
    """Runs a program to its end. Raises CalledProcessError with its output if it fails."""
    watched = [sys.executable, "-SE", _WATCH, *command]
    finished = subprocess.run(watched, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{finished.stdout}{finished.stderr}")
    return Taken(**json.loads(finished.stderr.splitlines()[-1]))


def in_turns(runs: Mapping[str, Callable[[], Taken]], rounds: int) -> dict[str, Taken]:
    """Returns the median of each program; they run in turns, so that a busy moment affects all of them."""
    taken: dict[str, list[Taken]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, once in runs.items():
            taken[name].append(once())
    return {name: _median(several) for name, several in taken.items()}


def _median(several: Sequence[Taken]) -> Taken:
    return Taken(
        seconds=median(one.seconds for one in several),
        cpu_seconds=median(one.cpu_seconds for one in several),
        peak_bytes=max(one.peak_bytes for one in several),
    )
