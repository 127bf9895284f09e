"""Build export: writes the batch's summaries so far into one file in the bucket."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.export.formats import ExportFormat
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.log import logger, step
from skimlist.steps.build_export import BuildExport


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    table, archive = aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name)
    return BuildExport(
        batches=Batches(table),
        queue=Queue(table),
        results=Results(table, archive),
        digests=Digests(table),
        archive=archive,
        log=logger,
    ).run(
        event["user_id"],
        event["batch_id"],
        ExportFormat(event["format"]),
        transcripts=event.get("transcripts", False),
    )
