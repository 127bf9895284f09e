"""Leaves of botocore's data what the functions use: a fortieth of its size, and clients are made in half the time.

botocore describes four hundred services, at length, and reads the endpoints of all of them whenever it makes a client.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

# The names under which clients are made.
SERVICES = frozenset({"cognito-idp", "dynamodb", "lambda", "s3", "sns", "ssm", "stepfunctions"})
# Sections of endpoints.json go by the services' prefixes.
_ENDPOINT_PREFIXES = SERVICES - {"stepfunctions"} | {"states"}


def trim(data: Path) -> None:
    """`data` is botocore's folder of that name."""
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    for examples in data.rglob("examples-1.json*"):
        examples.unlink()
    for model in data.rglob("service-2.json.gz"):
        described = json.loads(gzip.decompress(model.read_bytes()))
        _replace(model, gzip.compress(_dumped(_undocumented(described)), mtime=0))
    endpoints = data / "endpoints.json"
    _replace(endpoints, _dumped(_without_other_services(json.loads(endpoints.read_bytes()))))


def _undocumented(value: Any) -> Any:
    """With empty texts under `documentation`, some of which botocore insists on; a member of that name is an object."""
    if isinstance(value, dict):
        return {
            key: "" if key == "documentation" and isinstance(inner, str) else _undocumented(inner)
            for key, inner in value.items()
        }
    return [_undocumented(inner) for inner in value] if isinstance(value, list) else value


def _without_other_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in _ENDPOINT_PREFIXES}
    return endpoints


def _replace(file: Path, content: bytes) -> None:
    """By a new file: installers link a package's files to their cache, whose copy is not ours to change."""
    file.unlink()
    file.write_bytes(content)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


if __name__ == "__main__":
    trim(Path(sys.argv[1]) / "botocore" / "data")
