"""Simulates the AWS services around our functions in one process: Lambda, Step Functions, the table and the bucket."""

from __future__ import annotations

import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from lab.simulation.faults import Faults
from lab.simulation.outside import Outside
from lab.simulation.scheduler import Process, Scheduler
from lab.simulation.story import Step, Violation, described, name_of, short
from lab.simulation.table import Change, Index, SimulatedTable, refused
from lab.simulation.topic import Subscription, Topic
from lab.simulation.walker import TaskFailed, walk
from skimlist.errors import SkimlistError
from testkit import template
from testkit.functions import load_function
from testkit.workflow import START, machine

STATE_MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:skimlist-process-batch"
# The schedule's five minutes, and an interval for runs in which executions are often lost.
_SWEEP_SECONDS = (300.0, 300.0, 20.0)
# A sweep that finds no changes since the one before does nothing, so only such sweeps are skipped.
_SWEEPS_LEFT_OUT_SECONDS = 1800.0
# botocore's, as skimlist.aws sets it.
_READ_TIMEOUT = 15.0
_LATE_SECONDS = 20.0
# Lambda Developer Guide, "Asynchronous invocation": two retries, a minute and two minutes later.
_ASYNC_RETRIES = (60.0, 120.0)
# DynamoDB Developer Guide, "Time to Live": expired records go within a few days.
_EXPIRED_RECORDS_STAY_SECONDS = 48 * 3600.0
_EXPIRY_SECONDS = 3 * 3600.0
_SNS_WRITES = frozenset({"Publish", "Subscribe", "Unsubscribe"})
_WRITES = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "PutObject", "StartExecution"}
)
# The schedule of Check follows, and the time after which an hourly follow is certainly due.
_CHECK_SECONDS = 300.0
_ALWAYS_DUE_SECONDS = 3600.0


@dataclass
class Execution:
    name: str
    batch_id: str
    run: int
    input: str
    process: Process
    status: str = "RUNNING"
    waits_until: float = 0.0
    task: Process | None = None
    ends_early: bool = False


@dataclass
class Context:
    """The parts of Lambda's context that the functions use."""

    function_name: str
    aws_request_id: str
    seconds_left: Callable[[], float]
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"

    def get_remaining_time_in_millis(self) -> int:
        return max(int(self.seconds_left() * 1000), 0)


class Email(NamedTuple):
    sent_at: datetime
    recipients: tuple[str, ...]
    subject: str
    text: str


Watch = Callable[["World", Sequence[Change]], None]


@dataclass
class World:
    random: Random
    scheduler: Scheduler
    faults: Faults
    on_change: Watch
    on_ask: Callable[[World, Process], None]
    on_email: Callable[[World, str | None, Email], None]
    on_publish: Callable[[World, Mapping[str, Any], Sequence[Subscription]], None]
    on_check: Callable[[World, Process, str], None]
    on_lost: Callable[[Process], None]
    on_execution_start: Callable[[World, str], None]
    on_execution_end: Callable[[World, Execution], None]
    on_wait: Callable[[World, Execution], None]
    table: SimulatedTable = field(init=False)
    outside: Outside = field(init=False)
    topic: Topic = field(init=False)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    invocations: set[Process] = field(default_factory=set)
    story: list[Step] = field(default_factory=list)
    violation: Violation | None = None
    met: Counter[str] = field(default_factory=Counter)
    ignored: frozenset[str] = frozenset()
    bells: list[Callable[[], None]] = field(default_factory=list)
    bells_of_notifications: list[Callable[[], None]] = field(default_factory=list)
    bells_of_checks: list[Callable[[], None]] = field(default_factory=list)
    bells_of_losses: defaultdict[str, list[Callable[[], None]]] = field(default_factory=lambda: defaultdict(list))
    users: Sequence[str] = ()
    disabled_users: set[str] = field(default_factory=set)
    emails: list[Email] = field(default_factory=list)
    _requests: int = 0
    _executions_fail_until: float = 0.0
    _late_sender: str = ""

    def __post_init__(self) -> None:
        self.table = SimulatedTable(indexes(), lambda: self.scheduler.now, self._changed)
        self.outside = Outside(self)
        self.topic = Topic(self)

    # --- The story ---------------------------------------------------------------------------------------------------

    def tell(self, what: str, who: str | None = None) -> None:
        """Adds a line to the story, which ends with the violation."""
        if self.violation:
            return
        process = self.scheduler.current
        name = who or (process.name if process else self._late_sender or "the clock")
        self.story.append(Step(len(self.story) + 1, self.scheduler.moment, name, what))

    def violate(self, kind: str, what: str) -> None:
        if self.violation is None and kind not in self.ignored:
            self.tell(f"VIOLATION {kind}: {what}")
            self.violation = Violation(kind, what, len(self.story))

    def chance(self, fault: str) -> bool:
        probability: float = getattr(self.faults, fault)
        happens = probability > 0 and self.random.random() < probability
        if happens:
            self.met[fault] += 1
        return happens

    def _changed(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if text := described(change):
                self.tell(text)
            is_at_rest = change.after is not None and "active" not in change.after
            if change.before and "active" in change.before and is_at_rest and self.chance("swept"):
                self.sweep_after(self.random.uniform(0, 0.5))
        self._lose_early()
        self.on_change(self, changes)

    # --- Calls to AWS ------------------------------------------------------------------------------------------------

    def call(self, client: Any, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Replaces botocore's `_make_api_call`, including the SDK's retries."""
        service = client.meta.service_model.service_name
        if service == "lambda":
            return self._invoke_by_a_function(arguments)
        if hasattr(arguments.get("Body"), "read"):
            arguments = {**arguments, "Body": arguments["Body"].read()}  # the file may be gone by a retry
        attempts = (client.meta.config.retries or {}).get("total_max_attempts", 1)
        self._requests += 1
        token = f"request {self._requests}"
        for attempt in range(1, attempts + 1):
            self._travel()
            is_last = attempt == attempts
            if self.chance("refused"):
                self.tell(f"{operation} is refused: throttled")
                if is_last:
                    raise refused("ThrottlingException", operation)
                self.scheduler.sleep(self.random.uniform(0, 2 ** (attempt - 1)))
                continue
            if operation in _WRITES and self.chance("late"):
                self.tell(f"{operation} does not arrive for a long time")
                self._arrive_late(service, operation, arguments, token)
                self.scheduler.sleep(_READ_TIMEOUT)
                if is_last:
                    raise ReadTimeoutError(endpoint_url=service)
                continue
            answer = self._serve(service, operation, arguments, token)
            if operation in _WRITES | _SNS_WRITES and self.chance("answer_lost"):
                self.tell(f"the answer to {operation} is lost")
                if self.random.random() < 0.5:
                    self.scheduler.sleep(_READ_TIMEOUT)
                if is_last:
                    raise ConnectionClosedError(endpoint_url=service)
                continue
            self._travel()
            return answer
        raise AssertionError("The last attempt answers or raises.")

    def _travel(self) -> None:
        """Waits for one direction of a request; its sender may be killed before it ends."""
        self._die("killed")
        process = self.scheduler.current
        if process and process.details.get("slow"):
            self.scheduler.sleep(self.random.uniform(0, 20))
        if self.chance("stalled"):
            self.scheduler.sleep(self.random.uniform(0.5, 40))
        else:
            self.scheduler.sleep(self.random.uniform(0.001, 0.03))
        self._die("killed")

    def _die(self, fault: str) -> None:
        process = self.scheduler.current
        if process and process in self.invocations and self.chance(fault):
            self.tell("is killed")
            self._end(process, "Runtime.ExitError")
            self.scheduler.halt()

    def _arrive_late(self, service: str, operation: str, arguments: Mapping[str, Any], token: str) -> None:
        process = self.scheduler.current
        who = process.name if process else ""

        def arrive() -> None:
            self._late_sender = who
            self.tell(f"{operation} arrives late")
            try:
                self._serve(service, operation, arguments, token)
            except ClientError as error:
                self.tell(f"{operation} is refused: {error.response['Error']['Code']}")
            self._late_sender = ""

        self.scheduler.later(self.random.uniform(0, _LATE_SECONDS) + _READ_TIMEOUT * 0.5, arrive)

    def _serve(self, service: str, operation: str, arguments: Mapping[str, Any], token: str) -> Any:
        if service == "stepfunctions":
            return self._step_functions(operation, arguments)
        match service:
            case "dynamodb":
                lag = self.random.uniform(0.1, 2) if self.chance("stale") else 0.0
                return self.table.call(operation, arguments, lag=lag, token=token)
            case "s3":
                return self._bucket(operation, arguments)
            case "cognito-idp":
                return {"Users": [{"Attributes": [{"Name": "sub", "Value": user}]} for user in self._users(arguments)]}
            case "ssm":
                return {"Parameter": {"Value": "a-key"}, "Parameters": []}
            case "sns":
                if operation == "Publish":
                    self._publish(arguments)
                return self.topic.call(operation, arguments)
        raise ValueError(f"The simulation does not know {service}.")

    def _users(self, arguments: Mapping[str, Any]) -> list[str]:
        """The users whom a filter of the user pool finds: the disabled ones, or the one with an id."""
        if arguments["Filter"].startswith("status"):
            return sorted(self.disabled_users)
        return [user for user in self.users if arguments["Filter"] == f'sub = "{user}"']

    def _publish(self, arguments: Mapping[str, Any]) -> None:
        attributes = arguments["MessageAttributes"]
        recipients = self.topic.recipients_of(attributes)
        endpoints = tuple(each.endpoint for each in recipients)
        self.tell(f"NOTIFIES {[*endpoints]} {arguments['Subject']!r}")
        text = json.loads(arguments["Message"])["default"]
        email = Email(self.scheduler.moment, endpoints, arguments["Subject"], text)
        self.emails.append(email)
        self.on_email(self, attributes.get("batch_id", {}).get("StringValue"), email)
        self.on_publish(self, attributes, recipients)

    def _bucket(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        key = arguments.get("Key", "")
        match operation:
            case "PutObject":
                self.objects[key] = {
                    "Body": arguments["Body"],
                    "Metadata": arguments.get("Metadata", {}),
                    "LastModified": self.scheduler.moment,
                }
                return {}
            case "GetObject" | "HeadObject":
                if key not in self.objects:
                    raise refused("NoSuchKey" if operation == "GetObject" else "404", operation)
                found = self.objects[key]
                return {**found, "Body": io.BytesIO(found["Body"]), "ContentLength": len(found["Body"])}
            case "ListObjectsV2":
                keys = sorted(each for each in self.objects if each.startswith(arguments["Prefix"]))
                return {
                    "Contents": [{"Key": each, "LastModified": self.objects[each]["LastModified"]} for each in keys],
                    "IsTruncated": False,
                }
            case "DeleteObject":
                self.objects.pop(key, None)
                return {}
            case "DeleteObjects":
                for each in arguments["Delete"]["Objects"]:
                    self.objects.pop(each["Key"], None)
                return {}
        raise ValueError(f"The simulated bucket does not know {operation}.")

    # --- Lambda ------------------------------------------------------------------------------------------------------

    def invoke(self, function: str, payload: Any, *, request_id: str | None = None, after: float = 0.0) -> Process:
        """Starts an invocation as a process; `answer` returns its result."""
        self._requests += 1
        number = request_id or f"request-{self._requests}"
        module, seconds = load_function(function), timeout_of(function)
        is_api = function == "api"

        def work() -> Any:
            deadline = self.scheduler.now + seconds
            self.scheduler.at(deadline, lambda: self._time_out(process))
            if is_api:
                module.app.context.clear()
            context = Context(function, number, lambda: deadline - self.scheduler.now)
            return json.loads(json.dumps(module.handler(payload, context)))

        process = self.scheduler.spawn(
            name_of(function, payload, self._requests), work, after=after, keep=api_state if is_api else _no_state
        )
        process.details |= {"function": function, "payload": payload}
        if "batch_id" in payload:
            self.ring(self.bells)
        if function == "notify_owner":
            self.ring(self.bells_of_notifications)
        if function == "check_follows":
            self.ring(self.bells_of_checks)
        if self.chance("clock_wrong"):
            process.skew = self.random.uniform(-10, 10)
        self.invocations.add(process)
        process.on_end(lambda: self.invocations.discard(process))
        process.on_end(lambda: self._check_end(process))
        return process

    def ring(self, bells: list[Callable[[], None]]) -> None:
        """Wakes the processes that wait for a function to begin or to be lost, at once or soon after."""
        while bells:
            self.scheduler.later(self.random.uniform(0, self.random.choice([0.3, 0.3, 20])), bells.pop(0))

    def _time_out(self, process: Process) -> None:
        if not process.ended:
            self.tell("takes too long, and is stopped", process.name)
            self._end(process, "Sandbox.Timedout")

    def _end(self, process: Process, error: str) -> None:
        process.details["end"] = error
        self.on_lost(process)
        self.scheduler.kill(process)

    def _check_end(self, process: Process) -> None:
        error = process.error
        if error is None:
            return
        self.tell(f"fails with {type(error).__name__}: {error}"[:200], process.name)
        if not isinstance(error, SkimlistError):
            self.violate("unexpected error", f"{process.name}: {type(error).__name__}: {error}"[:300])

    def answer(self, process: Process) -> Any:
        """Returns the result of an ended invocation, or raises TaskFailed as Step Functions reports it."""
        if process.killed:
            name = process.details["end"]
            raise TaskFailed(name, json.dumps({"errorMessage": name, "errorType": name}))
        if process.error:
            name = type(process.error).__name__
            raise TaskFailed(name, json.dumps({"errorMessage": str(process.error), "errorType": name}))
        return process.result

    def _invoke_by_a_function(self, arguments: Mapping[str, Any]) -> Any:
        self._travel()
        function, payload = arguments["FunctionName"], json.loads(arguments["Payload"])
        if arguments.get("InvocationType") == "Event":
            self.invoke_later(function, payload)
            return {}
        process = self.invoke(function, payload)
        if not self.scheduler.join(process, 25):
            raise ReadTimeoutError(endpoint_url="lambda")
        try:
            return {"Payload": io.BytesIO(json.dumps(self.answer(process)).encode())}
        except TaskFailed as failure:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(failure.cause.encode())}

    def invoke_later(self, function: str, payload: Any) -> None:
        """Starts an asynchronous invocation: failed ones are repeated with their request id, and any may run twice."""
        self._requests += 1
        request_id = f"request-{self._requests}"
        self._invoke_again(function, payload, request_id, _ASYNC_RETRIES)
        if self.chance("invocation_repeated"):
            self.invoke(function, payload, request_id=request_id, after=self.random.uniform(0, 5))

    def _invoke_again(self, function: str, payload: Any, request_id: str, retries: Sequence[float]) -> None:
        process = self.invoke(function, payload, request_id=request_id, after=self.random.uniform(0, 1))

        def look() -> None:
            if (process.killed or process.error) and retries:
                self.scheduler.later(retries[0], lambda: self._invoke_again(function, payload, request_id, retries[1:]))

        process.on_end(look)

    # --- Step Functions ----------------------------------------------------------------------------------------------

    def _step_functions(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        if operation == "StartExecution":
            self.start_execution(arguments["name"], arguments["input"])
            return {}
        return self._describe_execution(arguments["executionArn"].rpartition(":")[2])

    def start_execution(self, name: str, text: str) -> None:
        if known := self.executions.get(name):
            if known.status == "RUNNING" and known.input == text:
                return
            raise refused("ExecutionAlreadyExists", "StartExecution")
        work = json.loads(text)
        process = self.scheduler.spawn(f"execution {short(name)}", lambda: self._execute(name, work), after=0.05)
        execution = self.executions[name] = Execution(name, work["batch_id"], int(work["run"]), text, process)
        self.tell(f"execution {short(name)} is started")
        self.on_execution_start(self, work["batch_id"])
        execution.ends_early = self.chance("execution_lost_early")

    def _execute(self, name: str, work: Any) -> None:
        execution = self.executions[name]
        if self.chance("executions_fail"):
            self._executions_fail_until = self.scheduler.now + self.random.uniform(600, 9000)
        if self.faults.executions_fail and self.scheduler.now < self._executions_fail_until:
            self.lose(execution, with_its_function=True)
            self.scheduler.halt()
        context = {"StateMachine": {"Id": STATE_MACHINE}, "Execution": {"Name": name}}
        outcome = walk(machine(), work, context, _Host(self, execution))
        self._end_execution(execution, outcome.status)

    def _lose_early(self) -> None:
        """Ends the execution whose function has just written something, before it does anything else."""
        for execution in self.executions.values():
            if execution.ends_early and execution.task and execution.task is self.scheduler.current:
                self.scheduler.later(0, lambda lost=execution: self.lose(lost, with_its_function=True))  # type: ignore[misc]

    def lose(self, execution: Execution, *, with_its_function: bool) -> None:
        """Ends an execution as if somebody had stopped it, alone or together with the function that it waits for."""
        if execution.status != "RUNNING":
            return
        self.tell("is lost", execution.process.name)
        self.scheduler.kill(execution.process)
        self._end_execution(execution, "ABORTED")
        if execution.task and not execution.task.ended and with_its_function:
            self.tell("is killed", execution.task.name)
            self._end(execution.task, "Runtime.ExitError")
        if self.random.random() < 0.3:
            self.sweep_after(self.random.uniform(0, 3))

    def _end_execution(self, execution: Execution, status: str) -> None:
        execution.status = status
        self.tell(f"ends {status}", execution.process.name)
        self.on_execution_end(self, execution)

    def _describe_execution(self, name: str) -> Any:
        if name not in self.executions:
            raise refused("ExecutionDoesNotExist", "DescribeExecution")
        return {"status": self.executions[name].status}

    # --- Scheduled work ----------------------------------------------------------------------------------------------

    def sweep_after(self, seconds: float) -> None:
        self.scheduler.later(seconds, lambda: self.invoke_later("resume_interrupted", {}))

    def sweep_for_ever(self) -> None:
        interval = self.random.choice(_SWEEP_SECONDS)
        seen, swept_at = (0, 0), 0.0

        def sweep() -> None:
            nonlocal seen, swept_at
            found = self.table.writes, sum(each.status == "RUNNING" for each in self.executions.values())
            is_due = self.scheduler.now - swept_at > _SWEEPS_LEFT_OUT_SECONDS and self._has_active()
            if found != seen or is_due:
                seen, swept_at = found, self.scheduler.now
                self.invoke_later("resume_interrupted", {})
            self.scheduler.later(interval, sweep)

        def expire() -> None:
            self._expire()
            self.scheduler.later(_EXPIRY_SECONDS, expire)

        self.scheduler.later(self.random.uniform(0, interval), sweep)
        self.scheduler.later(_EXPIRY_SECONDS, expire)

    def check_follows_for_ever(self) -> None:
        """Runs Check follows like its schedule, unless nothing can be due: then it would do nothing."""
        checked_at = 0.0

        def check() -> None:
            nonlocal checked_at
            if self._follows_may_be_due(checked_at):
                checked_at = self.scheduler.now
                self.invoke_later("check_follows", {})
            self.scheduler.later(_CHECK_SECONDS, check)

        self.scheduler.later(self.random.uniform(0, _CHECK_SECONDS), check)

    def _follows_may_be_due(self, checked_at: float) -> bool:
        follows = self.table.partitions.get("FOLLOWS", {}).values()
        if not follows:
            return False
        checks = self.table.get(("FOLLOW_CHECKS", "STATE")) or {}
        moments = [moment for each in follows for moment in (each.get("hold_until"), *each["waiting"].values())]
        return (
            self.scheduler.now - checked_at > _ALWAYS_DUE_SECONDS
            or "window_end" in checks
            or "wait_until" in checks
            or any(each.get("notice", {}).get("told") is False for each in follows)
            or any(moment and datetime.fromisoformat(moment) <= self.scheduler.moment for moment in moments)
        )

    def _has_active(self) -> bool:
        return any("active" in record for partition in self.table.partitions.values() for record in partition.values())

    def _expire(self) -> None:
        for pk, partition in self.table.partitions.items():
            for sk, record in list(partition.items()):
                expires = float(record.get("expires_at", Decimal("Infinity")))
                if self.scheduler.now > expires + self.random.uniform(0, _EXPIRED_RECORDS_STAY_SECONDS):
                    del partition[sk]
                    self.tell(f"{pk} {sk} has expired", "DynamoDB")


class _Host:
    """The host of an execution of the state machine in this world."""

    def __init__(self, world: World, execution: Execution) -> None:
        self._world = world
        self._execution = execution

    def task(self, resource: str, arguments: Any, timeout_seconds: float) -> Any:
        world = self._world
        world.scheduler.sleep(world.random.uniform(0.005, 0.05))
        if resource == START:
            return self._start(arguments)
        if world.chance("invocation_refused"):
            raise TaskFailed("Lambda.TooManyRequestsException", "Rate exceeded")
        process = self._execution.task = world.invoke(arguments["FunctionName"], arguments["Payload"])
        if world.chance("invocation_lost"):
            # A host that does not answer may have other faults, before that or afterwards.
            process.details["slow"] = world.random.random() < 0.25
            if not world.scheduler.join(process, world.random.uniform(0, world.random.choice([3, 3, 20]))):
                world.tell(f"hears nothing more of {process.name}, which runs on")
                world.on_lost(process)
                process.details["slow"] = True
                world.ring(world.bells)
                world.ring(world.bells_of_losses[self._execution.batch_id])
            raise TaskFailed("Lambda.SdkClientException", "The connection was closed.")
        if not world.scheduler.join(process, timeout_seconds):
            raise TaskFailed("States.Timeout")
        return {"Payload": world.answer(process), "StatusCode": 200}

    def _start(self, arguments: Any) -> Any:
        try:
            self._world.start_execution(arguments["Name"], json.dumps(arguments["Input"]))
        except ClientError as error:
            name = f"StepFunctions.{error.response['Error']['Code']}Exception"
            raise TaskFailed(name, "Execution Already Exists") from error
        return {}

    def wait_until(self, moment: datetime) -> None:
        self._world.on_wait(self._world, self._execution)
        self._execution.waits_until = moment.timestamp()
        self._world.scheduler.sleep(max(moment.timestamp() - self._world.scheduler.now, 0))

    def wait_before_retry(self, most_seconds: float, *, jitter: bool) -> None:
        seconds = self._world.random.uniform(0, most_seconds) if jitter else most_seconds
        self._world.tell(f"waits {seconds:.1f} s and tries again")
        self._world.scheduler.sleep(seconds)

    def entered(self, state: str, value: Any) -> None:
        del value
        world = self._world
        if world.chance("execution_lost"):
            seconds = world.random.uniform(0, world.random.choice([0.0, 0.3, 5.0]))
            dies = world.random.random() < 0.5
            world.scheduler.later(seconds, lambda: world.lose(self._execution, with_its_function=dies))
        world.tell(f"enters {state!r}")

    def exited(self, state: str, value: Any) -> None:
        """Does nothing."""


def timeout_of(function: str) -> float:
    return float(template.properties(template.logical_id(function))["Timeout"])


def indexes() -> dict[str, Index]:
    found = {}
    for index in template.properties("Table")["GlobalSecondaryIndexes"]:
        hash_, range_ = (key["AttributeName"] for key in index["KeySchema"])
        projected = frozenset(index["Projection"].get("NonKeyAttributes", ()))
        found[index["IndexName"]] = Index(hash_, range_, projected)
    return found


def _no_state() -> Callable[[], None]:
    return lambda: None


def api_state() -> Callable[[], None]:
    """Returns the objects in which the router keeps its current request, which are separate in every real process."""
    app = load_function("api").app
    names = ("current_event", "lambda_context")
    kept, context = {name: getattr(BaseRouter, name, None) for name in names}, dict(app.context)

    def restore() -> None:
        for name, value in kept.items():
            setattr(BaseRouter, name, value)
        app.context.clear()
        app.context.update(context)

    return restore
