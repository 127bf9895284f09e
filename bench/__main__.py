"""python -m bench: runs benchmarks, shows their tables, keeps their figures in `results.json` and their plots."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from bench.machine import circumstances
from bench.reports import Options, Report
from bench.terminal import console, show
from local.settings import ROOT
from local.terminal import messages, stop_on_signals

# In the order in which they run. Each is a package here whose `benchmark` has `run(options) -> Report`.
BENCHMARKS = ("quality", "cold_start", "long_transcripts", "export", "orchestration", "api", "cost", "growth")
RESULTS = ROOT / "bench" / "results.json"
PLOTS = ROOT / "bench" / "plots"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--captions", type=Path, help="folder of further caption files to summarize")
    parser.add_argument("--quick", action="store_true", help="small sizes, and nothing is kept")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    options = Options(captions=arguments.captions, quick=arguments.quick)
    stop_on_signals()
    with messages():
        for name in [name for name in BENCHMARKS if name in (arguments.names or BENCHMARKS)]:
            console.rule(f"[bold]{name}")
            taken = circumstances()
            report = importlib.import_module(f"bench.{name}.benchmark").run(options)
            show(report)
            if not options.quick:
                _keep(name, {**taken, **report.to_dict()}, report)


def _keep(name: str, figures: dict[str, object], report: Report) -> None:
    """Replaces what an earlier run found out by this benchmark, and leaves the others alone."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    results = {known: results[known] for known in BENCHMARKS if known in results} | {name: figures}
    ordered = {known: results[known] for known in BENCHMARKS if known in results}
    RESULTS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if report.draw:
        PLOTS.mkdir(exist_ok=True)
        report.draw(PLOTS)


if __name__ == "__main__":
    main()
