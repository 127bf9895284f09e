"""Mark batch failed: gives a batch whose workflow cannot go on an end that its owner sees."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from skimlist.errors import SkimlistError, WorkflowFailed, WrongState
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.preflights import Preflights
from skimlist.models.batch import Batch, BatchStatus
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkBatchFailed:
    batches: Batches
    preflights: Preflights
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent, error_name: str) -> dict[str, str]:
        """The error as the execution then shows it, in words for a person.

        It keeps its name, unless Step Functions reserves that: no Fail state may end with a name that begins with
        `States.` (Amazon States Language, "Errors").
        """
        error = work.error or WorkflowFailed()
        self._mark_failed(work, error)
        shown = type(error).__name__ if error_name.startswith("States.") else error_name
        return {"Error": shown, "Cause": f"{error} {error.advice}"}

    def _mark_failed(self, work: BatchEvent, error: SkimlistError) -> None:
        batch = self.batches.get_driven(work.user_id, work.batch_id, work.run)
        if batch is None:
            self.log.info("another execution drives the batch")
            return
        if batch.status is BatchStatus.DRAFT:
            self.batches.park(self._abort_preparation(batch, error), self.now())
            return
        # If it has ended already, only its archive or its email failed, and it keeps its status.
        with suppress(WrongState):
            self.batches.fail(batch, error, self.now())
            self.log.error("batch failed", code=error.code)

    def _abort_preparation(self, batch: Batch, error: SkimlistError) -> Batch:
        """A draft stays a draft: its owner sees what could not be prepared, and may ask again."""
        self.log.error("draft not prepared", code=error.code)
        return self.preflights.abort_preparation(batch, error, self.now())
