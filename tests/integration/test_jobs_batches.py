"""The batch record: creation, statuses, executions, and effects that happen once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from skimlist.errors import (
    BatchChanged,
    BatchNotFound,
    IdempotencyKeyReused,
    ModelKeyMissing,
    WorkflowStuck,
    WrongState,
    YouTubeBlocked,
)
from skimlist.jobs.batches import Batches
from skimlist.jobs.expressions import Update
from skimlist.jobs.order import Order
from skimlist.jobs.queue import QueueChange
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo
from skimlist.models.video import Item, Stage
from skimlist.progress import next_try
from skimlist.transitions import sources
from testkit.account import NOW, Account, video_id
from testkit.batches import a_batch

LATER = NOW + timedelta(minutes=1)
CURRENT = CurrentVideo(item_id="00001", position=1, stage=Stage.FETCHING, started_at=NOW, run=1)

NOTHING_REQUEUED = QueueChange(Update(), writes=(), page=(), requeued_before=0)

Move = Callable[[Batches, Batch], Batch]
MOVES: dict[str, tuple[BatchStatus, Move]] = {
    "begin": (BatchStatus.PROCESSING, lambda batches, batch: batches.begin(batch, LATER)),
    "resume": (BatchStatus.PROCESSING, lambda batches, batch: batches.resume(batch, LATER)),
    "reopen": (BatchStatus.PROCESSING, lambda batches, batch: batches.reopen(batch, NOTHING_REQUEUED, LATER)),
    "pause": (BatchStatus.PAUSED, lambda batches, batch: batches.pause(batch, LATER)),
    "block": (BatchStatus.PAUSED, lambda batches, batch: batches.pause_for(batch, YouTubeBlocked(), LATER)),
    "cancel": (BatchStatus.CANCELLED, lambda batches, batch: batches.cancel(batch, LATER)),
    "complete": (BatchStatus.COMPLETED, lambda batches, batch: batches.complete(batch, LATER)),
    "fail": (BatchStatus.FAILED, lambda batches, batch: batches.fail(batch, WorkflowStuck(), LATER)),
}
ENDED = {BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED}
ONLY_FROM = {
    "begin": {BatchStatus.PENDING},
    "resume": {BatchStatus.PAUSED},
    "reopen": ENDED,
    "complete": {BatchStatus.PROCESSING},
}
# The user's pause takes the place of one that would end by itself.
REPLACES = ("pause", BatchStatus.PAUSED)


# --- Creating and reading ---


def test_a_created_batch_is_read_as_it_was_written(account: Account) -> None:
    created = account.create_batch(3)
    assert account.batch() == created
    items = account.queue.all_items(created)
    assert [(item.id, item.video_id, item.position) for item in items] == [
        ("00001", video_id(1), 1),
        ("00002", video_id(2), 2),
        ("00003", video_id(3), 3),
    ]


def test_creating_a_batch_again_changes_nothing(account: Account) -> None:
    account.begin_batch(3)
    account.complete(1)
    account.fail(2)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch())[1:2], NOW)
    before, order, items = account.batch(), account.queue.order("b7f3"), account.queue.all_items(account.batch())
    assert account.create_batch(3) == before
    assert account.batch() == before
    assert account.queue.order("b7f3") == order
    assert account.queue.all_items(before) == items


def test_a_batch_whose_creation_was_cut_off_is_created_by_the_next_try(account: Account) -> None:
    batch, items = a_batch(status=BatchStatus.PENDING, total=1), [Item(id="00001", video_id=video_id(1))]
    account.table.put_item(Item={"pk": "BATCH#b7f3", "sk": "ITEM#00001", "video_id": video_id(1), "status": "pending"})
    assert account.batches.create(batch, items, Order(entries=(1,))) == batch
    assert len(account.queue.all_items(batch)) == 1


def test_a_request_that_comes_twice_at_once_leaves_the_order_as_it_has_become(account: Account) -> None:
    batch = a_batch(status=BatchStatus.PENDING, total=2)
    items = [Item(id=f"0000{number}", video_id=video_id(number)) for number in (1, 2)]
    parts = (items, Order(entries=(1, 2)))
    queue_editor = QueueEditor(account.table)

    def meanwhile() -> tuple[()]:
        """Runs a first request, whose answer the client has acted on before the second request."""
        queue_editor.reorder(account.batches.create(batch, *parts), ["00002", "00001"], NOW)
        queue_editor.append(account.batch(), [video_id(3)], [], NOW)
        return ()

    assert account.batches.create(batch, *parts, quota=meanwhile) == account.batch()
    assert account.queue.order("b7f3").entries == (2, 1, 3)
    queue_editor.append(account.batch(), [video_id(4)], [], NOW)
    assert [item.video_id for item in account.queue.all_items(account.batch())] == [video_id(n) for n in (2, 1, 3, 4)]


def test_someone_elses_batch_does_not_exist(account: Account) -> None:
    account.create_batch()
    with pytest.raises(BatchNotFound):
        account.batches.get("eve", "b7f3")
    with pytest.raises(BatchNotFound):
        account.batches.get("ada", "other")


def test_a_request_that_comes_again_gets_the_first_batch(account: Account) -> None:
    claim = account.batches.claim_request
    assert claim("ada", "key", "digest", "first", NOW) == "first"
    assert claim("ada", "key", "digest", "second", LATER) == "first"
    assert claim("eve", "key", "digest", "third", NOW) == "third"
    assert claim("ada", "another key", "digest", "fourth", NOW) == "fourth"


def test_a_key_that_comes_with_another_request_is_refused(account: Account) -> None:
    account.batches.claim_request("ada", "key", "digest", "first", NOW)
    with pytest.raises(IdempotencyKeyReused):
        account.batches.claim_request("ada", "key", "other digest", "second", NOW)


def test_batches_are_listed_newest_first_and_page_by_page(account: Account) -> None:
    for batch_id in ("b1", "b4", "b2", "b5", "b3"):
        account.create_batch(1, id=batch_id)
    account.create_batch(1, id="b9", user_id="eve")
    account.batches.claim_request("ada", "key", "digest", "b1", NOW)
    seen, cursor = [], None
    for _ in range(3):
        batches, cursor = account.batches.list_newest_first("ada", 2, cursor)
        seen.append([batch.id for batch in batches])
    assert seen == [["b5", "b4"], ["b3", "b2"], ["b1"]]
    assert cursor is None


def test_a_user_without_batches_has_an_empty_list(account: Account) -> None:
    assert account.batches.list_newest_first("ada", 20) == ([], None)


def test_batches_that_should_be_driven_are_listed_oldest_first(account: Account) -> None:
    for days, batch_id in enumerate(["waiting", "running", "paused", "blocked", "cancelled", "done", "notified"]):
        account.create_batch(1, id=batch_id, created_at=NOW + timedelta(days=days))
    for batch_id in ("running", "paused", "blocked", "cancelled", "done", "notified"):
        account.batches.begin(account.batch(batch_id), NOW)
    account.batches.pause(account.batch("paused"), NOW)
    account.batches.pause_for(account.batch("blocked"), YouTubeBlocked(), NOW)
    account.batches.park(account.batches.cancel(account.batch("cancelled"), NOW), NOW)
    account.batches.complete(account.batch("done"), NOW)
    account.batches.claim_notification(account.batches.complete(account.batch("notified"), NOW), "completed", "request")
    listed = [batch_id for _, batch_id in account.batches.list_active()]
    assert listed == ["waiting", "running", "blocked", "done"]


# --- Changing the status ---


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("source", BatchStatus)
def test_a_status_changes_where_the_table_of_transitions_allows_it(
    account: Account, source: BatchStatus, name: str
) -> None:
    target, move = MOVES[name]
    batch = account.create_batch(1, status=source)
    if (source in ONLY_FROM.get(name, BatchStatus) and source in sources(target)) or (name, source) == REPLACES:
        changed = move(account.batches, batch)
        assert (changed.status, changed.updated_at, changed.revision) == (target, LATER, batch.revision + 1)
        assert account.batch() == changed
    else:
        with pytest.raises(
            WrongState, match=f"The batch is {source} and cannot become {target} now; you can "
        ) as caught:
            move(account.batches, batch)
        assert type(caught.value) is WrongState
        assert account.batch() == batch


@pytest.mark.parametrize("name", ["begin", "pause", "block", "cancel", "fail"])
def test_a_command_that_is_based_on_an_outdated_read_changes_nothing(account: Account, name: str) -> None:
    seen = account.create_batch(1)
    account.batches.begin(seen, NOW)
    with pytest.raises(BatchChanged, match="The batch is processing"):
        MOVES[name][1](account.batches, seen)
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_batch_that_another_run_took_over_is_not_moved(account: Account) -> None:
    seen = account.begin_batch(1)
    account.batches.adopt(seen, 2, NOW)
    with pytest.raises(BatchChanged):
        account.batches.complete(seen, LATER)


def test_a_batch_is_not_completed_when_a_video_was_queued_again_meanwhile(account: Account) -> None:
    account.begin_batch(1)
    account.fail(1)
    seen = account.batch()
    account.queue.requeue(seen, account.queue.all_items(seen), NOW)
    with pytest.raises(BatchChanged):
        account.batches.complete(seen, LATER)


def test_a_batch_keeps_the_time_at_which_it_was_first_started(account: Account) -> None:
    first = account.begin_batch(1)
    again = account.batches.resume(account.batches.pause(first, NOW), LATER)
    assert first.started_at == again.started_at == NOW


@pytest.mark.parametrize("way", ["resume", "reopen"])
def test_a_batch_that_its_workflow_never_took_up_begins_when_it_continues(account: Account, way: str) -> None:
    batch = account.create_batch(2)
    if way == "resume":
        account.batches.resume(account.batches.pause(batch, NOW), LATER)
    else:
        account.reopen(account.batches.fail(batch, WorkflowStuck(), NOW), now=LATER)
    assert account.batch().started_at == LATER


def test_the_users_pause_waits_for_the_user_and_lets_the_current_video_end(account: Account) -> None:
    account.begin_batch(1)
    account.videos.claim("ada", "b7f3", CURRENT, 0, NOW)
    paused = account.batches.pause(account.batch(), LATER)
    assert paused.pause
    assert (paused.pause.code, paused.pause.since, paused.pause.until) == ("paused_by_user", LATER, None)
    assert paused.current == CURRENT


def test_consecutive_pauses_wait_longer_and_a_summary_ends_the_series(account: Account) -> None:
    batch = account.begin_batch(2)
    for times in (1, 2):
        batch = account.batches.pause_for(batch, YouTubeBlocked(), NOW)
        assert batch.pause
        assert (batch.pause.code, batch.pause.times) == ("youtube_blocked", times)
        assert batch.pause.until == next_try(times, NOW)
        assert batch.current is None
        batch = account.batches.resume(batch, NOW)
        assert batch.pause is None
    account.complete(1)
    assert account.batch().execution.pauses_in_a_row == 0
    account.batches.pause_for(account.batch(), ModelKeyMissing("No key."), NOW)
    pause = account.batch().pause
    assert pause
    assert (pause.times, pause.message) == (1, "No key.")


def test_a_failed_video_does_not_end_a_series_of_pauses(account: Account) -> None:
    batch = account.begin_batch(2)
    account.batches.resume(account.batches.pause_for(batch, YouTubeBlocked(), NOW), NOW)
    account.fail(1)
    assert account.batch().execution.pauses_in_a_row == 1


def test_a_workflow_that_cannot_continue_fails_a_batch_in_which_nothing_was_done(account: Account) -> None:
    failed = account.batches.fail(account.begin_batch(2), WorkflowStuck(), LATER)
    assert (failed.status, failed.has_no_execution, failed.completed_at) == (BatchStatus.FAILED, True, LATER)
    assert failed.error
    assert failed.error.code == "workflow_stuck"


def test_a_workflow_that_cannot_continue_completes_a_batch_in_which_something_was_done(account: Account) -> None:
    account.begin_batch(2)
    account.complete(1)
    ended = account.batches.fail(account.batch(), WorkflowStuck(), LATER)
    assert (ended.status, ended.completed) == (BatchStatus.COMPLETED, 1)
    assert ended.error


def test_a_reopened_batch_has_lost_its_end_and_its_error(account: Account) -> None:
    failed = account.batches.fail(account.begin_batch(1), WorkflowStuck(), NOW)
    reopened = account.reopen(failed, now=LATER)
    assert (reopened.completed_at, reopened.error, reopened.has_no_execution) == (None, None, False)


# --- Who drives it ---


def test_only_a_newer_run_takes_a_batch_over(account: Account) -> None:
    batch = account.begin_batch(1)
    assert account.batches.adopt(batch, 1, LATER) is None
    adopted = account.batches.adopt(batch, 3, LATER)
    assert adopted
    assert (adopted.execution.run, adopted.execution.pages_served, adopted.has_no_execution) == (3, 0, False)
    assert account.batches.adopt(batch, 2, LATER) is None


def test_an_older_run_neither_takes_videos_nor_pages(account: Account) -> None:
    old = account.begin_batch(1)
    account.batches.adopt(old, 2, NOW)
    assert account.videos.claim("ada", "b7f3", CURRENT, 0, NOW) is None
    assert account.next_page(old) is None
    assert account.batches.park(old, NOW) is None


def test_a_parked_batch_has_no_current_video(account: Account) -> None:
    account.begin_batch(1)
    account.videos.claim("ada", "b7f3", CURRENT, 0, NOW)
    parked = account.batches.park(account.batches.pause(account.batch(), NOW), LATER)
    assert parked
    assert (parked.has_no_execution, parked.current, parked.skipped) == (True, None, 0)


def test_the_remaining_videos_of_a_cancelled_batch_are_counted_when_it_is_parked(account: Account) -> None:
    account.begin_batch(5)
    account.complete(1)
    account.fail(2)
    cancelled = account.batches.cancel(account.batch(), NOW)
    assert cancelled.skipped == 0
    parked = account.batches.park(cancelled, LATER)
    assert parked
    assert (parked.completed, parked.failed, parked.skipped) == (1, 1, 3)


def test_a_video_that_ends_while_a_cancelled_batch_is_parked_is_counted_once(account: Account) -> None:
    account.begin_batch(2)
    cancelled = account.batches.cancel(account.batch(), NOW)
    account.complete(1)
    assert account.batches.park(cancelled, LATER) is None
    parked = account.batches.park(account.batch(), LATER)
    assert parked
    assert (parked.completed, parked.skipped) == (1, 1)


# --- What happens once ---


def test_the_owner_is_notified_of_an_occasion_once(account: Account) -> None:
    batch = account.create_batch()
    assert account.batches.claim_notification(batch, "completed", "first")
    assert not account.batches.claim_notification(batch, "completed", "second")
    assert account.batches.claim_notification(batch, "completed again", "second")


def test_a_claim_whose_answer_was_lost_is_not_lost_against_itself(account: Account) -> None:
    batch = account.create_batch()
    assert account.batches.claim_notification(batch, "completed", "first")
    assert account.batches.claim_notification(batch, "completed", "first")


def test_an_email_that_did_not_go_out_can_be_tried_again(account: Account) -> None:
    batch = account.create_batch()
    account.batches.claim_notification(batch, "completed", "first")
    account.batches.release_notification(batch, "another occasion", "first")
    assert not account.batches.claim_notification(batch, "completed", "second")
    account.batches.release_notification(batch, "completed", "first")
    assert account.batches.claim_notification(batch, "completed", "second")
    account.batches.release_notification(batch, "completed", "first")  # arrives a second time, and late
    assert not account.batches.claim_notification(batch, "completed", "third")
