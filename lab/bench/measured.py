"""For programs that measure a piece of themselves: how long it takes, and the most memory that they ever held.

It imports nothing that a program of another environment may not have.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path


def report(work: Callable[[], object]) -> None:
    """Does `work` and prints `{"seconds", "cpu_seconds", "peak_bytes"}` as the last line."""
    started, cpu_started = time.perf_counter(), time.process_time()
    work()
    taken = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}
    print(json.dumps({**taken, "peak_bytes": _peak_bytes()}))


def _peak_bytes() -> int:
    """Of this process alone; what `getrusage` tells includes the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
