"""The table of allowed transitions between the statuses of a batch, and the statuses in which it has ended."""

from __future__ import annotations

from skimlist.models.batch import BatchStatus

_ALLOWED: dict[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.DRAFT: frozenset({BatchStatus.PENDING, BatchStatus.CANCELLED}),
    BatchStatus.PENDING: frozenset(
        {BatchStatus.PROCESSING, BatchStatus.PAUSED, BatchStatus.CANCELLED, BatchStatus.FAILED}
    ),
    BatchStatus.PROCESSING: frozenset(
        {BatchStatus.PAUSED, BatchStatus.COMPLETED, BatchStatus.CANCELLED, BatchStatus.FAILED}
    ),
    # A paused batch that no execution can continue ends with the summaries that it has.
    BatchStatus.PAUSED: frozenset(
        {BatchStatus.PROCESSING, BatchStatus.COMPLETED, BatchStatus.CANCELLED, BatchStatus.FAILED}
    ),
    # A retry of failed videos reopens an ended batch.
    BatchStatus.COMPLETED: frozenset({BatchStatus.PROCESSING}),
    BatchStatus.CANCELLED: frozenset({BatchStatus.PROCESSING}),
    BatchStatus.FAILED: frozenset({BatchStatus.PROCESSING}),
}

# The statuses of an ended batch, which a retry can reopen. In all others the queue can be changed.
ENDED = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED})
OPEN = frozenset(BatchStatus) - ENDED


def sources(target: BatchStatus) -> frozenset[BatchStatus]:
    """Returns every status from which a batch may become `target`."""
    return frozenset(status for status, targets in _ALLOWED.items() if target in targets)
