"""python -m lab.bench: runs benchmarks, shows their tables and all goals, and stores figures and plots."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.bench.machine import circumstances
from lab.bench.reports import Options, Report
from lab.bench.terminal import console, show, show_goals
from local.settings import ROOT
from local.terminal import messages, stop_on_signals

# The benchmarks in the order in which they run. Each is a package here whose `benchmark` has `run(options) -> Report`.
BENCHMARKS = (
    *("quality", "faithful", "cold_start", "long_transcripts", "export", "orchestration"),
    *("slow_model", "api", "cost", "growth", "pasted_text"),
)
RESULTS = ROOT / "lab" / "bench" / "results.json"
PLOTS = ROOT / "lab" / "bench" / "plots"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--captions", type=Path, help="folder of further caption files to summarize")
    parser.add_argument("--quick", action="store_true", help="small sizes, without storing the results")
    parser.add_argument("--full", action="store_true", help="also the largest sizes")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"unknown benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    options = Options(captions=arguments.captions, quick=arguments.quick, full=arguments.full)
    stop_on_signals()
    results = {} if options.quick else _kept()
    with messages():
        for name in [name for name in BENCHMARKS if name in (arguments.names or BENCHMARKS)]:
            console.rule(f"[bold]{name}")
            taken = circumstances()
            report = importlib.import_module(f"lab.bench.{name}.benchmark").run(options)
            show(report)
            results[name] = {**taken, **report.to_dict()}
            if not options.quick:
                _keep(results, report)
    console.rule("[bold]goals")
    show_goals({name: results[name] for name in BENCHMARKS if name in results})


def _kept() -> dict[str, Any]:
    """Returns the results of earlier runs, by benchmark."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    return kept


def _keep(results: Mapping[str, Any], report: Report) -> None:
    """Stores the results; those of benchmarks that did not run are kept."""
    ordered = {name: results[name] for name in BENCHMARKS if name in results}
    RESULTS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if report.draw:
        PLOTS.mkdir(exist_ok=True)
        report.draw(PLOTS)


if __name__ == "__main__":
    main()
