"""What the steps do when a service that all videos depend on does not answer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from skimlist.circuit_breaker import MOST_TRIES
from skimlist.errors import (
    BudgetReached,
    CaptionsDisabled,
    ModelKeyRejected,
    ModelUnreachable,
    SkimlistError,
    StepCrashed,
    StorageUnavailable,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.jobs.records import OUTAGES, item_id
from skimlist.models import Batch, BatchSettings, BatchStatus, Item, Service, VideoStatus
from tests.account import NOW, Account, video_id
from tests.api_client import Client
from tests.fakes.youtube import FakeTranscripts
from tests.functions import caught, load_function


def load(account: Account) -> list[str]:
    """The numbers of the videos that are handed out next; of none when something else is to be done."""
    answer = account.invoke("load_next_videos", {"user_id": "ada", "batch_id": "b7f3", "run": 1})
    return [video["item_id"].lstrip("0") for video in answer["videos"]]


def event(number: int, error: SkimlistError | None = None) -> dict[str, Any]:
    video = {"item_id": item_id(number), "position": number, "video_id": video_id(number), "order_version": 0}
    event = {"user_id": "ada", "batch_id": "b7f3", "run": 1, "video": video}
    return {**event, "error": caught(error)} if error else event


def fails(account: Account, number: int, error: SkimlistError | None = None) -> None:
    account.invoke("record_failure", event(number, error or YouTubeUnreachable()))


def item(account: Account, number: int) -> Item:
    found = account.videos.get("b7f3", item_id(number))
    assert found
    return found


def wake(account: Account) -> Batch:
    return account.batches.resume(account.batch(), datetime.now(UTC), insists=True)


@pytest.mark.parametrize("error", [YouTubeUnreachable(), ModelUnreachable(), StorageUnavailable(), StepCrashed()])
def test_an_outage_pauses_the_batch_and_fails_nothing(account: Account, error: SkimlistError) -> None:
    account.create_batch(4)
    assert load(account) == ["1", "2", "3", "4"]
    fails(account, 1, error)
    assert account.batch().status is BatchStatus.PROCESSING
    fails(account, 2, error)
    batch = account.batch()
    assert (batch.status, batch.failed, batch.pauses_in_a_row) == (BatchStatus.PAUSED, 0, 1)
    assert batch.pause
    assert (batch.pause.code, batch.pause.until is not None) == (error.code, True)
    assert account.batches.list_active() == [("ada", "b7f3")]
    assert account.statuses() == ["pending"] * 4


def test_after_a_pause_those_come_first_that_were_not_tried(account: Account) -> None:
    account.create_batch(4)
    load(account)
    fails(account, 1)
    fails(account, 2)
    wake(account)
    assert load(account) == ["3", "4", "1", "2"]


def test_videos_that_were_deferred_have_the_next_ones_of_the_queue_before_them(account: Account) -> None:
    account.create_batch(30)
    load(account)
    fails(account, 1)
    account.complete(*range(2, 26))
    assert load(account) == ["26", "27", "28", "29", "30", "1"]
    assert account.batch().page_served == 1


def test_a_video_fails_when_the_service_worked_for_another_one_since(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1)
    account.videos.note_answer(account.batch(), Service.YOUTUBE, NOW)
    account.complete(2, 3)
    assert load(account) == ["1"]
    fails(account, 1)
    assert account.statuses() == ["failed", "completed", "completed"]
    assert account.batch().status is BatchStatus.PROCESSING
    assert [error.code for error in item(account, 1).errors] == ["youtube_unreachable"] * 2


def test_a_video_that_needed_no_service_shows_nothing_of_it(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1)
    account.complete(2, 3)
    load(account)
    fails(account, 1)
    assert account.statuses() == ["pending", "completed", "completed"]
    assert account.batch().status is BatchStatus.PAUSED


def test_the_only_video_of_a_batch_does_not_hold_it_for_ever(account: Account) -> None:
    account.create_batch(1)
    for _ in range(MOST_TRIES):
        assert load(account) == ["1"]
        fails(account, 1)
        if account.batch().status is BatchStatus.PAUSED:
            wake(account)
    batch = account.batch()
    assert (batch.status, batch.failed, batch.pauses_in_a_row) == (BatchStatus.PROCESSING, 1, MOST_TRIES - 2)


def test_a_failure_that_is_recorded_twice_counts_once(account: Account) -> None:
    account.create_batch(2)
    load(account)
    fails(account, 1)
    fails(account, 1)
    batch = account.batch()
    assert (batch.status, batch.failures_in_a_row) == (BatchStatus.PROCESSING, {Service.YOUTUBE: 1})
    assert item(account, 1).transient_failures == ("1-1",)


def test_each_service_has_its_own_row(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1, YouTubeUnreachable())
    fails(account, 2, ModelUnreachable())
    batch = account.batch()
    assert batch.failures_in_a_row == {Service.YOUTUBE: 1, Service.MODEL: 1}
    assert batch.status is BatchStatus.PROCESSING


def test_what_is_plainly_the_videos_own_fails_it_at_once(account: Account) -> None:
    account.create_batch(2)
    load(account)
    fails(account, 1, CaptionsDisabled())
    fails(account, 2, CaptionsDisabled())
    assert account.statuses() == ["failed", "failed"]


def test_nothing_is_deferred_in_a_batch_that_its_user_stopped(account: Account) -> None:
    account.create_batch(2)
    load(account)
    account.batches.pause(account.batch(), NOW)
    fails(account, 1)
    assert account.batch().failures_in_a_row == {}
    assert item(account, 1).transient_failures == ()


def test_a_video_that_failed_and_is_retried_has_all_its_tries_again(account: Account) -> None:
    account.create_batch(1)
    load(account)
    fails(account, 1)
    account.fail(1)
    account.queue.requeue(account.batch(), [item(account, 1)], NOW)
    assert (item(account, 1).status, item(account, 1).transient_failures) == (VideoStatus.PENDING, ())


def test_captions_that_come_from_youtube_end_its_row_and_stored_ones_do_not(
    account: Account, youtube: FakeTranscripts
) -> None:
    account.create_batch(2)
    load(account)
    fails(account, 1)
    account.invoke("fetch_transcript", event(2))
    assert account.batch().failures_in_a_row == {}
    fails(account, 2)
    account.invoke("fetch_transcript", event(2))
    assert youtube.asked == [(video_id(2), None)]
    assert account.batch().failures_in_a_row == {Service.YOUTUBE: 1}


def test_a_summary_ends_the_rows_of_what_made_it(account: Account) -> None:
    failures = {Service.YOUTUBE: 2, Service.PLATFORM: 1, Service.MODEL: 1}
    account.create_batch(1, failures_in_a_row=failures)
    done = Item(id=item_id(1), video_id=video_id(1))
    recovered = load_function("summarize_video")._recovered(account.batch(), model_answered=True)
    account.videos.complete("ada", "b7f3", done, Decimal(0), datetime.now(UTC), recovered=recovered, run=1)
    assert account.batch().failures_in_a_row == {Service.YOUTUBE: 2}


# --- What other batches learn of it ---


def another_batch(account: Account, **changes: Any) -> None:
    """Of somebody else."""
    account.create_batch(2, id="c8a4", user_id="eve", **changes)


def load_another(account: Account) -> str:
    answer = account.invoke("load_next_videos", {"user_id": "eve", "batch_id": "c8a4", "run": 1})
    return str(answer["action"])


def block(account: Account, error: SkimlistError) -> None:
    """The batch of ada finds out."""
    account.create_batch(2)
    load(account)
    account.invoke("pause_batch", event(1, error))


def test_another_batch_waits_for_the_same_cause_before_it_asks(account: Account) -> None:
    block(account, YouTubeBlocked())
    another_batch(account)
    assert load_another(account) == "wait"
    first, second = account.batch().pause, account.batches.get("eve", "c8a4").pause
    assert first
    assert second
    assert (second.code, second.times) == (first.code, 1)
    assert first.until
    assert second.until
    assert first.until < second.until


def test_an_outage_is_known_to_others_as_well(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1)
    fails(account, 2)
    another_batch(account)
    assert load_another(account) == "wait"


@pytest.mark.parametrize("error", [BudgetReached(), StepCrashed()])
def test_what_concerns_one_batch_alone_stops_no_other(account: Account, error: SkimlistError) -> None:
    block(account, error)
    another_batch(account)
    assert load_another(account) == "process"


def test_a_key_of_one_model_stops_no_batch_of_another(account: Account) -> None:
    block(account, ModelKeyRejected())
    another_batch(account, settings=BatchSettings(model="another"))
    assert load_another(account) == "process"


def test_who_resumes_by_hand_tries_anyway(account: Account, eve: Client) -> None:
    block(account, YouTubeBlocked())
    another_batch(account)
    load_another(account)
    eve.post("/batch/c8a4/resume")
    account.invoke("load_next_videos", {"user_id": "eve", "batch_id": "c8a4", "run": 2})
    assert account.batches.get("eve", "c8a4").status is BatchStatus.PROCESSING


def test_captions_that_come_after_a_pause_clear_the_way_for_all(account: Account, youtube: FakeTranscripts) -> None:
    block(account, YouTubeBlocked())
    load(account)
    account.invoke("fetch_transcript", {**event(1), "run": wake(account).run})
    another_batch(account)
    assert load_another(account) == "process"


def test_what_is_noted_names_no_user_and_no_batch(account: Account) -> None:
    block(account, YouTubeBlocked())
    (noted,) = [record for record in account.table.scan()["Items"] if record["pk"] == OUTAGES]
    assert set(noted) == {"pk", "sk", "code", "message", "advice", "noted_at", "until", "expires_at"}
    assert "ada" not in str(noted)
    assert "b7f3" not in str(noted)
