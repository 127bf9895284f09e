"""How far a batch is, and when it will be done."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.errors import ModelRefused, WorkflowStuck
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo, DigestState, DigestStatus
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.video import Stage
from skimlist.progress import (
    digest_is_due,
    digest_state,
    estimated_completion,
    next_try,
    percent,
    remaining,
    skipped,
)
from testkit.batches import ENDED, STARTED, a_batch


def running(**changes: Any) -> Batch:
    fields = {"status": BatchStatus.PROCESSING, "total": 10, "completed": 3, "failed": 1, "timed_videos": 4}
    return a_batch(**{**fields, "completed_at": None, **changes})


def current_video(percent: int = 0) -> CurrentVideo:
    return CurrentVideo(
        item_id="00005", position=5, stage=Stage.FETCHING, started_at=ENDED, run=1, percent=percent, title=None
    )


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Generates batches whose counters can occur together."""
    total = draw(st.integers(0, 5_000))
    completed = draw(st.integers(0, total))
    failed = draw(st.integers(0, total - completed))
    ended = completed + failed
    current = current_video(draw(st.integers(0, 100))) if ended < total and draw(st.booleans()) else None
    return a_batch(
        status=draw(st.sampled_from(BatchStatus)),
        total=total,
        completed=completed,
        failed=failed,
        skipped=draw(st.integers(0, total - ended - (1 if current else 0))),
        current=current,
        has_no_execution=draw(st.booleans()) if current is None else False,
        processing_seconds=draw(st.decimals(0, 10**7, places=3)),
        timed_videos=draw(st.integers(0, ended)),
    )


@given(batches())
def test_percent_and_counts_stay_in_their_bounds(batch: Batch) -> None:
    assert 0 <= percent(batch) <= 100
    assert remaining(batch) >= 0
    assert batch.completed + batch.failed + skipped(batch) + remaining(batch) == batch.total


@given(batches(), st.integers(0, 10**6))
def test_an_estimate_is_never_in_the_past(batch: Batch, seconds: int) -> None:
    now = STARTED + timedelta(seconds=seconds)
    estimate = estimated_completion(batch, now)
    assert estimate is None or estimate >= now


def test_percent_counts_ended_videos_and_the_part_of_the_current_one() -> None:
    assert percent(running()) == 40
    assert percent(running(current=current_video(50))) == 45
    assert percent(running(skipped=2)) == 60
    assert percent(running(total=7, failed=0)) == 43  # 42.9


def test_an_empty_batch_is_at_zero() -> None:
    assert percent(a_batch(total=0, completed=0, failed=0)) == 0


def test_a_batch_is_at_a_hundred_only_when_nothing_is_left() -> None:
    assert percent(running(total=5_000, completed=4_999, failed=0, current=current_video(99))) == 99
    assert percent(running(total=5_000, completed=4_999, failed=1)) == 100


def test_the_rest_is_expected_to_take_what_the_average_video_took() -> None:
    batch = running(processing_seconds=Decimal(80), current=current_video())
    assert estimated_completion(batch, ENDED) == ENDED + timedelta(seconds=20) * 6


def test_videos_that_nobody_worked_on_do_not_shorten_the_estimate() -> None:
    batch = running(processing_seconds=Decimal(20), completed=1, failed=3, timed_videos=1, current=current_video())
    assert estimated_completion(batch, ENDED) == ENDED + timedelta(seconds=20) * 6


def test_the_estimate_does_not_move_during_a_video() -> None:
    batch = running(processing_seconds=Decimal(80), current=current_video())
    later = ENDED + timedelta(seconds=15)
    assert estimated_completion(batch, later) == estimated_completion(batch, ENDED)


@pytest.mark.parametrize(
    "batch",
    [
        running(completed=0, failed=3, timed_videos=0),
        running(status=BatchStatus.PAUSED),
        running(status=BatchStatus.PENDING),
        running(completed=9),
        a_batch(),
    ],
)
def test_no_estimate_where_none_can_be_made(batch: Batch) -> None:
    assert estimated_completion(batch, ENDED) is None


def test_a_cancelled_batch_leaves_out_all_but_the_current_video() -> None:
    batch = running(status=BatchStatus.CANCELLED, current=current_video())
    assert (skipped(batch), remaining(batch)) == (5, 1)


def test_a_cancelled_batch_that_is_parked_leaves_out_the_rest() -> None:
    batch = running(status=BatchStatus.CANCELLED, has_no_execution=True)
    assert (skipped(batch), remaining(batch), percent(batch)) == (6, 0, 100)


def test_each_consecutive_pause_is_longer_up_to_four_hours() -> None:
    waits = [next_try(times, ENDED) - ENDED for times in range(1, 20)]
    assert waits[0] == timedelta(minutes=5)
    assert waits[:6] == sorted(set(waits[:6]))
    assert set(waits[5:]) == {timedelta(hours=4)}


def test_a_batch_tries_again_at_a_full_second() -> None:
    assert next_try(1, ENDED.replace(microsecond=700_000)).microsecond == 0


# --- The digest ---

READY = DigestState(status=DigestStatus.READY, videos=3)
FAILED = DigestState(status=DigestStatus.FAILED, videos=3, error=ModelRefused().as_problem())
FAILED_AGAIN = DigestState(status=DigestStatus.FAILED, videos=4, error=FAILED.error, earlier=3)


def digesting(**changes: Any) -> Batch:
    return running(settings=BatchSettings(model="extractive", options=SummaryOptions(digest=True)), **changes)


@pytest.mark.parametrize(
    ("batch", "due"),
    [
        (running(), False),
        (digesting(), True),
        (digesting(completed=1), False),
        (digesting(digest=READY), False),
        (digesting(digest=FAILED), False),
        (digesting(digest=READY, completed=4), True),
        (digesting(digest=FAILED, completed=4), True),
    ],
)
def test_a_digest_is_due_when_a_video_was_summarized_since_it_was_tried(batch: Batch, due: bool) -> None:
    assert digest_is_due(batch) is due


def test_a_digest_is_pending_until_it_was_tried() -> None:
    assert digest_state(running()) is None
    assert digest_state(digesting()) == DigestState(status=DigestStatus.PENDING)
    assert digest_state(digesting(digest=READY)) == READY
    assert digest_state(digesting(digest=FAILED)) == FAILED
    assert digest_state(digesting(digest=READY, completed=4)) == DigestState(status=DigestStatus.PENDING, videos=3)
    assert digest_state(digesting(digest=FAILED, completed=4)) == DigestState(status=DigestStatus.PENDING)
    assert digest_state(digesting(digest=FAILED_AGAIN, completed=5)) == DigestState(
        status=DigestStatus.PENDING, videos=3
    )
    assert digest_state(digesting(status=BatchStatus.PAUSED, digest=READY)) == READY


def test_a_batch_that_ended_without_two_summaries_says_why_there_is_no_digest() -> None:
    state = digest_state(digesting(status=BatchStatus.COMPLETED, completed=1))
    assert state and state.error
    assert (state.status, state.error.code) == (DigestStatus.FAILED, "digest_needs_two")


def test_the_error_that_stopped_a_batch_stopped_its_digest() -> None:
    error = WorkflowStuck().as_problem()
    state = digest_state(digesting(status=BatchStatus.COMPLETED, error=error))
    assert state == DigestState(status=DigestStatus.FAILED, error=error)
    state = digest_state(digesting(status=BatchStatus.COMPLETED, error=error, digest=READY, completed=4))
    assert state == DigestState(status=DigestStatus.FAILED, error=error, earlier=3)


def test_no_digest_will_come_of_a_cancelled_batch_but_an_earlier_one_stays() -> None:
    assert digest_state(digesting(status=BatchStatus.CANCELLED)) is None
    assert digest_state(digesting(status=BatchStatus.CANCELLED, digest=READY, completed=4)) == READY


def test_a_digest_of_a_follows_run_is_due_from_its_first_summary_on() -> None:
    settings = BatchSettings(model="extractive", options=SummaryOptions(digest=True))
    assert digest_is_due(running(settings=settings, completed=1, follow_id="f"))
    assert not digest_is_due(running(settings=settings, completed=1))
    assert not digest_is_due(running(settings=settings, completed=0, follow_id="f"))
    ended = a_batch(settings=settings, completed=0, follow_id="f")
    state = digest_state(ended)
    assert state
    assert state.error
    assert state.error.code == "digest_needs_two"
