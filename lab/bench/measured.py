"""Measures the time of a part of a program and the program's peak memory.

The environment variables BENCH_MODEL, BENCH_API_KEY and BENCH_SEED say how they ask an endpoint. This module imports
only the standard library, because it runs in the environments of other programs.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

MODEL = os.environ.get("BENCH_MODEL", "fake")
API_KEY = os.environ.get("BENCH_API_KEY", "none")
SEED = int(os.environ.get("BENCH_SEED", "1"))


def report(work: Callable[[], str | None]) -> None:
    """Runs `work` and prints `{"seconds", "cpu_seconds", "peak_bytes", "text"}` as the last line."""
    started, cpu_started = time.perf_counter(), time.process_time()
    text = work()
    taken = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}
    print(json.dumps({**taken, "peak_bytes": _peak_bytes(), "text": text}))


def _peak_bytes() -> int:
    """Returns the peak memory of this process alone; `getrusage` would include the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
