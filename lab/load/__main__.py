"""`make load`: runs many users concurrently, prints the results, and writes `lab/load/results.json`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.table import Table

from lab.bench.machine import circumstances
from lab.bench.stack import whole_stack
from lab.load.crowd import Size, run
from local.terminal import console, stop_on_signals

_RESULTS = Path(__file__).parent / "results.json"
_MODEL_SECONDS = 0.2
# This many requests to the API run concurrently, and further ones are throttled, as on AWS at its own limit.
# The emulator starts a process for each; if there are more than the cores can start in time, none becomes ready.
_API_AT_ONCE = 8


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.load", description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--batches", type=int, default=4, help="of each user")
    parser.add_argument("--videos", type=int, default=25, help="of each batch")
    parser.add_argument("--at-once", type=int, default=1, metavar="BATCHES", help="that a user has under way")
    parser.add_argument("--look-every", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--patience", type=float, default=3600, metavar="SECONDS", help="until it looks what is done")
    parser.add_argument("--results", type=Path, default=_RESULTS)
    options = parser.parse_args()
    stop_on_signals()
    size = Size(
        options.users,
        options.batches,
        options.videos,
        at_once=options.at_once,
        look_every=options.look_every,
        patience=options.patience,
    )
    with whole_stack() as stack:
        stack.model.latency = _MODEL_SECONDS
        account = stack.local.account
        account.client("lambda").put_function_concurrency(
            FunctionName=account.physical_id("ApiFunction"), ReservedConcurrentExecutions=_API_AT_ONCE
        )
        found = run(stack, size)
    results = {**circumstances(), "model_seconds": _MODEL_SECONDS, **found}
    options.results.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(results)
    if results["violations"]:
        sys.exit(1)


def show(results: dict[str, Any]) -> None:
    title = (
        f"{results['users']} users, {results['batches']} batches, {results['videos']} videos: {results['seconds']} s"
    )
    table = Table("route", "requests", "p50 ms", "p99 ms", "conflicts", "throttled", "unanswered", title=title)
    for route, figures in results["api"].items():
        table.add_row(route, *(str(figure) for figure in figures.values()))
    console.print(table)
    console.print("Promises broken:", results["promises"])
    console.print("Commands that came too late:", results["commands_too_late"])
    console.print("Fairness, in seconds from the creation of a batch:", results["fairness"])
    for violation in results["violations"]:
        console.print(f"{violation['batch']}: {violation['kind']}: {violation['what']}")


if __name__ == "__main__":
    main()
