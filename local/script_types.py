"""Checks the types in the page's scripts with the TypeScript compiler that Deno contains, as a part of `make lint`.

In JavaScript, TypeScript reports a missing argument only if a comment names the function's parameters. So the program
checks a copy of the scripts, in which every function has such a comment.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from local.settings import LOCAL, ROOT

SCRIPTS = ROOT / "web" / "scripts"
DENO = LOCAL / "deno" / "bin" / "deno"
OPTIONS = {
    "checkJs": True,
    "strict": False,  # would require a type for every parameter
    "strictNullChecks": True,  # without it, an argument without a type may be missing
    "lib": ["esnext", "dom", "dom.iterable"],
}
# A line on which the parameters of a function begin: `async function name(`, `#method(` or `const name = (`.
DECLARATION = re.compile(
    r"""^(?P<indent>[ ]*)
        (?:(?:export|default|async|static|set|const)[ ])*
        (?:
            function\b[*]?[ ]?\w*                                  # function name(
            | (?!(?:if|for|while|switch|catch)\b)\#?\w+(?=\(.*[{(]$)  # name(a) {
            | [\w.\#]+(?:[ ]=|:)[ ](?:async[ ])?(?=\(.*(?:=>|[{(]$))    # name = (a) => …
        )
        \((?P<first>\w+|\{|\[)""",
    re.VERBOSE,
)
DESCRIBED = re.compile(r"@(param|type)\b")


def with_parameters(script: str) -> str:
    """Adds `/** @param … */` before each function that has parameters and no such comment; lines keep their numbers."""
    lines = script.split("\n")
    comment = ""  # the one that ends above the line
    for number, line in enumerate(lines):
        if line.lstrip().startswith("/**"):
            comment = ""
        if line.lstrip().startswith(("/**", "*")):
            comment += line
            continue
        # The parameters of a long declaration have lines of their own.
        declaration = DECLARATION.match(f"{line}{lines[number + 1].strip()}{{" if line.endswith("(") else line)
        if declaration and not DESCRIBED.search(comment):
            first = declaration["first"]
            parameter = first if first.isidentifier() else "values"
            lines[number] = f"{declaration['indent']}/** @param {parameter} */ {line.lstrip()}"
        comment = ""
    return "\n".join(lines)


def check(scripts: Path) -> str:
    """Returns what the compiler reports about a folder of scripts: nothing if their types are right."""
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for script in sorted(scripts.rglob("*.js")):
            copy = Path(folder, "scripts", script.relative_to(scripts))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(with_parameters(script.read_text(encoding="utf-8")), encoding="utf-8")
            copies.append(str(copy))
        config = Path(folder, "deno.json")
        config.write_text(json.dumps({"compilerOptions": OPTIONS}), encoding="utf-8")
        result = subprocess.run(
            [DENO, "check", "--quiet", "--no-remote", "--no-lock", "--config", config, *copies],
            env={**environment, "DENO_DIR": folder, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if result.returncode == 0:
            return ""
        report = (result.stdout + result.stderr) or f"Deno ended with {result.returncode}."
        return report.replace(Path(folder, "scripts").as_uri(), str(scripts))


def main() -> None:
    if report := check(SCRIPTS):
        sys.exit(report)


if __name__ == "__main__":
    main()
