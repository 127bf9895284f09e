"""Runs modules of the page without a browser, in Deno, which `make lint` needs as well."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from typing import Any

from local.script_types import DENO, SCRIPTS


def evaluate(module: str, expression: str, given: Any) -> Any:
    """Returns the value of a JavaScript expression in which `page` is the module of this path, and `given` the values.

    The values and the result are JSON. A module that touches the document needs a browser instead.
    """
    program = (
        f"import * as page from {json.dumps((SCRIPTS / module).as_uri())};\n"
        f"const given = {json.dumps(given)};\n"
        f"console.log(JSON.stringify({expression}));\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [DENO, "run", "--quiet", "--no-remote", "--no-lock", "--no-config", "--location=http://localhost/", "-"],
            env={**os.environ, "DENO_DIR": folder, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
            input=program,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
