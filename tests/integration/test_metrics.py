"""The metrics agree with the counts in the table, also when a step runs twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.model import Failure, FakeModelServer
from skimlist.errors import (
    BatchChanged,
    BudgetReached,
    CaptionsDisabled,
    DigestFailed,
    ModelKeyRejected,
    StepCrashed,
    YouTubeBlocked,
)
from skimlist.jobs.follows import Follows
from skimlist.llm.catalogue import catalogue
from skimlist.metrics import NAMESPACE, Metric
from skimlist.models.batch import BatchStatus
from skimlist.models.follow import FollowChecks
from skimlist.models.settings import BatchSettings, SummaryOptions, Verify
from skimlist.summarizing.estimate import estimate
from testkit.account import NOW, Account, FunctionsOf, video_id
from testkit.api_client import Client
from testkit.functions import caught, load_function
from tests.fakes.log import Log
from tests.fakes.summarizing import transcript
from tests.operations import asked_by_alarms, asked_by_the_dashboard

BATCH = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
CAPTIONS = [f"Sentence number {number} speaks of bread, water and salt." for number in range(40)]


def video(number: int, **more: Any) -> dict[str, Any]:
    named = {"item_id": f"{number:05}", "position": number, "video_id": video_id(number), "order_version": 0}
    return {**BATCH, "video": named, **more}


def summarize(account: Account, number: int, times: int = 1) -> None:
    account.archive.put_transcript("ada", transcript(CAPTIONS, video_id=video_id(number), title="A talk"), None)
    account.invoke("fetch_transcript", video(number))
    for _ in range(times):
        account.invoke("summarize_video", video(number))


# --- Videos ---


def test_a_video_that_is_summarized_twice_is_completed_once(account: Account, log: Log) -> None:
    account.begin_batch(1)
    summarize(account, 1, times=2)
    found = log.metrics()
    (seconds,) = (value for name, value, _ in found if name == Metric.VIDEO_SECONDS)
    assert [value for name, value, _ in found if name == Metric.VIDEOS_COMPLETED] == [1]
    assert Decimal(str(seconds)) == account.batch().processing_seconds


def test_a_model_that_is_not_paid_is_not_counted(account: Account, log: Log) -> None:
    account.begin_batch(1)
    summarize(account, 1)
    assert not {Metric.COST_USD, Metric.TOKENS_IN, Metric.TOKENS_OUT} & {name for name, _, _ in log.metrics()}


def test_tokens_and_cost_are_those_of_the_batch(account: Account, log: Log, model: FakeModelServer) -> None:
    account.begin_batch(2, settings=BatchSettings(model="openai"))
    model.fail(Failure.NOT_JSON, times=2)  # the first video is paid twice in vain, and then once more
    with pytest.raises(Exception, match="usable"):
        summarize(account, 1)
    summarize(account, 1)
    summarize(account, 2)
    metrics = log.metrics()
    batch = account.batch()
    sums = {
        name: sum(Decimal(str(value)) for metric, value, _ in metrics if metric == name)
        for name in (Metric.TOKENS_IN, Metric.TOKENS_OUT, Metric.COST_USD)
    }
    assert sums == {
        Metric.TOKENS_IN: batch.tokens_in,
        Metric.TOKENS_OUT: batch.tokens_out,
        Metric.COST_USD: batch.cost_usd,
    }
    assert batch.cost_usd > 0


def test_a_repair_is_counted_once_with_its_cost(account: Account, log: Log, model: FakeModelServer) -> None:
    account.begin_batch(1, settings=BatchSettings(model="openai"))
    model.fail(Failure.NOT_JSON, times=1)
    summarize(account, 1, times=2)
    found = [(name, value) for name, value, _ in log.metrics()]
    assert [value for name, value in found if name == Metric.REPAIRS] == [1]
    (cost,) = (value for name, value in found if name == Metric.REPAIRS_COST_USD)
    assert 0 < cost < float(account.batch().cost_usd)


@pytest.mark.parametrize(("budget", "repairs"), [(None, [1]), (Decimal("0.000001"), [])])
def test_a_second_look_is_counted_as_a_repair_and_kept_within_the_budget(
    account: Account, log: Log, model: FakeModelServer, budget: Decimal | None, repairs: list[int]
) -> None:
    ask = BatchSettings(model="openai", options=SummaryOptions(verify=Verify.ASK))
    likely = estimate(transcript(CAPTIONS, title="A talk"), ask, catalogue()["openai"]).cost_usd
    account.begin_batch(1, settings=ask, max_cost_usd=budget and likely + budget)
    model.fail(Failure.UNSAID, times=1)
    summarize(account, 1)
    assert [value for name, value, _ in log.metrics() if name == Metric.REPAIRS] == repairs
    assert account.batch().cost_usd > 0
    assert (account.batch().unverified == 0) == bool(repairs)


def test_a_video_that_fails_twice_is_counted_once_with_its_code(account: Account, log: Log) -> None:
    account.begin_batch(1)
    for _ in range(2):
        account.invoke("record_failure", video(1, error=caught(CaptionsDisabled())))
    assert log.metrics() == [
        ("VideosFailed", 1, {"service": "skimlist"}),
        ("VideosFailed", 1, {"service": "skimlist", "code": "captions_disabled"}),
    ]


def test_the_first_crash_of_a_step_is_a_transient_failure_and_the_second_a_pause(account: Account, log: Log) -> None:
    account.begin_batch(3)
    for number in (1, 2, 2):
        account.invoke("record_failure", video(number, error=caught(StepCrashed())))
    found = log.metrics()
    setbacks = [dimensions for name, _, dimensions in found if name == Metric.TRANSIENT_FAILURES]
    pauses = [dimensions for name, _, dimensions in found if name == Metric.BATCHES_PAUSED]
    assert setbacks == [{"service": "skimlist"}, {"service": "skimlist", "cause": "platform"}] * 2
    assert pauses == [
        {"service": "skimlist"},
        {"service": "skimlist", "code": "step_crashed"},
        {"service": "skimlist", "cause": "platform"},
    ]


# --- Batches ---


def test_a_batch_that_pauses_itself_is_counted_by_reason_and_once(account: Account, log: Log) -> None:
    account.begin_batch(1)
    for _ in range(2):
        account.invoke("pause_batch", {**BATCH, "error": caught(YouTubeBlocked())})
    found = log.metrics()
    assert [dimensions for _, _, dimensions in found] == [
        {"service": "skimlist"},
        {"service": "skimlist", "code": "youtube_blocked"},
        {"service": "skimlist", "cause": "youtube"},
    ]


def test_a_budget_that_is_reached_has_a_code_and_no_cause(account: Account, log: Log) -> None:
    account.begin_batch(1)
    account.invoke("pause_batch", {**BATCH, "error": caught(BudgetReached())})
    assert [dimensions for _, _, dimensions in log.metrics()] == [
        {"service": "skimlist"},
        {"service": "skimlist", "code": "budget_reached"},
    ]


def test_an_outage_is_counted_for_the_next_batch_that_waits_for_it(account: Account, log: Log) -> None:
    account.begin_batch(1)
    account.invoke("pause_batch", {**BATCH, "video": {"video_id": video_id(1)}, "error": caught(ModelKeyRejected())})
    account.begin_batch(1, id="c8e4")
    log.lines()
    account.invoke("load_next_videos", {**BATCH, "batch_id": "c8e4"})
    assert log.counted("BatchesPaused", code="model_key_rejected") == [1]


def test_a_pause_by_the_user_is_not_counted(account: Account, ada: Client, log: Log) -> None:
    account.begin_batch(1)
    assert ada.post("/batch/b7f3/pause").status == 202
    assert log.metrics() == []


def test_an_end_is_counted_by_its_status(account: Account, ada: Client, log: Log) -> None:
    account.begin_batch(1)
    account.fail(1)
    log.lines()
    for _ in range(2):
        account.invoke("load_next_videos", BATCH)
    assert log.counted("BatchesEnded", status="completed") == [1]
    account.begin_batch(1, id="c8e4")
    for _ in range(2):
        account.invoke("mark_batch_failed", {**BATCH, "batch_id": "c8e4", "error": caught(StepCrashed())})
    assert log.counted("BatchesEnded", status="failed") == [1]
    account.begin_batch(1, id="d9f5")
    for _ in range(2):
        assert ada.delete("/batch/d9f5/cancel").status == 202
    assert log.counted("BatchesEnded", status="cancelled") == [1]


def test_an_end_that_the_table_refuses_is_not_counted(account: Account, log: Log) -> None:
    read = account.begin_batch(1)
    account.batches.cancel(read, NOW)
    log.lines()
    with pytest.raises(BatchChanged):
        account.batches.cancel(read, NOW + timedelta(seconds=1))
    assert log.metrics() == []


def test_a_digest_that_fails_is_counted_with_its_code(account: Account, log: Log) -> None:
    account.begin_batch(2)
    account.invoke("record_digest_failure", {**BATCH, "error": caught(DigestFailed())})
    assert log.counted("DigestsFailed", code="digest_failed") == [1]


# --- The sweep ---


def sweep(account: Account) -> None:
    account.invoke("resume_interrupted", {})


def test_at_rest_nothing_is_written(account: Account, log: Log) -> None:
    sweep(account)
    assert log.metrics() == []


def test_the_sweep_shows_how_old_running_batches_are_and_how_long_they_stand(account: Account, log: Log) -> None:
    now = datetime.now(UTC)
    begun = {"created_at": now - timedelta(hours=9), "started_at": now - timedelta(hours=5)}
    account.create_batch(1, id="a1", status=BatchStatus.PROCESSING, updated_at=now - timedelta(minutes=7), **begun)
    account.create_batch(1, id="a2", created_at=now - timedelta(hours=2), updated_at=now - timedelta(minutes=90))
    sweep(account)
    found = {name: value for name, value, _ in log.metrics()}
    assert found[Metric.ACTIVE_BATCHES] == 2
    assert found[Metric.OLDEST_BATCH_HOURS] == pytest.approx(5, abs=0.01)
    assert found[Metric.STANDSTILL_SECONDS] == pytest.approx(90 * 60, abs=30)


def test_a_batch_that_waits_does_not_stand_still(account: Account, log: Log) -> None:
    batch = account.begin_batch(1)
    account.batches.pause_for(batch, YouTubeBlocked(), datetime.now(UTC))
    log.lines()
    sweep(account)
    assert {name for name, _, _ in log.metrics()} == {Metric.ACTIVE_BATCHES}


def test_a_batch_is_given_up_once(account: Account, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    assert account.topic_arn
    monkeypatch.setattr(load_function("resume_interrupted"), "aws", FunctionsOf(account))
    account.create_batch(1)
    for _ in range(7):
        for name in account.executions():
            account.stop_execution(name)
        sweep(account)
    found = log.metrics()
    assert [name for name, _, _ in found].count(Metric.BATCHES_GIVEN_UP) == 1
    assert ("BatchesEnded", 1, {"service": "skimlist", "status": "failed"}) in found


# --- Follows ---


def check_follows(account: Account, monkeypatch: pytest.MonkeyPatch, *, unfinished_for: timedelta | None) -> None:
    """Checks follows when the last round began so long ago and is not complete."""
    monkeypatch.setattr(load_function("check_follows"), "aws", FunctionsOf(account))
    begun = datetime.now(UTC) - (unfinished_for or timedelta(0))
    window_end = begun if unfinished_for else None
    Follows(account.table).note_checks(FollowChecks(up_to=begun - timedelta(hours=1), window_end=window_end))
    account.invoke("check_follows", {})


def test_a_round_of_checks_that_is_not_complete_shows_how_long_it_has_been_due(
    account: Account, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.topic_arn
    check_follows(account, monkeypatch, unfinished_for=None)
    assert log.metrics() == []
    check_follows(account, monkeypatch, unfinished_for=timedelta(hours=2))
    ((name, seconds, _),) = log.metrics()
    assert name == Metric.FOLLOWS_OVERDUE_SECONDS
    assert seconds == pytest.approx(7_200, abs=30)


# --- Alarms and dashboard ---


def test_alarms_and_dashboard_ask_for_metrics_that_the_functions_write(
    account: Account, ada: Client, log: Log, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One video of each kind, a pause for each kind of reason, each end of a batch, two sweeps, a check of follows."""
    account.parameters |= {"UsdPerMonth": "5"}
    monkeypatch.setattr(load_function("resume_interrupted"), "aws", FunctionsOf(account))
    assert account.topic_arn
    account.begin_batch(3, settings=BatchSettings(model="openai"))
    model.fail(Failure.NOT_JSON, times=1)
    summarize(account, 1)
    account.invoke("record_failure", video(2, error=caught(CaptionsDisabled())))
    account.invoke("record_failure", video(3, error=caught(StepCrashed())))
    account.invoke("record_digest_failure", {**BATCH, "error": caught(DigestFailed())})
    account.invoke("pause_batch", {**BATCH, "error": caught(YouTubeBlocked())})
    account.begin_batch(1, id="c8e4")
    account.invoke("pause_batch", {**BATCH, "batch_id": "c8e4", "error": caught(ModelKeyRejected())})
    account.create_batch(1, id="d9f5", created_at=datetime.now(UTC) - timedelta(hours=2))
    for _ in range(7):
        for name in account.executions():
            account.stop_execution(name)
        sweep(account)
    check_follows(account, monkeypatch, unfinished_for=timedelta(minutes=5))
    written = {(name, frozenset({**dimensions, "service": "Service"}.items())) for name, _, dimensions in log.metrics()}
    assert {(asked.name, asked.dimensions) for asked in asked_by_alarms() if asked.namespace == NAMESPACE} <= written
    shown = {(asked.name, asked.dimension_names) for asked in asked_by_the_dashboard() if asked.namespace == NAMESPACE}
    assert shown <= {(name, frozenset(dict(dimensions))) for name, dimensions in written}


# --- The lines ---


def test_a_metric_names_its_batch_as_any_line_does(account: Account, log: Log) -> None:
    account.begin_batch(1)
    account.invoke("record_failure", video(1, error=caught(CaptionsDisabled())))
    (line,) = (line for line in log.lines() if "_aws" in line)
    assert (line["batch_id"], line["run"], line["item_id"], line["video_id"]) == ("b7f3", 1, "00001", video_id(1))


def test_metrics_of_two_stacks_in_one_account_are_kept_apart(account: Account, log: Log) -> None:
    account.begin_batch(1)
    account.invoke("pause_batch", {**BATCH, "error": caught(YouTubeBlocked())})
    (line,) = (line for line in log.lines() if "_aws" in line)
    assert line["service"] == "skimlist"
    assert all("service" in names for names in line["_aws"]["CloudWatchMetrics"][0]["Dimensions"])
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Skimlist"
