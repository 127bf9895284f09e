"""Record digest failure: stores why a batch has no digest, with a reason that a person understands."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import DigestFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.log import logger, step
from skimlist.steps.record_digest_failure import RecordDigestFailure


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table = aws.table(settings().table_name)
    record = RecordDigestFailure(batches=Batches(table), digests=Digests(table), log=logger)
    record.run(BatchEvent.from_dict(event, otherwise=DigestFailed))
