"""Runs a state machine of the Amazon States Language, with only the states and fields that our workflow uses.

tests/integration/test_engines.py compares it with a second interpreter. The host waits, calls
functions and starts executions; the walker itself has neither a clock nor threads.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

# https://states-language.net/spec.html, "Retriers": the defaults of a rule.
_INTERVAL_SECONDS, _BACKOFF_RATE, _MAX_ATTEMPTS = 1, 2.0, 3
# Step Functions Developer Guide, "Handling errors": errors that `States.ALL` and `States.TaskFailed` do not match.
_TERMINAL = frozenset({"States.Runtime", "States.DataLimitExceeded"})

_FIELDS: Mapping[str, frozenset[str]] = {
    "Task": frozenset(
        {"Resource", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "TimeoutSeconds", "Retry", "Catch"}
    ),
    "Map": frozenset({"ItemsPath", "MaxConcurrency", "ItemSelector", "ItemProcessor", "ResultPath", "Catch"}),
    "Choice": frozenset({"Choices"}),
    "Wait": frozenset({"TimestampPath"}),
    "Pass": frozenset(),
    "Succeed": frozenset(),
    "Fail": frozenset({"ErrorPath", "CausePath"}),
}
_EVERYWHERE = frozenset({"Type", "Comment", "Next", "End"})


class TaskFailed(Exception):
    """A state has failed with an error that Retry and Catch know by its name."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class Host(Protocol):
    """The environment of an execution. `task` returns the answer of the state's resource, or raises TaskFailed."""

    def task(self, resource: str, arguments: Any, timeout_seconds: float) -> Any: ...

    def wait_until(self, moment: datetime) -> None: ...

    def wait_before_retry(self, most_seconds: float, *, jitter: bool) -> None: ...

    def entered(self, state: str, value: Any) -> None: ...

    def exited(self, state: str, value: Any) -> None: ...


class Outcome(NamedTuple):
    """The result of an execution: `SUCCEEDED` with an output, or `FAILED` with an error and its cause."""

    status: str
    output: Any = None
    error: str | None = None
    cause: str | None = None


def check(machine: Mapping[str, Any]) -> None:
    """Raises ValueError for states and fields that the walker does not know, before anything runs."""
    for name, state in machine["States"].items():
        unknown = set(state) - _FIELDS.get(state["Type"], frozenset()) - _EVERYWHERE
        if state["Type"] not in _FIELDS or unknown:
            raise ValueError(f"The walker does not know {state['Type']} {sorted(unknown)} of the state {name!r}.")
        if state["Type"] == "Map":
            if state.get("MaxConcurrency") != 1:
                raise ValueError(f"The walker takes one item at a time; {name!r} has another MaxConcurrency.")
            check(state["ItemProcessor"])


def walk(machine: Mapping[str, Any], value: Any, context: Mapping[str, Any], host: Host) -> Outcome:
    """Runs an execution; `context` is the object that `$$` refers to."""
    try:
        return Outcome("SUCCEEDED", _States(machine, context, host).run(value))
    except TaskFailed as failure:
        return Outcome("FAILED", error=failure.error, cause=failure.cause)


@dataclass(frozen=True)
class _States:
    """The states of a machine, or of the iterations of a Map."""

    machine: Mapping[str, Any]
    context: Mapping[str, Any]
    host: Host

    def run(self, value: Any) -> Any:
        name: str | None = self.machine["StartAt"]
        while name:
            state = self.machine["States"][name]
            self.host.entered(name, value)
            value, name = self._step(name, state, copy.deepcopy(value))
        return value

    def _step(self, name: str, state: Mapping[str, Any], value: Any) -> tuple[Any, str | None]:
        """Runs a state; returns its output and the name of the next one, if any."""
        match state["Type"]:
            case "Task" | "Map":
                value, following = self._try(state, value)
            case "Choice":
                following = _choose(state["Choices"], value)
            case "Wait":
                self.host.wait_until(datetime.fromisoformat(self._at(state["TimestampPath"], value)))
                following = state.get("Next")
            case "Fail":
                raise TaskFailed(self._at(state["ErrorPath"], value), self._at(state["CausePath"], value))
            case _:
                following = state.get("Next")
        self.host.exited(name, value)
        return value, following

    def _try(self, state: Mapping[str, Any], value: Any) -> tuple[Any, str | None]:
        """Retries according to the rules of Retry, each with its own count, and then follows Catch."""
        attempts = [0] * len(state.get("Retry", ()))
        while True:
            try:
                return self._work(state, value), state.get("Next")
            except TaskFailed as failure:
                rules = state.get("Retry", ())
                index = next((i for i, rule in enumerate(rules) if _matches(rule["ErrorEquals"], failure.error)), None)
                if index is not None and attempts[index] < rules[index].get("MaxAttempts", _MAX_ATTEMPTS):
                    self._wait_before_retry(rules[index], attempts[index])
                    attempts[index] += 1
                    continue
                return self._catch(state, value, failure)

    def _wait_before_retry(self, rule: Mapping[str, Any], attempt: int) -> None:
        seconds = rule.get("IntervalSeconds", _INTERVAL_SECONDS) * rule.get("BackoffRate", _BACKOFF_RATE) ** attempt
        most = min(seconds, rule.get("MaxDelaySeconds", seconds))
        self.host.wait_before_retry(most, jitter=rule.get("JitterStrategy") == "FULL")

    def _catch(self, state: Mapping[str, Any], value: Any, failure: TaskFailed) -> tuple[Any, str]:
        for rule in state.get("Catch", ()):
            if _matches(rule["ErrorEquals"], failure.error):
                error = {"Error": failure.error, "Cause": failure.cause}
                return _placed(value, rule.get("ResultPath", "$"), error), rule["Next"]
        raise failure

    def _work(self, state: Mapping[str, Any], value: Any) -> Any:
        result = self._map(state, value) if state["Type"] == "Map" else self._task(state, value)
        if "ResultSelector" in state:
            result = self._filled(state["ResultSelector"], result)
        output = _placed(value, state.get("ResultPath", "$"), result)
        return self._at(state.get("OutputPath", "$"), output)

    def _task(self, state: Mapping[str, Any], value: Any) -> Any:
        arguments = self._filled(state["Parameters"], value)
        return self.host.task(state["Resource"], arguments, state["TimeoutSeconds"])

    def _map(self, state: Mapping[str, Any], value: Any) -> list[Any]:
        outputs = []
        for index, item in enumerate(self._at(state["ItemsPath"], value)):
            context = {**self.context, "Map": {"Item": {"Index": index, "Value": item}}}
            iteration = _States(state["ItemProcessor"], context, self.host)
            outputs.append(iteration.run(iteration._filled(state["ItemSelector"], value)))
        return outputs

    # --- Values ------------------------------------------------------------------------------------------------------

    def _filled(self, template: Any, value: Any) -> Any:
        """Fills in the `.$` fields of a payload template."""
        if isinstance(template, dict):
            return dict(self._field(name, entry, value) for name, entry in template.items())
        if isinstance(template, list):
            return [self._filled(entry, value) for entry in template]
        return template

    def _field(self, name: str, entry: Any, value: Any) -> tuple[str, Any]:
        if name.endswith(".$"):
            return name[:-2], copy.deepcopy(self._at(entry, value))
        return name, self._filled(entry, value)

    def _at(self, path: str, value: Any) -> Any:
        """Returns the value of a path in the input (`$.a.b`) or context (`$$.a.b`), or a text made of such values."""
        if path.startswith("States.Format("):
            return self._formatted(path, value)
        root, steps = (self.context, path[2:]) if path.startswith("$$") else (value, path[1:])
        return _found(root, _steps(steps), path)

    def _formatted(self, call: str, value: Any) -> str:
        match = re.fullmatch(r"States\.Format\('([^']*)'((?:, [^,]+)*)\)", call)
        if match is None:
            raise ValueError(f"The walker cannot read {call!r}.")
        text: str = match[1]
        for argument in match[2].split(", ")[1:]:
            text = text.replace("{}", str(self._at(argument, value)), 1)
        return text


def _choose(choices: Sequence[Mapping[str, Any]], value: Any) -> str:
    for choice in choices:
        if _found(value, _steps(choice["Variable"][1:]), choice["Variable"]) == choice["StringEquals"]:
            return str(choice["Next"])
    raise TaskFailed("States.NoChoiceMatched")


def _matches(names: Iterable[str], error: str) -> bool:
    if error in names:
        return True
    if "States.ALL" in names:
        return error not in _TERMINAL
    return "States.TaskFailed" in names and error not in {*_TERMINAL, "States.Timeout"}


def _steps(path: str) -> list[str]:
    if path and not re.fullmatch(r"(\.\w+)+", path):
        raise ValueError(f"The walker does not know the path {path!r}.")
    return path.split(".")[1:]


def _found(root: Any, steps: Iterable[str], path: str) -> Any:
    for step in steps:
        if not isinstance(root, Mapping) or step not in root:
            raise TaskFailed("States.Runtime", f"There is nothing at {path}.")
        root = root[step]
    return root


def _placed(value: Any, path: str | None, result: Any) -> Any:
    """Returns `value` with `result` at the path; with a path of None, the result is discarded."""
    if path is None:
        return value
    steps = _steps(path[1:])
    if not steps:
        return result
    placed = copy.deepcopy(value)
    inner = placed
    for step in steps[:-1]:
        inner = inner.setdefault(step, {})
    inner[steps[-1]] = result
    return placed
