"""Access to the parts of the workflow's definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from testkit.template import definition

LAMBDA, START = "arn:aws:states:::lambda:invoke", "arn:aws:states:::states:startExecution"
SWEEP = ("resume_interrupted", "check_follows")  # run on a schedule, not in the workflow


@dataclass(frozen=True)
class Task:
    """A state that runs a function."""

    name: str
    state: dict[str, Any]

    @property
    def substitution(self) -> str:
        """The name of the substitution, such as `FetchTranscriptFunctionArn`."""
        match = re.fullmatch(r"\$\{(\w+)\}", self.state["Parameters"]["FunctionName"])
        assert match, self.name
        return match[1]

    @property
    def function(self) -> str:
        """The logical id of the function."""
        return self.substitution.removesuffix("Arn")

    @property
    def folder(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.function.removesuffix("Function")).lower()


def states(machine: dict[str, Any] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Returns every state by its name, including those inside the Map."""
    for name, state in (machine or definition())["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def state(name: str) -> dict[str, Any]:
    return dict(states())[name]


def tasks() -> list[Task]:
    found = ((name, state) for name, state in states() if state["Type"] == "Task")
    return [Task(name, state) for name, state in found if state["Resource"].endswith(":lambda:invoke")]


@cache
def machine() -> dict[str, Any]:
    """Returns the definition, with the names of functions as its substitutions."""
    text = json.dumps(definition())
    for task in tasks():
        text = text.replace(f"${{{task.substitution}}}", task.folder)
    loaded: dict[str, Any] = json.loads(text)
    return loaded
