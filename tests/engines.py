"""The environment in which an interpreter runs the workflow's definition, and one of two: the simulation's walker."""

from __future__ import annotations

import copy
import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import time_machine
from botocore.exceptions import ClientError

from lab.simulation.walker import Outcome, TaskFailed, check, walk
from testkit.account import Account
from testkit.workflow import START, machine

_REFUSED = "{} (Service: AWSLambda; Status Code: {}; Error Code: {}; Request ID: request; Proxy: null)"


class Visit(NamedTuple):
    """A state that was entered or left, with its input or output."""

    what: str
    state: str
    value: Any


class Trace(NamedTuple):
    """One execution from its start to its end."""

    name: str
    visits: list[Visit]
    outcome: Outcome


class Happened(NamedTuple):
    """What came of a call or of a wait: an answer or a failure, and the executions that were started."""

    result: Any
    started: list[tuple[str, Any]]


def function_failed(error: str, message: str = "") -> TaskFailed:
    """Returns the error that Step Functions reports for an exception that left a function, or for its crash."""
    return TaskFailed(error, json.dumps({"errorMessage": message, "errorType": error}, separators=(",", ":")))


def lambda_refused(code: str, status: int) -> TaskFailed:
    """Returns the error that Step Functions reports if Lambda itself did not run the function."""
    return TaskFailed(f"Lambda.{code}", _REFUSED.format("Rate exceeded", status, code))


@dataclass
class Stage:
    """The environment of an interpreter: the account's functions, in this process, on a clock that waiting advances.

    `before` holds what happens just before a function is called for the nth time, and may fail the call.
    """

    account: Account
    clock: time_machine.Traveller
    before: Mapping[tuple[str, int], Callable[[], object]] = field(default_factory=dict)
    on_wait: Callable[[], object] = lambda: None
    calls: list[tuple[str, Any]] = field(default_factory=list)
    started: deque[tuple[str, Any]] = field(default_factory=deque)
    starts: dict[str, Any] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)
    running: str = ""
    visits: list[Visit] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    _count: Counter[str] = field(default_factory=Counter)

    # --- What an execution asks for ---

    def task(self, resource: str, arguments: Any, timeout_seconds: float) -> Any:
        del timeout_seconds  # a function that takes too long is told by `before`
        if resource == START:
            self.start(arguments["Name"], arguments["Input"])
            return {}
        function, payload = arguments["FunctionName"], arguments["Payload"]
        self.calls.append((function, payload))
        return {"Payload": self._let(lambda: self._invoke(function, payload)), "StatusCode": 200}

    def wait_until(self, moment: datetime) -> None:
        self._let(self.on_wait)
        if moment > datetime.now(UTC):
            self.clock.move_to(moment)

    def wait_before_retry(self, most_seconds: float, *, jitter: bool) -> None:
        del jitter  # both interpreters wait the whole time here
        self.delays.append(most_seconds)
        self.clock.shift(timedelta(seconds=most_seconds))

    def entered(self, state: str, value: Any) -> None:
        self.visits.append(Visit("entered", state, value))

    def exited(self, state: str, value: Any) -> None:
        self.visits.append(Visit("exited", state, value))

    def _invoke(self, function: str, payload: Any) -> Any:
        self._count[function] += 1
        self.before.get((function, self._count[function]), lambda: None)()
        try:
            return self.account.invoke(function, payload)
        except Exception as error:
            raise function_failed(type(error).__name__, str(error)) from error

    def _let(self, act: Callable[[], object]) -> Any:
        """Lets the account act, and keeps what came of it."""
        known, result = len(self.starts), None
        try:
            result = act()
            return result
        except TaskFailed as failure:
            result = failure
            raise
        finally:
            self.happened.append(Happened(copy.deepcopy(result), list(self.starts.items())[known:]))

    # --- What starts executions ---

    def start(self, name: str, value: Any) -> None:
        if name in self.starts:
            raise TaskFailed("StepFunctions.ExecutionAlreadyExistsException", "Execution Already Exists")
        self.starts[name] = value
        self.started.append((name, value))

    def start_execution(self, **arguments: Any) -> dict[str, Any]:
        """Starts an execution like boto3's client; it begins when the one before it has ended."""
        work = {name: value for name, value in json.loads(arguments["input"]).items() if name != "request"}  # random
        try:
            self.start(arguments["name"], work)
        except TaskFailed as failure:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists"}}, "StartExecution") from failure
        return {}

    def describe_execution(self, **arguments: Any) -> dict[str, Any]:
        name = arguments["executionArn"].rpartition(":")[2]
        waiting = {name for name, _ in self.started}
        return {"status": "RUNNING" if name == self.running or name in waiting else "SUCCEEDED"}

    def run(self, engine: Engine) -> list[Trace]:
        """Runs every started execution, one after the other."""
        traces = []
        while self.started:
            self.running, value = self.started.popleft()
            self.visits = []
            outcome = engine(self, self.running, value)
            traces.append(Trace(self.running, self.visits, outcome))
            self.running = ""
        return traces


@dataclass
class Replay(Stage):
    """The environment of the second interpreter: what happened to the first one happens once more, in that order.

    So the functions run once. If the second interpreter calls another function, `calls` differ.
    """

    recorded: Iterator[Happened] = field(default_factory=lambda: iter(()))

    def _let(self, act: Callable[[], object]) -> Any:
        result, started = next(self.recorded)
        for name, value in started:
            self.start(name, value)
        if isinstance(result, TaskFailed):
            raise result
        return result


Engine = Callable[[Stage, str, Any], Outcome]


def walker(stage: Stage, name: str, value: Any) -> Outcome:
    definition = machine()
    check(definition)
    context = {"StateMachine": {"Id": stage.account.state_machine_arn}, "Execution": {"Name": name, "Input": value}}
    return walk(definition, value, context, stage)
