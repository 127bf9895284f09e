"""What a video costs in calls, units and transitions, so that no change makes it dearer unseen."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.cost import model
from bench.emulated import Went, emulated_account

VIDEOS = 12
CALLS_A_VIDEO = {
    "fetch_transcript": {
        "dynamodb:GetItem": 1,
        "dynamodb:UpdateItem": 1,
        "s3:HeadObject": 1,
        "s3:PutObject": 1,
        "ssm:GetParameter": 1,
    },
    "summarize_video": {
        "dynamodb:BatchGetItem": 1,
        "dynamodb:GetItem": 1,
        "dynamodb:PutItem": 1,
        "dynamodb:Query": 1,
        "dynamodb:TransactWriteItems": 1,
        "dynamodb:UpdateItem": 1,
        "s3:GetObject": 1,
        "ssm:GetParameter": 1,
    },
}


@pytest.fixture(scope="module")
def went() -> Went:
    with emulated_account() as account:
        return account.run_batch(VIDEOS, model="openai", minutes=10)


@pytest.mark.parametrize("function", CALLS_A_VIDEO)
def test_a_step_calls_aws_no_more_often_than_it_has_to(went: Went, function: str) -> None:
    made = Counter(went.steps[function].calls.operations)
    del made["s3:CreateBucket"]  # the test account's own
    assert made == {name: count * VIDEOS for name, count in CALLS_A_VIDEO[function].items()}


def test_a_video_takes_two_transitions_and_a_page_three(went: Went) -> None:
    assert went.states == {
        **{"Load next videos": 2, "Any left?": 2, "Process videos": 1},
        **{"Fetch transcript": VIDEOS, "Summarize video": VIDEOS},
        **{"Build export": 1, "Notify owner": 1, "Batch done": 1},
    }


def test_a_video_is_written_with_few_units(went: Went) -> None:
    """One for the item, one for each stage; then the summary with its two indexes, and the transaction."""
    assert went.steps["create"].calls.write_units <= VIDEOS + 3
    assert went.steps["fetch_transcript"].calls.write_units == VIDEOS
    assert went.steps["summarize_video"].calls.write_units <= (1 + 3 + 2 + 4) * VIDEOS


def test_an_export_and_an_email_read_the_batch_in_a_few_queries(went: Went) -> None:
    for function in ("build_export", "notify_owner"):
        assert went.steps[function].calls.operations.total() <= 7
    assert went.steps["build_export"].calls.write_units == 0
    # The claim of the email takes the batch out of the sweep's index.
    assert went.steps["notify_owner"].calls.write_units <= 2


def test_the_step_that_waits_for_the_model_waits_with_little_memory() -> None:
    assert model.memory_mb("summarize_video") <= 192
