"""The workflow's definition on two interpreters, with our own functions: they go the same way through every scenario.

Where moto's differs from what AWS documents, tests/moto_engine.py mends it; docs/simulation.md lists what that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import boto3
import pytest
import time_machine
from moto import mock_aws

from skimlist import aws
from skimlist.jobs import queue, records
from skimlist.jobs.attributes import OrderRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.order import Order
from skimlist.models.batch import BatchStatus, Preflight
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.steps import load_next_videos
from testkit.account import NOW, Account, forget_clients, video_id
from testkit.api_client import Client
from testkit.functions import load_function
from testkit.permissions import Watch
from testkit.workflow import states
from tests import engines
from tests.engines import Trace, function_failed, lambda_refused
from tests.fakes.youtube import FakeTranscripts

BATCH = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
Act = Callable[[Account], object]
Refusal = engines.TaskFailed


@dataclass(frozen=True)
class Scenario:
    """`through` are states that it has to pass, `ends` how its executions end, one after the other."""

    through: set[str]
    ends: tuple[str, ...] = ("SUCCEEDED",)
    videos: int = 1
    batch: dict[str, Any] = field(default_factory=dict)
    before: dict[tuple[str, int], Act | Refusal] = field(default_factory=dict)
    on_wait: Act | None = None
    playlists: int = 0
    pages: tuple[int, int] = (50, 8)


def command(method: str, path: str) -> Act:
    return lambda account: Client(account, "ada").send(method, f"/batch/b7f3{path}")


def delete(account: Account) -> None:
    account.table.delete_item(Key=records.batch_key("ada", "b7f3"))


def times(function: str, count: int, failure: Refusal) -> dict[tuple[str, int], Act | Refusal]:
    return {(function, number): failure for number in range(1, count + 1)}


THROTTLED = lambda_refused("TooManyRequestsException", 429)
CRASHED = function_failed("Runtime.ExitError", "RequestId: 1 Error: Runtime exited")
TIMED_OUT = function_failed("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 900.00 seconds")
BLOCKED = function_failed("YouTubeBlocked", "YouTube blocks this address.")
PLAYLIST = Playlist(id="PL1", title="A list", channel=None, entries=(PlaylistEntry(video_id=video_id(7)),))
WITH_DIGEST = {"settings": BatchSettings(model="extractive", options=SummaryOptions(digest=True))}
DRAFT = {"status": BatchStatus.DRAFT, "preflight": Preflight()}
FAILED = {"Mark batch failed", "Tell owner of failure", "Batch failed"}
DONE = {"Build export", "Notify owner", "Batch done"}

SCENARIOS = {
    "clean batch": Scenario({"Process videos", "Fetch transcript", "Summarize video", *DONE}, videos=2),
    "empty batch": Scenario(DONE, videos=0),
    "failing video": Scenario(
        {"Record failure", *DONE},
        videos=2,
        before={("fetch_transcript", 1): function_failed("CaptionsDisabled", "No captions.")},
    ),
    "video that passes at the third try": Scenario(
        DONE, before=times("fetch_transcript", 2, function_failed("YouTubeUnreachable", "503"))
    ),
    "pause and wake": Scenario(
        {"Pause batch", "Tell owner of pause", "Wait for next try", *DONE}, before={("fetch_transcript", 1): BLOCKED}
    ),
    "pause, and its user resumes it": Scenario(
        {"Wait for next try", "Stopped", *DONE},
        ends=("SUCCEEDED", "SUCCEEDED"),
        before={("fetch_transcript", 1): BLOCKED},
        on_wait=command("POST", "/resume"),
    ),
    "pause by its user": Scenario({"Stopped"}, videos=2, before={("fetch_transcript", 2): command("POST", "/pause")}),
    "budget": Scenario(
        {"Pause batch", "Tell owner of stop", "Stopped"},
        videos=2,
        before={("summarize_video", 2): function_failed("BudgetReached", "The next video would cost about 1 USD.")},
    ),
    "cancel": Scenario({"Stopped"}, videos=2, before={("fetch_transcript", 2): command("DELETE", "/cancel")}),
    "digest": Scenario({"Digest batch", *DONE}, videos=2, batch=WITH_DIGEST),
    "digest that fails": Scenario(
        {"Record digest failure", *DONE},
        videos=2,
        batch=WITH_DIGEST,
        before={("digest_batch", 1): function_failed("DigestOverBudget", "The digest would cost 1 USD.")},
    ),
    "digest that the day's limit does not allow": Scenario(
        {"Pause for digest", "Wait for next try", "Digest batch", *DONE},
        videos=2,
        batch=WITH_DIGEST,
        before={("digest_batch", 1): function_failed("DailySpendingReached", "No more today.")},
    ),
    "hand-over to a next execution": Scenario(
        {"Continue in a new execution", "Stopped", *DONE}, videos=2, ends=("SUCCEEDED",) * 3, pages=(1, 1)
    ),
    "hand-over that was made before": Scenario(
        {"Continue in a new execution", "Stopped"},
        videos=2,
        ends=("SUCCEEDED",) * 3,
        pages=(1, 1),
        before={("load_next_videos", 2): lambda account: started_by_another(account, "b7f3-2")},
    ),
    "throttled now and then": Scenario(
        DONE, before={("load_next_videos", 2): THROTTLED, **times("fetch_transcript", 2, THROTTLED)}
    ),
    "throttled for hours": Scenario(
        DONE, before={**times("load_next_videos", 40, THROTTLED), **times("summarize_video", 40, THROTTLED)}
    ),
    "deleted batch": Scenario({"Stopped"}, before={("load_next_videos", 2): delete}),
    "step that takes too long": Scenario(
        {"Record failure"}, before={("summarize_video", number): Refusal("States.Timeout") for number in (1, 2)}
    ),
    "playlist that cannot be read": Scenario(
        {"Expand playlists", "Pause for playlists", "Wait for next try", *DONE},
        videos=2,
        playlists=1,
        before={
            ("expand_playlists", 1): BLOCKED,
            ("load_next_videos", 3): lambda account: account.queue.update(
                records.order_key("b7f3"), Update(OrderRecord.entries.set((1, 2)))
            ),
        },
    ),
    "draft that is checked": Scenario({"Check videos", "Fetch to estimate", "Estimate video", "Stopped"}, batch=DRAFT),
    "draft with a video without captions": Scenario(
        {"Record unusable video", "Stopped"},
        batch=DRAFT,
        before={("fetch_transcript", 1): function_failed("CaptionsDisabled", "No captions.")},
    ),
    "draft whose check is blocked": Scenario(
        {"Stop checking", "Stopped"}, batch=DRAFT, before={("fetch_transcript", 1): BLOCKED}
    ),
}

# A crash is tried once more; two in a row go to what Catch says.
TWICE: dict[str, Scenario] = {
    "load_next_videos": Scenario(FAILED, ends=("FAILED",)),
    "fetch_transcript": Scenario({"Record failure"}),
    "summarize_video": Scenario({"Record failure"}),
    "record_failure": Scenario(
        FAILED, ends=("FAILED",), before={("fetch_transcript", 1): function_failed("CaptionsDisabled", "")}
    ),
    "pause_batch": Scenario(FAILED, ends=("FAILED",), before={("fetch_transcript", 1): BLOCKED}),
    "expand_playlists": Scenario(FAILED, ends=("FAILED",), playlists=1),
    "estimate_video": Scenario({"Record unusable video"}, batch=DRAFT),
    "digest_batch": Scenario({"Record digest failure"}, videos=2, batch=WITH_DIGEST),
    "record_digest_failure": Scenario(
        FAILED,
        ends=("FAILED",),
        videos=2,
        batch=WITH_DIGEST,
        before={("digest_batch", 1): function_failed("DigestFailed", "")},
    ),
    "build_export": Scenario(FAILED, ends=("FAILED",)),
    "notify_owner": Scenario(FAILED, ends=("FAILED",)),
    "mark_batch_failed": Scenario(
        {"Mark batch failed", "Batch failed"},
        ends=("FAILED",),
        before={("load_next_videos", 1): function_failed("WorkflowStuck", "")},
    ),
}
for name, scenario in TWICE.items():
    crashes = {(name, 1): CRASHED, (name, 2): TIMED_OUT}
    SCENARIOS[f"two crashes of {name}"] = Scenario(**{**vars(scenario), "before": {**scenario.before, **crashes}})


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_the_walker_takes_the_same_path_as_the_second_engine(
    scenario: Scenario,
    aws_session: boto3.Session,
    watch: Watch,
    youtube: FakeTranscripts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tests.moto_engine import moto  # which only the worker that runs these tests has to load

    monkeypatch.setattr(boto3, "DEFAULT_SESSION", aws_session)
    with an_account(watch) as account:
        walked, stage = played(scenario, account)
        with time_machine.travel(NOW, tick=False) as clock:
            replay = engines.Replay(account, clock, recorded=iter(stage.happened))
            replay.start("b7f3", BATCH)
            assert walked == replay.run(moto)
        assert (stage.calls, stage.delays) == (replay.calls, replay.delays)
    passed = {visit.state for trace in walked for visit in trace.visits}
    assert scenario.through <= passed
    assert tuple(trace.outcome.status for trace in walked) == scenario.ends


def test_the_scenarios_pass_every_state() -> None:
    named = {name for scenario in SCENARIOS.values() for name in scenario.through}
    everywhere = {"Load next videos", "Any left?"}
    assert named | everywhere == {name for name, _ in states()}


def played(scenario: Scenario, account: Account) -> tuple[list[Trace], engines.Stage]:
    """Plays a scenario with the walker and the account's functions."""
    with time_machine.travel(NOW, tick=False) as clock:
        stage = engines.Stage(account, clock)
        stage.before = {place: (lambda act=act: acted(act, account)) for place, act in scenario.before.items()}
        if scenario.on_wait:
            stage.on_wait = once(scenario.on_wait, account)
        prepare(scenario, account)
        account.stage = stage  # type: ignore[attr-defined]
        page_size, pages = scenario.pages
        client = aws.client
        with (
            patch.object(
                aws, "client", lambda name, **more: stage if name == "stepfunctions" else client(name, **more)
            ),
            patch.object(queue, "PAGE_SIZE", page_size),
            patch.object(queue.Queue._new_page, "__defaults__", (page_size,)),
            patch.object(load_next_videos, "PAGES_PER_EXECUTION", pages),
            patch.object(load_function("expand_playlists"), "read_playlist", lambda *_, **__: PLAYLIST),
        ):
            stage.start("b7f3", BATCH)
            return stage.run(engines.walker), stage


def prepare(scenario: Scenario, account: Account) -> None:
    account.create_batch(scenario.videos, **scenario.batch)
    if scenario.playlists:
        entries = (*range(1, scenario.videos + 1), -1)
        order = Order(entries=entries, playlists=(ListedPlaylist(id="PL1"),))
        account.queue.write({**records.order_record("b7f3", order), "numbered": scenario.videos})


def acted(act: Act | Refusal, account: Account) -> None:
    if isinstance(act, Refusal):
        raise Refusal(act.error, act.cause)
    act(account)


def once(act: Act, account: Account) -> Callable[[], object]:
    left = [act]
    return lambda: left.pop()(account) if left else None


def started_by_another(account: Account, name: str) -> None:
    """Starts the execution first, as if the answer to an earlier request had been lost."""
    account.stage.start(name, {**BATCH, "run": 2})  # type: ignore[attr-defined]


@contextmanager
def an_account(watch: Watch) -> Iterator[Account]:
    config: Any = {"core": {"reset_boto3_session": False}, "stepfunctions": {"execute_state_machine": True}}
    with mock_aws(config=config), pytest.MonkeyPatch.context() as patching:
        forget_clients()
        yield Account(patching, watch)
    forget_clients()
