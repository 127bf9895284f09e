"""The workflow's definition on moto's interpreter, which stems from LocalStack's; importing it takes a second."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any
from unittest.mock import patch

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

from lab.simulation.walker import Outcome, TaskFailed
from testkit.workflow import LAMBDA, START, machine
from tests.engines import Stage, Visit

# moto reads a definition twice for each execution, and takes a second each time.
_parse = cache(AmazonStateLanguageParser.parse)


def moto(stage: Stage, name: str, value: Any) -> Outcome:
    """Runs the workflow on moto; its history gives the states. What moto cannot do is added here and listed in docs."""
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
        """Returns the time for moto, which reads the clock in the machine's own time zone."""
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
    """Runs an execution to its end before the answer to its start."""

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
