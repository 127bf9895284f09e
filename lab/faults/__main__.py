"""`make faults`: runs the campaign, prints its table, and writes `lab/faults/results.json`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.table import Table

from lab.faults.campaign import FOLLOWS_EVERY, campaign, summary
from lab.faults.evidence import Evidence
from lab.faults.world import World
from local.terminal import console, stop_on_signals

_RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the others follow")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=4, help="runs that share the stack at a time")
    parser.add_argument("--restart-every", type=int, default=25, metavar="RUNS", help="the emulator, 0 for never")
    parser.add_argument("--follows-every", type=int, default=FOLLOWS_EVERY, metavar="RUNS", help="a follow, 1 for all")
    parser.add_argument("--results", type=Path, default=_RESULTS)
    options = parser.parse_args()
    stop_on_signals()
    folder = Path(tempfile.mkdtemp(prefix="skimlist-faults-"))
    began = time.monotonic()
    with World(folder) as world:
        seeds = range(options.seed, options.seed + options.runs)
        found: list[Evidence] = []
        for evidence in campaign(world, seeds, options.at_once, options.restart_every, options.follows_every):
            found.append(evidence)
            results = summary(found, world.fired(), seconds=time.monotonic() - began)
            options.results.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        lines = world.stack.account.log_lines()
        (folder / "functions.log").write_text("\n".join(lines), encoding="utf-8")
    show(results)
    if results["violations"]:
        console.print(f"The logs are in {folder}.")
        sys.exit(1)
    shutil.rmtree(folder)


def show(results: dict[str, Any]) -> None:
    table = Table("promise", "broken", title=f"{results['runs']} runs, {results['videos']} videos")
    for kind, count in results["promises"].items():
        table.add_row(kind, str(count))
    console.print(table)
    console.print("Usable answers of the model per finished video:", results["model_answers_per_finished_video"])
    console.print("What occurred:", results["met"])
    for violation in results["violations"]:
        console.print(f"seed {violation['seed']}: {violation['kind']}: {violation['what']}")


if __name__ == "__main__":
    main()
