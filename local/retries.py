"""`make retries`: writes the Retry rules of the workflow's tasks into its definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.settings import ROOT

DEFINITION = ROOT / "statemachine" / "process_batch.asl.json"
SOURCE = ROOT / "statemachine" / "retries.json"
_INVOKE = "arn:aws:states:::lambda:invoke"
_RETRY = re.compile(r'^(?P<indent> +)"Retry": \[\n.*?^(?P=indent)\]', re.MULTILINE | re.DOTALL)
# The text of a rule in the definition.
_KEYS = ("ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy")


def rules(task: str, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the Retry rules of a task; a task that `source` does not name has those of every task.

    Step Functions uses the first rule that names the error, and counts the attempts of each rule separately.
    """
    own = source["tasks"].get(task, {})
    delays = source["delays"][own.get("delays", "usual")]
    passing, throttled, died = (source["rules"][name] for name in ("passing", "throttled", "died"))
    passing = {**passing, "ErrorEquals": [*own.get("passing", ()), *passing["ErrorEquals"]]}
    return [{**passing, **delays}, throttled, {**died, **delays}]


def written(definition: str, source: Mapping[str, Any]) -> str:
    """Returns the definition with the rules of each task that invokes a function; the rest of the text is unchanged."""
    invoking = set(_invoking(json.loads(definition)["States"]))

    def replaced(found: re.Match[str]) -> str:
        indent = found["indent"]
        task = re.findall(rf'^{indent[2:]}"(.+)": {{$', definition[: found.start()], re.MULTILINE)[-1]
        return f'{indent}"Retry": [\n{_shown(rules(task, source), indent)}\n{indent}]' if task in invoking else found[0]

    return _RETRY.sub(replaced, definition)


def _invoking(states: Mapping[str, Any]) -> Iterator[str]:
    for name, state in states.items():
        if state.get("Resource") == _INVOKE:
            yield name
        yield from _invoking(state.get("ItemProcessor", {}).get("States", {}))


def _shown(rules: list[dict[str, Any]], indent: str) -> str:
    texts = [",\n".join(f'{indent}    "{key}": {json.dumps(rule[key])}' for key in _KEYS) for rule in rules]
    return ",\n".join(f"{indent}  {{\n{text}\n{indent}  }}" for text in texts)


if __name__ == "__main__":
    source = json.loads(SOURCE.read_text(encoding="utf-8"))
    DEFINITION.write_text(written(DEFINITION.read_text(encoding="utf-8"), source), encoding="utf-8")
