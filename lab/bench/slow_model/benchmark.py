"""Summarizes a video of five minutes with a model of three tokens per second, which must be asked only once."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import httpx

from lab.bench.reports import Goal, Options, Report, Row, Table
from lab.bench.stack import whole_stack
from testkit.whole_stack import WholeStack

_VIDEO = "Lighthouse1"
_TOKENS_A_SECOND = 3.0
# With QUICK=1, which only tries the benchmark itself.
_QUICK_TOKENS_A_SECOND = 60.0
_POLL_SECONDS = 1.0
_ENDED = frozenset({"completed", "failed", "cancelled", "paused"})


def run(options: Options) -> Report:
    speed = _QUICK_TOKENS_A_SECOND if options.quick else _TOKENS_A_SECOND
    with whole_stack(openai_model="slow") as stack, closing(stack.client()) as api:
        stack.model.written = speed
        row = _summarize(stack, api)
    return Report(
        tables=[Table(f"A video of five minutes at {speed:g} tokens a second", [row])],
        goals=[
            Goal(name="videos completed", value=float(row["status"] == "completed"), least=1),
            Goal(name="requests to the model", value=float(row["requests"] or 0), most=1),
        ],
    )


def _summarize(stack: WholeStack, api: httpx.Client) -> Row:
    asked, started = stack.model.requests["asked"], time.monotonic()
    batch: dict[str, Any] = (
        api.post("batch/create", json={"urls": [_VIDEO], "model": "custom"}).raise_for_status().json()
    )
    while batch["status"] not in _ENDED:
        time.sleep(_POLL_SECONDS)
        batch = api.get(f"batch/{batch['id']}").raise_for_status().json()
    item = batch["items"][0]
    return {
        "status": str(item["status"]),
        "seconds": time.monotonic() - started,
        "tokens written": item["tokens_out"],
        "requests": stack.model.requests["asked"] - asked,
    }
