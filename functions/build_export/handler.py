"""Build export: writes what a batch has so far into one file in the bucket."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from itertools import tee
from tempfile import TemporaryFile
from typing import Any

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket, export_key
from skimlist.config import settings
from skimlist.errors import BatchNotFound
from skimlist.export.formats import ExportFormat, download_name
from skimlist.export.writing import write_export
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.log import logger, step
from skimlist.models.batch import Batch
from skimlist.models.digest import Digest
from skimlist.models.summary import Summary
from skimlist.models.video import Item, VideoStatus


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answers `{key, size_bytes, sha256}` to whoever invoked it; the workflow drops that."""
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    batches = Batches(table)
    batch = batches.get(event["user_id"], event["batch_id"])
    queue = Queue(table)
    order = queue.order(batch.id)
    # Items and summaries are read side by side, so that memory does not grow with the batch.
    items, ahead = tee(queue.iterate_items(batch, order))
    done = (item.id for item in ahead if item.status is VideoStatus.COMPLETED)
    results = Results(table, archive)
    ascending = order.is_ascending
    summaries = results.iterate_ascending(batch.id, done) if ascending else results.iterate(batch.id, list(done))
    digest = Digests(table).find(batch.id).digest
    export_format = ExportFormat(event["format"])
    answer = _build(batch, items, summaries, export_format, archive, digest=digest)
    _take_back_if_deleted(batches, batch, archive, answer["key"])
    logger.info("export built", revision=batch.revision, **answer)
    return answer


def _build(
    batch: Batch,
    items: Iterable[Item],
    summaries: Iterable[tuple[str, Summary]],
    export_format: ExportFormat,
    archive: ArchiveBucket,
    *,
    digest: Digest | None,
) -> dict[str, Any]:
    key = export_key(batch.user_id, batch.id, batch.revision, export_format)
    # On disk, so that memory stays the same however long the batch is.
    with TemporaryFile() as file:
        write_export(export_format, batch, items, summaries, file, digest=digest)
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        archive.upload_export(
            key,
            file,
            sha256=sha256,
            media_type=export_format.media_type,
            download_name=download_name(batch, export_format),
        )
    return {"key": key, "size_bytes": size_bytes, "sha256": sha256}


def _take_back_if_deleted(batches: Batches, batch: Batch, archive: ArchiveBucket, key: str) -> None:
    """A batch that was deleted while its archive was built leaves none behind."""
    try:
        batches.get(batch.user_id, batch.id)
    except BatchNotFound:
        archive.delete_export(key)
        raise
