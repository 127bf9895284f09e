"""Digest batch: makes the digest of all summaries, stores it, and counts its cost once."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.earlier_runs import EarlierRuns
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Spending
from skimlist.log import logger, step
from skimlist.model_access import model_access
from skimlist.steps.digest_batch import DigestBatch


@step
def handler(event: dict[str, Any], context: Any) -> None:
    table, archive = aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name)
    DigestBatch(
        batches=Batches(table),
        queue=Queue(table),
        results=Results(table, archive),
        digests=Digests(table),
        earlier_runs=EarlierRuns(table),
        spending=Spending(table, usd_a_day=settings().usd_a_day, usd_a_month=settings().usd_a_month),
        models=model_access(context),
        log=logger,
    ).run(BatchEvent.from_dict(event))
