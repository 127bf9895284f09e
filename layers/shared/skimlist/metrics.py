"""CloudWatch metrics, written as log lines in its embedded metric format, which need no request to AWS.

They are written after the table has accepted a change, so a step that runs twice counts once. A count can be lost if
the process ends after the change, or if the answer to the change is lost; it is never written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from skimlist.errors import service_of
from skimlist.log import log_keys
from skimlist.models.batch import Pause

NAMESPACE = "Skimlist"


class Metric(StrEnum):
    """The metrics. Each one, and each value of a dimension, is billed for every hour in which it is written."""

    VIDEOS_COMPLETED = "VideosCompleted"
    VIDEOS_FAILED = "VideosFailed"  # by code
    VIDEO_SECONDS = "VideoSeconds"  # from the start of its processing to its summary
    TRANSIENT_FAILURES = "Setbacks"  # failures that do not fail the video, by cause
    TOKENS_IN = "TokensIn"
    TOKENS_OUT = "TokensOut"
    COST_USD = "CostUsd"
    REPAIRS = "Repairs"  # answers requested because an earlier one was not good enough
    REPAIRS_COST_USD = "RepairsCostUsd"
    MONTH_SPENT_PERCENT = "MonthSpentPercent"  # share of the stack's limit for models, if there is one
    BATCHES_PAUSED = "BatchesPaused"  # by themselves, by code and by cause
    BATCHES_ENDED = "BatchesEnded"  # by status
    BATCHES_GIVEN_UP = "BatchesGivenUp"
    DIGESTS_FAILED = "DigestsFailed"  # by code
    ACTIVE_BATCHES = "ActiveBatches"
    OLDEST_BATCH_HOURS = "OldestBatchHours"  # of the oldest running batch
    STANDSTILL_SECONDS = "StandstillSeconds"  # of the running batch that has not changed for the longest time
    FOLLOWS_OVERDUE_SECONDS = "FollowsOverdueSeconds"  # since the beginning of a round of checks that is not complete


_UNITS = {
    Metric.VIDEO_SECONDS: MetricUnit.Seconds,
    Metric.COST_USD: MetricUnit.NoUnit,
    Metric.REPAIRS_COST_USD: MetricUnit.NoUnit,
    Metric.MONTH_SPENT_PERCENT: MetricUnit.Percent,
    Metric.OLDEST_BATCH_HOURS: MetricUnit.NoUnit,
    Metric.STANDSTILL_SECONDS: MetricUnit.Seconds,
    Metric.FOLLOWS_OVERDUE_SECONDS: MetricUnit.Seconds,
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
    for key, owner in log_keys().items():
        line.add_metadata(key, owner)
    line.flush_metrics()


def record_pause(pause: Pause) -> None:
    """Counts the pause of a batch, unless its user paused it."""
    if pause.times:
        record({Metric.BATCHES_PAUSED: 1}, code=pause.code, cause=service_of(pause.code))


def record_spending(added: Mapping[str, Any]) -> None:
    """Records `tokens_in`, `tokens_out` and `cost_usd` as a batch has counted them, unless all are 0."""
    values = {
        Metric.TOKENS_IN: float(added["tokens_in"]),
        Metric.TOKENS_OUT: float(added["tokens_out"]),
        Metric.COST_USD: float(added["cost_usd"]),
    }
    if any(values.values()):
        record(values)


def record_repair(cost_usd: Decimal) -> None:
    """Counts a repeated request to a model whose answer was deficient; called when the new answer is stored."""
    record({Metric.REPAIRS: 1, Metric.REPAIRS_COST_USD: float(cost_usd)})
