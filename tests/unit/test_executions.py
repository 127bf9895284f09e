"""Which batches need an execution, and which one is started for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from skimlist.executions import StartReason, current_execution, needs_execution, next_execution
from skimlist.models.batch import Batch, BatchStatus, Pause
from testkit.batches import a_batch

TONIGHT = datetime(2026, 11, 28, 23, tzinfo=UTC)
FOR_ITS_USER = Pause(code="budget_reached", message="", advice="", since=TONIGHT, until=None, times=1)
BY_ITS_USER = replace(FOR_ITS_USER, code="paused_by_user", times=0)
FOR_A_TIME = replace(FOR_ITS_USER, code="youtube_blocked", until=TONIGHT)


@pytest.mark.parametrize(
    ("batch", "when_parked", "when_not_parked"),
    [
        (a_batch(status=BatchStatus.DRAFT), False, True),
        (a_batch(status=BatchStatus.PENDING), True, True),
        (a_batch(status=BatchStatus.PROCESSING), True, True),
        (a_batch(status=BatchStatus.PAUSED, pause=FOR_A_TIME), True, True),
        (a_batch(status=BatchStatus.PAUSED, pause=FOR_ITS_USER), True, True),
        (a_batch(status=BatchStatus.PAUSED, pause=FOR_ITS_USER, notified=f"paused {TONIGHT}"), False, False),
        (a_batch(status=BatchStatus.PAUSED, pause=BY_ITS_USER), False, False),
        (a_batch(status=BatchStatus.CANCELLED), False, True),
        (a_batch(status=BatchStatus.COMPLETED), True, True),
        (a_batch(status=BatchStatus.FAILED), True, True),
    ],
    ids=lambda value: value.status if hasattr(value, "status") else "",
)
def test_a_batch_needs_an_execution_while_it_cannot_get_on_without(
    batch: Batch, when_parked: bool, when_not_parked: bool
) -> None:
    assert needs_execution(replace(batch, has_no_execution=True)) is when_parked
    assert needs_execution(replace(batch, has_no_execution=False)) is when_not_parked


@pytest.mark.parametrize("status", [BatchStatus.COMPLETED, BatchStatus.FAILED])
def test_an_ended_batch_needs_none_once_its_owner_is_notified(status: BatchStatus) -> None:
    assert not needs_execution(a_batch(status=status, has_no_execution=True), is_owner_notified=True)


@pytest.mark.parametrize(("pause", "still_needs_one"), [(FOR_ITS_USER, False), (FOR_A_TIME, True)])
def test_a_paused_batch_whose_owner_is_notified_needs_one_only_to_continue(pause: Pause, still_needs_one: bool) -> None:
    assert needs_execution(a_batch(status=BatchStatus.PAUSED, pause=pause), is_owner_notified=True) is still_needs_one


def test_a_draft_at_rest_needs_one_for_playlists_that_are_added_to_it() -> None:
    assert needs_execution(a_batch(status=BatchStatus.DRAFT, has_no_execution=True), has_unread_playlists=True)


def test_an_execution_that_took_over_a_batch_that_waits_for_its_user_has_to_park_it() -> None:
    assert needs_execution(a_batch(status=BatchStatus.PAUSED, pause=FOR_ITS_USER), is_taken_over=True)


def test_a_batch_at_rest_continues_under_the_next_run() -> None:
    wanted = next_execution(a_batch(run=3, has_no_execution=True), StartReason.RESUMED)
    assert wanted is not None
    assert (wanted.run, wanted.name, wanted.why) == (4, "b7f3-4", StartReason.RESUMED)


def test_a_batch_with_an_execution_at_work_gets_no_second_one() -> None:
    assert next_execution(a_batch(run=3, has_no_execution=False), StartReason.RESUMED) is None


def test_a_lost_execution_is_asked_for_by_its_own_number() -> None:
    wanted = current_execution(a_batch(run=1, has_no_execution=True), StartReason.LOST)
    assert (wanted.run, wanted.name) == (1, "b7f3")
