"""How a user changes a queue before it starts and while it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skimlist.batch_names import name_by_date
from skimlist.codec import to_dynamodb
from skimlist.errors import BatchChanged, InvalidRequest, ItemNotFound, PlaylistPrivate, WrongState
from skimlist.jobs import queue_editor as queue_editor_module
from skimlist.jobs.attributes import BatchRecord, OrderRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.order import Order
from skimlist.jobs.queue import MAX_TIMES_SERVED
from skimlist.jobs.queue_editor import MAX_SELECTION_BYTES, MAX_VIDEOS, QueueEditor, require_room
from skimlist.jobs.records import item_id, known_records, order_key
from skimlist.models.batch import Batch, BatchStatus, CurrentVideo
from skimlist.models.listed_playlist import ListedPlaylist, PlaylistStatus
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.selection import LeftOut, Selection
from skimlist.models.video import Item, Stage, VideoStatus
from testkit.account import NOW, Account, video_id

LATER = NOW + timedelta(minutes=1)
ENDED = [BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED]


@pytest.fixture
def queue_editor(account: Account) -> QueueEditor:
    return QueueEditor(account.table)


def ids(*numbers: int) -> list[str]:
    return [item_id(number) for number in numbers]


def order(account: Account) -> list[int]:
    """Returns the numbers in queue order, and checks that their positions have no gaps."""
    items = account.queue.all_items(account.batch())
    assert [item.position for item in items] == list(range(1, account.batch().total + 1))
    return [int(item.id) for item in items]


def take_page(account: Account) -> list[int]:
    page = account.next_page(account.batch())
    assert page is not None
    return [int(item.id) for item in page]


def claim(account: Account, number: int, order_version: int | None = None) -> Batch | None:
    batch = account.batch()
    current = CurrentVideo(
        item_id=item_id(number), position=1, stage=Stage.FETCHING, started_at=NOW, run=batch.execution.run
    )
    version = batch.queue.order_version if order_version is None else order_version
    return account.videos.claim("ada", "b7f3", current, version, NOW)


def work_off(account: Account) -> list[int]:
    """Processes what is left like the workflow; returns the numbers in the order in which they were processed."""
    done: list[int] = []
    while page := account.next_page(batch := account.batch()):
        for item in page:
            assert claim(account, int(item.id), order_version=batch.queue.order_version)
            account.complete(int(item.id), run=batch.execution.run)
            done.append(int(item.id))
    return done


def a_playlist(*video_ids: str, **changes: Any) -> Playlist:
    entries = tuple(PlaylistEntry(video_id=each, title=f"Talk {each}") for each in video_ids)
    return replace(Playlist(id="PLtalks", title="Talks", channel="A speaker", entries=entries), **changes)


def create_with_playlists(account: Account, *entries: int, **changes: Any) -> Batch:
    """Creates a batch of these links: numbers of videos, and -1, -2 … for playlists."""
    batch = account.create_batch(sum(entry > 0 for entry in entries), **changes)
    lists = [ListedPlaylist(id=f"PL{number}") for number in range(1, 1 + sum(entry < 0 for entry in entries))]
    account.table.update_item(
        Key={"pk": "BATCH#b7f3", "sk": "ORDER"},
        UpdateExpression="SET entries = :entries, playlists = :playlists",
        ExpressionAttributeValues={
            ":entries": list(entries),
            ":playlists": [{"id": each.id, "status": str(each.status)} for each in lists],
        },
    )
    return batch


# --- Another order ---


@pytest.mark.parametrize("status", [BatchStatus.DRAFT, BatchStatus.PENDING, BatchStatus.PROCESSING, BatchStatus.PAUSED])
def test_an_order_is_changed_before_anything_is_taken(
    account: Account, queue_editor: QueueEditor, status: BatchStatus
) -> None:
    batch = account.create_batch(4, status=status)
    changed = queue_editor.reorder(batch, ids(4, 3, 2, 1), LATER)
    assert order(account) == [4, 3, 2, 1]
    assert changed == account.batch()
    assert (changed.queue.order_version, changed.updated_at, changed.status) == (1, LATER, status)


def test_some_videos_are_moved_in_the_places_that_they_have(account: Account, queue_editor: QueueEditor) -> None:
    queue_editor.reorder(account.create_batch(5), ids(5, 2), LATER)
    assert order(account) == [1, 5, 3, 4, 2]


def test_videos_that_were_taken_but_not_begun_are_given_back(
    account: Account, queue_editor: QueueEditor, page_size: int
) -> None:
    account.begin_batch(page_size + 5)
    take_page(account)
    claim(account, 1)
    account.complete(1)
    claim(account, 2)
    last = page_size + 5
    changed = queue_editor.reorder(account.batch(), ids(last, 3), LATER)
    assert (changed.queue.head, changed.queue.page, changed.queue.order_version) == (2, (1, 2), 1)
    assert changed == account.batch()
    account.complete(2)
    assert work_off(account) == [last, *range(4, last), 3]
    assert account.batch().completed == account.batch().total


def test_a_retried_video_stays_the_next_one_when_others_are_moved(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(4)
    take_page(account)
    account.fail(1)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch())[:1], NOW)
    queue_editor.reorder(account.batch(), ids(4, 1, 2, 3), LATER)
    assert order(account) == [1, 4, 2, 3]
    with pytest.raises(InvalidRequest):
        queue_editor.reorder(account.batch(), ids(1), LATER)
    assert work_off(account) == [1, 4, 2, 3]


def test_the_current_video_stays_and_continues(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(3)
    take_page(account)
    claim(account, 1)
    with pytest.raises(InvalidRequest) as refused:
        queue_editor.reorder(account.batch(), ids(3, 1), LATER)
    assert refused.value.details == [{"field": "item_ids", "message": "00001 is not waiting"}]
    queue_editor.reorder(account.batch(), ids(3, 2), LATER)
    assert order(account) == [1, 3, 2]
    assert claim(account, 1, order_version=0)


def test_a_page_of_the_order_before_is_not_worked_on_any_more(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(4)
    take_page(account)
    claim(account, 1)
    queue_editor.reorder(account.batch(), ids(4, 3, 2), LATER)
    account.complete(1)
    assert [claim(account, number, order_version=0) for number in (2, 3, 4)] == [None] * 3
    assert account.batch().current is None
    assert work_off(account) == [4, 3, 2]


def test_the_current_video_stays_current_when_its_batch_is_resumed(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(3)
    take_page(account)
    claim(account, 1)
    account.batches.resume(account.batches.pause(account.batch(), NOW), NOW)
    assert account.statuses() == ["processing", "pending", "pending"]
    with pytest.raises(WrongState):
        account.skip(1)
    assert claim(account, 1, order_version=0)
    account.complete(1)
    assert work_off(account) == [2, 3]


def test_videos_that_a_paused_execution_has_skipped_come_first_when_the_batch_is_resumed(account: Account) -> None:
    account.begin_batch(4)
    take_page(account)
    claim(account, 1)
    account.batches.pause(account.batch(), NOW)
    account.complete(1)
    assert claim(account, 2, order_version=0) is None
    account.batches.resume(account.batch(), NOW)
    assert claim(account, 3, order_version=0) is None
    assert work_off(account) == [2, 3, 4]


def test_a_video_left_out_at_the_end_of_a_page_keeps_no_other_from_being_moved(
    account: Account, queue_editor: QueueEditor, page_size: int
) -> None:
    account.begin_batch(page_size + 2)
    take_page(account)
    claim(account, 1)
    for number in (page_size, 7):
        account.skip(number)
    queue_editor.reorder(account.batch(), ids(page_size + 1, 2), LATER)
    account.complete(1)
    left = [*range(3, 7), *range(8, page_size)]
    assert work_off(account) == [page_size + 1, *left, 2, page_size + 2]
    batch = account.batch()
    assert (batch.completed, batch.skipped) == (page_size, 2)


def test_an_rest_of_current_page_that_was_handed_out_again_is_given_back_too(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(5)
    take_page(account)
    account.complete(1, 3)
    assert take_page(account) == [2, 4, 5]
    queue_editor.reorder(account.batch(), ids(5, 4), LATER)
    assert work_off(account) == [2, 5, 4]


def test_videos_that_are_done_again_come_first_whatever_the_order_becomes(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(4)
    take_page(account)
    account.fail(1, 2)
    items = account.queue.all_items(account.batch())[:2]
    account.queue.requeue(account.batch(), items, NOW)
    queue_editor.reorder(account.batch(), ids(4, 3), LATER)
    assert work_off(account) == [1, 2, 4, 3]
    assert (account.batch().completed, account.batch().failed) == (4, 0)


def test_a_page_of_videos_to_do_again_that_was_taken_meanwhile_is_not_lost(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(3)
    take_page(account)
    account.fail(1)
    account.complete(2, 3)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch())[:1], NOW)
    read_before = account.batch()
    assert take_page(account) == [1]
    with pytest.raises(BatchChanged):
        queue_editor.append(read_before, [video_id(9)], [], LATER)
    assert work_off(account) == [1]


def test_videos_that_a_cancelled_batch_skipped_stay_skipped_after_a_retry(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(4)
    take_page(account)
    account.fail(1)
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch())[:1], NOW)
    account.reopen()
    with pytest.raises(InvalidRequest):
        queue_editor.reorder(account.batch(), ids(3, 2), LATER)
    before = account.batch()
    assert account.skip(2, batch=before) == before == account.batch()
    assert work_off(account) == [1]


@pytest.mark.parametrize("wrong", [["00009"], ["1"], ["x"], ["00001", "00001"], ["", "00002"], ["9" * 5_000], ["²"]])
def test_only_waiting_videos_are_moved_each_once(account: Account, queue_editor: QueueEditor, wrong: list[str]) -> None:
    before = account.create_batch(3)
    with pytest.raises(InvalidRequest):
        queue_editor.reorder(before, wrong, LATER)
    assert account.batch() == before


@pytest.mark.parametrize("status", ENDED)
def test_the_queue_of_a_batch_that_has_ended_is_not_changed(
    account: Account, queue_editor: QueueEditor, status: BatchStatus
) -> None:
    batch = account.create_batch(2, status=status)
    for change in (
        lambda: queue_editor.reorder(batch, ids(2, 1), LATER),
        lambda: account.skip(1, batch=batch),
        lambda: queue_editor.append(batch, [video_id(9)], [], LATER),
    ):
        with pytest.raises(WrongState, match=f"is {status}"):
            change()
    assert account.batch() == batch


def change_order(account: Account, queue_editor: QueueEditor) -> None:
    queue_editor.reorder(account.batch(), ids(2, 1), NOW)


def hand_out(account: Account, queue_editor: QueueEditor) -> None:
    take_page(account)


def take_over(account: Account, queue_editor: QueueEditor) -> None:
    account.batches.adopt(account.batch(), 2, NOW)


def pause(account: Account, queue_editor: QueueEditor) -> None:
    account.batches.pause(account.batch(), NOW)


@pytest.mark.parametrize("meanwhile", [change_order, hand_out, take_over, pause])
def test_the_later_of_two_simultaneous_changes_is_refused_and_nothing_is_lost(
    account: Account, queue_editor: QueueEditor, meanwhile: Any
) -> None:
    seen = account.begin_batch(3)
    meanwhile(account, queue_editor)
    stands, before = order(account), account.batch()
    with pytest.raises(BatchChanged):
        queue_editor.reorder(seen, ids(3, 2, 1), LATER)
    with pytest.raises(BatchChanged):
        queue_editor.append(seen, [video_id(8)], ["PLnew"], LATER)
    assert order(account) == stands
    assert account.batch() == before


@pytest.mark.parametrize("current", [None, 1])
def test_a_video_that_was_just_claimed_is_not_moved(
    account: Account, queue_editor: QueueEditor, current: int | None
) -> None:
    account.begin_batch(4)
    take_page(account)
    if current:
        claim(account, current)
    seen = account.batch()
    claim(account, 2)
    with pytest.raises(BatchChanged):
        queue_editor.reorder(seen, ids(4, 2), LATER)
    assert order(account) == [1, 2, 3, 4]


def test_changing_the_order_again_and_again_is_not_a_workflow_that_is_stuck(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(3)
    for _ in range(MAX_TIMES_SERVED + 2):
        page = take_page(account)
        queue_editor.reorder(account.batch(), ids(*reversed(page)), LATER)
        queue_editor.append(account.batch(), [video_id(100 + account.batch().total)], [], LATER)
    assert sorted(work_off(account)) == sorted(order(account))


# --- Leaving out ---


def test_a_waiting_video_is_left_out_once(account: Account, queue_editor: QueueEditor) -> None:
    batch = account.create_batch(3)
    left_out = account.skip(2, batch=batch)
    assert left_out == account.batch()
    assert (left_out.skipped, left_out.revision) == (1, batch.revision + 1)
    assert account.skip(2, batch=left_out) == left_out == account.batch()
    assert account.statuses() == ["pending", "skipped", "pending"]


def test_a_video_left_out_is_passed_over_also_when_its_page_was_taken(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(3)
    take_page(account)
    claim(account, 1)
    account.skip(2)
    account.complete(1)
    assert claim(account, 2, order_version=0) is None
    assert claim(account, 3, order_version=0)
    account.complete(3)
    assert work_off(account) == []
    batch = account.batch()
    assert (batch.completed, batch.skipped, batch.total) == (2, 1, 3)


def test_a_current_or_completed_video_is_not_left_out(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(4)
    take_page(account)
    account.complete(1)
    account.fail(2)
    claim(account, 3)
    before = account.batch()
    for number in (1, 3):
        with pytest.raises(WrongState):
            account.skip(number, batch=before)
    assert account.batch() == before


def test_a_video_that_was_just_claimed_is_not_left_out(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(2)
    take_page(account)
    seen = account.batch()
    claim(account, 1)
    with pytest.raises(BatchChanged):
        account.skip(1, batch=seen)
    assert account.batch().skipped == 0


def test_a_current_video_is_left_where_it_is_and_the_others_are_left_out(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(4)
    take_page(account)
    account.complete(1)
    claim(account, 2)
    batch = account.batch()
    edit = queue_editor.skip(batch, queue_editor.find_items(batch, ids(4, 3, 2, 1)), LATER)
    assert edit == (account.batch(), ids(1, 2))
    assert account.statuses() == ["completed", "processing", "skipped", "skipped"]


def test_none_of_several_videos_is_left_out_if_one_of_them_was_just_claimed(account: Account) -> None:
    account.begin_batch(3)
    take_page(account)
    seen = account.batch()
    claim(account, 2)
    with pytest.raises(BatchChanged):
        account.skip(1, 2, 3, batch=seen)
    assert account.statuses() == ["pending", "processing", "pending"]
    assert account.batch().skipped == 0


@pytest.mark.parametrize("wrong", ["00009", "1", "", "x", "9" * 5_000, "ORDER"])
def test_only_videos_of_the_batch_are_found(account: Account, queue_editor: QueueEditor, wrong: str) -> None:
    batch = account.create_batch(2)
    with pytest.raises(ItemNotFound):
        queue_editor.find_item(batch, wrong)
    assert [item.id for item in queue_editor.find_items(batch, [wrong, item_id(2)])] == [item_id(2)]


# --- Putting back ---


def test_a_video_that_was_left_out_gets_its_old_place_back(account: Account, queue_editor: QueueEditor) -> None:
    batch = account.begin_batch(3)
    left_out = account.skip(2, batch=batch)
    restored = account.restore(2, batch=left_out)
    assert restored == account.batch()
    assert (restored.skipped, restored.revision) == (0, left_out.revision + 1)
    assert account.restore(2, batch=restored) == restored == account.batch()
    assert work_off(account) == [1, 2, 3]


def test_a_video_of_the_current_page_is_processed_in_its_place(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(3)
    take_page(account)
    claim(account, 1)
    account.skip(2)
    account.restore(2)
    account.complete(1)
    assert claim(account, 2, order_version=0)


@pytest.mark.parametrize(
    ("head", "page", "requeued"),
    [
        (2, (1, 2), ()),  # it is still in the current page
        (4, (3, 4), ()),  # its page is over
        (4, (3, 4), (2,)),  # it had failed and was to be done again
        (1, (1,), (2,)),  # the same, and then the order was changed
    ],
)
def test_a_video_that_the_queue_has_passed_waits_in_one_place(
    account: Account, queue_editor: QueueEditor, head: int, page: tuple[int, ...], requeued: tuple[int, ...]
) -> None:
    account.begin_batch(5)
    account.skip(2)
    account.complete(1)
    queue_editor.update_batch("ada", "b7f3", Update(BatchRecord.head.set(head), BatchRecord.page.set(page)))
    queue_editor.transact((order_key("b7f3"), Update(OrderRecord.requeued.set(requeued))))
    account.restore(2)
    batch, order_now = account.batch(), queue_editor.order("b7f3")
    behind_head = order_now.numbers[batch.queue.head :]
    assert [*batch.queue.page, *order_now.requeued, *behind_head].count(2) == 1
    assert sorted(work_off(account)) == [2, 3, 4, 5]
    assert (account.batch().completed, account.batch().skipped) == (5, 0)


def test_a_video_that_a_cancelled_batch_skipped_is_put_back_after_a_retry(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(3)
    take_page(account)
    account.fail(1)
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch())[:1], NOW)
    account.reopen()
    for _ in range(2):
        account.restore(3)
    assert work_off(account) == [1, 3]
    assert account.batch().skipped == 1


def test_several_videos_get_their_places_back(account: Account, queue_editor: QueueEditor, page_size: int) -> None:
    """Some are still in the page, some come later, and the turn of some has passed: these go next, in their order."""
    account.begin_batch(page_size + 4)
    last = page_size + 4
    account.skip(2, 3)
    take_page(account)
    account.skip(4, last)
    queue_editor.update_batch("ada", "b7f3", Update(BatchRecord.page.set((4, 5))))
    account.restore(last, 4, 3, 2)
    batch, order_now = account.batch(), queue_editor.order("b7f3")
    assert (batch.queue.page, order_now.requeued, batch.skipped) == ((4, 5), (2, 3), 0)
    assert account.statuses()[1:4] == ["pending"] * 3


def test_a_batch_that_is_cancelled_while_many_videos_are_put_back_takes_no_more(
    account: Account, queue_editor: QueueEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "_RESTORED_AT_ONCE", 2)
    account.begin_batch(4)
    account.skip(1, 2, 3, 4)
    batch = account.batch()
    apply = QueueEditor.apply

    def apply_and_cancel(editor: QueueEditor, *given: Any) -> Batch:
        apply(editor, *given)
        return account.batches.cancel(account.batch(), NOW)

    monkeypatch.setattr(QueueEditor, "apply", apply_and_cancel)
    with pytest.raises(BatchChanged):
        account.restore(1, 2, 3, 4, batch=batch)
    with pytest.raises(WrongState):
        account.restore(3, 4)
    assert account.batch().skipped == 2


def test_a_video_that_could_not_be_watched_can_be_tried(account: Account, queue_editor: QueueEditor) -> None:
    create_with_playlists(account, -1)
    private = PlaylistEntry(video_id=video_id(7), title=None, unavailable="This video is private.")
    queue_editor.expand(account.batch(), 0, replace(a_playlist(), entries=(private,)), LATER)
    account.restore(1)
    (item,) = account.queue.all_items(account.batch())
    assert (item.status, item.error) == (VideoStatus.PENDING, None)


# --- Adding ---


@pytest.mark.parametrize("status", [BatchStatus.DRAFT, BatchStatus.PENDING, BatchStatus.PROCESSING, BatchStatus.PAUSED])
def test_videos_are_added_at_the_end_each_once(
    account: Account, queue_editor: QueueEditor, status: BatchStatus
) -> None:
    batch = account.create_batch(2, status=status)
    extended, had = queue_editor.append(batch, [video_id(8), video_id(1), video_id(7), video_id(8)], [], LATER)
    assert had == {video_id(1)}
    assert extended == account.batch()
    assert (extended.total, extended.queue.order_version, extended.status) == (4, 1, status)
    items = account.queue.all_items(extended)
    assert [item.video_id for item in items] == [video_id(1), video_id(2), video_id(8), video_id(7)]
    assert queue_editor.append(extended, [video_id(8)], [], LATER) == (extended, {video_id(8)})


def test_videos_added_while_a_page_is_processed_come_behind_it(account: Account, queue_editor: QueueEditor) -> None:
    account.begin_batch(2)
    take_page(account)
    claim(account, 1)
    queue_editor.append(account.batch(), [video_id(8)], [], LATER)
    account.complete(1)
    assert claim(account, 2, order_version=0) is None
    assert work_off(account) == [2, 3]


def test_adding_again_after_a_conflict_adds_everything(account: Account, queue_editor: QueueEditor) -> None:
    seen = account.begin_batch(1)
    take_page(account)
    with pytest.raises(BatchChanged):
        queue_editor.append(seen, [video_id(8), video_id(9)], [], LATER)
    queue_editor.append(account.batch(), [video_id(8), video_id(9)], [], LATER)
    assert [item.video_id for item in account.queue.all_items(account.batch())] == [video_id(n) for n in (1, 8, 9)]


def test_videos_that_two_clients_add_at_once_do_not_overwrite_each_other(
    account: Account, queue_editor: QueueEditor
) -> None:
    seen = account.create_batch(1)
    queue_editor.append(seen, [video_id(8)], [], LATER)
    with pytest.raises(BatchChanged):
        queue_editor.append(seen, [video_id(9)], [], LATER)
    assert [item.video_id for item in account.queue.all_items(account.batch())] == [video_id(1), video_id(8)]


def test_a_batch_with_too_many_videos_says_how_many_more_it_takes(account: Account, queue_editor: QueueEditor) -> None:
    batch = account.create_batch(3)
    too_many = [video_id(number) for number in range(10, 10 + MAX_VIDEOS)]
    with pytest.raises(InvalidRequest, match=f"room for {MAX_VIDEOS - 3:,} more"):
        queue_editor.append(batch, too_many, [], LATER)
    assert account.batch() == batch


def playlists(number: int, **selection: Any) -> list[ListedPlaylist]:
    return [ListedPlaylist(id=f"PL{each:032}", selection=Selection(**selection)) for each in range(number)]


@pytest.mark.parametrize(("videos", "number", "fits"), [(5_000, 100, True), (5_001, 0, False), (0, 101, False)])
def test_a_batch_has_limits(videos: int, number: int, fits: bool) -> None:
    if fits:
        require_room(Order(), videos, playlists(number))
    else:
        with pytest.raises(InvalidRequest, match="at most"):
            require_room(Order(), videos, playlists(number))


def test_the_order_of_a_full_batch_fits_into_its_record(account: Account, queue_editor: QueueEditor) -> None:
    batch, letter = account.create_batch(3), "語"  # which takes three bytes
    sources = {f"PL{number:032}": number for number in range(100)}
    most = MAX_SELECTION_BYTES // 100 // len(letter.encode())
    fits = Selection(title_excludes=tuple(letter * 100 for _ in range(most // 100)))
    longer = replace(fits, title_includes=(letter * 100,))
    too_long = dict.fromkeys(sources, longer)
    with pytest.raises(InvalidRequest, match="fewer or shorter words"):
        queue_editor.append(batch, [], [*sources], LATER, selections=too_long)
    video_ids = [video_id(number) for number in range(10, 10 + MAX_VIDEOS - 3)]
    queue_editor.append(batch, video_ids, [*sources], LATER, selections=dict.fromkeys(sources, fits))
    order = account.queue.order("b7f3")
    told = dict.fromkeys(LeftOut, 5_000)
    read = [
        replace(
            listed, status=PlaylistStatus.EXPANDED, title="語" * 150, added=5_000, left_out=5_000, not_selected=told
        )
        for listed in order.playlists
    ]
    stored = account.table.get_item(Key=order_key("b7f3"))["Item"]
    # Moto counts an attribute that an update replaces twice; it refuses a record of more than 400 KB here, too.
    account.table.put_item(Item={**stored, "playlists": to_dynamodb(read)})
    assert len(account.queue.order("b7f3").playlists) == 100


def test_playlists_are_added_once_but_a_failed_one_again(account: Account, queue_editor: QueueEditor) -> None:
    batch, _ = queue_editor.append(account.create_batch(1), [], ["PLone", "PLtwo", "PLone"], LATER)
    assert [playlist.id for playlist in account.queue.order("b7f3").playlists] == ["PLone", "PLtwo"]
    assert queue_editor.append(batch, [], ["PLone"], LATER) == (batch, {"PLone"})
    batch = queue_editor.mark_playlist_failed(batch, 0, PlaylistPrivate().as_problem(), LATER)
    queue_editor.append(batch, [], ["PLone"], LATER)
    assert [(playlist.id, playlist.status) for playlist in account.queue.order("b7f3").playlists] == [
        ("PLone", PlaylistStatus.FAILED),
        ("PLtwo", PlaylistStatus.PENDING),
        ("PLone", PlaylistStatus.PENDING),
    ]


@pytest.mark.parametrize("playlists", [[], ["PLone"]])
def test_a_draft_is_driven_while_it_has_playlists_to_read(
    account: Account, queue_editor: QueueEditor, playlists: list[str]
) -> None:
    draft = account.create_batch(1, status=BatchStatus.DRAFT, run=0, has_no_execution=True)
    queue_editor.append(draft, [video_id(8)], playlists, LATER)
    assert account.batches.list_active() == ([("ada", "b7f3")] if playlists else [])


# --- Playlists ---


def test_a_playlist_is_expanded_in_its_place_and_order(account: Account, queue_editor: QueueEditor) -> None:
    batch = create_with_playlists(account, 1, -1, 2)
    expanded = queue_editor.expand(batch, 0, a_playlist("talk_b_____", "talk_a_____"), LATER)
    assert expanded == account.batch()
    assert (expanded.total, expanded.skipped) == (4, 0)
    items = account.queue.all_items(expanded)
    assert [item.video_id for item in items] == [video_id(1), "talk_b_____", "talk_a_____", video_id(2)]
    assert [item.title for item in items] == [None, "Talk talk_b_____", "Talk talk_a_____", None]
    assert order(account) == [1, 3, 4, 2]
    (listed,) = account.queue.order("b7f3").playlists
    assert listed == ListedPlaylist(id="PL1", status=PlaylistStatus.EXPANDED, title="Talks", added=2)


def test_a_batch_that_nobody_named_is_named_by_its_playlist(account: Account, queue_editor: QueueEditor) -> None:
    batch = replace(create_with_playlists(account, 1, -1), name=name_by_date(NOW))
    expanded = queue_editor.expand(batch, 0, a_playlist("talk_a_____"), LATER)
    assert expanded.name == "Talks and 1 more"
    account.batches.rename("ada", "b7f3", name_by_date(NOW), LATER)  # as it was stored when it was created
    assert account.batch().name == expanded.name


def test_details_of_a_video_in_its_playlist_are_kept(account: Account, queue_editor: QueueEditor) -> None:
    entry = PlaylistEntry(video_id="talk_a_____", title="A talk", channel="A speaker", duration_seconds=754)
    queue_editor.expand(create_with_playlists(account, -1), 0, a_playlist(entries=(entry,)), LATER)
    (item,) = account.queue.all_items(account.batch())
    assert (item.title, item.channel, item.duration_seconds) == ("A talk", "A speaker", 754)


def test_a_video_that_comes_twice_keeps_its_first_place(account: Account, queue_editor: QueueEditor) -> None:
    batch = create_with_playlists(account, 1, -1)
    twice = a_playlist("talk_a_____", "talk_b_____", video_id(1), "talk_a_____", "talk_c_____")
    queue_editor.expand(batch, 0, twice, LATER)
    items = account.queue.all_items(account.batch())
    assert [item.video_id for item in items] == [video_id(1), "talk_a_____", "talk_b_____", "talk_c_____"]
    (listed,) = account.queue.order("b7f3").playlists
    assert (listed.added, listed.duplicates) == (3, 2)


def test_videos_of_an_earlier_batch_are_not_taken_again(account: Account, queue_editor: QueueEditor) -> None:
    batch = create_with_playlists(account, 1, -1)
    (known,) = known_records("b7f3", {"talk_a_____", "talk_c_____"})
    account.table.put_item(Item=known)
    queue_editor.expand(batch, 0, a_playlist("talk_a_____", video_id(1), "talk_b_____", "talk_c_____"), LATER)
    items = account.queue.all_items(account.batch())
    assert [item.video_id for item in items] == [video_id(1), "talk_b_____"]
    (listed,) = account.queue.order("b7f3").playlists
    assert (listed.added, listed.duplicates, listed.known) == (1, 1, 2)


def test_a_batch_knows_its_watchable_videos_and_those_of_the_batch_that_it_refreshes(
    account: Account, queue_editor: QueueEditor
) -> None:
    entries = (
        PlaylistEntry(video_id="talk_a_____"),
        PlaylistEntry(video_id="hidden_____", unavailable="This video is private."),
    )
    batch = create_with_playlists(account, 1, -1)
    (known,) = known_records("b7f3", {"talk_c_____"})
    account.table.put_item(Item=known)
    expanded = queue_editor.expand(batch, 0, a_playlist(entries=entries), LATER)
    account.complete(1)
    assert queue_editor.known_videos(expanded) == {video_id(1), "talk_a_____", "talk_c_____"}


def test_videos_that_cannot_be_watched_are_listed_as_skipped_with_the_reason(
    account: Account, queue_editor: QueueEditor
) -> None:
    entries = (
        PlaylistEntry(video_id="talk_a_____", title="A talk"),
        PlaylistEntry(video_id="hidden_____", unavailable="This video is private."),
    )
    batch = create_with_playlists(account, -1, status=BatchStatus.PROCESSING)
    expanded = queue_editor.expand(batch, 0, a_playlist(entries=entries), LATER)
    assert (expanded.total, expanded.skipped) == (2, 1)
    hidden = account.queue.all_items(expanded)[1]
    assert hidden.error
    assert (hidden.status, hidden.error.code, hidden.error.message, hidden.error.retryable) == (
        *(VideoStatus.SKIPPED, "video_unavailable", "This video is private.", False),
    )
    (listed,) = account.queue.order("b7f3").playlists
    assert (listed.added, listed.unavailable) == (2, 1)
    assert work_off(account) == [1]


def test_videos_that_do_not_fit_are_left_out_and_counted(
    account: Account, queue_editor: QueueEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_editor_module, "MAX_VIDEOS", 4)
    batch = create_with_playlists(account, 1, 2, -1, -2)
    batch = queue_editor.expand(batch, 0, a_playlist("talk_a_____", "talk_b_____", "talk_c_____"), LATER)
    queue_editor.expand(batch, 1, a_playlist("talk_d_____", truncated=True), LATER)
    listed = account.queue.order("b7f3").playlists
    assert [(each.added, each.left_out, each.truncated) for each in listed] == [(2, 1, False), (0, 1, True)]
    assert order(account) == [1, 2, 3, 4]


def test_a_playlist_that_is_expanded_again_after_a_conflict_is_there_once_and_whole(
    account: Account, queue_editor: QueueEditor
) -> None:
    seen = create_with_playlists(account, 1, -1, status=BatchStatus.PROCESSING)
    account.skip(1, batch=seen)
    queue_editor.append(account.batch(), [video_id(8)], [], LATER)
    playlist = a_playlist("talk_a_____", "talk_b_____")
    with pytest.raises(BatchChanged):
        queue_editor.expand(seen, 0, playlist, LATER)
    queue_editor.expand(account.batch(), 0, playlist, LATER)
    items = account.queue.all_items(account.batch())
    assert [item.video_id for item in items] == [video_id(1), "talk_a_____", "talk_b_____", video_id(8)]
    (listed,) = account.queue.order("b7f3").playlists
    assert (listed.added, listed.duplicates) == (2, 0)
    assert account.batch().total == 4


def test_a_playlist_that_cannot_be_read_adds_nothing_and_says_why(account: Account, queue_editor: QueueEditor) -> None:
    batch = create_with_playlists(account, 1, -1, -2)
    dropped = queue_editor.mark_playlist_failed(batch, 0, PlaylistPrivate().as_problem(), LATER)
    assert dropped == account.batch()
    listed = account.queue.order("b7f3")
    assert [playlist.status for playlist in listed.playlists] == [PlaylistStatus.FAILED, PlaylistStatus.PENDING]
    assert listed.playlists[0].error == PlaylistPrivate().as_problem()
    assert listed.unread_playlists == (1,)
    assert order(account) == [1]


def test_every_unread_playlist_is_dropped_and_what_was_read_stays(account: Account, queue_editor: QueueEditor) -> None:
    batch = create_with_playlists(account, -1, 1, -2, -3)
    batch = queue_editor.expand(batch, 1, a_playlist("talk_a_____"), LATER)
    queue_editor.fail_unread_playlists(batch, PlaylistPrivate().as_problem(), LATER)
    listed = account.queue.order("b7f3")
    assert [str(playlist.status) for playlist in listed.playlists] == ["failed", "expanded", "failed"]
    assert (listed.unread_playlists, order(account)) == ((), [1, 2])


def test_a_playlist_that_was_dropped_meanwhile_is_neither_read_nor_dropped_again(
    account: Account, queue_editor: QueueEditor
) -> None:
    batch = create_with_playlists(account, 1, -1)
    batch = queue_editor.mark_playlist_failed(batch, 0, PlaylistPrivate().as_problem(), LATER)
    with pytest.raises(BatchChanged):
        queue_editor.mark_playlist_failed(batch, 0, PlaylistPrivate().as_problem(), LATER)
    with pytest.raises(BatchChanged):
        queue_editor.expand(batch, 0, a_playlist("talk_a_____"), LATER)
    assert order(account) == [1]


def test_a_playlist_added_while_the_batch_runs_comes_behind_all_that_was_there(
    account: Account, queue_editor: QueueEditor
) -> None:
    account.begin_batch(2)
    take_page(account)
    claim(account, 1)
    queue_editor.append(account.batch(), [], ["PLnew"], LATER)
    account.complete(1)
    queue_editor.expand(account.batch(), 0, a_playlist("talk_a_____", video_id(2), "talk_b_____"), LATER)
    assert work_off(account) == [2, 3, 4]
    batch = account.batch()
    assert (batch.completed, batch.total) == (4, 4)
    assert {item.status for item in account.queue.all_items(batch)} == {VideoStatus.COMPLETED}
    assert isinstance(account.videos.get("b7f3", item_id(4)), Item)
