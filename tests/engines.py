"""The workflow's definition on two interpreters: moto's, which stems from LocalStack's, and the simulation's walker."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

import time_machine
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.backend.execution_worker import SyncExecutionWorker

from lab.simulation.walker import Outcome, TaskFailed, check, walk
from testkit.account import Account
from testkit.workflow import LAMBDA, START, machine

# moto reads a definition twice for each execution, and takes a second each time.
_parse = cache(AmazonStateLanguageParser.parse)
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


def function_failed(error: str, message: str = "") -> TaskFailed:
    """As Step Functions reports an exception that left a function, or its crash."""
    return TaskFailed(error, json.dumps({"errorMessage": message, "errorType": error}, separators=(",", ":")))


def lambda_refused(code: str, status: int) -> TaskFailed:
    """As Step Functions reports that Lambda itself did not run the function."""
    return TaskFailed(f"Lambda.{code}", _REFUSED.format("Rate exceeded", status, code))


@dataclass
class Stage:
    """What both interpreters run on: the account's functions, called in this process, on a clock that waiting moves.

    `before` holds what happens just before a function is called for the nth time, and may fail the call.
    """

    account: Account
    clock: time_machine.Traveller
    before: Mapping[tuple[str, int], Callable[[], object]] = field(default_factory=dict)
    on_wait: Callable[[], object] = lambda: None
    calls: list[tuple[str, Any]] = field(default_factory=list)
    started: deque[tuple[str, Any]] = field(default_factory=deque)
    names: set[str] = field(default_factory=set)
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
        self._count[function] += 1
        self.calls.append((function, payload))
        self.before.get((function, self._count[function]), lambda: None)()
        try:
            return {"Payload": self.account.invoke(function, payload), "StatusCode": 200}
        except Exception as error:
            raise function_failed(type(error).__name__, str(error)) from error

    def wait_until(self, moment: datetime) -> None:
        self.on_wait()
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

    # --- What starts executions ---

    def start(self, name: str, value: Any) -> None:
        if name in self.names:
            raise TaskFailed("StepFunctions.ExecutionAlreadyExistsException", "Execution Already Exists")
        self.names.add(name)
        self.started.append((name, value))

    def start_execution(self, **arguments: Any) -> dict[str, Any]:
        """As boto3's client; an execution begins when the one before it has ended."""
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
        """Every execution that was started, one after the other."""
        traces = []
        while self.started:
            self.running, value = self.started.popleft()
            self.visits = []
            outcome = engine(self, self.running, value)
            traces.append(Trace(self.running, self.visits, outcome))
            self.running = ""
        return traces


Engine = Callable[[Stage, str, Any], Outcome]


def walker(stage: Stage, name: str, value: Any) -> Outcome:
    definition = machine()
    check(definition)
    context = {"StateMachine": {"Id": stage.account.state_machine_arn}, "Execution": {"Name": name, "Input": value}}
    return walk(definition, value, context, stage)


def moto(stage: Stage, name: str, value: Any) -> Outcome:
    """Its history tells which states it went through. What it cannot do is mended here, and listed in the docs."""
    client = stage.account.stepfunctions
    role = "arn:aws:iam::123456789012:role/workflow"
    with _moto_on(stage):
        arn = client.create_state_machine(name=f"machine-{name}", definition=json.dumps(machine()), roleArn=role)
        started = client.start_execution(stateMachineArn=arn["stateMachineArn"], name=name, input=json.dumps(value))
    execution = started["executionArn"]
    stage.visits += _visits(client.get_execution_history(executionArn=execution)["events"])
    end = client.describe_execution(executionArn=execution)
    output = json.loads(end["output"]) if "output" in end else None
    return Outcome(end["status"], output, end.get("error"), end.get("cause"))


def _visits(events: list[Any]) -> Iterator[Visit]:
    for event in events:
        if "stateEnteredEventDetails" in event:
            details = event["stateEnteredEventDetails"]
            yield Visit("entered", details["name"], json.loads(details["input"]))
        elif "stateExitedEventDetails" in event:
            details = event["stateExitedEventDetails"]
            yield Visit("exited", details["name"], json.loads(details["output"]))


@contextmanager
def _moto_on(stage: Stage) -> Iterator[None]:
    def invoke(parameters: Any, region: str, state_credentials: Any) -> Any:
        arguments = {**parameters, "Payload": json.loads(parameters["Payload"])}
        try:
            answer = stage.task(LAMBDA, arguments, 0)
        except TaskFailed as failure:
            return _as_moto_fails(failure)
        return {"Payload": answer["Payload"], "StatusCode": answer["StatusCode"]}

    def start(_self: Any, *, env: Any, normalised_parameters: Any, **_others: Any) -> None:
        arguments = {**normalised_parameters, "Input": json.loads(normalised_parameters["Input"])}
        try:
            env.stack.append(stage.task(START, arguments, 0))
        except TaskFailed as failure:
            code = failure.error.removeprefix("StepFunctions.").removesuffix("Exception")
            response: Any = {"Error": {"Code": code, "Message": failure.cause}}
            response["ResponseMetadata"] = {"HTTPStatusCode": 400, "RequestId": "request"}
            raise ClientError(response, "StartExecution") from failure

    def seconds(self: Any, env: Any) -> int:
        """moto reads the clock in the machine's own time zone."""
        self.string.eval(env=env)
        stage.wait_until(datetime.fromisoformat(env.stack.pop()))
        return 0

    def worker(self: Any) -> SyncExecutionWorker:
        details = Execution._get_start_execution_worker(self)._evaluation_details
        return SyncExecutionWorker(details, self._get_start_execution_worker_comm(), None, self._activity_store)

    class Time:
        @staticmethod
        def sleep(seconds: float) -> None:
            stage.wait_before_retry(seconds, jitter=True)

    with (
        patch.object(lambda_eval_utils, "_invoke_lambda_function", invoke),
        patch.object(StateTaskServiceSfn, "_eval_service_task", start),
        patch.object(Timestamp, "_get_wait_seconds", seconds),
        patch.object(WaitFunction, "_wait_interval", lambda self, env, wait_seconds: None),
        patch.object(retrier_decl, "time", Time),
        patch("moto.stepfunctions.parser.asl.component.common.retry.jitter_strategy_decl.random.uniform", max),
        patch.object(Execution, "start", _start_at_once(worker)),
        patch.object(AmazonStateLanguageParser, "parse", _parse),
    ):
        yield


def _start_at_once(worker: Callable[[Any], SyncExecutionWorker]) -> Callable[[Any], None]:
    """An execution that is at its end when its start is answered."""

    def start(self: Any) -> None:
        self.exec_worker = worker(self)
        self.exec_status = "RUNNING"
        self.exec_worker.start()

    return start


def _as_moto_fails(failure: TaskFailed) -> Any:
    if failure.error == "States.Timeout":
        raise EvalTimeoutError
    if failure.error.startswith("Lambda."):
        status = 429 if "429" in failure.cause else 500
        response: Any = {"Error": {"Code": failure.error.removeprefix("Lambda."), "Message": "Rate exceeded"}}
        response["ResponseMetadata"] = {"HTTPStatusCode": status, "RequestId": "request"}
        raise ClientError(response, "Invoke") from failure
    return {"FunctionError": "Unhandled", "Payload": json.loads(failure.cause), "StatusCode": 200}
