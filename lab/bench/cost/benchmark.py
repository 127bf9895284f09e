"""Runs a batch through the emulated account, and calculates its bill."""

from __future__ import annotations

from lab.bench.cost import feeds, follows, model
from lab.bench.cost.document import write_document
from lab.bench.emulated import emulated_account
from lab.bench.reports import Goal, Options, Report, Row, Table

MINUTES = 30
_MODEL = "openai"


def run(options: Options) -> Report:
    videos = 20 if options.quick else 200
    with emulated_account() as account:
        effort = account.run_batch(videos, model=_MODEL, minutes=MINUTES)
        of_model = float(account.account.batch().cost_usd) / videos
    with emulated_account() as account:
        following = follows.count(account)
    with emulated_account() as account:
        feed = feeds.count(account)
    parts = model.bill(effort, videos)
    rows: list[Row] = [
        {"part": part.name, "a video": part.quantity, "unit": part.unit, "USD per 1,000": part.usd * 1000}
        for part in parts
    ]
    steps: list[Row] = [
        {
            "function": name,
            "runs": step.runs,
            "AWS calls": step.calls.operations.total() / step.runs,
            "read units": step.calls.read_units / step.runs,
            "write units": step.calls.write_units / step.runs,
            "CPU ms, with the emulator's": step.cpu_seconds / step.runs * 1000,
        }
        for name, step in effort.steps.items()
    ]
    total = sum(part.usd for part in parts) * 1000
    units = effort.calls.write_units / videos
    goals = [
        Goal(name="USD per 1,000 videos beside model and proxy", value=total, most=0.13),
        Goal(name="transitions a video", value=effort.states.total() / videos, most=2.1),
        Goal(name="write units a video", value=units, most=16.0),
        Goal(
            name="USD a month for 1,000 hourly follows without news",
            value=sum(part.usd for part in follows.bill(following)),
            most=1.0,
        ),
    ]
    if not options.quick:
        write_document(parts, steps, following, feed, videos=videos, minutes=MINUTES, of_model=of_model * 1000)
    tables = [Table(f"The bill of 1,000 videos of {MINUTES} minutes", rows), Table("Calls of each step", steps)]
    return Report(tables=tables, goals=goals)
