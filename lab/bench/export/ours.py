"""Runs the function as shipped, with its own packages only: python -S ours.py TABLE BUCKET USER BATCH."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from lab.bench.export.latency import answer_late
from lab.bench.measured import report


@dataclass
class Context:
    """The parts of Lambda's context that the function's logger reads."""

    function_name: str = "build_export"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "none"
    aws_request_id: str = "none"


def main(table: str, bucket: str, user: str, batch: str) -> None:
    os.environ |= {"TABLE_NAME": table, "BUCKET_NAME": bucket, "POWERTOOLS_LOG_LEVEL": "CRITICAL"}
    from handler import handler  # noqa: PLC0415 - each function has one

    answer_late()
    event = {"user_id": user, "batch_id": batch, "run": 1, "format": "zip"}
    report(lambda: handler(event, Context()))


if __name__ == "__main__":
    main(*sys.argv[1:])
