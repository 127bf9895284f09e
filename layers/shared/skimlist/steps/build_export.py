"""Build export: writes the batch's summaries so far into one file in the bucket."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from io import SEEK_END, BufferedRandom
from itertools import tee
from tempfile import TemporaryFile
from typing import Any

from skimlist.bucket import Bucket, export_key
from skimlist.errors import BatchNotFound
from skimlist.export.formats import ExportFormat, download_name
from skimlist.export.writing import write_export
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.models.batch import Batch
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item, VideoStatus
from skimlist.steps.reporting import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildExport:
    batches: Batches
    queue: Queue
    results: Results
    digests: Digests
    archive: Bucket
    log: Log

    def run(
        self, user_id: str, batch_id: str, export_format: ExportFormat, *, transcripts: bool = False
    ) -> dict[str, Any]:
        """Builds the file and returns its `{key, size_bytes, sha256}` for the API; the workflow ignores them."""
        batch = self.batches.get(user_id, batch_id)
        # On disk, so that memory does not grow with the batch.
        with TemporaryFile() as file:
            self._write(batch, export_format, file, transcripts=transcripts)
            built = self._upload(batch, export_format, file, transcripts=transcripts)
        self._remove_if_deleted(batch, built["key"])
        self.log.info("export built", revision=batch.revision, **built)
        return built

    def _write(self, batch: Batch, export_format: ExportFormat, file: BufferedRandom, *, transcripts: bool) -> None:
        order = self.queue.order(batch.id)
        # Items and summaries are read side by side, so that memory does not grow with the batch.
        items, ahead = tee(self.queue.iterate_items(batch, order))
        done = (item.id for item in ahead if item.status is VideoStatus.COMPLETED)
        summaries = (
            self.results.iterate_ascending(batch.id, done)
            if order.is_ascending
            else self.results.iterate(batch.id, list(done))
        )
        digest = self.digests.find(batch.id).digest
        find = partial(self._find_transcript, batch) if transcripts else None
        write_export(export_format, batch, items, summaries, file, digest=digest, find_transcript=find)

    def _find_transcript(self, batch: Batch, item: Item) -> Transcript | None:
        return self.archive.find_any_transcript(batch.user_id, item.video_id, batch.settings.options.captions)

    def _upload(
        self, batch: Batch, export_format: ExportFormat, file: BufferedRandom, *, transcripts: bool
    ) -> dict[str, Any]:
        key = export_key(batch.user_id, batch.id, batch.revision, export_format, transcripts=transcripts)
        size_bytes = file.seek(0, SEEK_END)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.archive.upload_export(
            key,
            file,
            sha256=sha256,
            media_type=export_format.media_type,
            download_name=download_name(batch, export_format),
        )
        return {"key": key, "size_bytes": size_bytes, "sha256": sha256}

    def _remove_if_deleted(self, batch: Batch, key: str) -> None:
        """Removes the file if the batch was deleted while the file was built."""
        try:
            self.batches.get(batch.user_id, batch.id)
        except BatchNotFound:
            self.archive.delete_export(key)
            raise
