"""Removes botocore's data that no function uses, which leaves a fortieth and halves the time to create a client.

botocore describes four hundred services at length, and reads the endpoints of all of them whenever it creates a client.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

# The names of the services for which clients are created.
SERVICES = frozenset({"cognito-idp", "dynamodb", "lambda", "s3", "sns", "ssm", "stepfunctions"})
# The sections of endpoints.json have the prefixes of the services.
_ENDPOINT_PREFIXES = SERVICES - {"stepfunctions"} | {"states"}


def trim(data: Path) -> None:
    """Trims the files in `data`, botocore's folder of that name."""
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    for examples in data.rglob("examples-1.json*"):
        examples.unlink()
    for model in data.rglob("service-2.json.gz"):
        described = json.loads(gzip.decompress(model.read_bytes()))
        _replace(model, gzip.compress(_to_bytes(_without_documentation(described)), mtime=0))
    endpoints = data / "endpoints.json"
    _replace(endpoints, _to_bytes(_without_other_services(json.loads(endpoints.read_bytes()))))


def _without_documentation(value: Any) -> Any:
    """Empties the texts under `documentation`, because botocore requires some of the keys.

    A member of that name is an object, and is kept.
    """
    if isinstance(value, dict):
        return {
            key: "" if key == "documentation" and isinstance(inner, str) else _without_documentation(inner)
            for key, inner in value.items()
        }
    return [_without_documentation(inner) for inner in value] if isinstance(value, list) else value


def _without_other_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in _ENDPOINT_PREFIXES}
    return endpoints


def _replace(file: Path, content: bytes) -> None:
    """Writes a new file, because installers link a package's files to their cache, which must not change."""
    file.unlink()
    file.write_bytes(content)


def _to_bytes(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


if __name__ == "__main__":
    trim(Path(sys.argv[1]) / "botocore" / "data")
