"""Drafts whose videos are checked before anything is paid, as the workflow drives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from skimlist.errors import (
    BatchChanged,
    CaptionsDisabled,
    NoCaptions,
    SkimlistError,
    WorkflowStuck,
    WrongState,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue import MAX_TIMES_SERVED, PAGE_SIZE, PAGES_PER_EXECUTION
from skimlist.llm.catalogue import catalogue
from skimlist.models.batch import Batch, BatchStatus, Preflight, PreflightStatus
from skimlist.models.settings import BatchSettings
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item, VideoStatus
from skimlist.progress import preflight_status
from skimlist.summarizing.estimate import estimate
from skimlist.summarizing.fingerprint import fingerprint
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_summary
from testkit.functions import Context, caught, load_function
from tests.fakes.summarizing import transcript
from tests.fakes.youtube import FakeTranscripts

BATCH_EVENT = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
PAID = BatchSettings(model="openai")


def load(account: Account, run: int = 1) -> dict[str, Any]:
    answer: dict[str, Any] = account.invoke("load_next_videos", {**BATCH_EVENT, "run": run})
    return answer


def a_draft(account: Account, videos: int = 3, **changes: Any) -> Batch:
    """A draft whose videos are to be checked, and whose execution has just started."""
    given = {"status": BatchStatus.DRAFT, "preflight": Preflight(), "settings": PAID, **changes}
    return account.create_batch(videos, **given)


def captions_of(number: int) -> Transcript:
    words = [f"Sentence number {place} speaks of bread, water and salt." for place in range(40)]
    return transcript(words, video_id=video_id(number), title=f"Talk {number}", channel="A speaker")


def look_at(account: Account, video: dict[str, Any], error: SkimlistError | None = None) -> None:
    """Runs one iteration of the Map: the captions are found, or it fails with `error`."""
    event = {**BATCH_EVENT, "video": video}
    account.archive.put_transcript("ada", captions_of(video["position"]), None)
    account.invoke("fetch_transcript", event)
    if error is None:
        account.invoke("estimate_video", event)
        return
    step = "pause_batch" if isinstance(error, YouTubeBlocked) else "record_failure"
    account.invoke(step, {**event, "error": caught(error)})


def look_at_all(account: Account, errors: dict[int, SkimlistError] | None = None) -> list[int]:
    """Drives the draft until it waits for its owner; returns the positions that were checked."""
    return list(_pages(account, errors or {}))


def _pages(account: Account, errors: dict[int, SkimlistError]) -> Iterator[int]:
    while (answer := load(account))["action"] == "check":
        for video in answer["videos"]:
            look_at(account, video, errors.get(video["position"]))
            yield video["position"]
    assert answer["action"] == "stop"


def preflight(account: Account) -> Preflight:
    found = account.batch().preflight
    assert found
    return found


def items(account: Account) -> list[Item]:
    return account.queue.all_items(account.batch())


# --- What is found ---


def test_every_video_of_a_draft_is_checked_once_and_then_it_waits(account: Account, page_size: int) -> None:
    a_draft(account, page_size + 2)
    assert look_at_all(account) == list(range(1, page_size + 3))
    batch = account.batch()
    assert (batch.status, batch.has_no_execution, batch.current) == (BatchStatus.DRAFT, True, None)
    assert (preflight(account).status, preflight(account).checked) == (PreflightStatus.READY, page_size + 2)
    assert account.batches.list_active() == []


def test_a_forecast_holds_the_captions_kind_and_what_a_summary_takes(account: Account) -> None:
    a_draft(account, 1)
    look_at_all(account)
    (item,) = items(account)
    likely = estimate(captions_of(1), PAID, catalogue()["openai"])
    assert item.forecast
    assert (item.title, item.channel, item.duration_seconds) == ("Talk 1", "A speaker", 200)
    assert (item.forecast.language_code, item.forecast.caption_kind, item.forecast.reused) == ("en", "manual", False)
    assert (item.forecast.tokens_in, item.forecast.tokens_out) == (likely.tokens_in, likely.tokens_out)
    assert item.forecast.cost_usd == likely.cost_usd > 0
    assert (item.status, item.attempts) == (VideoStatus.PENDING, 0)


def test_a_video_that_cannot_be_summarized_has_the_names_that_youtube_gave(
    account: Account, youtube: FakeTranscripts
) -> None:
    a_draft(account, 1)
    youtube.error = error = NoCaptions()
    error.title, error.channel = "A silent talk", "A speaker"
    (video,) = load(account)["videos"]
    event = {**BATCH_EVENT, "video": video}
    with pytest.raises(NoCaptions):
        account.invoke("fetch_transcript", event)
    account.invoke("record_failure", {**event, "error": caught(error)})
    (item,) = items(account)
    assert (item.status, item.title, item.channel) == (VideoStatus.FAILED, "A silent talk", "A speaker")


def test_the_sums_are_those_of_the_forecasts(account: Account) -> None:
    a_draft(account, 3)
    look_at_all(account)
    sums, forecasts = preflight(account), [item.forecast for item in items(account) if item.forecast]
    for name in ("duration_seconds", "tokens_in", "tokens_out", "cost_usd", "saved_usd", "seconds"):
        assert getattr(sums, name) == sum(getattr(each, name) for each in forecasts), name
    assert (sums.checked, sums.reused) == (3, 0)


def test_a_summary_that_is_there_will_cost_nothing(account: Account) -> None:
    wanted = fingerprint(captions_of(2), PAID, catalogue()["openai"])
    there = a_summary(fingerprint=wanted, cost_usd=Decimal("0.25"))
    account.results.put("ada", "another", "00001", there, NOW)
    a_draft(account, 2)
    look_at_all(account)
    fresh, found = (item.forecast for item in items(account))
    assert fresh
    assert found
    assert (found.reused, found.tokens_in, found.cost_usd, found.saved_usd) == (True, 0, 0, Decimal("0.25"))
    assert (preflight(account).reused, preflight(account).saved_usd) == (1, Decimal("0.25"))
    assert preflight(account).cost_usd == fresh.cost_usd


def test_a_video_that_cannot_be_summarized_fails_before_the_start_and_takes_no_time(account: Account) -> None:
    a_draft(account, 2)
    look_at_all(account, {1: CaptionsDisabled()})
    unusable, usable = items(account)
    assert unusable.error
    assert (unusable.status, unusable.error.code) == (VideoStatus.FAILED, "captions_disabled")
    assert usable.forecast
    batch = account.batch()
    assert (batch.failed, batch.timed_videos, batch.processing_seconds, preflight(account).checked) == (1, 0, 0, 1)


def test_a_video_that_may_pass_later_is_tried_a_few_times_and_left_in_the_queue(account: Account) -> None:
    a_draft(account, 2)
    looked_at = look_at_all(account, {1: YouTubeUnreachable()})
    assert looked_at == [1, 2, *[1] * (MAX_TIMES_SERVED - 1)]
    assert [item.status for item in items(account)] == [VideoStatus.PENDING] * 2
    assert (preflight(account).status, preflight(account).checked) == (PreflightStatus.READY, 1)
    assert preflight(account).error == YouTubeUnreachable().as_problem()


def test_a_block_stops_the_check_and_says_why(account: Account) -> None:
    a_draft(account, 3)
    videos = load(account)["videos"]
    look_at(account, videos[0])
    look_at(account, videos[1], YouTubeBlocked())
    assert load(account)["action"] == "stop"
    batch = account.batch()
    assert (batch.status, batch.has_no_execution, batch.pause, batch.current) == (BatchStatus.DRAFT, True, None, None)
    assert (preflight(account).status, preflight(account).checked) == (PreflightStatus.STOPPED, 1)
    assert preflight(account).error == YouTubeBlocked().as_problem()


def test_a_workflow_that_cannot_continue_leaves_a_draft_that_says_why(account: Account) -> None:
    a_draft(account)
    load(account)
    account.invoke("mark_batch_failed", {**BATCH_EVENT, "error": caught(WorkflowStuck())})
    batch = account.batch()
    assert (batch.status, batch.has_no_execution) == (BatchStatus.DRAFT, True)
    assert preflight(account).error == WorkflowStuck().as_problem()
    assert account.batches.list_active() == []


# --- What runs twice, dies or is overtaken ---


def test_a_forecast_is_made_from_captions_that_were_given_after_the_fetch(account: Account) -> None:
    a_draft(account, 1)
    (video,) = load(account)["videos"]
    event = {**BATCH_EVENT, "video": video}
    account.archive.put_transcript("ada", captions_of(1), None)
    account.invoke("fetch_transcript", event)
    account.archive.give_transcript("ada", replace(captions_of(1), is_given=True))
    account.invoke("estimate_video", event)
    forecast = items(account)[0].forecast
    assert forecast
    assert forecast.caption_kind == "given"


def test_a_known_title_stays_when_given_captions_have_none(account: Account) -> None:
    a_draft(account, 1, settings=BatchSettings(model="extractive"))
    look_at_all(account)
    account.archive.give_transcript("ada", replace(captions_of(1), title=None, is_given=True))
    run = account.batches.begin(account.batches.start(account.batch(), NOW), NOW).execution.run
    (video,) = load(account, run)["videos"]
    for step in ("fetch_transcript", "summarize_video"):
        account.invoke(step, {**BATCH_EVENT, "run": run, "video": video})
    assert account.results.get("ada", "b7f3", "00001").title == "Talk 1"
    assert items(account)[0].title == "Talk 1"


def test_a_forecast_that_is_made_twice_counts_once(account: Account) -> None:
    a_draft(account, 1)
    (video,) = load(account)["videos"]
    look_at(account, video)
    before = account.batch()
    account.videos.claim("ada", "b7f3", current := _current(account, video), 0, NOW)
    account.invoke("estimate_video", {**BATCH_EVENT, "video": video}, Context(aws_request_id="another"))
    assert account.batch() == replace(before, current=current, updated_at=account.batch().updated_at)


def _current(account: Account, video: dict[str, Any]) -> Any:
    events = load_function("estimate_video").VideoEvent
    return events.from_dict({**BATCH_EVENT, "video": video}).current("fetching", NOW)


def test_a_page_whose_answer_was_lost_is_handed_out_again(account: Account) -> None:
    a_draft(account, 3)
    lost, again = (load(account)["videos"] for _ in range(2))
    assert [video["item_id"] for video in lost] == [video["item_id"] for video in again]
    assert look_at_all(account) == [1, 2, 3]


def test_a_new_execution_checks_what_the_old_one_left(account: Account) -> None:
    a_draft(account, PAGE_SIZE + 5)
    videos = load(account)["videos"]
    look_at(account, videos[0])
    left = load(account, run=2)["videos"]
    assert [video["position"] for video in left] == list(range(2, PAGE_SIZE + 1))
    assert account.batch().execution.run == 2


def test_looking_at_many_videos_counts_towards_the_events_of_an_execution(account: Account) -> None:
    a_draft(account, 1, pages_served=PAGES_PER_EXECUTION)
    assert load(account) == {"action": "continue", "reason": None, "videos": [], "resume_at": None, "next_run": 2}
    assert load(account, run=2)["action"] == "check"


def test_a_draft_that_is_started_meanwhile_is_processed_in_its_order(account: Account) -> None:
    a_draft(account, 3)
    videos = load(account)["videos"]
    look_at(account, videos[0])
    account.reorder(3, 1, 2)
    account.batches.start(account.batch(), NOW)
    look_at(account, videos[1])
    answer = load(account)
    assert answer["action"] == "process"
    assert [video["item_id"] for video in answer["videos"]] == ["00003", "00001", "00002"]
    assert (preflight(account).checked, preflight_status(account.batch())) == (1, PreflightStatus.STOPPED)


@pytest.mark.parametrize("stop", ["cancel", "take over", "skip"])
def test_a_video_that_nobody_asks_for_any_more_is_not_checked(account: Account, stop: str) -> None:
    batch = a_draft(account, 1)
    (video,) = load(account)["videos"]
    batch = account.batch()
    match stop:
        case "cancel":
            account.batches.cancel(batch, NOW)
        case "take over":
            account.batches.adopt(batch, 2, NOW)
        case "skip":
            account.skip(1)
    look_at(account, video)
    assert preflight(account).checked == 0
    assert items(account)[0].forecast is None


# --- What the owner does ---


def test_a_video_that_is_left_out_leaves_the_sums_too(account: Account) -> None:
    a_draft(account, 2)
    look_at_all(account)
    batch = account.skip(1)
    assert batch == account.batch()
    (kept,) = (item.forecast for item in items(account) if item.status is VideoStatus.PENDING)
    assert kept
    assert (preflight(account).checked, preflight(account).tokens_in) == (1, kept.tokens_in)
    assert preflight(account).cost_usd == kept.cost_usd


def test_a_video_that_is_put_back_enters_the_sums_again(account: Account) -> None:
    a_draft(account, 2)
    look_at_all(account)
    before = preflight(account)
    account.skip(1)
    account.restore(1)
    assert preflight(account) == before


def test_other_summaries_are_forecast_without_fetching_anything_again(
    account: Account, ada: Client, youtube: FakeTranscripts
) -> None:
    a_draft(account, 2)
    look_at_all(account)
    before, outdated = preflight(account), items(account)[0]
    answer = ada.patch("/batch/b7f3", {"model": "extractive", "max_cost_usd": 0.5})
    assert (answer.status, answer.json["settings"]["model"], answer.json["max_cost_usd"]) == (202, "extractive", 0.5)
    assert (answer.json["preflight"]["status"], answer.json["preflight"]["checked"]) == ("checking", 0)
    assert account.executions() == ["b7f3-2"]
    assert [item.forecast for item in items(account)] == [None, None]
    assert not Preflights(account.table).note_forecast("ada", "b7f3", outdated, NOW)
    assert sorted(look_at_all(account)) == [1, 2]
    after = preflight(account)
    assert (after.status, after.checked, after.cost_usd) == (PreflightStatus.READY, 2, 0)
    assert before.cost_usd > 0
    assert youtube.asked == []


@pytest.mark.parametrize(
    ("change", "budget"), [({"max_cost_usd": 2}, 2.0), ({"max_cost_usd": None}, None), ({"model": "openai"}, 1.0)]
)
def test_a_forecast_stays_where_the_summaries_are_the_same(
    account: Account, ada: Client, change: dict[str, Any], budget: float | None
) -> None:
    a_draft(account, 1, max_cost_usd=Decimal(1))
    look_at_all(account)
    before = preflight(account)
    answer = ada.patch("/batch/b7f3", change)
    assert (answer.status, answer.json["max_cost_usd"]) == (202, budget)
    assert (preflight(account), account.executions()) == (before, [])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"model": "openai"}, 202),
        ({"model": "openai", "summary_length": "brief"}, 409),
        ({"model": None}, 409),
        ({"max_cost_usd": 1}, 409),
        ({"model": "none"}, 422),
        ({}, 422),
        ({"name": "x"}, 202),
    ],
)
def test_only_the_name_and_the_model_of_a_started_batch_are_changed(
    account: Account, ada: Client, change: dict[str, Any], status: int
) -> None:
    account.begin_batch(1)
    assert ada.patch("/batch/b7f3", change).status == status


def test_the_model_of_an_ended_batch_is_not_changed(account: Account, ada: Client) -> None:
    account.batches.complete(account.begin_batch(1, completed=1), NOW)
    answer = ada.patch("/batch/b7f3", {"model": "openai"})
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")


def test_a_video_that_is_left_out_and_back_again_after_a_change_keeps_the_sums(account: Account, ada: Client) -> None:
    a_draft(account, 2)
    look_at_all(account)
    ada.patch("/batch/b7f3", {"summary_length": "brief"})
    # Its forecast is outdated, and so is no part of the sums.
    for method in (ada.delete, lambda path: ada.post(f"{path}/restore")):
        assert method("/batch/b7f3/items/00001").status == 202
    look_at_all(account)
    assert preflight(account).checked == 2


def test_two_simultaneous_changes_are_both_kept(account: Account, ada: Client) -> None:
    a_draft(account, 1)
    seen = account.batch()
    assert ada.patch("/batch/b7f3", {"max_cost_usd": 5}).status == 202
    with pytest.raises(BatchChanged):
        Preflights(account.table).change_settings(seen, seen.settings, None, NOW)
    seen = account.batch()
    assert ada.patch("/batch/b7f3", {"summary_length": "brief"}).status == 202
    with pytest.raises(BatchChanged):
        Preflights(account.table).change_settings(seen, seen.settings, seen.max_cost_usd, NOW)
    assert (account.batch().max_cost_usd, account.batch().settings.summary_length) == (5, "brief")


def test_a_page_is_not_handed_out_for_a_check_that_has_started_again(account: Account, ada: Client) -> None:
    a_draft(account, 1)
    seen = account.batch()
    assert ada.patch("/batch/b7f3", {"summary_length": "brief"}).status == 202
    preflights = Preflights(account.table)
    assert preflights.next_to_check(seen, preflights.order("b7f3"), NOW) is None
    assert preflight(account).up_to == 0


def test_a_forecast_is_not_taken_from_the_sums_of_a_check_that_has_started_again(account: Account, ada: Client) -> None:
    a_draft(account, 1)
    look_at_all(account)
    seen, (item,) = account.batch(), items(account)
    assert ada.patch("/batch/b7f3", {"summary_length": "brief"}).status == 202
    preflights = Preflights(account.table)
    with pytest.raises(BatchChanged):
        preflights.skip(seen, [item], NOW)
    assert preflight(account).checked == 0


def test_a_forecast_that_comes_while_its_video_is_left_out_is_noticed(account: Account) -> None:
    a_draft(account, 1)
    (video,) = load(account)["videos"]
    seen = account.batch()
    unchecked = items(account)
    look_at(account, video)
    with pytest.raises(BatchChanged):
        Preflights(account.table).skip(seen, unchecked, NOW)


def test_a_draft_that_is_started_while_its_check_is_stopped_waits_and_does_not_fail(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_draft(account, 2)
    video = load(account)["videos"][0]
    abort_preparation = Preflights.abort_preparation

    def started_meanwhile(preflights: Preflights, batch: Batch, error: SkimlistError, now: datetime) -> Batch:
        account.batches.start(batch, NOW)
        return abort_preparation(preflights, batch, error, now)

    monkeypatch.setattr(Preflights, "abort_preparation", started_meanwhile)
    look_at(account, video, YouTubeBlocked())
    batch = account.batch()
    assert batch.pause
    assert (batch.status, batch.pause.code) == (BatchStatus.PAUSED, YouTubeBlocked.code)


def test_a_check_continues_after_it_stopped(account: Account) -> None:
    a_draft(account, 3)
    videos = load(account)["videos"]
    look_at(account, videos[0], YouTubeBlocked())
    assert load(account)["action"] == "stop"
    begun = Preflights(account.table).begin_preflight(account.batch(), NOW)
    assert begun == account.batch()
    assert (preflight(account).status, preflight(account).error) == (PreflightStatus.CHECKING, None)
    assert account.batches.list_active() == [("ada", "b7f3")]
    assert look_at_all(account) == [1, 2, 3]


def test_a_draft_is_checked_though_that_was_not_asked_for_at_first(account: Account) -> None:
    account.create_batch(2, status=BatchStatus.DRAFT, settings=PAID, has_no_execution=True)
    Preflights(account.table).begin_preflight(account.batch(), NOW)
    assert look_at_all(account) == [1, 2]


@pytest.mark.parametrize("status", [status for status in BatchStatus if status is not BatchStatus.DRAFT])
def test_only_a_draft_is_checked(account: Account, status: BatchStatus) -> None:
    before = account.create_batch(1, status=status)
    with pytest.raises(WrongState):
        Preflights(account.table).begin_preflight(before, NOW)
    assert account.batch() == before
