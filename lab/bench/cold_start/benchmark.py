"""Times each function in a fresh interpreter: its import (Lambda's init), and until it can handle its first event."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.bench.cold_start.shipped import Shipped, ours, textbook
from lab.bench.processes import Taken, in_turns
from lab.bench.reports import Goal, Options, Report, Row, Table

INIT = "import handler"
BARE, CLIENT = "bare Python", "boto3 client alone"
# The modules that a function's first event imports; the textbook's functions import everything at the top.
_TABLE = "from skimlist import aws; aws.table('table')"
_FIRST_WORK = {
    "api": f"{_TABLE}; aws.client('stepfunctions'); aws.client('s3', signature_version='s3v4')",
    "build_export": f"{_TABLE}; aws.client('s3')",
    "fetch_transcript": f"{_TABLE}; aws.client('s3'); aws.client('ssm')"
    "; from skimlist.youtube.transcripts import YouTube; from skimlist.youtube.session import youtube_session"
    "; YouTube(youtube_session(None, None))",
    "notify_owner": f"{_TABLE}; aws.client('sns', attempts=1)",
    "resume_interrupted": f"{_TABLE}; aws.client('stepfunctions')",
    "summarize_video": f"{_TABLE}; aws.client('s3'); aws.client('ssm')"
    "; from skimlist.llm.catalogue import catalogue; from skimlist.summarizing.providers import open_model"
    "; open_model(catalogue()['openai'], api_key='none', answer_cache=None, seconds_left=lambda: 900.0)",
}
# The share of the start of its textbook twin that a function may take.
_MAX_RATIOS = {"api": 0.30, "fetch_transcript": 0.30, "summarize_video": 0.35}
_ROUNDS = 9


def run(options: Options) -> Report:
    with TemporaryDirectory() as mine, TemporaryDirectory() as theirs:
        functions, twins = ours(Path(mine)), textbook(Path(theirs))
        taken = _measure(functions, twins, rounds=2 if options.quick else _ROUNDS)
        rows = list(_rows(taken, functions, twins))
    by_name = {str(row["function"]): row for row in rows}
    goals = [
        Goal(name=f"{name}: {stage} ÷ its textbook twin", value=float(by_name[name][f"{stage} ÷ twin"] or 0), most=most)
        for stage in ("init", "ready")
        for name, most in _MAX_RATIOS.items()
    ]

    def draw(plots: Path) -> None:
        from lab.bench.cold_start.drawings import starts  # noqa: PLC0415 - matplotlib

        starts(rows, plots / "cold_start.svg")

    return Report(tables=[Table("Start of a function as shipped", rows)], goals=goals, draw=draw)


def _measure(functions: dict[str, Shipped], twins: dict[str, Shipped], rounds: int) -> dict[str, Taken]:
    plain = twins["api"]
    runs = {
        BARE: partial(plain.start, "pass"),
        CLIENT: partial(plain.start, "import boto3; boto3.client('dynamodb')"),
        **{f"textbook {name}": partial(twin.start, INIT) for name, twin in twins.items()},
        **{name: partial(function.start, INIT) for name, function in functions.items()},
        **{
            f"{name}, ready": partial(function.start, f"{INIT}; {_FIRST_WORK.get(name, _TABLE)}")
            for name, function in functions.items()
        },
    }
    return in_turns(runs, rounds)


def _rows(taken: dict[str, Taken], functions: dict[str, Shipped], twins: dict[str, Shipped]) -> Iterator[Row]:
    yield _row(BARE, taken[BARE], taken[BARE])
    yield _row(CLIENT, taken[CLIENT], taken[CLIENT])
    for name, twin in twins.items():
        own = taken[f"textbook {name}"]
        yield _row(f"textbook {name}", own, own, twin)
    for name, function in functions.items():
        twin_taken = taken.get(f"textbook {name}")
        yield _row(name, taken[name], taken[f"{name}, ready"], function, twin_taken)


def _row(name: str, init: Taken, ready: Taken, shipped: Shipped | None = None, twin: Taken | None = None) -> Row:
    return {
        "function": name,
        "init ms": init.seconds * 1000,
        "ready ms": ready.seconds * 1000,
        "ready CPU ms": ready.cpu_seconds * 1000,
        "init ÷ twin": init.seconds / twin.seconds if twin else None,
        "ready ÷ twin": ready.seconds / twin.seconds if twin else None,
        "memory MB": ready.peak_bytes / 1e6,
        "shipped MB": shipped.size_mb if shipped else None,
    }
