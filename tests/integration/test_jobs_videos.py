"""The current video: claimed, shown, and counted once when it ends."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from skimlist.errors import BatchNotFound, CaptionsDisabled
from skimlist.models.batch import Batch, BatchRun, CurrentVideo
from skimlist.models.video import Item, PastError, Stage, VideoStatus
from testkit.account import NOW, Account, video_id
from testkit.batches import a_summary

LATER = NOW + timedelta(seconds=90)
CURRENT = CurrentVideo(item_id="00001", position=1, stage=Stage.FETCHING, started_at=NOW, run=1)
DONE = Item(
    id="00001",
    video_id=video_id(1),
    title="A talk",
    channel="A speaker",
    duration_seconds=Decimal("754.2"),
    started_at=NOW,
    tokens_in=600,
    tokens_out=150,
    cost_usd=Decimal("0.00615"),
    cached=True,
    unverified=2,
)
FAILED = Item(id="00001", video_id=video_id(1), title="A talk", started_at=NOW, error=CaptionsDisabled().as_problem())


def take(account: Account, current: CurrentVideo = CURRENT) -> Batch | None:
    return account.videos.claim("ada", "b7f3", current, 0, LATER)


def show(account: Account, current: CurrentVideo) -> Batch | None:
    return account.videos.show_progress("ada", "b7f3", current, LATER)


def test_the_current_video_is_shown(account: Account) -> None:
    account.begin_batch()
    shown = take(account)
    assert shown
    assert (shown.current, shown.updated_at) == (CURRENT, LATER)
    assert shown == account.batch()


def test_a_step_that_runs_twice_takes_its_video_again(account: Account) -> None:
    account.begin_batch()
    take(account)
    assert take(account)


@pytest.mark.parametrize("status", [VideoStatus.COMPLETED, VideoStatus.FAILED])
def test_a_video_that_has_ended_is_not_taken_again(account: Account, status: VideoStatus) -> None:
    account.begin_batch()
    account.mark(status, 1)
    assert take(account) is None
    assert account.batch().current is None


def test_an_unknown_video_is_not_taken(account: Account) -> None:
    account.begin_batch(1)
    assert take(account, replace(CURRENT, item_id="00002")) is None


@pytest.mark.parametrize("move", ["pause", "cancel", "complete"])
def test_a_batch_that_is_not_being_processed_takes_no_video(account: Account, move: str) -> None:
    getattr(account.batches, move)(account.begin_batch(), NOW)
    assert take(account) is None


def test_progress_is_shown_while_the_video_is_current(account: Account) -> None:
    account.begin_batch()
    take(account)
    further = replace(CURRENT, stage=Stage.SUMMARIZING, title="A talk", percent=40)
    shown = show(account, further)
    assert shown
    assert shown.current == further


def test_progress_of_a_video_that_is_not_current_is_not_shown(account: Account) -> None:
    account.begin_batch()
    assert show(account, CURRENT) is None
    take(account)
    assert show(account, replace(CURRENT, item_id="00002")) is None
    account.complete(1)
    assert show(account, CURRENT) is None
    assert account.batch().current is None


def test_progress_of_a_cancelled_batch_is_not_shown(account: Account) -> None:
    account.begin_batch()
    take(account)
    account.batches.cancel(account.batch(), NOW)
    assert show(account, CURRENT) is None


def test_a_completed_video_is_counted_with_all_that_it_cost(account: Account) -> None:
    account.begin_batch()
    take(account)
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal("0.5"), LATER)
    batch = account.batch()
    assert (batch.completed, batch.failed, batch.tokens_in, batch.tokens_out) == (1, 0, 600, 150)
    assert (batch.cost_usd, batch.saved_usd, batch.unverified) == (Decimal("0.00615"), Decimal("0.5"), 2)
    assert (batch.processing_seconds, batch.current, batch.updated_at) == (90, None, LATER)
    item = account.videos.get("b7f3", "00001")
    ended = {"status": VideoStatus.COMPLETED, "completed_at": LATER, "processing_time_seconds": Decimal(90)}
    assert item == replace(DONE, **ended, attempts=1)


def test_a_failed_video_is_counted_with_its_reason(account: Account) -> None:
    account.begin_batch()
    take(account)
    assert account.videos.fail(BatchRun("ada", "b7f3", 1), FAILED, LATER)
    batch = account.batch()
    assert (batch.completed, batch.failed, batch.processing_seconds, batch.current) == (0, 1, 90, None)
    item = account.videos.get("b7f3", "00001")
    ended = {"status": VideoStatus.FAILED, "completed_at": LATER, "processing_time_seconds": Decimal(90)}
    past = PastError(code="captions_disabled", message=CaptionsDisabled.message, at=LATER)
    assert item == replace(FAILED, **ended, attempts=1, errors=(past,))


def fail_and_retry(account: Account, *messages: str) -> None:
    for message in messages:
        error = CaptionsDisabled(message).as_problem()
        account.videos.fail(BatchRun("ada", "b7f3", 1), replace(FAILED, error=error), LATER)
        account.queue.requeue(account.batch(), account.queue.all_items(account.batch()), LATER)


def past_messages(account: Account) -> list[str]:
    item = account.videos.get("b7f3", "00001")
    assert item
    return [past.message for past in item.errors]


def test_a_video_keeps_the_errors_of_its_attempts(account: Account) -> None:
    account.begin_batch(1)
    fail_and_retry(account, "first", "second")
    assert past_messages(account) == ["first", "second"]
    account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER)
    item = account.videos.get("b7f3", "00001")
    assert item
    assert (item.status, item.error, item.attempts) == (VideoStatus.COMPLETED, None, 3)
    assert past_messages(account) == ["first", "second"]


def test_only_the_last_ten_errors_are_kept(account: Account) -> None:
    account.begin_batch(1)
    fail_and_retry(account, *map(str, range(1, 13)))
    assert past_messages(account) == [str(number) for number in range(3, 13)]


def test_a_failure_that_is_recorded_twice_is_one_error(account: Account) -> None:
    account.begin_batch(1)
    for _ in range(2):
        account.videos.fail(BatchRun("ada", "b7f3", 1), FAILED, LATER)
    assert len(past_messages(account)) == 1


def test_a_video_that_ends_twice_is_counted_once(account: Account) -> None:
    account.begin_batch()
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER)
    before, item = account.batch(), account.videos.get("b7f3", "00001")
    assert not account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER)
    assert not account.videos.fail(BatchRun("ada", "b7f3", 1), FAILED, LATER)
    assert account.batch() == before
    assert account.videos.get("b7f3", "00001") == item


def test_a_video_that_never_was_current_took_no_time(account: Account) -> None:
    account.begin_batch()
    account.videos.fail(BatchRun("ada", "b7f3", 1), replace(FAILED, started_at=None), LATER)
    assert (account.batch().processing_seconds, account.batch().timed_videos) == (0, 0)


def test_the_time_of_a_requeued_video_starts_over(account: Account) -> None:
    account.begin_batch(1)
    account.videos.fail(BatchRun("ada", "b7f3", 1), FAILED, LATER)
    assert (account.batch().processing_seconds, account.batch().timed_videos) == (90, 1)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch()), LATER)
    assert (account.batch().processing_seconds, account.batch().timed_videos) == (0, 0)


def test_a_video_that_ends_after_the_batch_was_cancelled_still_counts(account: Account) -> None:
    account.begin_batch(2)
    take(account)
    account.batches.cancel(account.batch(), NOW)
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER)
    assert account.batch().completed == 1


def test_nothing_is_counted_in_a_batch_that_is_gone(account: Account) -> None:
    account.create_batch()
    account.table.delete_item(Key={"pk": "USER#ada", "sk": "BATCH#b7f3"})
    assert not account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER)
    item = account.videos.get("b7f3", "00001")
    assert item
    assert item.status is VideoStatus.PENDING


def test_every_change_that_an_export_would_show_is_a_new_revision(account: Account) -> None:
    account.begin_batch(2)
    revisions = [account.batch().revision]
    account.complete(1)
    revisions.append(account.batch().revision)
    account.fail(2)
    revisions.append(account.batch().revision)
    assert revisions == sorted(set(revisions))


def spending(tokens_in: int, tokens_out: int, usd: str) -> Item:
    return Item(id="00001", video_id=video_id(1), tokens_in=tokens_in, tokens_out=tokens_out, cost_usd=Decimal(usd))


def spent(account: Account) -> list[tuple[int, int, Decimal]]:
    """Returns the spending of the video and of its batch."""
    item = account.videos.get("b7f3", "00001")
    assert item
    return [(of.tokens_in, of.tokens_out, of.cost_usd) for of in (item, account.batch())]


def note(account: Account, item: Item) -> bool:
    return account.videos.note_spending("ada", "b7f3", item, LATER, model="openai")


def test_the_cost_of_a_failed_attempt_is_counted_once(account: Account) -> None:
    account.begin_batch()
    take(account)
    assert note(account, spending(400, 20, "0.0021"))
    assert note(account, spending(400, 20, "0.0021"))
    assert spent(account) == [(400, 20, Decimal("0.0021"))] * 2


def test_a_later_attempt_counts_only_its_own_cost(account: Account) -> None:
    account.begin_batch()
    take(account)
    note(account, spending(400, 20, "0.0021"))
    note(account, spending(700, 60, "0.0040"))
    assert spent(account) == [(700, 60, Decimal("0.0040"))] * 2
    note(account, spending(0, 0, "0"))
    assert spent(account) == [(700, 60, Decimal("0.0040"))] * 2


def test_a_video_that_fails_in_the_end_keeps_what_it_cost(account: Account) -> None:
    account.begin_batch()
    take(account)
    note(account, spending(400, 20, "0.0021"))
    assert account.videos.fail(BatchRun("ada", "b7f3", 1), FAILED, LATER)
    assert spent(account) == [(400, 20, Decimal("0.0021"))] * 2
    assert not note(account, spending(900, 90, "0.0100"))
    assert spent(account) == [(400, 20, Decimal("0.0021"))] * 2


def test_a_completed_video_counts_its_failed_attempts_once(account: Account) -> None:
    account.begin_batch()
    take(account)
    note(account, spending(400, 20, "0.0021"))
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER, model="openai")
    assert spent(account) == [(600, 150, Decimal("0.00615"))] * 2


def test_a_summary_found_elsewhere_costs_nothing_beyond_the_failed_attempts(account: Account) -> None:
    account.begin_batch()
    take(account)
    note(account, spending(400, 20, "0.0021"))
    free = replace(DONE, tokens_in=0, tokens_out=0, cost_usd=Decimal(0))
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), free, Decimal("0.00615"), LATER)
    assert spent(account) == [(400, 20, Decimal("0.0021"))] * 2
    assert account.batch().saved_usd == Decimal("0.00615")


def test_a_video_does_not_end_over_a_sum_that_somebody_else_has_just_noted(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch()
    take(account)
    known = account.videos.get("b7f3", "00001")
    note(account, spending(400, 20, "0.0021"))
    monkeypatch.setattr(account.videos, "get", lambda *_: known)
    assert not account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER, model="openai")
    monkeypatch.undo()
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER, model="openai")
    assert spent(account) == [(600, 150, Decimal("0.00615"))] * 2


def test_a_sum_that_was_noted_since_the_video_was_read_is_counted_too(account: Account) -> None:
    account.begin_batch()
    take(account)
    known = account.videos.get_work("ada", "b7f3", "00001").item
    note(account, spending(400, 20, "0.0021"))
    assert account.videos.complete(BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER, model="openai", earlier=known)
    assert not account.videos.complete(
        BatchRun("ada", "b7f3", 1), DONE, Decimal(0), LATER, model="openai", earlier=known
    )
    assert spent(account) == [(600, 150, Decimal("0.00615"))] * 2


def test_a_video_is_read_with_its_batch_and_the_summary_of_an_earlier_attempt(account: Account) -> None:
    with pytest.raises(BatchNotFound):
        account.videos.get_work("ada", "b7f3", "00001")
    account.begin_batch()
    batch, item, summary = account.videos.get_work("ada", "b7f3", "00001")
    assert (batch, item, summary) == (account.batch(), account.videos.get("b7f3", "00001"), None)
    account.results.put("ada", "b7f3", "00001", a_summary(), NOW)
    assert account.videos.get_work("ada", "b7f3", "00001").summary
    with pytest.raises(BatchNotFound):
        account.videos.get_work("eve", "b7f3", "00001")
