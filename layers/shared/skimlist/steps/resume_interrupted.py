"""Resume interrupted, the sweep: restarts batches whose execution was lost, and finishes interrupted deletions.

It also pauses the batches of users who are halted or disabled, and resumes them when they no longer are; and it resumes
the batches that have reached a spending limit of the deployment, once that limit is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from skimlist import metrics
from skimlist.errors import (
    BatchChanged,
    BatchNotFound,
    SkimlistError,
    StoppedByOperator,
    WorkflowFailed,
    WorkflowStuck,
    WrongState,
)
from skimlist.executions import StartReason, current_execution
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.halts import Halted, Halts
from skimlist.jobs.preflights import Preflights
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus
from skimlist.progress import pause_because
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log
from skimlist.users import Users
from skimlist.workflow import Workflow

_RUNNING = frozenset({BatchStatus.PENDING, BatchStatus.PROCESSING})
# The statuses in which a batch may make requests to YouTube or a model.
_STOPPABLE = _RUNNING | {BatchStatus.DRAFT}
_ENDED = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED})
# A batch is ended after more than this many executions in a row were lost or refused without progress.
_MAX_RESTARTS_WITHOUT_PROGRESS = 3
# If a batch changes while it is paused or resumed, that is tried again with the new state.
_MAX_ATTEMPTS = 3
_LOST = "The workflow of this batch could not be started, or stopped several times before it made any progress."


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeInterrupted:
    """One sweep. `notify_owner` notifies the owner of a batch that the sweep ends, or of its pause.

    `spending_limits` are the deployment's limits in USD (0 for none), by the code of the error that reports one as
    reached.
    """

    batches: Batches
    preflights: Preflights
    halts: Halts
    users: Users
    deletions: Deletions
    workflow: Workflow
    notify_owner: Callable[[Batch], None]
    spending_limits: Mapping[str, Decimal]
    log: Log
    now: Callable[[], datetime] = utc_now
    _unexpected: list[Exception] = field(default_factory=list, init=False)

    def run(self) -> None:
        """Raises an ExceptionGroup of unexpected errors, once everything else is done."""
        halted = self._find_halted()
        _record_metrics(self._restart_lost(halted), self.now())
        self._finish_deletions()
        if self._unexpected:
            raise ExceptionGroup("Some batches could not be processed.", self._unexpected)

    def _find_halted(self) -> Halted:
        """Reads who is halted, and records users who were disabled or enabled in the user pool."""
        known = self.halts.find()
        with self._log_errors("could not list disabled users"):
            disabled = self.users.disabled()
            # A disabled user who was deleted is no longer listed, but their batches must not continue.
            disabled |= {user_id for user_id in known.disabled - disabled if not self.users.exists(user_id)}
            self.halts.note_disabled(disabled, known.disabled, self.now())
            return replace(known, disabled=disabled)
        return known

    def _restart_lost(self, halted: Halted) -> list[Batch]:
        """Makes sure that every active batch has an execution; returns these batches."""
        found = []
        for user_id, batch_id in self.batches.list_active():
            with self._isolated(batch_id, "could not restart the batch"):
                batch = self.batches.find_active(user_id, batch_id)
                if batch is None:
                    continue
                batch = self._pause_or_resume(batch, halted)
                found.append(batch)
                if _is_out_of_restarts(batch):
                    self.batches.abandon_notification(batch)
                elif batch.needs_pause_notification and batch.has_no_execution:
                    self.notify_owner(batch)
                    self._count_restart(batch)
                elif not self._ensure_execution(batch):
                    self._count_restart(batch)
        return found

    def _pause_or_resume(self, batch: Batch, halted: Halted) -> Batch:
        """Pauses the batch of a halted user, or resumes it once the halt was lifted; returns the changed batch.

        A halt ends the check of a draft; its owner can start the check again later.
        """
        command = partial(self._pause_or_resume_once, halted=halted)
        with suppress(BatchChanged):  # it keeps changing by itself; the next sweep tries again
            return self.batches.carry_out(batch.user_id, batch.id, command, batch=batch, max_attempts=_MAX_ATTEMPTS)
        return batch

    def _pause_or_resume_once(self, batch: Batch, *, halted: Halted) -> Batch:
        """Raises BatchChanged if the batch has changed since it was read."""
        now = self.now()
        is_halted = halted.includes(batch.user_id)
        was_halted = batch.status is BatchStatus.PAUSED and batch.pause and batch.pause.code == StoppedByOperator.code
        if is_halted and batch.status in _STOPPABLE and self._is_still_halted(batch.user_id):
            self.log.info("batch paused by operator")
            if batch.status is BatchStatus.DRAFT:
                return self.preflights.abort_preparation(batch, StoppedByOperator(), now)
            return self.batches.pause_after_current(batch, pause_because(StoppedByOperator(), batch, now), now)
        if was_halted and not is_halted:
            self.log.info("batch resumed by operator")
            return self.batches.resume(batch, now, at_once=True)
        if not is_halted and self._waits_for_lower_limit(batch):
            self.log.info("batch resumed with a higher spending limit")
            return self.batches.resume(batch, now, at_once=True)
        return batch

    def _waits_for_lower_limit(self, batch: Batch) -> bool:
        """Whether the batch has reached a spending limit that has been raised since."""
        if batch.status is not BatchStatus.PAUSED or batch.pause is None or batch.pause.limit_usd is None:
            return False
        limit = self.spending_limits.get(batch.pause.code, batch.pause.limit_usd)
        return not limit or limit > batch.pause.limit_usd

    def _is_still_halted(self, user_id: str) -> bool:
        """Reads the halts again: if the halt was lifted meanwhile, a later sweep may already have passed the batch."""
        return self.halts.find().includes(user_id)

    def _ensure_execution(self, batch: Batch) -> bool:
        """Starts an execution if none drives the batch, unless AWS refuses; returns whether one was running already."""
        try:
            is_started = self.workflow.drive(current_execution(batch, StartReason.LOST))
        except WorkflowFailed as error:
            self.log.exception("execution could not be started", run=batch.execution.run, code=error.code)
            return False
        if is_started:
            self.log.info("execution started", run=batch.execution.run)
        return not is_started

    def _count_restart(self, batch: Batch) -> None:
        """Ends a batch that keeps losing its executions without progress, or gives up notifying its owner.

        A batch whose pause lasts, and whose owner knows of it, is only waiting.
        """
        now = self.now()
        pause = batch.pause if batch.status is BatchStatus.PAUSED else None
        if pause and (pause.until is None or pause.until > now) and not batch.needs_pause_notification:
            return
        counted = self.batches.count_restart(batch, now)
        if counted is None or counted.execution.restarts <= _MAX_RESTARTS_WITHOUT_PROGRESS:
            return
        self.log.error("batch abandoned", run=counted.execution.run, status=counted.status)
        with suppress(WrongState):
            self._end_stuck_batch(counted, now)

    def _end_stuck_batch(self, batch: Batch, now: datetime) -> None:
        """Ends the batch and notifies its owner, as its executions would have done."""
        error = WorkflowStuck(_LOST)
        match batch.status:
            case BatchStatus.DRAFT:
                self.batches.park(self.preflights.abort_preparation(batch, error, now), now)
            case BatchStatus.CANCELLED:
                self.batches.park(batch, now)
            case BatchStatus.COMPLETED | BatchStatus.FAILED:
                self.batches.abandon_notification(batch)
            case BatchStatus.PAUSED if batch.needs_pause_notification:
                self.batches.abandon_notification(batch)
            case _:
                batch = self.batches.fail(batch, error, now)
        metrics.record({Metric.BATCHES_GIVEN_UP: 1})
        if batch.status in _ENDED:
            self.notify_owner(batch)

    def _finish_deletions(self) -> None:
        for user_id, batch_id in self.deletions.list_unfinished(self.now()):
            with self._isolated(batch_id, "could not delete the batch"):
                if self.deletions.finish(user_id, batch_id, self.now()):
                    self.log.info("batch deleted")
        for batch_id in self.deletions.list_unowned(self.now()):
            with self._isolated(batch_id, "could not delete the batch"):
                self.deletions.delete_unowned(batch_id, self.now())
                self.log.info("orphaned items deleted")

    @contextmanager
    def _isolated(self, batch_id: str, message: str) -> Iterator[None]:
        """Logs an error with one batch as `message`, so that the sweep continues with the others."""
        with self.log.append_context_keys(batch_id=batch_id), self._log_errors(message):
            try:
                yield
            except BatchNotFound:
                self.log.info("batch was deleted after the index was read")

    @contextmanager
    def _log_errors(self, message: str) -> Iterator[None]:
        try:
            yield
        except SkimlistError as error:
            self.log.exception(message, code=error.code)
        except Exception as error:
            self.log.exception(message, code=SkimlistError.code, error=type(error).__name__)
            self._unexpected.append(error)


def _record_metrics(batches: Sequence[Batch], now: datetime) -> None:
    """Records how many batches are active and how long the running ones have taken; nothing if there are none."""
    if batches:
        metrics.record({Metric.ACTIVE_BATCHES: len(batches)})
    running = [batch for batch in batches if batch.status in _RUNNING]
    if running:
        oldest = min(batch.started_at or batch.created_at for batch in running)
        unchanged = min(batch.updated_at for batch in running)
        metrics.record(
            {
                Metric.OLDEST_BATCH_HOURS: (now - oldest) / timedelta(hours=1),
                Metric.STANDSTILL_SECONDS: (now - unchanged).total_seconds(),
            }
        )


def _is_out_of_restarts(batch: Batch) -> bool:
    """Whether the last attempt to notify the owner of the batch's end or pause has failed."""
    execution = batch.execution
    has_no_progress = execution.restarted_at_revision == batch.revision
    is_out = has_no_progress and execution.restarts > _MAX_RESTARTS_WITHOUT_PROGRESS
    return is_out and (batch.status in _ENDED or batch.needs_pause_notification)
