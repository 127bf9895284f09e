"""The queue of a batch: which videos are served next, which are requeued, and what a user sees."""

from datetime import timedelta

import pytest

from skimlist.errors import BatchChanged, WorkflowStuck
from skimlist.jobs.queue import MAX_TIMES_SERVED, PAGE_SIZE
from skimlist.jobs.quotas import unlimited
from skimlist.models.batch import Batch, CurrentVideo
from skimlist.models.video import Item, Stage, VideoStatus
from testkit.account import NOW, Account

LATER = NOW + timedelta(minutes=1)


def numbers(items: tuple[Item, ...] | list[Item] | None) -> list[int]:
    assert items is not None
    return [int(item.id) for item in items]


def take(account: Account, batch: Batch | None = None) -> list[int]:
    """Loads the next page; returns its numbers."""
    return numbers(account.next_page(batch or account.batch()))


def retry(account: Account, *wanted: int) -> None:
    batch = account.batch()
    failed = [item for item in account.queue.all_items(batch) if int(item.id) in wanted]
    account.queue.requeue(batch, failed, LATER)


# --- Taking ---


def test_videos_are_handed_out_in_order_a_page_at_a_time(account: Account) -> None:
    account.begin_batch(2 * PAGE_SIZE + 3)
    pages = []
    while page := take(account):
        pages.append(page)
        account.mark(VideoStatus.COMPLETED, *page)
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 3]
    assert [number for page in pages for number in page] == list(range(1, 2 * PAGE_SIZE + 4))


def test_a_page_carries_positions(account: Account) -> None:
    account.begin_batch(3)
    account.reorder(3, 1, 2)
    page = account.next_page(account.batch())
    assert [(int(item.id), item.position) for item in page or ()] == [(3, 1), (1, 2), (2, 3)]


def test_unfinished_videos_are_handed_out_again_first(account: Account) -> None:
    account.begin_batch(PAGE_SIZE + 5)
    take(account)
    account.complete(*range(1, 4))
    account.fail(4)
    assert take(account) == list(range(5, PAGE_SIZE + 1))


def test_a_page_that_never_ends_is_stuck_after_three_attempts(account: Account) -> None:
    account.begin_batch(2)
    for _ in range(MAX_TIMES_SERVED):
        assert take(account) == [1, 2]
    with pytest.raises(WorkflowStuck):
        take(account)


def test_a_resumed_batch_has_all_its_attempts_again(account: Account) -> None:
    account.begin_batch(1)
    for _ in range(MAX_TIMES_SERVED):
        take(account)
    account.batches.resume(account.batches.pause(account.batch(), NOW), NOW)
    assert take(account) == [1]


def test_two_that_take_at_once_get_one_page_between_them(account: Account) -> None:
    batch = account.begin_batch(3)
    assert take(account, batch) == [1, 2, 3]
    assert account.next_page(batch) is None


def test_a_batch_that_was_paused_meanwhile_hands_out_nothing(account: Account) -> None:
    batch = account.begin_batch(3)
    account.batches.pause(batch, NOW)
    assert account.next_page(batch) is None
    assert account.batch().queue.page == ()


def test_an_empty_queue_hands_out_an_empty_page(account: Account) -> None:
    account.begin_batch(2)
    account.mark(VideoStatus.COMPLETED, *take(account))
    assert account.next_page(account.batch()) == ()


def test_pages_without_a_pending_video_are_passed_over(account: Account) -> None:
    account.begin_batch(3 * PAGE_SIZE)
    account.mark(VideoStatus.COMPLETED, *range(1, 2 * PAGE_SIZE + 2))
    assert take(account) == list(range(2 * PAGE_SIZE + 2, 3 * PAGE_SIZE + 1))


def test_a_changed_order_is_respected_from_the_next_page_on(account: Account) -> None:
    account.begin_batch(PAGE_SIZE + 3)
    account.mark(VideoStatus.COMPLETED, *take(account))
    account.reorder(*range(1, PAGE_SIZE + 1), PAGE_SIZE + 3, PAGE_SIZE + 1, PAGE_SIZE + 2)
    assert take(account) == [PAGE_SIZE + 3, PAGE_SIZE + 1, PAGE_SIZE + 2]


def test_pages_are_counted(account: Account) -> None:
    account.begin_batch(PAGE_SIZE + 1)
    account.mark(VideoStatus.COMPLETED, *take(account))
    account.mark(VideoStatus.COMPLETED, *take(account))
    assert account.batch().execution.pages_served == 2


# --- Doing again ---


def test_requeued_videos_come_before_the_rest(account: Account) -> None:
    account.begin_batch(PAGE_SIZE + 2)
    take(account)
    account.fail(3)
    account.mark(VideoStatus.COMPLETED, *(number for number in range(1, PAGE_SIZE + 1) if number != 3))
    retry(account, 3)
    assert take(account) == [3]
    account.complete(3)
    assert take(account) == [PAGE_SIZE + 1, PAGE_SIZE + 2]


def test_a_video_requeued_during_its_page_ends_neither_page_nor_batch_early(account: Account) -> None:
    account.begin_batch(PAGE_SIZE + 2)
    take(account)
    account.fail(3)
    retry(account, 3)
    account.mark(VideoStatus.COMPLETED, *(number for number in range(1, PAGE_SIZE + 1) if number != 3))
    handed_out = []
    while page := take(account):
        handed_out += page
        account.complete(*page)
    assert handed_out == [3, PAGE_SIZE + 1, PAGE_SIZE + 2]


def test_a_video_can_fail_and_be_queued_again_many_times(account: Account) -> None:
    account.begin_batch(3)
    take(account)
    account.complete(1, 2)
    for _ in range(MAX_TIMES_SERVED + 2):
        account.fail(3)
        retry(account, 3)
        assert take(account) == [3]
    account.fail(3)
    batch = account.batch()
    assert (batch.failed, batch.completed) == (1, 2)
    assert account.queue.all_items(batch)[2].attempts == MAX_TIMES_SERVED + 3


def test_a_video_that_an_older_run_ended_after_all_is_passed_over(account: Account) -> None:
    account.begin_batch(2)
    take(account)
    account.fail(1)
    account.complete(2)
    retry(account, 1)
    account.fail(1)
    retry(account, 1)
    assert take(account) == [1]
    account.complete(1)
    assert account.next_page(account.batch()) == ()


def test_many_videos_are_queued_again_across_transactions(account: Account) -> None:
    account.begin_batch(255, failed=250, completed=5, head=255)
    account.mark(VideoStatus.FAILED, *range(1, 251))
    account.mark(VideoStatus.COMPLETED, *range(251, 256))
    retry(account, *range(1, 251))
    batch = account.batch()
    assert (batch.failed, batch.completed) == (0, 5)
    assert account.queue.order(batch.id).requeued == tuple(range(1, 251))
    handed_out = []
    while page := take(account):
        handed_out += page
        account.mark(VideoStatus.COMPLETED, *page)
    assert handed_out == list(range(1, 251))


def test_a_video_queued_again_forgets_its_failure_but_not_its_attempts(account: Account) -> None:
    account.begin_batch(1)
    account.fail(1)
    seconds = account.batch().processing_seconds
    retry(account, 1)
    item = account.queue.all_items(account.batch())[0]
    assert (item.error, item.completed_at, item.attempts) == (None, None, 1)
    assert seconds == account.batch().processing_seconds == 0


def test_requeueing_a_video_that_did_not_fail_changes_nothing(account: Account) -> None:
    account.begin_batch(2)
    account.fail(1)
    before = account.batch()
    items = account.queue.all_items(before)
    with pytest.raises(BatchChanged):
        account.queue.requeue(before, items, LATER)
    assert account.batch() == before
    assert account.queue.order(before.id).requeued == ()


def test_queueing_again_in_a_batch_whose_status_changed_changes_nothing(account: Account) -> None:
    batch = account.begin_batch(1)
    account.fail(1)
    account.batches.pause(account.batch(), NOW)
    with pytest.raises(BatchChanged):
        account.queue.requeue(batch, account.queue.all_items(batch), LATER)
    assert account.batch().failed == 1


def test_a_change_of_the_queue_never_exceeds_one_transaction(account: Account) -> None:
    batch = account.begin_batch(100)
    items = account.queue.all_items(batch)
    for writes in ((), [{"ConditionCheck": {}}] * 5):
        change = account.queue.plan_requeue(batch, items, unlimited, *writes)
        assert len(change.writes) == 99  # and the batch
        assert numbers([*change.left]) == [*range(100 - len(writes), 101)]


# --- Reading ---


def test_items_are_listed_in_queue_order_with_positions(account: Account) -> None:
    batch = account.begin_batch(4)
    account.reorder(2, 4, 1, 3)
    items = account.list_items(batch, offset=1, limit=2)
    assert [(int(item.id), item.position) for item in items] == [(4, 2), (1, 3)]
    everything = account.queue.all_items(batch)
    assert [(int(item.id), item.position) for item in everything] == [(2, 1), (4, 2), (1, 3), (3, 4)]


def test_both_ways_of_reading_show_the_same(account: Account) -> None:
    account.begin_batch(6)
    take(account)
    account.complete(1)
    account.fail(2)
    current = CurrentVideo(item_id="00003", position=3, stage=Stage.SUMMARIZING, started_at=NOW, run=1, title="A talk")
    account.videos.claim("ada", "b7f3", current, 0, NOW)
    batch = account.batch()
    assert account.list_items(batch, 0, 100) == account.queue.all_items(batch)
    assert account.statuses() == ["completed", "failed", "processing", "pending", "pending", "pending"]
    shown = account.queue.all_items(batch)[2]
    assert (shown.stage, shown.title, shown.started_at) == (Stage.SUMMARIZING, "A talk", NOW)


def test_a_page_of_items_behind_the_end_is_empty(account: Account) -> None:
    assert account.list_items(account.begin_batch(2), offset=2, limit=10) == []


def test_the_remaining_videos_of_a_cancelled_batch_are_shown_as_skipped(account: Account) -> None:
    account.begin_batch(3)
    account.complete(1)
    account.batches.cancel(account.batch(), NOW)
    assert account.statuses() == ["completed", "skipped", "skipped"]


def test_a_retry_of_a_cancelled_batch_leaves_what_it_skipped_skipped(account: Account) -> None:
    account.begin_batch(3)
    account.fail(1)
    cancelled = account.batches.cancel(account.batch(), NOW)
    account.batches.park(cancelled, NOW)
    retry(account, 1)
    account.reopen()
    assert account.statuses() == ["pending", "skipped", "skipped"]
    assert take(account) == [1]
    account.complete(1)
    assert account.next_page(account.batch()) == ()


def test_requeued_videos_of_a_cancelled_batch_are_skipped_too(account: Account) -> None:
    account.begin_batch(4)
    take(account)
    account.fail(1, 2)
    retry(account, 1)
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    retry(account, 2)
    account.reopen()
    assert account.statuses() == ["skipped", "pending", "skipped", "skipped"]
    assert take(account) == [2]


def test_a_parked_batch_is_cancelled_and_its_rest_left_out_in_one_write(account: Account) -> None:
    account.begin_batch(4)
    take(account)
    account.fail(1, 2)
    retry(account, 1)
    account.batches.park(account.batches.pause(account.batch(), NOW), NOW)
    cancelled = account.batches.cancel(account.batch(), NOW)
    assert cancelled == account.batch()
    assert (cancelled.skipped, cancelled.has_no_execution, account.batches.list_active()) == (3, True, [])
    retry(account, 2)
    account.reopen()
    assert take(account) == [2]
