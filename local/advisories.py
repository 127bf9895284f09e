"""Checks every locked package for known vulnerabilities on PyPI, as a part of `make audit`.

pip-audit asks PyPI. This program passes it the packages of all lock files and reports those without an answer, of which
pip-audit alone says "No known vulnerabilities found". It runs in pip-audit's environment, without the application.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PIP_AUDIT = (
    *(sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off"),
)


@dataclass(slots=True)
class Findings:
    """The findings about packages, each named as `name==version`."""

    vulnerable: dict[str, list[str]] = field(default_factory=dict)
    """One line for each vulnerability of a package."""
    unanswered: dict[str, str] = field(default_factory=dict)
    """The reason why a package could not be checked."""


def lock_files() -> list[Path]:
    """Returns every lock file of the repository, except those of the environments in its hidden folders."""
    return sorted({*ROOT.glob("requirements*.txt"), *ROOT.glob("[!.]*/**/requirements*.txt")})


def locked_packages(lock: Path) -> set[str]:
    """Returns all packages as `name==version`, including those for other platforms."""
    pins = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([\w.!+]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {f"{name}=={version}" for name, version in pins}


def one_version_each(packages: Iterable[str]) -> list[list[str]]:
    """Divides packages into lists without repeated names, because pip-audit rejects two versions in one file."""
    lists: list[dict[str, str]] = []
    for package in sorted(packages):
        name = package.partition("==")[0]
        for taken in lists:
            if name not in taken:
                taken[name] = package
                break
        else:
            lists.append({name: package})
    return [list(taken.values()) for taken in lists]


def look_up(packages: Sequence[str], options: Sequence[str] = ()) -> Findings:
    """Asks pip-audit about packages of different names."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as requirements:
        requirements.write("\n".join(packages))
        requirements.flush()
        finished = subprocess.run(
            [*PIP_AUDIT, *options, "--requirement", requirements.name], capture_output=True, text=True, check=False
        )
    return read_answer(packages, finished.stdout, finished.stderr)


def read_answer(packages: Sequence[str], answer: str, errors: str) -> Findings:
    """Parses the output of pip-audit, which is empty if it cannot reach PyPI."""
    try:
        answers: dict[str, dict[str, Any]] = {found["name"]: found for found in json.loads(answer)["dependencies"]}
    except ValueError:
        reason = (errors.strip().splitlines() or ["pip-audit printed no answer"])[-1]
        return Findings(unanswered=dict.fromkeys(packages, reason))
    findings = Findings()
    for package in packages:
        found = answers.get(package.partition("==")[0], {"skip_reason": "pip-audit left it out"})
        if "skip_reason" in found:
            findings.unanswered[package] = found["skip_reason"]
        elif found["vulns"]:
            findings.vulnerable[package] = [_line(vulnerability) for vulnerability in found["vulns"]]
    return findings


def _line(vulnerability: dict[str, Any]) -> str:
    names = ", ".join([vulnerability["id"], *vulnerability["aliases"]])
    fixed = ", ".join(vulnerability["fix_versions"])
    return f"{names}: {f'fixed in {fixed}' if fixed else 'not fixed yet'}"


def main(options: Sequence[str]) -> int:
    """Prints the findings; fails for a vulnerability, and warns if PyPI could not be reached."""
    holders: dict[str, list[str]] = {}
    for lock in lock_files():
        for package in locked_packages(lock):
            holders.setdefault(package, []).append(str(lock.relative_to(ROOT)))
    vulnerable: dict[str, list[str]] = {}
    unanswered: dict[str, str] = {}
    for packages in one_version_each(holders):
        findings = look_up(packages, options)
        vulnerable |= findings.vulnerable
        unanswered |= findings.unanswered
    for package, lines in vulnerable.items():
        print(f"{package} ({', '.join(holders[package])})", *lines, sep="\n  ")
    answered = len(holders) - len(unanswered)
    print(f"{len(vulnerable)} of {answered} checked packages have known vulnerabilities.")
    if unanswered:
        print(
            f"WARNING: {len(unanswered)} of {len(holders)} locked packages were NOT CHECKED for known vulnerabilities, "
            "because PyPI did not answer. Run `make audit` on a machine that can reach PyPI.",
            f"The first reason: {next(iter(unanswered.values()))}",
            sep="\n  ",
            file=sys.stderr,
        )
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
