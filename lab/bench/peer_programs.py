"""Runs the programs to compare with, each in its own process and with its defaults."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.settings import LOCAL, ROOT

# The script and kind of each program.
PEERS = {
    "langchain map_reduce": ("langchain_summary.py", "map_reduce"),
    "langchain map_reduce, async": ("langchain_summary.py", "map_reduce_async"),
    "langchain refine": ("langchain_summary.py", "refine"),
    "langchain stuff": ("langchain_summary.py", "stuff"),
    "llama-index tree_summarize": ("llama_index_summary.py", "tree"),
    "llama-index tree_summarize, async": ("llama_index_summary.py", "tree_async"),
    "llm": ("llm_summary.py", "prompt"),
}


def run_peer(name: str, base_url: str, file: Path, asked: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Returns the output of `measured.report` about a program's summary of a text; `asked` is its environment."""
    script, kind = PEERS[name]
    environment = {
        **os.environ,
        "LLM_USER_PATH": str(file.parent),
        "LANGCHAIN_TRACING_V2": "false",
        **(asked or {}),
    }
    python = LOCAL / "bench-peers" / "bin" / "python"
    return measured_run([python, ROOT / "lab" / "bench" / "peers" / script, kind, base_url, file], environment)


def measured_run(command: Sequence[str | Path], environment: Mapping[str, str]) -> dict[str, Any]:
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{finished.stderr}")
    taken: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return taken
