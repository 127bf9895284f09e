"""What the steps do when a service that all videos need does not answer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from skimlist.circuit_breaker import MAX_ATTEMPTS
from skimlist.errors import (
    BatchBlocked,
    BudgetReached,
    CaptionsDisabled,
    ModelAccessDenied,
    ModelKeyMissing,
    ModelKeyRejected,
    ModelNotFound,
    ModelOverloaded,
    ModelQuotaExceeded,
    ModelUnreachable,
    SkimlistError,
    StepCrashed,
    StorageUnavailable,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    YouTubeRefused,
    YouTubeTokenRequired,
    YouTubeUnreachable,
)
from skimlist.jobs.outages import Outages
from skimlist.jobs.records import OUTAGES, batch_key, item_id
from skimlist.models.batch import Batch, BatchRun, BatchStatus
from skimlist.models.outage import Dependency, RecentFailure
from skimlist.models.settings import BatchSettings
from skimlist.models.video import Item, VideoStatus
from skimlist.steps import load_next_videos, summarize_video
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.functions import caught
from tests.fakes.youtube import FakeTranscripts


def load(account: Account) -> list[str]:
    """Loads the next page; returns its numbers, or none if the workflow has something else to do."""
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


def failures(batch: Batch) -> dict[Dependency, int]:
    return {service: len(failed) for service, failed in batch.execution.recent_failures.items()}


def wake(account: Account) -> Batch:
    return account.batches.resume(account.batch(), datetime.now(UTC), by_user=True)


@pytest.mark.parametrize("error", [YouTubeUnreachable(), ModelUnreachable(), StorageUnavailable(), StepCrashed()])
def test_an_outage_pauses_the_batch_and_fails_nothing(account: Account, error: SkimlistError) -> None:
    account.create_batch(4)
    assert load(account) == ["1", "2", "3", "4"]
    fails(account, 1, error)
    assert account.batch().status is BatchStatus.PROCESSING
    fails(account, 2, error)
    batch = account.batch()
    assert (batch.status, batch.failed, batch.execution.pauses_in_a_row) == (BatchStatus.PAUSED, 0, 1)
    assert batch.pause
    assert (batch.pause.code, batch.pause.until is not None) == (error.code, True)
    assert account.batches.list_active() == [("ada", "b7f3")]
    assert account.statuses() == ["pending"] * 4


def test_after_a_pause_untried_videos_come_first(account: Account) -> None:
    account.create_batch(4)
    load(account)
    fails(account, 1)
    fails(account, 2)
    wake(account)
    assert load(account) == ["3", "4", "1", "2"]


def test_deferred_videos_come_after_the_next_ones_of_the_queue(account: Account) -> None:
    account.create_batch(30)
    load(account)
    fails(account, 1)
    account.complete(*range(2, 26))
    assert load(account) == ["26", "27", "28", "29", "30", "1"]
    assert account.batch().queue.page_served == 1


def test_a_video_fails_when_the_service_worked_for_another_one_since(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1)
    account.videos.note_answer(account.batch(), Dependency.YOUTUBE, NOW)
    account.complete(2, 3)
    assert load(account) == ["1"]
    fails(account, 1)
    assert account.statuses() == ["failed", "completed", "completed"]
    assert account.batch().status is BatchStatus.PROCESSING
    assert [error.code for error in item(account, 1).errors] == ["youtube_unreachable"] * 2


def test_a_video_that_needed_no_service_says_nothing_about_it(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1)
    account.complete(2, 3)
    load(account)
    fails(account, 1)
    assert account.statuses() == ["pending", "completed", "completed"]
    assert account.batch().status is BatchStatus.PAUSED


def test_the_only_video_of_a_batch_does_not_hold_it_up_forever(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One execution serves all pages here, which several serve in AWS."""
    monkeypatch.setattr(load_next_videos, "PAGES_PER_EXECUTION", MAX_ATTEMPTS + 1)
    account.create_batch(1)
    for _ in range(MAX_ATTEMPTS):
        assert load(account) == ["1"]
        fails(account, 1)
        if account.batch().status is BatchStatus.PAUSED:
            wake(account)
    batch = account.batch()
    assert (batch.status, batch.failed) == (BatchStatus.PROCESSING, 1)
    assert batch.execution.pauses_in_a_row == MAX_ATTEMPTS - 2


def test_a_failure_that_is_recorded_twice_counts_once(account: Account) -> None:
    account.create_batch(2)
    load(account)
    fails(account, 1)
    fails(account, 1)
    batch = account.batch()
    assert (batch.status, failures(batch)) == (BatchStatus.PROCESSING, {Dependency.YOUTUBE: 1})
    assert item(account, 1).transient_failures == ("1-1",)


def test_each_service_has_its_own_series_of_failures(account: Account) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1, YouTubeUnreachable())
    fails(account, 2, ModelUnreachable())
    batch = account.batch()
    assert failures(batch) == {Dependency.YOUTUBE: 1, Dependency.MODEL: 1}
    assert batch.status is BatchStatus.PROCESSING


def test_an_error_that_is_clearly_the_videos_own_fails_it_at_once(account: Account) -> None:
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
    assert account.batch().execution.recent_failures == {}
    assert item(account, 1).transient_failures == ()


def test_a_video_that_failed_and_is_retried_has_all_its_attempts_again(account: Account) -> None:
    account.create_batch(1)
    load(account)
    fails(account, 1)
    account.fail(1)
    account.queue.requeue(account.batch(), [item(account, 1)], NOW)
    assert (item(account, 1).status, item(account, 1).transient_failures) == (VideoStatus.PENDING, ())


def test_captions_from_youtube_end_its_series_of_failures_and_stored_ones_do_not(
    account: Account, youtube: FakeTranscripts
) -> None:
    account.create_batch(2)
    load(account)
    fails(account, 1)
    account.invoke("fetch_transcript", event(2))
    assert account.batch().execution.recent_failures == {}
    fails(account, 2)
    account.invoke("fetch_transcript", event(2))
    assert youtube.asked == [(video_id(2), None)]
    assert failures(account.batch()) == {Dependency.YOUTUBE: 1}


def test_a_summary_ends_the_series_of_the_services_that_made_it(account: Account) -> None:
    failed = (RecentFailure(code="any", source="any"),)
    account.create_batch(1, recent_failures=dict.fromkeys(Dependency, failed))
    done = Item(id=item_id(1), video_id=video_id(1))
    recovered = summarize_video.recovered(account.batch(), model_answered=True)
    account.videos.complete(BatchRun("ada", "b7f3", 1), done, Decimal(0), datetime.now(UTC), recovered=recovered)
    assert account.batch().execution.recent_failures == {Dependency.YOUTUBE: failed}


@pytest.mark.parametrize("second", [ModelUnreachable(), YouTubeAnswerUnreadable()])
def test_a_second_video_that_fails_differently_makes_nobody_wait(account: Account, second: SkimlistError) -> None:
    account.create_batch(3)
    load(account)
    fails(account, 1, YouTubeUnreachable())
    fails(account, 2, second)
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_batch_that_older_code_has_written_is_read(account: Account) -> None:
    account.create_batch(2)
    key = batch_key("ada", "b7f3")
    account.table.update_item(
        Key=key,
        UpdateExpression="SET failures_in_a_row = :row",
        ExpressionAttributeValues={":row": {"youtube": 1}},
    )
    load(account)
    fails(account, 1)
    fails(account, 2)
    assert account.batch().status is BatchStatus.PAUSED


# --- What other batches learn of it ---


# What may be the content's fault, and what is certainly not, with how many videos a batch needs to pause.
UNCERTAIN = [YouTubeUnreachable(), YouTubeAnswerUnreadable(), YouTubeRefused(), YouTubeTokenRequired()]
UNCERTAIN_OF_MODELS = [ModelUnreachable(), ModelOverloaded(), ModelAccessDenied()]
CERTAIN = [YouTubeProxyFailed(), ModelKeyRejected(), ModelKeyMissing(), ModelQuotaExceeded()]


def of(user: str, batch_id: str, **more: Any) -> dict[str, Any]:
    return {"user_id": user, "batch_id": batch_id, "run": 1, **more}


def action(account: Account, user: str, batch_id: str) -> str:
    return str(account.invoke("load_next_videos", of(user, batch_id))["action"])


def meet_failure(account: Account, user: str, batch_id: str, error: SkimlistError, first: int = 1) -> None:
    """Creates a batch of two videos, numbered from `first`, that meets the error; its workflow reacts to it."""
    account.create_batch(2, id=batch_id, user_id=user)
    assert action(account, user, batch_id) == "process"
    for number in (1, 2):
        video = {**event(number)["video"], "video_id": video_id(first + number - 1)}
        step = "pause_batch" if isinstance(error, BatchBlocked) else "record_failure"
        account.invoke(step, of(user, batch_id, video=video, error=caught(error)))
    assert account.batches.get(user, batch_id).status is BatchStatus.PAUSED


@pytest.mark.parametrize(
    "error", [*UNCERTAIN, *UNCERTAIN_OF_MODELS, YouTubeBlocked(), ModelNotFound()], ids=lambda error: error.code
)
def test_failures_of_one_user_stop_no_other_user_and_failures_of_two_do(account: Account, error: SkimlistError) -> None:
    meet_failure(account, "ada", "b7f3", error)
    meet_failure(account, "ada", "b7f4", error)
    account.create_batch(2, id="c8a4", user_id="eve")
    assert action(account, "eve", "c8a4") == "process"
    meet_failure(account, "joe", "d9b5", error, first=3)
    assert action(account, "eve", "c8a4") == "wait"
    pause, first = account.batches.get("eve", "c8a4").pause, account.batches.get("ada", "b7f3").pause
    assert pause
    assert first
    assert (pause.code, pause.times) == (error.code, 1)
    assert pause.until
    assert first.until
    assert first.until < pause.until


def test_the_same_two_videos_in_the_lists_of_two_users_stop_no_third(account: Account) -> None:
    meet_failure(account, "ada", "b7f3", YouTubeTokenRequired())
    meet_failure(account, "joe", "d9b5", YouTubeTokenRequired())
    account.create_batch(2, id="c8a4", user_id="eve")
    assert action(account, "eve", "c8a4") == "process"


def test_two_batches_of_a_user_with_different_videos_stop_the_third_one_of_that_user(account: Account) -> None:
    meet_failure(account, "ada", "b7f3", YouTubeUnreachable())
    meet_failure(account, "ada", "b7f4", YouTubeUnreachable(), first=3)
    account.create_batch(2, id="b7f5")
    account.create_batch(2, id="c8a4", user_id="eve")
    assert (action(account, "ada", "b7f5"), action(account, "eve", "c8a4")) == ("wait", "process")


@pytest.mark.parametrize("error", CERTAIN, ids=lambda error: error.code)
def test_an_error_that_no_video_can_cause_stops_everybody_at_once(account: Account, error: SkimlistError) -> None:
    meet_failure(account, "ada", "b7f3", error)
    account.create_batch(2, id="c8a4", user_id="eve")
    assert action(account, "eve", "c8a4") == "wait"


@pytest.mark.parametrize("error", [BudgetReached(), StepCrashed(), StorageUnavailable()], ids=lambda error: error.code)
def test_an_error_of_one_batch_alone_stops_no_other(account: Account, error: SkimlistError) -> None:
    meet_failure(account, "ada", "b7f3", error)
    meet_failure(account, "joe", "d9b5", error, first=3)
    account.create_batch(2, id="c8a4", user_id="eve")
    assert action(account, "eve", "c8a4") == "process"


def test_a_single_video_that_is_tried_again_and_again_is_reported_to_nobody(account: Account) -> None:
    account.create_batch(1)
    load(account)
    fails(account, 1)
    load(account)
    fails(account, 1)
    assert account.batch().status is BatchStatus.PAUSED
    assert Outages(account.table).reports() == []


def test_a_key_of_one_model_stops_no_batch_of_another(account: Account) -> None:
    meet_failure(account, "ada", "b7f3", ModelKeyRejected())
    account.create_batch(2, id="c8a4", user_id="eve", settings=BatchSettings(model="another"))
    assert action(account, "eve", "c8a4") == "process"


def test_a_user_who_resumes_by_hand_tries_anyway(account: Account, eve: Client) -> None:
    meet_failure(account, "ada", "b7f3", ModelKeyRejected())
    account.create_batch(2, id="c8a4", user_id="eve")
    action(account, "eve", "c8a4")
    eve.post("/batch/c8a4/resume")
    account.invoke("load_next_videos", {**of("eve", "c8a4"), "run": 2})
    assert account.batches.get("eve", "c8a4").status is BatchStatus.PROCESSING


def test_fetched_captions_withdraw_all_reports(account: Account, youtube: FakeTranscripts) -> None:
    """This includes the reports of a batch that never had to wait."""
    account.create_batch(2, id="e0c6", user_id="kim")
    assert action(account, "kim", "e0c6") == "process"
    meet_failure(account, "ada", "b7f3", YouTubeUnreachable())
    meet_failure(account, "joe", "d9b5", YouTubeUnreachable(), first=3)
    video = {**event(1)["video"], "video_id": video_id(7)}
    account.invoke("fetch_transcript", of("kim", "e0c6", video=video))
    assert Outages(account.table).reports() == []


def test_an_answer_of_a_model_clears_no_reports_of_youtube_or_of_another_model(account: Account) -> None:
    meet_failure(account, "ada", "b7f3", YouTubeProxyFailed())
    outages = Outages(account.table)
    outages.clear(account.batch(), Dependency.MODEL)
    assert [report.cause for report in outages.reports()] == ["youtube"]
    outages.clear(account.batch(), Dependency.YOUTUBE)
    assert outages.reports() == []


def test_a_report_names_no_user_and_no_batch(account: Account) -> None:
    meet_failure(account, "ada", "b7f3", YouTubeProxyFailed())
    (reported,) = [record for record in account.table.scan()["Items"] if record["pk"] == OUTAGES]
    assert reported.pop("sources") == [video_id(1)]
    assert "ada" not in str(reported).replace("advice", "")
    assert "b7f3" not in str(reported)
    assert reported["expires_at"] > datetime.now(UTC).timestamp()
