"""Draws an execution of the local stack, which has no console: success in green, caught errors orange, failures red.

python -m local.execution_view BATCH_ID | dot -Tsvg > execution.svg   # with Graphviz, while `make run` runs
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from local.account import Account
from local.credentials import AccessKey
from local.settings import ROOT, LocalSettings

DEFINITION = ROOT / "statemachine" / "process_batch.asl.json"

_INK, _PALE = "#1f2937", "#c3cad5"
_FILL = {"ran": "#d7f0dd", "caught": "#ffe3b8", "failed": "#ffd0d0", "unseen": "#ffffff"}

State = Mapping[str, Any]
Event = Mapping[str, Any]


@dataclass
class Walk:
    """How often an execution entered each state and took each transition, and the errors of each state."""

    entered: Counter[str] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    caught: dict[str, list[str]] = field(default_factory=dict)
    last: str | None = None
    failed: bool = False

    def enter(self, name: str) -> None:
        if self.last:
            self.taken[self.last, name] += 1
        self.entered[name] += 1
        self.last = name


def walk(definition: State, events: Sequence[Event]) -> Walk:
    """Returns the path of an execution from its history.

    The emulator's history does not name the states inside a Map; they follow from the definition.
    """
    done, inside = Walk(), None
    for event in events:
        if entered := event.get("stateEnteredEventDetails"):
            done.enter(entered["name"])
            state = definition["States"][entered["name"]]
            inside = _Iterations(done, state, entered) if state["Type"] == "Map" else None
        elif inside and event["type"] == "TaskSucceeded":
            inside.succeeded()
        elif inside and (failure := event.get("taskFailedEventDetails")):
            inside.failed(failure["error"])
        elif failure := event.get("taskFailedEventDetails"):
            done.caught.setdefault(str(done.last), []).append(failure["error"])
        elif "stateExitedEventDetails" in event:
            inside = None
        elif event["type"] == "ExecutionFailed":
            done.failed = True
    return done


class _Iterations:
    """The iterations of a Map, whose videos go through its states one after the other."""

    def __init__(self, done: Walk, state: State, entered: Event) -> None:
        self._done, self._processor = done, state["ItemProcessor"]
        self._videos = iter(json.loads(entered["input"])["queue"]["videos"])
        self._map = entered["name"]
        self._here = ""
        self._begin()

    def _begin(self) -> None:
        self._video: Event = next(self._videos, {})
        self._done.last = self._map
        if self._video:
            self._go(self._processor["StartAt"])

    def _go(self, name: str) -> None:
        self._here, self._tries = name, Counter[int]()
        self._done.enter(name)

    def succeeded(self) -> None:
        state = self._processor["States"][self._here]
        if "Next" in state:
            self._go(state["Next"])
        else:
            self._begin()

    def failed(self, error: str) -> None:
        state = self._processor["States"][self._here]
        for number, rule in enumerate(state.get("Retry", ())):
            if _names(rule, error) and self._tries[number] < rule["MaxAttempts"]:
                self._tries[number] += 1
                return
        what = f"{error}: video {self._video['position']}, {self._video['video_id']}"
        self._done.caught.setdefault(self._here, []).append(what)
        self._go(next(rule["Next"] for rule in state["Catch"] if _names(rule, error)))


def _names(rule: Mapping[str, Any], error: str) -> bool:
    return not {error, "States.ALL"}.isdisjoint(rule["ErrorEquals"])


def ways(states: Mapping[str, State]) -> Iterator[tuple[str, str, str]]:
    """Yields the transitions of a state: from where, to where, and when."""
    for name, state in states.items():
        for choice in state.get("Choices", ()):
            yield name, choice["Next"], choice["StringEquals"]
        if "Next" in state:
            yield name, state["Next"], ""
        for rule in state.get("Catch", ()):
            yield name, rule["Next"], "error"
        if "ItemProcessor" in state:
            yield name, state["ItemProcessor"]["StartAt"], "each video"
            yield from ways(state["ItemProcessor"]["States"])


def dot(definition: State, done: Walk, title: str) -> str:
    """Returns the graph in the language of Graphviz."""
    lines = [
        "digraph execution {",
        f'graph [label="{title}", labelloc=t, bgcolor=white, nodesep=0.25, ranksep=0.45, fontname=Helvetica]',
        'node [shape=box, style="rounded,filled", fontname=Helvetica, fontsize=11, margin="0.14,0.06"]',
        "edge [fontname=Helvetica, fontsize=9, arrowsize=0.6]",
        *_nodes(definition["States"], done),
    ]
    drawn: dict[tuple[str, str], str] = {}
    for start, end, when in ways(definition["States"]):
        drawn.setdefault((start, end), when)
    for (start, end), when in drawn.items():
        times = done.taken[start, end]
        look = f'color="{_INK}", penwidth=1.6' if times else f'color="{_PALE}", fontcolor="#6b7280"'
        style = "dashed" if when == "error" else "solid"
        label = "" if when == "error" else when
        lines.append(f'"{start}" -> "{end}" [{look}, style={style}, label="{label}"]')
    return "\n".join([*lines, "}", ""])


def _nodes(states: Mapping[str, State], done: Walk) -> Iterator[str]:
    for name, state in states.items():
        if "ItemProcessor" in state:
            yield f'subgraph "cluster {name}" {{ style="rounded"; color="{_PALE}"; label=""'
            yield _node(name, state, done)
            yield from _nodes(state["ItemProcessor"]["States"], done)
            yield "}"
        else:
            yield _node(name, state, done)


def _node(name: str, state: State, done: Walk) -> str:
    look = "unseen" if not done.entered[name] else "caught" if name in done.caught else "ran"
    if state["Type"] == "Fail" and done.failed:
        look = "failed"
    times = f" · {done.entered[name]} ×" if done.entered[name] > 1 else ""
    errors = "".join(f'<br/><font point-size="9">{escape(what)}</font>' for what in done.caught.get(name, ()))
    ink, border = ("#6b7280", _PALE) if look == "unseen" else ("#111827", _INK)
    colours = f'fillcolor="{_FILL[look]}", fontcolor="{ink}", color="{border}"'
    return f'"{name}" [label=<{escape(name)}{times}{errors}>, class={look}, {colours}]'


def history(stack: Mapping[str, str], execution: str) -> list[Event]:
    """Reads the history of an execution, named by its batch's id (`-2` for the second); `stack` is `stack.json`."""
    arn = f"{stack['state_machine_arn'].replace(':stateMachine:', ':execution:')}:{execution}"
    account = Account(stack["endpoint_url"], AccessKey.read(Path(stack["credentials_file"])))
    pages = account.client("stepfunctions").get_paginator("get_execution_history")
    return [event for page in pages.paginate(executionArn=arn) for event in page["events"]]


def main(execution: str) -> None:
    stack = json.loads(LocalSettings.load().stack_file.read_text(encoding="utf-8"))
    definition = json.loads(DEFINITION.read_text(encoding="utf-8"))
    print(dot(definition, walk(definition, history(stack, execution)), f"Execution {execution}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
