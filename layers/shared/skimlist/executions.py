"""Decides which batches need an execution of the workflow, and numbers it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from skimlist.models.batch import Batch, BatchStatus


class StartReason(StrEnum):
    """The reason why an execution is started."""

    CREATED = "batch created"
    STARTED = "draft started"
    CHECK = "check of a draft"
    PLAYLISTS = "playlists added to a draft"
    RESUMED = "batch resumed"
    RETRIED = "ended batch retried"
    RESTORED = "video put back into an ended batch"
    ADDED = "videos added to an ended batch"
    REDONE = "video of an ended batch summarized again"
    FOLLOWED = "new videos of a followed source"
    LOST = "execution lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartExecution:
    """A request to start execution number `run` of a batch, unless it or a later one already runs."""

    user_id: str
    batch_id: str
    run: int
    why: StartReason

    @property
    def name(self) -> str:
        return execution_name(self.batch_id, self.run)


def execution_name(batch_id: str, run: int) -> str:
    """The batch's id for the first execution; later ones are numbered, because a name stays taken for 90 days."""
    return batch_id if run == 1 else f"{batch_id}-{run}"


def current_execution(batch: Batch, why: StartReason) -> StartExecution:
    """The execution that should be driving the batch now."""
    return StartExecution(user_id=batch.user_id, batch_id=batch.id, run=batch.execution.run, why=why)


def next_execution(batch: Batch, why: StartReason) -> StartExecution | None:
    """The execution to start for new work; `batch` is its state before that. None if an execution still drives it."""
    if not batch.has_no_execution:
        return None
    return StartExecution(user_id=batch.user_id, batch_id=batch.id, run=batch.execution.run + 1, why=why)


def needs_execution(
    batch: Batch, *, is_taken_over: bool = False, has_unread_playlists: bool = False, is_owner_notified: bool = False
) -> bool:
    """Whether the batch needs an execution, to continue or to notify its owner; if it has none, the sweep helps.

    `is_taken_over` matters for a paused batch, which the execution that took it over still has to park,
    `has_unread_playlists` for a draft, and `is_owner_notified` for a batch that has ended or waits for its owner.
    """
    match batch.status:
        case BatchStatus.PENDING | BatchStatus.PROCESSING:
            return True
        case BatchStatus.PAUSED:
            continues = batch.pause is not None and batch.pause.until is not None
            return is_taken_over or continues or (batch.needs_pause_notification and not is_owner_notified)
        case BatchStatus.COMPLETED | BatchStatus.FAILED:
            return not is_owner_notified
        case BatchStatus.CANCELLED:
            # The current video may still end; after that the rest is counted as skipped.
            return not batch.has_no_execution
        case BatchStatus.DRAFT:
            return has_unread_playlists or not batch.has_no_execution
