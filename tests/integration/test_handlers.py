"""Every step of the workflow on its own event, once and twice, on a batch that continues and on one that does not."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from local.model import Failure, FakeModelServer
from skimlist.batch_names import name_by_date
from skimlist.errors import (
    BatchNotFound,
    BudgetReached,
    CaptionsDisabled,
    ModelKeyMissing,
    SkimlistError,
    StorageUnavailable,
    SummaryNotFound,
    UnexpectedFailure,
    VideoFailed,
    WorkflowFailed,
    WorkflowStuck,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.export.writing import write_export
from skimlist.jobs import records
from skimlist.jobs.queue import MAX_TIMES_SERVED, PAGE_SIZE, PAGES_PER_EXECUTION, Queue
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.videos import Videos
from skimlist.log import UnexpectedError
from skimlist.models.batch import Batch, BatchStatus, Pause
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.models.video import Stage
from skimlist.notifications.topic import Notifications
from skimlist.steps import build_export, notify_owner, summarize_video
from skimlist.workflow import Workflow
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_summary
from testkit.functions import Context, caught
from tests.fakes.log import Log
from tests.fakes.summarizing import transcript
from tests.fakes.youtube import FakeTranscripts

CAPTIONS = [f"Sentence number {number} speaks of bread, water and salt." for number in range(40)]


def batch_event(run: int = 1, **more: Any) -> dict[str, Any]:
    return {"user_id": "ada", "batch_id": "b7f3", "run": run, **more}


def video_event(number: int = 1, run: int = 1, error: SkimlistError | None = None) -> dict[str, Any]:
    video = {"item_id": f"{number:05}", "position": number, "video_id": video_id(number), "order_version": 0}
    return batch_event(run, video=video, **({"error": caught(error)} if error else {}))


def captions_of(number: int) -> Transcript:
    return transcript(CAPTIONS, video_id=video_id(number), title=f"Talk {number}", channel="A speaker")


def summarized(account: Account, *numbers: int) -> None:
    """Processes videos completely, with their captions in the bucket."""
    for number in numbers:
        account.archive.put_transcript("ada", captions_of(number), None)
        account.invoke("fetch_transcript", video_event(number))
        account.invoke("summarize_video", video_event(number))


def pause(batch: Batch, account: Account) -> None:
    account.batches.pause(batch, NOW)


def block(batch: Batch, account: Account) -> None:
    account.batches.pause_for(batch, YouTubeBlocked(), NOW)


def cancel(batch: Batch, account: Account) -> None:
    account.batches.cancel(batch, NOW)


def take_over(batch: Batch, account: Account) -> None:
    account.batches.adopt(batch, 2, NOW)


def end(batch: Batch, account: Account) -> None:
    account.complete(1)


not_to_be_worked_on = pytest.mark.parametrize("stop", [pause, block, cancel, take_over, end])
Stop = Callable[[Batch, Account], None]


# --- Load next videos ---


def load(account: Account, run: int = 1) -> dict[str, Any]:
    answer: dict[str, Any] = account.invoke("load_next_videos", batch_event(run))
    assert set(answer) == {"action", "reason", "videos", "resume_at", "next_run"}
    return answer


def test_a_pending_batch_is_started_and_its_first_page_taken(account: Account) -> None:
    account.create_batch(PAGE_SIZE + 1)
    answer = load(account)
    assert answer["action"] == "process"
    assert [video["position"] for video in answer["videos"]] == list(range(1, PAGE_SIZE + 1))
    assert answer["videos"][0] == {
        "item_id": "00001",
        "position": 1,
        "video_id": video_id(1),
        "order_version": 0,
        "page": "1-1",
        "attempts": 0,
    }
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_batch_without_anything_left_is_completed(account: Account) -> None:
    account.create_batch(1)
    load(account)
    account.complete(1)
    assert load(account)["action"] == "finish"
    assert load(account)["action"] == "finish"
    batch = account.batch()
    assert (batch.status, batch.has_no_execution) == (BatchStatus.COMPLETED, True)


def test_a_page_whose_answer_was_lost_is_handed_out_again(account: Account) -> None:
    account.create_batch(2)
    lost, again = (load(account)["videos"] for _ in range(2))
    assert [video["item_id"] for video in lost] == [video["item_id"] for video in again]


def test_a_page_that_never_ends_stops_the_workflow(account: Account) -> None:
    account.create_batch(1)
    for _ in range(MAX_TIMES_SERVED):
        load(account)
    with pytest.raises(WorkflowStuck):
        load(account)


def test_a_batch_continues_as_a_new_execution_before_the_history_is_full(account: Account) -> None:
    account.create_batch(1, pages_served=PAGES_PER_EXECUTION)
    assert load(account) == {"action": "continue", "reason": None, "videos": [], "resume_at": None, "next_run": 2}
    assert load(account, run=2)["action"] == "process"
    assert account.batch().execution.pages_served == 1


def test_a_newer_run_takes_over_and_the_older_one_stops(account: Account) -> None:
    account.begin_batch(1)
    assert load(account, run=2)["action"] == "process"
    stopped = load(account, run=1)
    assert (stopped["action"], stopped["reason"]) == ("stop", "Execution 2 drives this batch now.")
    assert account.batch().execution.run == 2


def test_the_users_pause_stops_the_workflow_and_parks_the_batch(account: Account) -> None:
    pause(account.begin_batch(1), account)
    assert load(account)["action"] == "stop"
    again, batch = load(account), account.batch()
    assert batch.pause
    assert (again["action"], again["reason"]) == ("stop", batch.pause.message)
    assert (batch.status, batch.has_no_execution) == (BatchStatus.PAUSED, True)


def test_a_cancelled_batch_stops_and_counts_what_was_left_out(account: Account) -> None:
    cancel(account.begin_batch(3), account)
    answer = load(account)
    assert (answer["action"], answer["reason"]) == ("stop", "The batch's status is cancelled.")
    batch = account.batch()
    assert (batch.status, batch.has_no_execution, batch.skipped) == (BatchStatus.CANCELLED, True, 3)


def test_a_blocked_batch_waits_until_its_time(account: Account) -> None:
    batch = account.begin_batch(1)
    account.batches.pause_for(batch, YouTubeBlocked(), datetime.now(UTC))
    answer = load(account)
    pause = account.batch().pause
    assert pause
    assert pause.until
    assert (answer["action"], answer["reason"]) == ("wait", YouTubeBlocked.message)
    assert datetime.fromisoformat(answer["resume_at"]) == pause.until
    assert load(account) == answer


def test_a_blocked_batch_whose_time_has_come_continues(account: Account) -> None:
    block(account.begin_batch(1), account)
    assert load(account)["action"] == "process"
    batch = account.batch()
    assert (batch.status, batch.pause, batch.execution.pauses_in_a_row) == (BatchStatus.PROCESSING, None, 1)


def test_the_wait_gets_a_time_of_another_zone_in_utc(account: Account) -> None:
    far = datetime.fromisoformat("2126-03-01T12:00:00+02:00")
    reason = Pause(code="x", message="x", advice="x", since=NOW, until=far, times=1)
    account.create_batch(1, status=BatchStatus.PAUSED, pause=reason)
    assert load(account)["resume_at"] == "2126-03-01T10:00:00Z"


# --- Fetch transcript ---


def test_captions_are_stored_once_and_the_video_is_shown(account: Account, youtube: FakeTranscripts) -> None:
    account.begin_batch(1)
    account.invoke("fetch_transcript", video_event())
    account.invoke("fetch_transcript", video_event())
    assert youtube.asked == [(video_id(1), None)]
    stored = account.archive.find_transcript("ada", video_id(1), None)
    assert stored
    assert stored.title == "A talk"
    current = account.batch().current
    assert current
    assert (current.item_id, current.position, current.stage, current.run) == ("00001", 1, Stage.FETCHING, 1)


def test_the_wanted_language_and_the_proxy_reach_youtube(account: Account, youtube: FakeTranscripts) -> None:
    account.store_secret("youtube-proxy-url", "http://user:word@proxy.example:1")
    settings = BatchSettings(model="extractive", options=SummaryOptions(language="de"))
    account.begin_batch(1, settings=settings)
    account.invoke("fetch_transcript", video_event())
    assert youtube.asked == [(video_id(1), "de")]
    assert youtube.sessions == [("http://user:word@proxy.example:1", None)]
    assert account.archive.find_transcript("ada", video_id(1), "de")


@pytest.mark.parametrize("error", [CaptionsDisabled(), YouTubeBlocked()])
def test_a_refusal_of_youtube_reaches_the_workflow_by_its_class(
    account: Account, youtube: FakeTranscripts, error: SkimlistError
) -> None:
    account.begin_batch(1)
    youtube.error = error
    with pytest.raises(type(error)):
        account.invoke("fetch_transcript", video_event())
    assert account.archive.find_transcript("ada", video_id(1), None) is None


@not_to_be_worked_on
def test_nothing_is_fetched_for_a_video_that_is_not_to_be_worked_on(
    account: Account, youtube: FakeTranscripts, stop: Stop
) -> None:
    stop(account.begin_batch(2), account)
    before = account.batch()
    account.invoke("fetch_transcript", video_event())
    assert youtube.asked == []
    assert account.batch() == before


# --- Summarize video ---


def test_a_video_is_summarized_stored_and_counted(account: Account) -> None:
    account.begin_batch(2)
    summarized(account, 1)
    summary = account.results.get("ada", "b7f3", "00001")
    assert summary
    assert (summary.video_id, summary.title, summary.model) == (video_id(1), "Talk 1", "extractive")
    batch = account.batch()
    assert (batch.completed, batch.current, batch.cost_usd) == (1, None, 0)
    item = account.queue.all_items(batch)[0]
    assert (item.status, item.title, item.channel, item.attempts) == ("completed", "Talk 1", "A speaker", 1)
    assert (item.cached, item.duration_seconds) == (False, Decimal("200.0"))
    assert (item.tldr, item.tags) == (summary.tldr, summary.tags[:5])


def test_the_id_of_a_channel_goes_from_the_captions_to_item_summary_and_export(account: Account, ada: Client) -> None:
    """Transcripts and summaries of earlier versions have none."""
    account.begin_batch(2)
    known = "UC" + "Skimlist" * 2 + "-Talks"
    account.archive.put_transcript("ada", replace(captions_of(1), channel_id=known), None)
    account.archive.put_transcript("ada", captions_of(2), None)
    for number in (1, 2):
        account.invoke("fetch_transcript", video_event(number))
        account.invoke("summarize_video", video_event(number))
    items = ada.get("/batch/b7f3").json["items"]
    assert [item["channel_id"] for item in items] == [known, None]
    assert [ada.get(f"/summaries/{item['summary_id']}").json["channel_id"] for item in items] == [known, None]
    account.invoke("build_export", batch_event(format="json"))
    (found,) = account.s3.list_objects_v2(Bucket=account.bucket, Prefix="exports/")["Contents"]
    exported = json.loads(account.s3.get_object(Bucket=account.bucket, Key=found["Key"])["Body"].read())
    assert [(item["channel_id"], item["summary"]["channel_id"]) for item in exported["items"]] == [
        (known, known),
        (None, None),
    ]


def test_a_batch_that_nobody_named_is_named_by_its_first_summary(account: Account) -> None:
    account.begin_batch(3, name=name_by_date(NOW))
    summarized(account, 1, 2)
    assert account.batch().name == "Talk 1 and 2 more"
    QueueEditor(account.table).append(account.batch(), [video_id(8)], [], NOW)
    assert account.batch().name == "Talk 1 and 3 more"
    account.batches.rename("ada", "b7f3", "My talks", NOW)
    summarized(account, 3)
    assert account.batch().name == "My talks"


def test_a_video_that_is_summarized_twice_is_counted_once(account: Account) -> None:
    account.begin_batch(1)
    summarized(account, 1)
    before = account.batch()
    account.invoke("summarize_video", video_event())
    assert account.batch() == before


def store_without_counting(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kills the first video's step after it has stored the summary and before it counts it."""
    with monkeypatch.context() as patch, pytest.raises(StorageUnavailable):
        patch.setattr(Videos, "complete", raising(StorageUnavailable()))
        summarized(account, 1)


def test_a_summary_that_was_stored_but_not_counted_is_neither_made_nor_saved_again(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(1)
    store_without_counting(account, monkeypatch)
    monkeypatch.setattr(summarize_video, "summarize_video", raising(AssertionError("made again")))
    account.invoke("summarize_video", video_event())
    batch = account.batch()
    assert (batch.completed, batch.saved_usd) == (1, 0)
    assert not account.queue.all_items(batch)[0].cached


@pytest.mark.parametrize(("stop", "counted"), [(cancel, 1), (pause, 1), (take_over, 0)])
def test_a_summary_that_was_stored_but_not_counted_is_counted_though_the_batch_was_stopped(
    account: Account, monkeypatch: pytest.MonkeyPatch, stop: Stop, counted: int
) -> None:
    account.begin_batch(2)
    store_without_counting(account, monkeypatch)
    stop(account.batch(), account)
    account.invoke("summarize_video", video_event())
    assert account.batch().completed == counted


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def answers_kept(account: Account) -> int:
    kept = account.table.query(KeyConditionExpression=Key("pk").eq("USER#ada") & Key("sk").begins_with("ANSWER#"))
    return int(kept["Count"])


def test_an_answer_that_becomes_a_summary_at_once_is_kept_as_nothing_else(
    account: Account, model: FakeModelServer
) -> None:
    account.begin_batch(1, settings=BatchSettings(model="openai"))
    summarized(account, 1)
    assert account.results.get("ada", "b7f3", "00001").tokens_out > 0
    assert answers_kept(account) == 0


@pytest.mark.parametrize("moment", ["results.Results.put", "outages.Outages.clear", "videos.Videos.complete"])
@pytest.mark.parametrize("error", [StorageUnavailable, KeyboardInterrupt])
def test_an_answer_is_paid_and_counted_once_whatever_fails_after_it(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch, moment: str, error: type[BaseException]
) -> None:
    account.begin_batch(1, settings=BatchSettings(model="openai"))
    with monkeypatch.context() as patch, pytest.raises(error):
        patch.setattr(f"skimlist.jobs.{moment}", raising(error()))
        summarized(account, 1)
    account.invoke("summarize_video", video_event())
    summary, batch = account.results.get("ada", "b7f3", "00001"), account.batch()
    assert model.requests["asked"] == 1
    assert (batch.completed, batch.cost_usd, batch.tokens_in) == (1, summary.cost_usd, summary.tokens_in)


def test_an_answer_is_kept_before_it_is_asked_about_once_more(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die_at_the_second_question(*_: Any) -> str | None:
        if model.requests["asked"]:
            raise KeyboardInterrupt
        return None

    account.begin_batch(1, settings=BatchSettings(model="openai"))
    model.fail(Failure.NOT_JSON, times=1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("skimlist.jobs.results.Results.recall_answer", die_at_the_second_question)
        summarized(account, 1)
    assert answers_kept(account) == 1
    account.invoke("summarize_video", video_event())
    assert model.requests["asked"] == 2


def test_a_summary_that_another_batch_paid_for_is_free(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = a_summary(cost_usd=Decimal("0.25"), tokens_in=600, fingerprint="f1")

    def pay(*_: Any, **__: Any) -> Summary:
        return paid

    monkeypatch.setattr(summarize_video, "fingerprint", lambda *_: "f1")
    monkeypatch.setattr(summarize_video, "summarize_video", pay)
    account.begin_batch(2)
    summarized(account, 1, 2)
    batch = account.batch()
    assert (batch.completed, batch.cost_usd, batch.saved_usd) == (2, Decimal("0.25"), Decimal("0.25"))
    assert (batch.tokens_in, batch.tokens_out, batch.unverified) == (600, 150, 2)
    assert [(item.cached, item.cost_usd, item.unverified) for item in account.queue.all_items(batch)] == [
        (False, Decimal("0.25"), 1),
        (True, Decimal(0), 1),
    ]


def test_a_model_without_a_key_blocks_the_batch(account: Account) -> None:
    account.begin_batch(1, settings=BatchSettings(model="openai"))
    with pytest.raises(ModelKeyMissing):
        summarized(account, 1)
    assert account.batch().completed == 0


def test_captions_that_are_gone_fail_the_video(account: Account, youtube: FakeTranscripts) -> None:
    account.begin_batch(1)
    account.invoke("fetch_transcript", video_event())
    objects = account.s3.list_objects_v2(Bucket=account.bucket)["Contents"]
    account.s3.delete_object(Bucket=account.bucket, Key=objects[0]["Key"])
    with pytest.raises(UnexpectedFailure):
        account.invoke("summarize_video", video_event())


@not_to_be_worked_on
def test_nothing_is_summarized_for_a_video_that_is_not_to_be_worked_on(account: Account, stop: Stop) -> None:
    account.archive.put_transcript("ada", captions_of(1), None)
    batch = account.begin_batch(2)
    account.invoke("fetch_transcript", video_event())
    stop(account.batch() if stop is not take_over else batch, account)
    before = account.batch()
    account.invoke("summarize_video", video_event())
    assert account.batch() == before
    with pytest.raises(SummaryNotFound):
        account.results.get("ada", "b7f3", "00001")


def test_nothing_is_summarized_for_a_video_that_was_left_out_in_the_moment_in_which_it_was_taken(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.archive.put_transcript("ada", captions_of(1), None)
    account.begin_batch(2)
    waiting = account.videos.get("b7f3", "00001")
    account.skip(1)
    with monkeypatch.context() as patch:
        patch.setattr(Videos, "get", lambda *_: waiting)  # as it was read the moment before
        account.invoke("fetch_transcript", video_event())
    account.invoke("summarize_video", video_event())
    assert account.statuses() == ["skipped", "pending"]
    with pytest.raises(SummaryNotFound):
        account.results.get("ada", "b7f3", "00001")


# --- Record failure ---


def test_a_failed_video_keeps_its_reason_and_its_known_details(account: Account, youtube: FakeTranscripts) -> None:
    account.begin_batch(2)
    account.invoke("fetch_transcript", video_event())
    account.invoke("record_failure", video_event(error=CaptionsDisabled()))
    account.invoke("record_failure", video_event(error=CaptionsDisabled()))
    batch = account.batch()
    assert (batch.failed, batch.completed, batch.current, batch.status) == (1, 0, None, BatchStatus.PROCESSING)
    item = account.queue.all_items(batch)[0]
    assert item.error == CaptionsDisabled().as_problem()
    assert (item.status, item.attempts) == ("failed", 1)
    assert item.started_at


def named(error: VideoFailed) -> VideoFailed:
    error.title, error.channel = "A silent talk", "A speaker"
    return error


def fail_at_youtube(account: Account, youtube: FakeTranscripts, error: SkimlistError) -> None:
    youtube.error = error
    with pytest.raises(type(error)):
        account.invoke("fetch_transcript", video_event())
    account.invoke("record_failure", video_event(error=error))


def test_a_video_that_fails_at_youtube_has_the_names_that_youtube_gave(
    account: Account, youtube: FakeTranscripts, capsys: pytest.CaptureFixture[str]
) -> None:
    account.begin_batch(1)
    fail_at_youtube(account, youtube, named(CaptionsDisabled()))
    (item,) = account.queue.all_items(account.batch())
    assert (item.status, item.title, item.channel) == ("failed", "A silent talk", "A speaker")
    assert "A silent talk" not in capsys.readouterr().out


def test_a_video_that_is_deferred_has_the_names_that_youtube_gave_and_they_are_not_written_again(
    account: Account, youtube: FakeTranscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    fail_at_youtube(account, youtube, named(YouTubeUnreachable()))
    item = account.queue.all_items(account.batch())[0]
    assert (item.needs_summary, item.title, item.channel) == (True, "A silent talk", "A speaker")
    monkeypatch.delattr(Videos, "show_names")
    with pytest.raises(YouTubeUnreachable):
        account.invoke("fetch_transcript", video_event())


def test_a_foreign_error_is_recorded_without_its_text(account: Account) -> None:
    account.begin_batch(1)
    error = {"Error": "KeyError", "Cause": json.dumps({"errorMessage": "https://secret", "errorType": "KeyError"})}
    account.invoke("record_failure", {**video_event(), "error": error})
    item = account.queue.all_items(account.batch())[0]
    assert [(error.code, error.message) for error in item.errors] == [("internal", UnexpectedFailure.message)]


def test_a_failure_after_the_video_was_completed_changes_nothing(account: Account) -> None:
    account.begin_batch(1)
    account.complete(1)
    before = account.batch()
    account.invoke("record_failure", video_event(error=CaptionsDisabled()))
    assert account.batch() == before


def test_the_failure_of_another_video_does_not_count_for_the_current_one(
    account: Account, youtube: FakeTranscripts
) -> None:
    account.begin_batch(2)
    account.invoke("fetch_transcript", video_event(2))
    account.invoke("record_failure", video_event(1, error=CaptionsDisabled()))
    assert account.queue.all_items(account.batch())[0].started_at is None


# --- Pause batch ---


def test_a_blocked_batch_keeps_its_video_in_the_queue(account: Account, youtube: FakeTranscripts) -> None:
    account.begin_batch(2)
    account.invoke("fetch_transcript", video_event())
    account.invoke("pause_batch", video_event(error=YouTubeBlocked()))
    batch = account.batch()
    assert (batch.status, batch.failed, batch.current) == (BatchStatus.PAUSED, 0, None)
    assert batch.pause
    assert (batch.pause.code, batch.pause.advice) == ("youtube_blocked", YouTubeBlocked.advice)
    account.invoke("pause_batch", video_event(2, error=YouTubeBlocked()))
    assert account.batch() == batch


@pytest.mark.parametrize("stop", [pause, cancel, take_over])
def test_only_a_batch_that_is_being_processed_is_paused(account: Account, stop: Stop) -> None:
    stop(account.begin_batch(2), account)
    before = account.batch()
    account.invoke("pause_batch", video_event(error=YouTubeBlocked()))
    assert account.batch() == before


# --- Mark batch failed ---


def test_a_workflow_that_cannot_continue_ends_its_batch(account: Account) -> None:
    account.begin_batch(2)
    for _ in range(2):
        shown = account.invoke("mark_batch_failed", batch_event(error=caught(WorkflowStuck())))
        assert shown == {"Error": "WorkflowStuck", "Cause": f"{WorkflowStuck.message} {WorkflowStuck.advice}"}
    batch = account.batch()
    assert (batch.status, batch.has_no_execution) == (BatchStatus.FAILED, True)
    assert batch.error == WorkflowStuck().as_problem()


def test_a_batch_that_is_done_keeps_its_status_when_only_its_archive_failed(account: Account) -> None:
    account.begin_batch(1)
    account.complete(1)
    done = account.batches.complete(account.batch(), NOW)
    account.invoke("mark_batch_failed", batch_event(error=caught(StorageUnavailable())))
    assert account.batch() == done


def test_an_older_run_does_not_fail_the_batch_of_a_newer_one(account: Account) -> None:
    account.batches.adopt(account.begin_batch(1), 2, NOW)
    account.invoke("mark_batch_failed", batch_event(run=1, error=caught(WorkflowStuck())))
    assert account.batch().status is BatchStatus.PROCESSING


def test_the_cause_of_a_failure_repeats_no_foreign_message(account: Account) -> None:
    account.begin_batch(1)
    foreign = {"Error": "ClientError", "Cause": json.dumps({"errorMessage": "denied: https://x/?key=abc"})}
    shown = account.invoke("mark_batch_failed", {**batch_event(), "error": foreign})
    assert shown == {"Error": "ClientError", "Cause": f"{WorkflowFailed.message} {WorkflowFailed.advice}"}


def test_a_name_that_step_functions_reserves_is_not_given_to_an_execution_that_fails(account: Account) -> None:
    account.begin_batch(1)
    timeout = {"Error": "States.Timeout", "Cause": ""}
    assert account.invoke("mark_batch_failed", {**batch_event(), "error": timeout})["Error"] == "StepTimedOut"


# --- Build export ---


def test_an_archive_holds_what_is_done_so_far(account: Account) -> None:
    account.begin_batch(3)
    summarized(account, 2, 1)
    account.invoke("record_failure", video_event(3, error=CaptionsDisabled()))
    built = account.invoke("build_export", batch_event(format="zip"))
    stored = account.s3.get_object(Bucket=account.bucket, Key=built["key"])
    body = stored["Body"].read()
    assert (stored["Metadata"]["sha256"], len(body)) == (built["sha256"], built["size_bytes"])
    names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    summaries = [name.rpartition("/")[2] for name in names if name.rpartition("/")[2][:3].isdigit()]
    assert [name[:3] for name in summaries] == ["001", "002"]
    assert any(name.endswith("/failures.csv") for name in names)


def test_the_same_content_is_built_into_the_same_bytes(account: Account) -> None:
    account.begin_batch(1)
    summarized(account, 1)
    first = account.invoke("build_export", batch_event(format="zip"))
    assert account.invoke("build_export", batch_event(format="zip")) == first


def test_an_archive_follows_the_order_of_the_queue(account: Account) -> None:
    account.begin_batch(3)
    account.reorder(3, 1, 2)
    summarized(account, 1, 2, 3)
    built = account.invoke("build_export", batch_event(format="csv"))
    rows = account.s3.get_object(Bucket=account.bucket, Key=built["key"])["Body"].read().decode("utf-8-sig")
    assert [rows.index(video_id(number)) for number in (3, 1, 2)] == sorted(map(rows.index, map(video_id, (1, 2, 3))))


@pytest.mark.parametrize("export_format", ["json", "md", "csv"])
def test_every_format_is_built(account: Account, export_format: str) -> None:
    account.begin_batch(1)
    summarized(account, 1)
    built = account.invoke("build_export", batch_event(format=export_format))
    assert built["key"].endswith(f".{export_format}")
    assert built["size_bytes"] > 0


def test_a_batch_that_is_deleted_while_its_archive_is_built_leaves_none_behind(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(1)
    summarized(account, 1)
    account.batches.complete(account.batch(), NOW)

    def delete_first(*arguments: Any, **options: Any) -> None:
        with account.meanwhile():
            account.deletions.begin(account.batch(), NOW)
            account.deletions.finish("ada", "b7f3", NOW)
        write_export(*arguments, **options)

    monkeypatch.setattr(build_export, "write_export", delete_first)
    with pytest.raises(BatchNotFound):
        account.invoke("build_export", batch_event(format="zip"))
    assert "Contents" not in account.s3.list_objects_v2(Bucket=account.bucket)


# --- Notify owner ---


def completed(account: Account) -> None:
    account.begin_batch(2)
    account.complete(1)
    account.fail(2)
    account.batches.complete(account.batch(), datetime.now(UTC))


def test_the_owner_is_notified_once_that_a_batch_is_done(account: Account) -> None:
    assert account.mailbox
    completed(account)
    account.invoke("notify_owner", batch_event())
    account.invoke("notify_owner", batch_event(), Context(aws_request_id="another"))
    (mail,) = account.read_mail()
    assert "1 of 2 summarized, 1 failed" in mail["Subject"]
    assert CaptionsDisabled.message in mail["Message"]
    assert "https://skimlist.example/#/batch/b7f3" in mail["Message"]
    assert "X-Amz" not in mail["Message"]
    attributes = {name: value["Value"] for name, value in mail["MessageAttributes"].items()}
    assert attributes == {"user_id": "ada", "batch_id": "b7f3", "event": "done"}


def test_the_owner_is_notified_again_when_a_reopened_batch_is_done(account: Account) -> None:
    assert account.mailbox
    completed(account)
    account.invoke("notify_owner", batch_event())
    account.batches.complete(account.reopen(), datetime.now(UTC))
    account.invoke("notify_owner", batch_event(run=2))
    assert len(account.read_mail()) == 2


def test_the_owner_is_notified_of_the_first_pause_in_a_row(account: Account) -> None:
    assert account.mailbox
    batch = account.begin_batch(1)
    for minutes in range(3):
        now = NOW + timedelta(minutes=minutes)
        batch = account.batches.pause_for(batch, YouTubeBlocked(), now)
        account.invoke("notify_owner", batch_event())
        batch = account.batches.resume(batch, now)
    (mail,) = account.read_mail()
    assert "is paused" in mail["Subject"]


def test_the_owner_is_notified_of_every_pause_that_waits_for_them(account: Account) -> None:
    assert account.mailbox
    batch = account.begin_batch(1)
    for minutes in range(2):
        now = NOW + timedelta(minutes=minutes)
        batch = account.batches.pause_for(batch, BudgetReached("The next video would cost too much."), now)
        account.invoke("notify_owner", batch_event())
        account.invoke("notify_owner", batch_event(), Context(aws_request_id="another"))
        batch = account.batches.resume(batch, now, max_cost_usd=Decimal(minutes + 1))
    first, second = account.read_mail()
    assert first["Subject"] == second["Subject"]
    assert "The next video would cost too much." in first["Message"]
    assert BudgetReached.advice in first["Message"]


@pytest.mark.parametrize("stop", [pause, cancel, take_over])
def test_no_email_reports_what_the_user_did_or_another_run_does(account: Account, stop: Stop) -> None:
    assert account.mailbox
    stop(account.begin_batch(1), account)
    account.invoke("notify_owner", batch_event())
    assert account.read_mail() == []


def test_the_owner_is_notified_that_a_batch_failed(account: Account) -> None:
    assert account.mailbox
    account.batches.fail(account.begin_batch(1), WorkflowStuck(), NOW)
    account.invoke("notify_owner", batch_event())
    (mail,) = account.read_mail()
    assert "could not be processed" in mail["Subject"]


def test_an_email_that_was_certainly_not_sent_is_sent_by_the_next_try(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.mailbox
    completed(account)
    with monkeypatch.context() as patch, pytest.raises(StorageUnavailable):
        patch.setattr(Notifications, "publish", raising(StorageUnavailable()))
        account.invoke("notify_owner", batch_event())
    account.invoke("notify_owner", batch_event())
    assert len(account.read_mail()) == 1


def test_a_failed_read_does_not_use_up_the_right_to_send_an_email(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.mailbox
    completed(account)
    with monkeypatch.context() as patch, pytest.raises(StorageUnavailable):
        patch.setattr(Queue, "all_items", raising(StorageUnavailable()))
        account.invoke("notify_owner", batch_event(), Context(aws_request_id="first"))
    account.invoke("notify_owner", batch_event(), Context(aws_request_id="second"))
    assert len(account.read_mail()) == 1


def test_nothing_is_sent_about_a_batch_that_is_deleted_meanwhile(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.mailbox
    assert account.bucket
    completed(account)
    compose = notify_owner.compose

    def delete_first(*arguments: Any) -> Any:
        with account.meanwhile():
            account.deletions.begin(account.batch(), NOW)
        return compose(*arguments)

    monkeypatch.setattr(notify_owner, "compose", delete_first)
    account.invoke("notify_owner", batch_event())
    assert account.read_mail() == []
    assert account.batches.list_newest_first("ada", 10) == ([], None)


def test_a_batch_retried_while_its_email_is_written_stays_driven_and_sends_it_at_its_next_end(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.mailbox
    completed(account)
    compose = notify_owner.compose

    def reopen_first(*arguments: Any) -> Any:
        account.reopen()
        return compose(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(notify_owner, "compose", reopen_first)
        account.invoke("notify_owner", batch_event())
    assert account.read_mail() == []
    assert account.batches.list_active() == [("ada", "b7f3")]
    reopened = account.batches.complete(account.batch(), NOW + timedelta(minutes=1))
    account.invoke("notify_owner", batch_event(reopened.execution.run))
    assert len(account.read_mail()) == 1


# --- Resume interrupted ---


def test_a_batch_whose_execution_is_gone_gets_a_new_one(account: Account) -> None:
    account.drive(account.begin_batch(1))
    account.stop_execution("b7f3")
    account.invoke("resume_interrupted", {})
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3", "b7f3-2"]
    assert load(account, run=2)["action"] == "process"


def test_a_batch_whose_execution_runs_is_left_alone(account: Account) -> None:
    account.drive(account.begin_batch(1))
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3"]


def test_an_execution_that_cannot_be_looked_up_yet_is_taken_for_running(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.drive(account.begin_batch(1))

    def not_yet(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "ExecutionDoesNotExist", "Message": ""}}, "DescribeExecution")

    monkeypatch.setattr(account.stepfunctions, "describe_execution", not_yet)
    assert account.drive(account.batch()) is False
    assert account.executions() == ["b7f3"]


def test_a_batch_whose_execution_was_never_started_gets_one(account: Account) -> None:
    account.create_batch(1)
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3"]
    described = account.stepfunctions.describe_execution(
        executionArn=account.state_machine_arn.replace(":stateMachine:", ":execution:") + ":b7f3"
    )
    assert json.loads(described["input"]).items() > {**batch_event(), "why": "execution lost"}.items()


def resume(account: Account) -> None:
    account.batches.resume(account.batch(), NOW, by_user=True)


def cancel_and_retry(account: Account) -> None:
    account.batches.cancel(account.batch(), NOW)
    account.batches.park(account.batch(), NOW)
    account.reopen()


@pytest.mark.parametrize(("set_going", "action"), [(resume, "process"), (cancel_and_retry, "finish")])
def test_a_batch_that_its_user_sets_going_does_not_depend_on_the_execution_that_still_waits(
    account: Account, set_going: Callable[[Account], None], action: str
) -> None:
    account.drive(account.create_batch(2))
    load(account)
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    assert load(account)["action"] == "wait"
    set_going(account)  # and the process dies before it has started the next execution
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3", "b7f3-2"]
    assert load(account, run=2)["action"] == action
    assert load(account)["action"] == "stop"  # the one that waited, when its time has come


def test_a_batch_that_waits_for_its_user_is_not_driven(account: Account) -> None:
    pause(account.begin_batch(1), account)
    account.invoke("resume_interrupted", {})
    assert account.executions() == []


def test_a_batch_that_was_cancelled_while_its_execution_was_gone_can_be_retried(account: Account) -> None:
    account.drive(account.begin_batch(3))
    account.fail(1)
    account.stop_execution("b7f3")
    cancel(account.batch(), account)
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3", "b7f3-2"]
    assert load(account, run=2)["action"] == "stop"
    batch = account.batch()
    assert (batch.has_no_execution, batch.skipped) == (True, 2)
    account.stop_execution("b7f3-2")
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["b7f3", "b7f3-2"]


def test_a_deletion_that_was_cut_off_is_finished(account: Account) -> None:
    completed(account)
    account.deletions.begin(account.batch(), NOW)
    account.invoke("resume_interrupted", {})
    assert account.deletions.list_unfinished(datetime.now(UTC)) == []
    assert [record["sk"] for record in account.table.scan()["Items"]] == ["DELETED#b7f3"]
    assert account.executions() == []


def test_a_completed_batch_whose_owner_was_not_notified_gets_an_execution_that_does_it(account: Account) -> None:
    assert account.mailbox
    account.drive(account.create_batch(1))
    load(account)
    account.complete(1)
    assert load(account)["action"] == "finish"
    account.stop_execution("b7f3")
    account.invoke("resume_interrupted", {})
    assert load(account, run=2)["action"] == "finish"
    account.invoke("notify_owner", batch_event(run=2))
    assert len(account.read_mail()) == 1
    assert account.batches.list_active() == []
    assert account.batch().has_no_execution


def test_a_batch_that_cannot_be_driven_keeps_no_other_from_being_driven(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create_batch(1)
    account.create_batch(1, id="c8a4")
    start = account.workflow._start
    refused = raising(StorageUnavailable())
    monkeypatch.setattr(
        Workflow, "_start", lambda _self, wanted: refused() if wanted.batch_id == "b7f3" else start(wanted)
    )
    account.invoke("resume_interrupted", {})
    assert account.executions() == ["c8a4"]


def test_a_record_that_cannot_be_read_keeps_no_batch_from_being_looked_after(account: Account, log: Log) -> None:
    account.create_batch(1)
    account.create_batch(1, id="a1b2")
    account.table.update_item(
        Key=records.batch_key("ada", "a1b2"),
        UpdateExpression="REMOVE #status",
        ExpressionAttributeNames={"#status": "status"},
    )
    draft = account.create_batch(1, id="d5e6", status=BatchStatus.DRAFT, has_no_execution=True)
    account.deletions.begin(draft, NOW)
    with pytest.raises(UnexpectedError, match="ExceptionGroup"):
        account.invoke("resume_interrupted", {})
    failed = [line["message"] for line in log.lines() if line.get("level") == "ERROR"]
    # The deletion of its user's draft reads it too.
    assert failed == ["could not restart the batch", "could not delete the batch", "step failed"]
    assert account.executions() == ["b7f3"]
