"""The metrics of the alarms and the dashboard in operations.yaml, with their dimensions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from testkit.template import load, template

RESOURCES: dict[str, dict[str, Any]] = load("operations.yaml")["Resources"]
ALARMS = {name: found["Properties"] for name, found in RESOURCES.items() if found["Type"] == "AWS::CloudWatch::Alarm"}


@dataclass(frozen=True)
class Asked:
    """One metric; `dimensions` are pairs of name and value, and a search leaves a value open (None)."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str | None]]

    @property
    def dimension_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.dimensions)


def dashboard() -> dict[str, Any]:
    """Returns the dashboard as CloudWatch gets it, with names of parameters and resources in place of their values."""
    separator, functions = template()["Resources"]["Operations"]["Properties"]["Parameters"]["FunctionNames"][
        "Fn::Join"
    ]
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    body = body.replace("${FunctionNames}", separator.join(each["Ref"] for each in functions))
    body = re.sub(r"\$\{([\w:.]+)\}", r"\1", body)
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def asked_by_alarms() -> set[Asked]:
    return {
        Asked(
            alarm["Namespace"],
            alarm["MetricName"],
            frozenset((each["Name"], _value(each["Value"])) for each in alarm.get("Dimensions", [])),
        )
        for alarm in ALARMS.values()
    }


def asked_by_the_dashboard() -> set[Asked]:
    return {asked for widget in dashboard()["widgets"] for asked in _asked_by(widget["properties"].get("metrics", []))}


def _value(value: str | dict[str, str]) -> str:
    return value["Ref"] if isinstance(value, dict) else value


def _asked_by(rows: list[list[Any]]) -> list[Asked]:
    """Returns the metrics of a widget. In its short form `.` repeats the value above, and `...` all but the last."""
    found: list[Asked] = []
    above: list[str] = []
    for row in rows:
        if isinstance(row[0], dict):
            found.append(_searched(row[0]["expression"]))
            continue
        given = [part for part in row if not isinstance(part, dict)]
        if given[0] == "...":
            given = [*above[: len(above) - len(given) + 1], *given[1:]]
        above = [above[place] if part == "." else part for place, part in enumerate(given)]
        namespace, name, *dimensions = above
        found.append(Asked(namespace, name, frozenset(zip(dimensions[::2], dimensions[1::2], strict=True))))
    return found


def _searched(expression: str) -> Asked:
    found = re.search(r"\{(\w+),([\w,]+)\} MetricName=\"(\w+)\"(.*?)'", expression)
    assert found, expression
    values = dict(re.findall(r" (\w+)=\"(\w+)\"", found[4]))
    return Asked(found[1], found[3], frozenset((name, values.get(name)) for name in found[2].split(",")))
