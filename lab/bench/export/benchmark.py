"""Builds archives of all sizes, each in its own process, on the AWS emulator with 20 ms for each request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from lab.bench.export.filling import BATCH, OBJECT_KEY, USER, fill_bucket, fill_table
from lab.bench.reports import Goal, Options, Report, Row, Table
from local.build import build, shipped_packages
from local.credentials import AccessKey
from local.emulator import REGION, Emulator, clean_environment, free_port
from local.settings import ROOT
from skimlist.bucket import Bucket
from testkit import template

OURS, SEQUENTIAL, THREADED = "skimlist", "objects, one by one", "objects, 32 threads"
_THREADS = {SEQUENTIAL: 1, THREADED: 32}
_SIZES = (100, 1_000, 5_000, 20_000)
# For larger sizes, writing the objects of the other programs takes minutes, and their times grow linearly.
_MAX_OBJECTS = 5_000


def run(options: Options) -> Report:
    sizes = (100, 400) if options.quick else _SIZES
    access_key = AccessKey.random()
    with _emulator(access_key) as endpoint_url:
        rows = [row for size in sizes for row in _measure(endpoint_url, access_key, size)]

    def draw(plots: Path) -> None:
        from lab.bench.export.drawings import seconds_and_memory  # noqa: PLC0415 - matplotlib

        seconds_and_memory(rows, plots)

    return Report(tables=[Table("Export of summaries", rows)], goals=list(_goals(rows)), draw=draw)


@contextmanager
def _emulator(access_key: AccessKey) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        emulator = Emulator(free_port(), Path(folder), wait_scale=1.0, access_key=access_key)
        emulator.start()
        try:
            yield emulator.endpoint_url
        finally:
            emulator.stop()


def _measure(endpoint_url: str, access_key: AccessKey, size: int) -> Iterator[Row]:
    session: Any = boto3.Session(access_key.id, access_key.secret, region_name=REGION)
    s3, dynamodb = (
        session.client("s3", endpoint_url=endpoint_url),
        session.resource("dynamodb", endpoint_url=endpoint_url),
    )
    table, bucket = f"table-{size}", f"bucket-{size}"
    s3.create_bucket(Bucket=bucket)
    fill_table(dynamodb.create_table(TableName=table, **template.table_arguments()), Bucket(s3, bucket), size)
    runs = {OURS: ["-S", "-m", "lab.bench.export.ours", table, bucket, USER, BATCH]}
    if size <= _MAX_OBJECTS:
        fill_bucket(s3, bucket, size)
        runs |= {
            name: ["-m", "lab.bench.export.objects", bucket, str(size), str(threads), OBJECT_KEY]
            for name, threads in _THREADS.items()
        }
    for name, command in runs.items():
        packages = _shipped() if name == OURS else os.environ["PYTHONPATH"]
        yield {
            "summaries": size,
            "program": name,
            **_run(command, clean_environment(endpoint_url, access_key), packages),
        }


def _shipped() -> str:
    """Returns the only folders from which the function can import."""
    code = ROOT / "functions" / "build_export"
    return os.pathsep.join(map(str, [code, *shipped_packages(code, build().folder / "layer")]))


def _run(command: Sequence[str], environment: Mapping[str, str], packages: str) -> dict[str, float]:
    finished = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": packages},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(finished.stderr)
    taken = json.loads(finished.stdout.splitlines()[-1])
    return {
        "seconds": taken["seconds"],
        "CPU seconds": taken["cpu_seconds"],
        "peak MB": taken["peak_bytes"] / 1e6,
    }


def _goals(rows: Sequence[Row]) -> Iterator[Goal]:
    found = {(int(float(row["summaries"] or 0)), str(row["program"])): row for row in rows}
    compared = max(size for size, name in found if name == SEQUENTIAL)
    largest = max(size for size, _ in found)

    def figure(size: int, name: str, column: str) -> float:
        return float(found[size, name][column] or 0)

    for column, most in (("seconds", 0.2), ("CPU seconds", 0.1)):
        ratio = figure(compared, OURS, column) / figure(compared, SEQUENTIAL, column)
        yield Goal(name=f"{compared} summaries: {column} ÷ one by one", value=ratio, most=most)
    memory = figure(largest, OURS, "peak MB")
    yield Goal(name=f"{largest} summaries: peak MB", value=memory, most=80.0)
    growth = memory / figure(compared, OURS, "peak MB")
    yield Goal(name=f"peak memory at {largest} ÷ at {compared}", value=growth, most=1.1)
