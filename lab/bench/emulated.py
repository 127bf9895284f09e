"""Runs a batch through an AWS account in this process, as the workflow would, and counts every call."""

from __future__ import annotations

import json
import logging
import os
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock

import boto3
import pytest
from moto import mock_aws
from moto.core.config import DefaultConfig

from lab.bench.aws_calls import CallCounter, Calls
from lab.bench.table import TableInProcess, dynamodb_in_process
from lab.bench.talks import talk
from local.model import FakeModelServer
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings, CaptionRequest
from skimlist.models.transcript import Transcript
from testkit import template
from testkit.account import REGION, TABLE, Account, forget_clients, roles
from testkit.permissions import Watch
from testkit.workflow import tasks

USER, BATCH = "ada", "b7f3"
_MOTO: DefaultConfig = {"core": {"reset_boto3_session": False, "passthrough": {"services": ["dynamodb"]}}}
# Events of a history (Step Functions Developer Guide): the beginning and end of an execution, an iteration of a Map and
# a state, and the events in between of a state that does something.
_EVENTS_OF_A_RUN, _EVENTS_OF_A_STATE = 2, 2
_EVENTS_BETWEEN = {"Task": 3, "Map": 2}


@dataclass(slots=True)
class Step:
    """The effort of all runs of one function together."""

    runs: int = 0
    cpu_seconds: float = 0.0
    calls: Calls = field(default_factory=Calls)
    peak_bytes: int = 0


@dataclass(slots=True)
class Effort:
    """The effort for a batch: by function (its folder's name, or `create`), and the states that were entered.

    `events` are those in the history of each execution, `payload_bytes` is the largest state of any execution.
    """

    steps: dict[str, Step] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    events: list[int] = field(default_factory=list)
    payload_bytes: int = 0

    @property
    def calls(self) -> Calls:
        return sum((step.calls for step in self.steps.values()), Calls())

    def enter(self, name: str, kind: str) -> None:
        self.states[name] += 1
        self.events[-1] += _EVENTS_OF_A_STATE + _EVENTS_BETWEEN.get(kind, 0)


@contextmanager
def emulated_account() -> Iterator[EmulatedAccount]:
    """Provides an empty account; captions are synthetic talks, and models answer like the fake server."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as running:
        session = boto3.Session("none", "none", region_name=REGION)
        patch.setattr(boto3, "DEFAULT_SESSION", session)
        model = running.enter_context(FakeModelServer())
        running.enter_context(mock_aws(config=_MOTO))
        watch = Watch(session, roles())
        running.enter_context(watch.on())
        forget_clients()
        running.callback(forget_clients)
        running.enter_context(dynamodb_in_process(session, REGION))
        counter = CallCounter(session, template.table_arguments()["GlobalSecondaryIndexes"], TableInProcess(TABLE))
        running.enter_context(counter.on())
        patch.setattr("skimlist.config.Settings.endpoint", Endpoint(base_url=model.base_url))
        patch.setattr("skimlist.youtube.session.youtube_session", mock.Mock())
        account = Account(patch, watch)
        # Spending is limited in every deployment by default.
        account.parameters |= template.defaults("UsdPerDayPerUser", "UsdPerMonth")
        account.store_secret("openai-api-key", "none")
        assert account.topic_arn  # is there before anything is counted
        logging.disable(logging.CRITICAL)
        running.callback(logging.disable, logging.NOTSET)
        # Metrics are also lines of the log, which no handler of the logger writes.
        running.enter_context(redirect_stdout(running.enter_context(Path(os.devnull).open("w", encoding="utf-8"))))
        yield EmulatedAccount(account, counter, patch)


@dataclass(frozen=True, slots=True)
class EmulatedAccount:
    account: Account
    counter: CallCounter
    patch: pytest.MonkeyPatch

    def run_batch(self, videos: int, *, model: str, minutes: float, traced: bool = False) -> Effort:
        """Processes a new batch to its end, one video after the other; each is a different talk of `minutes`.

        `traced` also measures the memory of Load next videos, which is slow.
        """
        effort = Effort()
        self.patch.setattr("skimlist.youtube.transcripts.YouTube", lambda _session: _Talks(minutes))
        with self._counted(effort, "create"):
            self.account.create_batch(videos, settings=BatchSettings(model=model))
        _follow(self, effort, {"load_next_videos"} if traced else set())
        return effort

    @contextmanager
    def _counted(self, effort: Effort, name: str) -> Iterator[None]:
        step = effort.steps.setdefault(name, Step())
        before, started = self.counter.calls.copy(), process_time()
        yield
        step.runs += 1
        step.cpu_seconds += process_time() - started
        step.calls += self.counter.calls - before

    def invoke(self, effort: Effort, function: str, event: Mapping[str, Any], *, traced: bool = False) -> Any:
        with self._counted(effort, function), _peak(effort.steps[function]) if traced else nullcontext():
            return self.account.invoke(function, dict(event))


@contextmanager
def _peak(step: Step) -> Iterator[None]:
    tracemalloc.start()
    yield
    if step.runs:  # the first one imports
        step.peak_bytes = max(step.peak_bytes, tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()


def _follow(account: EmulatedAccount, effort: Effort, traced: Set[str]) -> None:
    """Follows the states of the definition on the path without errors."""
    functions = {task.name: task.folder for task in tasks()}
    states = template.definition()["States"]
    event: dict[str, Any] = {"user_id": USER, "batch_id": BATCH, "run": 1}
    effort.events.append(_EVENTS_OF_A_RUN)
    name: str = template.definition()["StartAt"]
    answer: dict[str, Any] = {}
    while True:
        state = states[name]
        effort.enter(name, state["Type"])
        match state["Type"]:
            case "Task" if name in functions:
                payload = {**event, "format": "zip"}
                answer = account.invoke(effort, functions[name], payload, traced=functions[name] in traced) or answer
                effort.payload_bytes = max(effort.payload_bytes, len(json.dumps({**event, "queue": answer})))
            case "Task":  # it continues as another execution
                event["run"] = answer["next_run"]
                effort.events.append(_EVENTS_OF_A_RUN)
                name = template.definition()["StartAt"]
                continue
            case "Map":
                for video in answer["videos"]:
                    _follow_video(account, effort, functions, state["ItemProcessor"], {**event, "video": video})
            case "Choice":
                name = next(choice["Next"] for choice in state["Choices"] if choice["StringEquals"] == answer["action"])
                continue
            case _:
                return
        name = state["Next"]


def _follow_video(
    account: EmulatedAccount, effort: Effort, functions: Mapping[str, str], machine: Mapping[str, Any], event: Any
) -> None:
    effort.events[-1] += _EVENTS_OF_A_RUN
    name = machine["StartAt"]
    while name:
        effort.enter(name, "Task")
        account.invoke(effort, functions[name], event)
        name = machine["States"][name].get("Next")


class _Talks:
    """Replaces YouTube: provides talks of the same length that are all different."""

    def __init__(self, minutes: float) -> None:
        self._minutes = minutes

    def fetch_transcript(self, video_id: str, wanted: CaptionRequest) -> Transcript:
        del wanted
        return replace(talk(self._minutes, seed=int.from_bytes(video_id.encode(), "big")), video_id=video_id)
