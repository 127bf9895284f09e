"""`make mutate`: changes the code at one place at a time, and counts the changes that a test notices."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from coverage import CoverageData

from lab.mutation.mutants import Mutant, draw
from lab.mutation.trial import is_noticed, load_libraries

_ROOT = Path(__file__).parents[2]
_LAYER = _ROOT / "layers" / "shared" / "skimlist"
_UNIT = "tests/unit"
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
            print(f"unnoticed by {len(some)} tests: {mutant}")
    print(f"{sum(noticed)} of {len(noticed)} changes fail a test: {sum(noticed) / len(noticed):.1%}")


def _python_files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _levels(files: Sequence[Path]) -> list[str]:
    """Returns the folders of the files' tests; tests of the table's records need moto's DynamoDB."""
    if not any(file.is_relative_to(_LAYER / "jobs") for file in files):
        return [_UNIT]
    return [_UNIT, *(str(path.relative_to(_ROOT)) for path in _ROOT.glob("tests/integration/test_jobs_*.py"))]


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
    """Returns the tests that run the line (or the file, if the line runs on import), the fast ones first."""
    by_line = covered.contexts_by_lineno(str(mutant.path))
    contexts = set(by_line.get(mutant.line, ())) - {""} or {test for tests in by_line.values() for test in tests} - {""}
    tests = sorted({context.partition("|")[0] for context in contexts})
    Random(mutant.line).shuffle(tests)
    return sorted(tests, key=lambda test: _UNIT not in test)[:_MAX_TESTS]


if __name__ == "__main__":
    main()
