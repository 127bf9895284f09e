"""Playlists and drafts as the workflow drives them: load, expand, pause, and load again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from skimlist.circuit_breaker import MAX_ATTEMPTS
from skimlist.errors import (
    BatchChanged,
    BudgetReached,
    DataApiKeyRejected,
    PlaylistPrivate,
    PlaylistsUnreadable,
    SkimlistError,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeRefused,
    YouTubeUnreachable,
)
from skimlist.jobs.outages import Outages
from skimlist.jobs.queue import PAGES_PER_EXECUTION
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.listed_playlist import ListedPlaylist, PlaylistStatus
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.settings import BatchSettings
from skimlist.youtube.data_api_key import DataApiKey
from testkit.account import NOW, Account, video_id
from testkit.functions import load_function
from tests.fakes.summarizing import transcript

BATCH_EVENT = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
Meanwhile = Callable[[], object]


def load(account: Account, run: int = 1) -> dict[str, Any]:
    answer: dict[str, Any] = account.invoke("load_next_videos", {**BATCH_EVENT, "run": run})
    return answer


def expand(account: Account, run: int = 1) -> None:
    account.invoke("expand_playlists", {**BATCH_EVENT, "run": run})


def pause_for_playlists(account: Account, error: SkimlistError) -> None:
    cause = {"errorMessage": str(error), "errorType": type(error).__name__}
    account.invoke("pause_batch", {**BATCH_EVENT, "error": {"Error": type(error).__name__, "Cause": json.dumps(cause)}})


def a_draft(account: Account, playlists: int = 1, **changes: Any) -> Batch:
    """A draft of one video and some playlists, whose execution has just started."""
    draft = account.create_batch(1, **{"status": BatchStatus.DRAFT, "run": 0, "has_no_execution": True, **changes})
    names = [f"PL{number}" for number in range(1, playlists + 1)]
    QueueEditor(account.table).append(draft, [], names, NOW)
    account.batches.adopt(account.batch(), 1, NOW)
    return account.batch()


def listed(account: Account) -> tuple[ListedPlaylist, ...]:
    return account.queue.order("b7f3").playlists


@dataclass
class FakeReader:
    """Returns two talks for each playlist that it need not refuse; a test can act while it reads."""

    refusals: dict[str, SkimlistError] = field(default_factory=dict)
    meanwhile: dict[str, Meanwhile] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    keys: list[DataApiKey | None] = field(default_factory=list)

    def read_playlist(self, _session: Any, playlist_id: str, *, api_key: DataApiKey | None, **_wanted: Any) -> Playlist:
        self.asked.append(playlist_id)
        self.keys.append(api_key)
        self.meanwhile.get(playlist_id, lambda: None)()
        if error := self.refusals.get(playlist_id):
            raise error
        entries = tuple(PlaylistEntry(video_id=f"{playlist_id}_talk_{name}") for name in "ab")
        return Playlist(id=playlist_id, title=f"Talks of {playlist_id}", channel=None, entries=entries)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    fake = FakeReader()
    monkeypatch.setattr(load_function("expand_playlists"), "read_playlist", fake.read_playlist)
    return fake


# --- Expanding ---


def test_a_draft_is_expanded_and_then_waits_for_its_owner(account: Account, reader: FakeReader) -> None:
    a_draft(account, playlists=2)
    assert load(account)["action"] == "expand"
    expand(account)
    assert load(account)["action"] == "stop"
    batch = account.batch()
    assert (batch.status, batch.has_no_execution, batch.total) == (BatchStatus.DRAFT, True, 5)
    assert account.batches.list_active() == []
    videos = [item.video_id for item in account.queue.all_items(batch)]
    assert videos == [video_id(1), "PL1_talk_a", "PL1_talk_b", "PL2_talk_a", "PL2_talk_b"]
    assert reader.asked == ["PL1", "PL2"]


@pytest.mark.parametrize("command", ["cancel", "pause"])
def test_youtube_is_not_asked_for_further_playlists_of_a_batch_that_was_stopped(
    account: Account, reader: FakeReader, command: str
) -> None:
    a_draft(account, playlists=2, status=BatchStatus.PENDING)
    load(account)
    stop = getattr(account.batches, command)
    reader.meanwhile["PL1"] = lambda: stop(account.batch(), NOW)
    expand(account)
    expand(account)  # a step that begins after that
    assert reader.asked == ["PL1"]


def test_a_batch_reads_its_playlists_before_its_first_video(account: Account, reader: FakeReader) -> None:
    a_draft(account, status=BatchStatus.PENDING)
    assert load(account)["action"] == "expand"
    expand(account)
    answer = load(account)
    assert (answer["action"], len(answer["videos"])) == ("process", 3)
    assert {video["order_version"] for video in answer["videos"]} == {account.batch().queue.order_version}


def test_a_playlist_that_gives_nothing_is_an_error_of_its_link_alone(account: Account, reader: FakeReader) -> None:
    reader.refusals["PL1"] = PlaylistPrivate()
    a_draft(account, playlists=2)
    expand(account)
    refused, read = listed(account)
    assert (refused.status, refused.error) == (PlaylistStatus.FAILED, PlaylistPrivate().as_problem())
    assert (read.status, read.title, read.added) == (PlaylistStatus.EXPANDED, "Talks of PL2", 2)


def test_a_batch_of_nothing_but_playlists_that_cannot_be_read_fails(account: Account, reader: FakeReader) -> None:
    reader.refusals["PL1"] = PlaylistPrivate()
    a_draft(account, status=BatchStatus.PENDING)
    account.reorder(-1)
    load(account)
    expand(account)
    with pytest.raises(PlaylistsUnreadable) as failure:
        load(account)
    error = {"Error": type(failure.value).__name__, "Cause": json.dumps({"errorMessage": str(failure.value)})}
    account.invoke("mark_batch_failed", {**BATCH_EVENT, "error": error})
    batch = account.batch()
    assert (batch.status, batch.error) == (BatchStatus.FAILED, PlaylistsUnreadable().as_problem())


def test_the_key_of_the_data_api_is_used_when_it_is_stored(account: Account, reader: FakeReader) -> None:
    account.store_secret("youtube-api-key", "a-key")
    a_draft(account)
    expand(account)
    assert [key and key.value for key in reader.keys] == ["a-key"]


def test_a_playlist_that_was_read_is_not_read_again(account: Account, reader: FakeReader) -> None:
    reader.refusals["PL2"] = YouTubeUnreachable()
    a_draft(account, playlists=2)
    with pytest.raises(YouTubeUnreachable):
        expand(account)
    reader.refusals.clear()
    expand(account)
    expand(account)
    assert reader.asked == ["PL1", "PL2", "PL2"]
    assert account.batch().total == 5


def test_changes_made_while_a_playlist_is_read_are_kept(account: Account, reader: FakeReader) -> None:
    a_draft(account)
    queue_editor = QueueEditor(account.table)
    reader.meanwhile["PL1"] = lambda: queue_editor.append(account.batch(), [video_id(9)], [], NOW)
    expand(account)
    videos = [item.video_id for item in account.queue.all_items(account.batch())]
    assert videos == [video_id(1), "PL1_talk_a", "PL1_talk_b", video_id(9)]


def test_a_queue_that_changes_at_every_attempt_is_left_to_the_next_step(
    account: Account, reader: FakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_draft(account)
    with monkeypatch.context() as patch, pytest.raises(BatchChanged):
        patch.setattr(QueueEditor, "transact_writes", lambda *_: False)
        expand(account)
    expand(account)
    assert account.batch().total == 3
    assert (listed(account)[0].added, listed(account)[0].duplicates) == (2, 0)


@pytest.mark.parametrize("stop", ["cancel", "take over"])
def test_a_playlist_that_nobody_waits_for_any_more_adds_nothing(
    account: Account, reader: FakeReader, stop: str
) -> None:
    batch = a_draft(account)
    stops: dict[str, Meanwhile] = {
        "cancel": lambda: account.batches.cancel(batch, NOW),
        "take over": lambda: account.batches.adopt(batch, 2, NOW),
    }
    reader.meanwhile["PL1"] = stops[stop]
    expand(account)
    assert account.batch().total == 1
    assert listed(account)[0].status is PlaylistStatus.PENDING


def test_a_draft_that_is_started_while_its_playlist_is_read_continues_with_it(
    account: Account, reader: FakeReader
) -> None:
    batch = a_draft(account)
    reader.meanwhile["PL1"] = lambda: account.batches.start(batch, NOW)
    assert load(account)["action"] == "expand"
    expand(account)
    answer = load(account)
    assert (answer["action"], len(answer["videos"]), reader.asked) == ("process", 3, ["PL1"])


def test_reading_playlists_counts_towards_the_events_of_an_execution(account: Account, reader: FakeReader) -> None:
    a_draft(account)
    for _ in range(PAGES_PER_EXECUTION):
        assert load(account)["action"] == "expand"
    assert load(account) == {"action": "continue", "reason": None, "videos": [], "resume_at": None, "next_run": 2}
    assert load(account, run=2)["action"] == "expand"


# --- Pausing ---


@pytest.mark.parametrize("error", [YouTubeBlocked(), DataApiKeyRejected()])
def test_an_error_that_keeps_playlists_from_being_read_pauses_a_batch(account: Account, error: SkimlistError) -> None:
    a_draft(account, status=BatchStatus.PENDING)
    load(account)
    pause_for_playlists(account, error)
    batch = account.batch()
    assert batch.pause
    assert (batch.status, batch.pause.code, batch.pause.until is None) == (BatchStatus.PAUSED, error.code, False)
    assert load(account)["action"] == "wait"
    assert listed(account)[0].status is PlaylistStatus.PENDING


def fail_to_read(account: Account, error: type[SkimlistError]) -> None:
    """Fails in every attempt of the step, and continues like the workflow."""
    with pytest.raises(error):
        expand(account)
    pause_for_playlists(account, error())


@pytest.mark.parametrize("status", [BatchStatus.PENDING, BatchStatus.DRAFT])
@pytest.mark.parametrize("error", [YouTubeAnswerUnreadable, YouTubeUnreachable, YouTubeRefused])
def test_a_playlist_that_cannot_be_read_fails_alone_and_may_be_added_again(
    account: Account, reader: FakeReader, error: type[SkimlistError], status: BatchStatus
) -> None:
    reader.refusals["PL2"] = error()
    a_draft(account, playlists=3, status=status)
    load(account)
    fail_to_read(account, error)
    failed = listed(account)[1]
    assert failed.error
    assert (failed.status, failed.error.code, failed.error.retryable) == (PlaylistStatus.FAILED, error.code, True)
    assert "Add the playlist" in failed.error.advice
    batch = account.batch()
    assert (batch.pause, batch.total) == (None, 5)
    assert load(account)["action"] == ("process" if status is BatchStatus.PENDING else "stop")
    assert QueueEditor(account.table).append(account.batch(), [], ["PL2"], NOW).duplicates == frozenset()


def test_two_playlists_that_cannot_be_read_pause_their_batch_and_no_other(account: Account, reader: FakeReader) -> None:
    reader.refusals |= dict.fromkeys(["PL1", "PL2"], YouTubeAnswerUnreadable())
    a_draft(account, playlists=2, status=BatchStatus.PENDING)
    load(account)
    fail_to_read(account, YouTubeAnswerUnreadable)
    assert account.batch().status is BatchStatus.PAUSED
    assert {playlist.status for playlist in listed(account)} == {PlaylistStatus.PENDING}
    account.create_batch(1, id="c8a4", user_id="eve")
    answer = account.invoke("load_next_videos", {**BATCH_EVENT, "user_id": "eve", "batch_id": "c8a4"})
    assert answer["action"] == "process"


def test_two_playlists_that_cannot_be_read_hold_their_batch_for_a_while(account: Account, reader: FakeReader) -> None:
    reader.refusals |= dict.fromkeys(["PL1", "PL3"], YouTubeAnswerUnreadable())
    a_draft(account, playlists=3, status=BatchStatus.PENDING)
    load(account)
    pauses = 0
    while any(playlist.status is PlaylistStatus.PENDING for playlist in listed(account)):
        fail_to_read(account, YouTubeAnswerUnreadable)
        if account.batch().status is BatchStatus.PAUSED:
            pauses += 1
            account.batches.resume(account.batch(), NOW)
    statuses = [playlist.status for playlist in listed(account)]
    assert statuses == [PlaylistStatus.FAILED, PlaylistStatus.EXPANDED, PlaylistStatus.FAILED]
    assert pauses == 3
    assert load(account)["action"] == "process"


def test_a_batch_of_one_playlist_waits_for_it_but_not_forever(account: Account, reader: FakeReader) -> None:
    reader.refusals["PL1"] = YouTubeUnreachable()
    a_draft(account, status=BatchStatus.PENDING, total=0)
    load(account)
    for _ in range(MAX_ATTEMPTS - 1):
        fail_to_read(account, YouTubeUnreachable)
        assert account.batch().status is BatchStatus.PAUSED
        account.batches.resume(account.batch(), NOW)
    fail_to_read(account, YouTubeUnreachable)
    assert listed(account)[0].status is PlaylistStatus.FAILED
    assert Outages(account.table).reports() == []


def test_a_draft_does_not_pause_but_says_which_playlists_could_not_be_read(account: Account) -> None:
    a_draft(account, playlists=2)
    pause_for_playlists(account, YouTubeBlocked())
    assert [playlist.error for playlist in listed(account)] == [YouTubeBlocked().as_problem()] * 2
    assert load(account)["action"] == "stop"
    batch = account.batch()
    assert (batch.status, batch.pause, batch.has_no_execution) == (BatchStatus.DRAFT, None, True)


def test_an_older_run_pauses_no_draft(account: Account) -> None:
    before = account.batches.adopt(a_draft(account), 2, NOW)
    pause_for_playlists(account, YouTubeBlocked())
    assert account.batch() == before
    assert listed(account)[0].status is PlaylistStatus.PENDING


# --- The budget ---


def summarize(account: Account, number: int) -> None:
    video = {"item_id": f"{number:05}", "position": number, "video_id": video_id(number), "order_version": 0}
    captions = transcript(["Bread needs water, salt and time."] * 20, video_id=video_id(number), title="A talk")
    account.archive.put_transcript("ada", captions, None)
    account.invoke("fetch_transcript", {**BATCH_EVENT, "video": video})
    account.invoke("summarize_video", {**BATCH_EVENT, "video": video})


@pytest.mark.parametrize(("budget", "shown"), [("0.000001", r"less than \$0\.0001"), ("0.5", r"\$0\.50")])
def test_a_video_that_would_exceed_the_budget_is_not_begun(account: Account, budget: str, shown: str) -> None:
    spent = Decimal("0.4999")
    account.begin_batch(
        1, settings=BatchSettings(model="openai"), max_cost_usd=Decimal(budget), cost_usd=spent, completed=0
    )
    with pytest.raises(BudgetReached, match=rf"\${spent} of the budget of {shown} is spent"):
        summarize(account, 1)
    assert account.batch().completed == 0


def test_a_free_summary_exceeds_no_budget(account: Account) -> None:
    account.begin_batch(1, max_cost_usd=Decimal("0.000001"))
    summarize(account, 1)
    assert account.batch().completed == 1


def test_a_batch_that_reached_its_budget_waits_for_its_owner(account: Account) -> None:
    account.begin_batch(2, max_cost_usd=Decimal("0.01"))
    pause_for_playlists(account, BudgetReached("The next video would cost too much."))
    batch = account.batch()
    assert batch.pause
    assert (batch.pause.code, batch.pause.message, batch.pause.until) == (
        *("budget_reached", "The next video would cost too much.", None),
    )
    assert load(account)["action"] == "halt"
    assert load(account)["action"] == "halt"  # when the first answer was lost
    assert account.batches.list_active() == [("ada", "b7f3")]  # until they are notified
    account.invoke("notify_owner", {"user_id": "ada", "batch_id": "b7f3", "run": 1})
    assert account.batches.list_active() == []
    resumed = account.batches.resume(account.batch(), datetime.now(UTC), max_cost_usd=Decimal(2))
    assert (resumed.max_cost_usd, resumed.status) == (2, BatchStatus.PROCESSING)
    assert load(account)["action"] == "process"
