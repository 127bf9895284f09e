"""CloudWatch metrics, written as log lines in its embedded metric format, which cost no request to AWS.

They are written after the table has accepted a change, so a step that runs twice counts once. A count can be lost, if
the process ends after its write, or the answer to the write is lost; it is never written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from skimlist.errors import service_of
from skimlist.log import whose
from skimlist.models.batch import Pause

NAMESPACE = "Skimlist"


class Metric(StrEnum):
    """Each metric, and each value of a dimension, is billed for every hour in which it is written: there are few."""

    VIDEOS_COMPLETED = "VideosCompleted"
    VIDEOS_FAILED = "VideosFailed"  # by code
    VIDEO_SECONDS = "VideoSeconds"  # from the start of work on it to its summary
    SETBACKS = "Setbacks"  # failures that do not fail the video, by cause
    TOKENS_IN = "TokensIn"
    TOKENS_OUT = "TokensOut"
    COST_USD = "CostUsd"
    REPAIRS = "Repairs"  # answers requested because an earlier one was not good enough
    REPAIRS_COST_USD = "RepairsCostUsd"
    MONTH_SPENT_PERCENT = "MonthSpentPercent"  # of what the stack may spend on models, if that is limited
    BATCHES_PAUSED = "BatchesPaused"  # by themselves, by code and by cause
    BATCHES_ENDED = "BatchesEnded"  # by status
    BATCHES_GIVEN_UP = "BatchesGivenUp"
    DIGESTS_FAILED = "DigestsFailed"  # by code
    ACTIVE_BATCHES = "ActiveBatches"
    OLDEST_BATCH_HOURS = "OldestBatchHours"  # of the running one that was begun first
    STANDSTILL_SECONDS = "StandstillSeconds"  # of the running one that has not changed for the longest time


_UNITS = {
    Metric.VIDEO_SECONDS: MetricUnit.Seconds,
    Metric.COST_USD: MetricUnit.NoUnit,
    Metric.REPAIRS_COST_USD: MetricUnit.NoUnit,
    Metric.MONTH_SPENT_PERCENT: MetricUnit.Percent,
    Metric.OLDEST_BATCH_HOURS: MetricUnit.NoUnit,
    Metric.STANDSTILL_SECONDS: MetricUnit.Seconds,
}


def record(values: Mapping[Metric, float], **by: str | None) -> None:
    """Writes `values` once for the whole stack, and once for each dimension of `by` that has a value."""
    line = EphemeralMetrics(namespace=NAMESPACE)
    line.set_default_dimensions(service=line.service or "undefined")
    for metric, value in values.items():
        line.add_metric(metric, _UNITS.get(metric, MetricUnit.Count), value)
    for dimension, one_of_few in by.items():
        if one_of_few is not None:
            line.add_dimensions(**{dimension: one_of_few})
    for key, owner in whose().items():
        line.add_metadata(key, owner)
    line.flush_metrics()


def pause(begun: Pause) -> None:
    """Counts the pause of a batch, if it paused by itself."""
    if begun.times:
        record({Metric.BATCHES_PAUSED: 1}, code=begun.code, cause=service_of(begun.code))


def spent(added: Mapping[str, Any]) -> None:
    """`tokens_in`, `tokens_out` and `cost_usd`, as a batch has counted them; nothing where no model was paid."""
    values = {
        Metric.TOKENS_IN: float(added["tokens_in"]),
        Metric.TOKENS_OUT: float(added["tokens_out"]),
        Metric.COST_USD: float(added["cost_usd"]),
    }
    if any(values.values()):
        record(values)


def repaired(cost_usd: Decimal) -> None:
    """Counts that a model was asked again because its answer was not good enough; called when that answer is stored."""
    record({Metric.REPAIRS: 1, Metric.REPAIRS_COST_USD: float(cost_usd)})
