"""Record digest failure: notes why a batch ends without a digest, with a reason that a person understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import DigestFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.log import logger, step


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event, otherwise=DigestFailed)
    table = aws.table(settings().table_name)
    batch = Batches(table).get_driven(work.user_id, work.batch_id, work.run)
    if batch is None:
        logger.info("another execution drives the batch")
        return
    error = (work.error or DigestFailed()).as_video_error()
    noted = Digests(table).fail(batch, error, datetime.now(UTC))
    logger.warning("digest failed", code=error.code, noted=noted)
