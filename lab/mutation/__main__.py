"""`make mutate`: changes the code at one place at a time, and counts the changes that a test notices."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import sqrt
from pathlib import Path
from random import Random

from coverage import CoverageData

from lab.mutation.mutants import Mutant, draw
from lab.mutation.trial import is_noticed, load_libraries

_ROOT = Path(__file__).parents[2]
_LAYER = _ROOT / "layers" / "shared" / "skimlist"
_UNIT = "tests/unit"
# Packages that are mostly tested with moto or with a fake server; tracing each takes seconds or minutes longer.
_INTEGRATION = {
    "following": ("tests/integration/test_check_follows.py",),
    "youtube": ("tests/integration/test_channels.py", "tests/integration/test_playlists*.py"),
    "jobs": ("tests/integration/test_jobs_*.py",),
    "steps": ("tests/integration/test_handlers*.py", "tests/integration/test_check_follows.py"),
}
_Z = 1.96  # of a 95 % interval
# The maximum number of tests per change; a line that everything uses has a thousand.
_MAX_TESTS = 150


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.mutation", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="files of the layer, or folders of such")
    parser.add_argument("--number", type=int, default=80, help="of changes, drawn from all that are possible")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=os.cpu_count())
    options = parser.parse_args()
    os.environ["CI"] = "1"  # hypothesis uses the same examples each time
    files = [file for path in options.files for file in _python_files(path.resolve())]
    covered = _covered_lines(_levels(files))
    load_libraries()
    mutants = draw(files, options.number, options.seed)
    tests = [_tests(mutant, covered) for mutant in mutants]
    with ThreadPoolExecutor(options.at_once) as pool:
        noticed = list(pool.map(is_noticed, mutants, tests))
    for mutant, some, found in zip(mutants, tests, noticed, strict=True):
        if not found:
            print(f"unnoticed by {len(some)} tests: {mutant}\n{mutant.change}")
    by_package: dict[str, list[bool]] = defaultdict(list)
    for mutant, found in zip(mutants, noticed, strict=True):
        by_package[_package(mutant.path)].append(found)
    for package, some_noticed in sorted(by_package.items()):
        print(f"{package}: {_share(some_noticed)}")
    print(f"all: {_share(noticed)}")


def _python_files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _package(file: Path) -> str:
    return file.relative_to(_LAYER).parts[0]


def _share(noticed: Sequence[bool]) -> str:
    """The share of the changes that fail a test, with its 95 % interval by Wilson's score."""
    number, share = len(noticed), sum(noticed) / len(noticed)
    centre = share + _Z**2 / (2 * number)
    half = _Z * sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    low, high = ((centre + sign * half) / (1 + _Z**2 / number) for sign in (-1, 1))
    return f"{sum(noticed)} of {number} changes fail a test: {share:.0%} (95 % interval: {low:.0%} to {high:.0%})"


def _levels(files: Sequence[Path]) -> list[str]:
    """Returns the files and folders of the files' tests."""
    patterns = {pattern for file in files for pattern in _INTEGRATION.get(_package(file), ())}
    return [_UNIT, *sorted(str(path.relative_to(_ROOT)) for each in patterns for path in _ROOT.glob(each))]


def _covered_lines(levels: Sequence[str]) -> CoverageData:
    """Returns the lines that each test runs."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/coverage"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *levels]
        options = [f"--cov={_LAYER}", "--cov-context=test", "--cov-report=", "--cov-fail-under=0"]
        subprocess.run([*command, *options], cwd=_ROOT, env={**os.environ, "COVERAGE_FILE": file}, check=True)
        data, kept = CoverageData(file), CoverageData(no_disk=True)
        data.read()
        kept.update(data)
    return kept


def _tests(mutant: Mutant, covered: CoverageData) -> list[str]:
    """Returns the tests that run the line (or the file, if the line runs on import).

    Those that are named after the file come first, then the fast ones.
    """
    by_line = covered.contexts_by_lineno(str(mutant.path))
    contexts = set(by_line.get(mutant.line, ("",)))
    if "" in contexts:  # it runs on import, which a test may do too
        contexts = {test for tests in by_line.values() for test in tests} - {""}
    tests = sorted({context.partition("|")[0] for context in contexts})
    Random(mutant.line).shuffle(tests)
    tests.sort(key=lambda test: (mutant.path.stem not in test.partition("::")[0], _UNIT not in test))
    return tests[:_MAX_TESTS]


if __name__ == "__main__":
    main()
