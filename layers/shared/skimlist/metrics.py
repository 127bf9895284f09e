"""What CloudWatch counts: lines of the log in its embedded metric format, which cost no request to AWS.

They are written where the table has taken a change, so that a step that runs twice counts once. A count can get lost,
when a process dies after its write or the answer to the write does; it never comes twice.
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
    """Each is paid for by the hour in which it is written, and so is each value of a dimension: there are few."""

    VIDEOS_COMPLETED = "VideosCompleted"
    VIDEOS_FAILED = "VideosFailed"  # by code
    VIDEO_SECONDS = "VideoSeconds"  # from the first look at it to its summary
    SETBACKS = "Setbacks"  # failures that are not held against the video, by cause
    TOKENS_IN = "TokensIn"
    TOKENS_OUT = "TokensOut"
    COST_USD = "CostUsd"
    REPAIRS = "Repairs"  # answers asked for because an earlier one fell short
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
    """A batch has paused; only a pause that it made by itself counts."""
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
    """A model was asked once more because its answer fell short; counted when that answer is kept."""
    record({Metric.REPAIRS: 1, Metric.REPAIRS_COST_USD: float(cost_usd)})
