"""Mark batch failed: ends a batch whose workflow has failed, so that its owner sees why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from skimlist.errors import SkimlistError, WorkflowFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.preflights import Preflights
from skimlist.models.batch import Batch, BatchStatus
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log
from skimlist.transitions import ENDED

# If the batch changes while it is ended, that is tried again with the new state.
_MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkBatchFailed:
    batches: Batches
    preflights: Preflights
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent, error_name: str) -> dict[str, str]:
        """Ends the batch, and returns the error that the execution ends with, in words for a person.

        The error keeps its name, unless it begins with `States.`: Step Functions reserves such names, and no Fail state
        may use them (Amazon States Language, "Errors").
        """
        error = work.error or WorkflowFailed()
        mark = partial(self._mark_failed, work=work, error=error)
        self.batches.carry_out(work.user_id, work.batch_id, mark, max_attempts=_MAX_ATTEMPTS)
        shown = type(error).__name__ if error_name.startswith("States.") else error_name
        return {"Error": shown, "Cause": f"{error} {error.advice}"}

    def _mark_failed(self, batch: Batch, *, work: BatchEvent, error: SkimlistError) -> None:
        """Raises BatchChanged if the batch has changed since it was read."""
        if batch.execution.run != work.run:
            self.log.info("another execution drives the batch")
            return
        if batch.status is BatchStatus.DRAFT:
            self.batches.park(self._abort_preparation(batch, error), self.now())
            return
        if batch.status in ENDED:  # only its archive or its email failed, and it keeps its status
            return
        self.batches.fail(batch, error, self.now())
        self.log.error("batch failed", code=error.code)

    def _abort_preparation(self, batch: Batch, error: SkimlistError) -> Batch:
        """Stops preparing a draft, which stays a draft: its owner sees what went wrong and can try again."""
        self.log.error("draft could not be prepared", code=error.code)
        return self.preflights.abort_preparation(batch, error, self.now())
