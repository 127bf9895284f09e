"""Resume interrupted: starts an execution for every batch that lost its own, and finishes deletions that were cut off.

It also pauses the batches of users who are stopped or disabled, and resumes them when that is lifted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from skimlist import metrics
from skimlist.errors import BatchNotFound, SkimlistError, StoppedByOperator, WorkflowFailed, WorkflowStuck, WrongState
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
_HELD = _RUNNING | {BatchStatus.DRAFT}
_ENDED = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED})
# So many executions in a row may be lost or refused without any progress of the batch.
_RESTARTS_IN_VAIN = 3
_LOST = "No execution of this batch could be started, or each of them ended before it got on."


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeInterrupted:
    """One sweep. `tell_owner` notifies the owner of an ended batch, because its execution is lost."""

    batches: Batches
    preflights: Preflights
    halts: Halts
    users: Users
    deletions: Deletions
    workflow: Workflow
    tell_owner: Callable[[Batch], None]
    log: Log
    now: Callable[[], datetime] = utc_now
    _unexpected: list[Exception] = field(default_factory=list, init=False)

    def run(self) -> None:
        """Raises an ExceptionGroup of unexpected errors, once everything else is done."""
        halted = self._find_halted()
        _show(self._drive(halted), self.now())
        self._finish_deletions()
        if self._unexpected:
            raise ExceptionGroup("Not every batch could be looked after.", self._unexpected)

    def _find_halted(self) -> Halted:
        """Whose batches must not go on; also records users who were disabled or enabled in the user pool."""
        known = self.halts.find()
        with self._noted("disabled users not looked up"):
            disabled = self.users.disabled()
            # A disabled user who was deleted is not listed any more, but their batches must not go on.
            disabled |= {user_id for user_id in known.disabled - disabled if not self.users.exists(user_id)}
            self.halts.note_disabled(disabled, known.disabled, self.now())
            return replace(known, disabled=disabled)
        return known

    def _drive(self, halted: Halted) -> list[Batch]:
        """Makes sure that every active batch has an execution; returns these batches."""
        found = []
        for user_id, batch_id in self.batches.list_active():
            with self._for_itself(batch_id, "not driven"):
                batch = self.batches.find_active(user_id, batch_id)
                if batch is None:
                    continue
                batch = self._hold_or_release(batch, halted)
                found.append(batch)
                if _is_stuck(batch):
                    self.batches.abandon_notification(batch)
                elif not self._is_driven(batch):
                    self._count_restart(batch)
        return found

    def _hold_or_release(self, batch: Batch, halted: Halted) -> Batch:
        """Pauses the batch if its user is stopped, resumes it if that is lifted, and returns it as it then is.

        The check of a draft ends, and its owner may ask for it again.
        """
        now = self.now()
        is_halted = halted.includes(batch.user_id)
        is_held = batch.status is BatchStatus.PAUSED and batch.pause and batch.pause.code == StoppedByOperator.code
        with suppress(WrongState):  # the batch has just changed by itself
            if is_halted and batch.status in _HELD and self._is_still_halted(batch.user_id):
                self.log.info("held")
                if batch.status is BatchStatus.DRAFT:
                    return self.preflights.abort_preparation(batch, StoppedByOperator(), now)
                return self.batches.hold(batch, pause_because(StoppedByOperator(), batch, now), now)
            if is_held and not is_halted:
                self.log.info("released")
                return self.batches.resume(batch, now, at_once=True)
        return batch

    def _is_still_halted(self, user_id: str) -> bool:
        """False if the halt was lifted since this sweep began: the sweep after that may have passed this batch."""
        return self.halts.find().includes(user_id)

    def _is_driven(self, batch: Batch) -> bool:
        """Whether an execution drives the batch. If none does, starts one, unless AWS refuses that for good."""
        try:
            is_started = self.workflow.drive(current_execution(batch, StartReason.LOST))
        except WorkflowFailed as error:
            self.log.exception("not to be given an execution", run=batch.execution.run, code=error.code)
            return False
        if is_started:
            self.log.info("driven", run=batch.execution.run)
        return not is_started

    def _count_restart(self, batch: Batch) -> None:
        """Ends a batch that keeps losing its executions without progress. A paused one is only waiting."""
        now = self.now()
        pause = batch.pause if batch.status is BatchStatus.PAUSED else None
        if pause and (pause.until is None or pause.until > now):
            return
        counted = self.batches.count_restart(batch, now)
        if counted is None or counted.execution.restarts <= _RESTARTS_IN_VAIN:
            return
        self.log.error("given up", run=counted.execution.run, status=counted.status)
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
            case _:
                batch = self.batches.fail(batch, error, now)
        metrics.record({Metric.BATCHES_GIVEN_UP: 1})
        if batch.status in _ENDED:
            self.tell_owner(batch)

    def _finish_deletions(self) -> None:
        for user_id, batch_id in self.deletions.list_unfinished(self.now()):
            with self._for_itself(batch_id, "not deleted"):
                self.deletions.finish(user_id, batch_id, self.now())
                self.log.info("deleted")
        for batch_id in self.deletions.list_unowned(self.now()):
            with self._for_itself(batch_id, "not deleted"):
                self.deletions.delete_unowned(batch_id)
                self.log.info("deleted what was written for a batch that was never created")

    @contextmanager
    def _for_itself(self, batch_id: str, failed: str) -> Iterator[None]:
        """Logs an error with one batch, so that the sweep goes on with the others."""
        with self.log.append_context_keys(batch_id=batch_id), self._noted(failed):
            try:
                yield
            except BatchNotFound:
                self.log.info("deleted since the index was read")

    @contextmanager
    def _noted(self, failed: str) -> Iterator[None]:
        try:
            yield
        except SkimlistError as error:
            self.log.exception(failed, code=error.code)
        except Exception as error:
            self.log.exception(failed, code=SkimlistError.code, error=type(error).__name__)
            self._unexpected.append(error)


def _show(batches: Sequence[Batch], now: datetime) -> None:
    """Records how many batches there are and how long the running ones have taken; writes nothing if there are none."""
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


def _is_stuck(batch: Batch) -> bool:
    """Whether the batch has ended, and the last try to notify its owner has failed."""
    in_vain = batch.execution.restarts > _RESTARTS_IN_VAIN and batch.execution.restarted_at_revision == batch.revision
    return in_vain and batch.status in _ENDED
