"""`make simulate`: runs many seeds, and shows the broken promises and the story of the first run that breaks one."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from rich.table import Table

from lab.simulation.run import Report, run
from local.terminal import console

# The number of lines of the story that are printed before a violation; `--seed` prints all of them.
_LINES = 60
_SEEDS_AT_ONCE = 10
_PROGRESS_SECONDS = 10


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the others follow")
    parser.add_argument("--runs", type=int, default=1, help="one prints its whole story")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--ignore", nargs="*", default=[], metavar="KIND", help="violations that do not end a run")
    options = parser.parse_args()
    ignored = frozenset(options.ignore)
    if options.runs == 1:
        report = run(options.seed, ignored)
        tell(report, len(report.story), ignored)
        sys.exit(report.violation is not None)
    reports: list[Report] = []
    try:
        for report in _with_progress(runs(range(options.seed, options.seed + options.runs), ignored, options.jobs)):
            reports.append(report)
    except KeyboardInterrupt:
        show(reports, ignored)
        sys.exit(128 + signal.SIGINT)
    sys.exit(show(reports, ignored))


def runs(seeds: Sequence[int], ignored: frozenset[str], jobs: int) -> Iterator[Report]:
    """Yields the reports in the order of their seeds; a story is kept only if a promise was broken."""
    parts = [seeds[start : start + _SEEDS_AT_ONCE] for start in range(0, len(seeds), _SEEDS_AT_ONCE)]
    with ProcessPoolExecutor(jobs, initializer=_leave_ctrl_c_to_the_parent) as pool:
        try:
            for reports in pool.map(_some, parts, [ignored] * len(parts)):
                yield from reports
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _with_progress(reports: Iterator[Report]) -> Iterator[Report]:
    """Shows from time to time how many runs are done, and each violation immediately."""
    began = shown_at = time.monotonic()
    broken = 0
    for done, report in enumerate(reports, 1):
        if report.violation:
            broken += 1
            _print_plainly(f"seed {report.seed}: {report.violation.kind}: {report.violation.what}")
        now = time.monotonic()
        if now - shown_at > _PROGRESS_SECONDS:
            shown_at = now
            console.print(f"{done} runs done, {done / (now - began):.1f} a second, {broken} with a broken promise")
        yield report


def _some(seeds: Sequence[int], ignored: frozenset[str]) -> list[Report]:
    reports = (run(seed, ignored) for seed in seeds)
    return [report if report.violation else report._replace(story=()) for report in reports]


def show(reports: Sequence[Report], ignored: frozenset[str]) -> bool:
    """Prints the results of the runs; returns True if a promise is broken."""
    found: dict[str, list[Report]] = defaultdict(list)
    met: Counter[str] = Counter()
    for report in reports:
        met.update(report.met)
        if report.violation:
            found[report.violation.kind].append(report)
    steps = sum(report.steps for report in reports)
    first_seed = f" from seed {reports[0].seed}" if reports else ""
    table = Table("promise", "broken", "first seeds (step)", title=f"{len(reports)} runs{first_seed}, {steps:,} steps")
    for kind, broken in sorted(found.items(), key=lambda entry: -len(entry[1])):
        first = ", ".join(f"{each.seed} ({each.violation.step})" for each in broken[:3] if each.violation)
        table.add_row(kind, str(len(broken)), first)
    console.print(table)
    console.print("What occurred:", dict(sorted(met.items())))
    if found:
        tell(min((broken[0] for broken in found.values()), key=lambda report: len(report.story)), _LINES, ignored)
    return bool(found)


def tell(report: Report, lines: int, ignored: frozenset[str]) -> None:
    """Prints the story up to the violation, one step per line."""
    began = report.story[0].moment if report.story else None
    for step in report.story[-lines:]:
        at = (step.moment - began).total_seconds() if began else 0.0
        _print_plainly(f"{step.number:5} {_time(at)}  {step.who:<44} {step.what}")
    if report.violation:
        _print_plainly(f"\nseed {report.seed} breaks a promise: {report.violation.kind}: {report.violation.what}")
        ignore = shlex.join(["--ignore", *sorted(ignored)]) if ignored else ""
        replay = f"PYTHONPATH=layers/shared .venv/bin/python -m lab.simulation --seed {report.seed} {ignore}"
        _print_plainly(f"The whole story: {replay.rstrip()}")
    else:
        console.print(f"\nseed {report.seed}: as promised, {report.steps:,} steps in {report.seconds:.1f} s")


def _print_plainly(line: str) -> None:
    """Prints a line of the story without interpreting markup or wrapping it."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _time(seconds: float) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{int(days)}d {time.strftime('%H:%M:%S', time.gmtime(rest))}.{int(rest % 1 * 1000):03}"


if __name__ == "__main__":
    main()
