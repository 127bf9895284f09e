"""More batches at once than functions may run: AWS refuses some of them, and every batch gets done all the same.

The workflow's definition runs in the simulation's walker, on a virtual clock. The functions only take their time here;
a refusal looks as Step Functions reports it ("Handle Lambda service exceptions" in its Developer Guide).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

import pytest

from lab.simulation.scheduler import Scheduler
from lab.simulation.walker import Outcome, walk
from testkit.account import NOW, video_id
from tests.engines import lambda_refused, machine

# What a new account has (AWS Lambda Developer Guide, "Lambda quotas").
CONCURRENT_EXECUTIONS = 10
VIDEOS = 20
SECONDS = {"fetch_transcript": 2.0, "build_export": 3.0}


@dataclass
class Lambda:
    """The functions of one account, with a limit on how many run at once."""

    clock: Scheduler
    seconds: dict[str, float]
    running: int = 0
    refused: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    def run(self, function: str) -> None:
        if self.running >= CONCURRENT_EXECUTIONS:
            self.refused += 1
            raise lambda_refused("TooManyRequestsException", 429)
        self.running += 1
        self.calls[function] += 1
        self.clock.sleep(self.clock.random.lognormvariate(0, 0.5) * self.seconds.get(function, 0.3))
        self.running -= 1


@dataclass
class Execution:
    """One batch, as the interpreter of the workflow asks for it."""

    account: Lambda
    clock: Scheduler
    left: int = VIDEOS

    def task(self, resource: str, arguments: Any, timeout_seconds: float) -> Any:
        del resource, timeout_seconds
        function = arguments["FunctionName"]
        self.clock.sleep(0.02)
        self.account.run(function)
        return {"Payload": self._next_page() if function == "load_next_videos" else {}, "StatusCode": 200}

    def _next_page(self) -> dict[str, Any]:
        videos, self.left = [{"video_id": video_id(number)} for number in range(self.left)], 0
        action = "process" if videos else "finish"
        return {"action": action, "reason": None, "videos": videos, "resume_at": None, "next_run": None}

    def wait_until(self, moment: datetime) -> None:
        raise AssertionError(f"A batch paused itself until {moment}.")

    def wait_before_retry(self, most_seconds: float, *, jitter: bool) -> None:
        self.clock.sleep(self.clock.random.uniform(0, most_seconds) if jitter else most_seconds)

    def entered(self, state: str, value: Any) -> None: ...

    def exited(self, state: str, value: Any) -> None: ...


def drive(value: dict[str, Any], execution: Execution, outcomes: list[Outcome]) -> None:
    outcomes.append(walk(machine(), value, {}, execution))


@pytest.mark.parametrize("model_seconds", [20.0, 600.0], ids=["usual model", "slow model"])
@pytest.mark.parametrize("batches", [12, 20, 50])
def test_no_video_and_no_batch_fails_when_more_of_them_come_than_functions_may_run(
    batches: int, model_seconds: float
) -> None:
    clock = Scheduler(Random(1), NOW, lambda _: None)
    seconds = {**SECONDS, "summarize_video": model_seconds}
    account = Lambda(clock, seconds)
    outcomes: list[Outcome] = []
    for number in range(batches):
        value = {"user_id": "ada", "batch_id": f"batch-{number}", "run": 1}
        execution = Execution(account, clock)
        clock.spawn(value["batch_id"], partial(drive, value, execution, outcomes))
    clock.run(lambda: len(outcomes) == batches)
    clock.close()

    assert account.refused > batches - CONCURRENT_EXECUTIONS
    assert {outcome.status for outcome in outcomes} == {"SUCCEEDED"}
    done = {"load_next_videos": 2, "fetch_transcript": VIDEOS, "summarize_video": VIDEOS}
    done |= {"build_export": 1, "notify_owner": 1}
    assert account.calls == {function: number * batches for function, number in done.items()}
