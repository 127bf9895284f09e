"""What the functions write to their log, read back as CloudWatch would read it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest


class Stdout:
    """Whatever `sys.stdout` is at the moment; pytest puts another one there before each phase of a test."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


class Log:
    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def lines(self) -> list[dict[str, Any]]:
        """Those since the last time; each has to be JSON."""
        return [json.loads(line) for line in self._capture.readouterr().out.splitlines()]

    def metrics(self) -> list[tuple[str, float, dict[str, str]]]:
        """Name, value and dimensions of what CloudWatch takes out of the lines since the last time."""
        return [metric for line in self.lines() for metric in extracted(line)]

    def counted(self, name: str, **dimensions: str) -> list[float]:
        """The values of one metric, for the whole stack or one of its breakdowns."""
        wanted = {"service": "skimlist", **dimensions}
        return [value for metric, value, found in self.metrics() if metric == name and found == wanted]


def extracted(line: dict[str, Any]) -> Iterator[tuple[str, float, dict[str, str]]]:
    """As "Specification: Embedded metric format" of the CloudWatch user guide has it."""
    for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
        for names in directive["Dimensions"]:
            for metric in directive["Metrics"]:
                for value in line[metric["Name"]]:
                    yield metric["Name"], value, {name: line[name] for name in names}
