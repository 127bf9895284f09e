"""The functions' log, read back as CloudWatch reads it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest


class Stdout:
    """Writes to the current `sys.stdout`, which pytest replaces before each phase of a test."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


class Log:
    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def lines(self) -> list[dict[str, Any]]:
        """Returns the lines since the last call, each of which must be JSON."""
        return [json.loads(line) for line in self._capture.readouterr().out.splitlines()]

    def metrics(self) -> list[tuple[str, float, dict[str, str]]]:
        """Returns name, value and dimensions of the metrics in the lines since the last call, as CloudWatch does."""
        return [metric for line in self.lines() for metric in extracted(line)]

    def counted(self, name: str, **dimensions: str) -> list[float]:
        """Returns the values of one metric, for the whole stack or one of its breakdowns."""
        wanted = {"service": "skimlist", **dimensions}
        return [value for metric, value, found in self.metrics() if metric == name and found == wanted]


def extracted(line: dict[str, Any]) -> Iterator[tuple[str, float, dict[str, str]]]:
    """Extracts metrics as the section "Specification: Embedded metric format" of the CloudWatch user guide says."""
    for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
        for names in directive["Dimensions"]:
            for metric in directive["Metrics"]:
                for value in line[metric["Name"]]:
                    yield metric["Name"], value, {name: line[name] for name in names}
