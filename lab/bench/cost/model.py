"""Calculates costs from counted calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.bench.aws_calls import Calls
from lab.bench.cost import prices
from lab.bench.emulated import Effort, Step
from testkit import template

# The waiting times of a video of 30 minutes, and the time of a request to AWS.
MODEL_SECONDS = 20.0
YOUTUBE_SECONDS = 1.5
AWS_CALL_SECONDS = 0.01
# Lambda's own lines about an invocation (start, report) and ours.
LOG_BYTES_AN_INVOCATION = 1_500
# Lambda gives a function one core per this many megabytes.
MEGABYTES_A_CORE = 1_769
_WAITED = {"fetch_transcript": YOUTUBE_SECONDS, "summarize_video": MODEL_SECONDS}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bill: an amount per video and its cost."""

    name: str
    quantity: float
    unit: str
    usd: float


def bill(effort: Effort, videos: int) -> list[Part]:
    """Returns the average bill of one video of a batch."""
    functions = {name: step for name, step in effort.steps.items() if name != "create"}
    invocations = sum(step.runs for step in functions.values()) / videos
    calls = effort.calls
    transitions = effort.states.total() / videos
    parts = [
        Part("Step Functions", transitions, "transitions", transitions * prices.TRANSITION),
        Part("Lambda: requests", invocations, "requests", invocations * prices.LAMBDA_REQUEST),
        *(_time(name, step, videos) for name, step in functions.items()),
        Part("DynamoDB: writes", calls.write_units / videos, "units", calls.write_units / videos * prices.WRITE_UNIT),
        Part("DynamoDB: reads", calls.read_units / videos, "units", calls.read_units / videos * prices.READ_UNIT),
        *_storage(calls, videos),
    ]
    logged = invocations * LOG_BYTES_AN_INVOCATION
    email = effort.states["Notify owner"] / videos
    return [
        *parts,
        Part("Logs", logged, "bytes", logged / 1e9 * prices.LOG_GB),
        Part("Email", email, "emails", email * prices.EMAIL),
    ]


def memory_mb(function: str) -> int:
    return int(template.properties(template.logical_id(function))["MemorySize"])


def _time(name: str, step: Step, videos: int) -> Part:
    """Returns a step's time: its waits, its requests to AWS, and its CPU time on the share of a core that it gets."""
    memory = memory_mb(name)
    waited = step.runs * _WAITED.get(name, 0.0) + step.calls.operations.total() * AWS_CALL_SECONDS
    computed = step.cpu_seconds * max(MEGABYTES_A_CORE / memory, 1.0)
    gb_seconds = (waited + computed) * memory / 1024 / videos
    return Part(f"Lambda: {name}, {memory} MB", gb_seconds, "GB-seconds", gb_seconds * prices.LAMBDA_GB_SECOND)


def _storage(calls: Calls, videos: int) -> list[Part]:
    made = {name.removeprefix("s3:"): count for name, count in calls.operations.items() if name.startswith("s3:")}
    writes, reads = _count(made, prices.S3_WRITES) / videos, _count(made, prices.S3_READS) / videos
    return [
        Part("S3: writes", writes, "requests", writes * prices.S3_WRITE),
        Part("S3: reads", reads, "requests", reads * prices.S3_READ),
    ]


def _count(made: Mapping[str, int], names: frozenset[str]) -> int:
    return sum(count for name, count in made.items() if name in names)
