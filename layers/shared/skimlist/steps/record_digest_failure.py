"""Record digest failure: stores why a batch has no digest, with a reason that a person understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from skimlist.errors import DigestFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDigestFailure:
    batches: Batches
    digests: Digests
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent) -> None:
        batch = self.batches.get_driven(work.user_id, work.batch_id, work.run)
        if batch is None:
            self.log.info("another execution drives the batch")
            return
        error = (work.error or DigestFailed()).as_problem()
        noted = self.digests.fail(batch, error, self.now())
        self.log.warning("digest failed", code=error.code, noted=noted)
