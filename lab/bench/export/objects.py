"""A script that reads one object per summary: python -m lab.bench.export.objects BUCKET SUMMARIES THREADS KEY."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryFile
from typing import Any

import boto3
from botocore.config import Config

from lab.bench.export.latency import answer_late
from lab.bench.measured import report


def main(bucket: str, summaries: str, threads: str, key: str) -> None:
    answer_late()
    client = boto3.client("s3", config=Config(max_pool_connections=int(threads)))

    def read(number: int) -> dict[str, Any]:
        summary: dict[str, Any] = json.loads(
            client.get_object(Bucket=bucket, Key=key.format(number=number))["Body"].read()
        )
        return summary

    def all_of_them() -> Iterator[dict[str, Any]]:
        numbers = range(1, int(summaries) + 1)
        if int(threads) == 1:
            yield from map(read, numbers)
            return
        with ThreadPoolExecutor(int(threads)) as pool:
            yield from pool.map(read, numbers)

    def export() -> None:
        with TemporaryFile() as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                read_so_far = []
                for number, summary in enumerate(all_of_them(), start=1):
                    archive.writestr(f"{number:05}.md", f"# {summary['title']}\n\n{summary['text']}\n")
                    read_so_far.append(summary)
                archive.writestr("summaries.json", json.dumps(read_so_far))
            file.seek(0)
            client.upload_fileobj(file, bucket, "exports/objects.zip")

    report(export)


if __name__ == "__main__":
    main(*sys.argv[1:])
