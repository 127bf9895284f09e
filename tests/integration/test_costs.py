"""Calls, units and transitions of a video and of a request, so that no change raises their price unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from lab.bench.aws_calls import Calls
from lab.bench.cost import feeds, follows, model
from lab.bench.emulated import Effort, emulated_account
from lab.bench.routes import count_requests
from testkit.template import ROOT

VIDEOS = 4
CALLS_A_VIDEO = {
    "fetch_transcript": {
        "dynamodb:GetItem": 1,
        "dynamodb:Query": 1,
        "dynamodb:UpdateItem": 1,
        "s3:GetObject": 2,  # looks for captions that the user gave, before and after YouTube is asked
        "s3:HeadObject": 1,
        "s3:PutObject": 1,
        "ssm:GetParameter": 1,
    },
    "summarize_video": {
        "dynamodb:BatchGetItem": 1,
        "dynamodb:GetItem": 1,
        "dynamodb:PutItem": 1,
        "dynamodb:Query": 2,
        "dynamodb:TransactWriteItems": 1,
        # One shows the stage; two reserve what the model will probably cost, and two settle it.
        "dynamodb:UpdateItem": 1 + 2 + 2,
        "s3:GetObject": 1,
        "ssm:GetParameter": 1,
    },
}


@pytest.fixture(scope="module")
def effort() -> Effort:
    with emulated_account() as account:
        return account.run_batch(VIDEOS, model="openai", minutes=10)


@pytest.mark.parametrize("function", CALLS_A_VIDEO)
def test_a_step_calls_aws_no_more_often_than_it_has_to(effort: Effort, function: str) -> None:
    made = Counter(effort.steps[function].calls.operations)
    del made["s3:CreateBucket"]  # the test account's own
    assert made == {name: count * VIDEOS for name, count in CALLS_A_VIDEO[function].items()}


def test_the_benchmarks_count_as_many_calls() -> None:
    calls = sum(sum(counts.values()) for counts in CALLS_A_VIDEO.values())
    assert f"{calls} requests to AWS" in (ROOT / "lab" / "bench" / "README.md").read_text(encoding="utf-8")


def test_a_video_takes_two_transitions_and_a_page_three(effort: Effort) -> None:
    assert effort.states == {
        **{"Load next videos": 2, "Any left?": 2, "Process videos": 1},
        **{"Fetch transcript": VIDEOS, "Summarize video": VIDEOS},
        **{"Build export": 1, "Notify owner": 1, "Batch done": 1},
    }


def test_a_video_is_written_with_few_units(effort: Effort) -> None:
    """One for the item, one for each stage; the summary with its two indexes, the transaction, and the spending."""
    # The numbers of the items, in the index until there is a batch; the batch with its index, the order and the look at
    # deletions in a transaction.
    assert effort.steps["create"].calls.write_units <= VIDEOS + 12
    assert effort.steps["fetch_transcript"].calls.write_units == VIDEOS
    assert effort.steps["summarize_video"].calls.write_units <= (1 + 2 + 2 + 4 + 4) * VIDEOS


def test_a_model_that_costs_nothing_is_written_with_no_unit_more() -> None:
    with emulated_account() as account:
        free = account.run_batch(VIDEOS, model="extractive", minutes=10)
    assert free.steps["summarize_video"].calls.write_units <= (1 + 3 + 2 + 4) * VIDEOS


def test_an_export_and_an_email_read_the_batch_in_a_few_queries(effort: Effort) -> None:
    for function in ("build_export", "notify_owner"):
        assert effort.steps[function].calls.operations.total() <= 7
    assert effort.steps["build_export"].calls.write_units == 0
    # The claim of the email takes the batch out of the sweep's index.
    assert effort.steps["notify_owner"].calls.write_units <= 2


def test_the_step_that_waits_for_the_model_waits_with_little_memory() -> None:
    assert model.memory_mb("summarize_video") <= 192


# AWS calls, read units, write units.
REQUESTS: dict[str, tuple[int, float, float]] = {
    "status poll": (1, 0.5, 0),
    "batch with 50 items": (3, 1.5 + VIDEOS, 0),
    "list of batches": (1, 0.5, 0),
    "history": (2, 1.5, 0),  # and whether one of their batches is being deleted
    "search of the history": (1, 0.5, 0),
    "summary": (2, 2, 0),
    "validate 100 links": (0, 0, 0),
    "create a draft of 100": (10, 4, 112),
    "create and start 100": (12, 5, 116),
    "order": (3, 2, 4),
    "skip": (5, 4, 4),  # the batch is read again, so that the answer is what was written
    "add": (8, 5, 8),
    "preflight": (7, 5, 8),
    "start": (6, 3, 4),
    "pause": (2, 1, 2),
    "resume": (4, 2, 1),
    "cancel": (2, 1, 1),
    "retry": (12, 9, 12),
    "refresh": (13, 11, 14),
    "export that is there": (3, 2, 0),
    "delete": (16, 9.5, 16 + VIDEOS),
    "models": (1, 0, 0),
}


@pytest.fixture(scope="module")
def counted() -> Mapping[str, Calls]:
    return count_requests(VIDEOS)


def test_every_route_that_is_measured_has_its_price_here(counted: Mapping[str, Calls]) -> None:
    assert set(counted) == set(REQUESTS)


@pytest.mark.parametrize("request_name", REQUESTS)
def test_a_request_costs_no_more_than_before(counted: Mapping[str, Calls], request_name: str) -> None:
    calls = counted[request_name]
    assert (calls.operations.total(), calls.read_units, calls.write_units) == REQUESTS[request_name]


def test_a_poll_costs_the_same_however_long_the_batch() -> None:
    long = count_requests(500, only=("status poll",))["status poll"]
    assert (long.operations, long.read_units) == ({"dynamodb:GetItem": 1}, 0.5)


def test_a_round_over_many_follows_takes_the_units_that_the_document_says() -> None:
    with emulated_account() as account:
        counted = follows.count(account)
    text = " ".join((ROOT / "docs" / "cost.md").read_text(encoding="utf-8").split())
    checks, reads, writes = counted.checks, counted.calls.read_units, counted.calls.write_units
    assert f"checks the {checks} that are due, and writes one record {writes:.0f} times" in text
    assert f"takes {reads:.0f} read units and {writes:.0f} write units" in text
    for part in follows.bill(counted):
        if part.unit != "GB-seconds":  # how long a function computes depends on the machine
            assert f"| {part.name} | {part.quantity:,.0f} {part.unit} | {part.usd:.4f} |" in text


def test_a_feed_is_read_in_few_requests_and_in_fewer_if_nothing_has_changed() -> None:
    with emulated_account() as account:
        feed = feeds.count(account, summaries=4)
    # Its link, its user, the follow, the list of its two runs, and these.
    assert feed.unchanged.step.calls.operations.total() == 5
    assert feed.whole.step.calls.operations.total() == 5 + 2
    assert feed.unchanged.body_bytes == 0 < feed.whole.body_bytes
    # Half a unit for each batch, and for the list of them; the link and the follow are read consistently.
    assert feed.unchanged.step.calls.read_units == 2 * 0.5 + 0.5 + 2
