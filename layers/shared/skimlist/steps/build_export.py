"""Build export: writes the batch's summaries so far into one file in the bucket."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import SEEK_END, BufferedRandom
from itertools import tee
from tempfile import TemporaryFile
from typing import Any

from skimlist.bucket import Bucket, export_key
from skimlist.errors import BatchNotFound
from skimlist.export.entries import ExportedBatch
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

# Transcripts that are read at the same time; as many again are kept in memory.
_READERS = 8


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
        exported = ExportedBatch(batch, self.digests.find(batch.id).digest, order.playlists)
        write = partial(write_export, export_format, exported)
        if not transcripts:
            write(items=items, summaries=summaries, file=file)
            return
        with ThreadPoolExecutor(_READERS) as pool:
            reader = _TranscriptReader(items, partial(self._find_transcript, batch), pool)
            write(items=reader, summaries=summaries, file=file, find_transcript=reader.transcript_of)

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


class _TranscriptReader:
    """Yields the items while it reads the transcripts of the next ones: one by one, thousands would take minutes."""

    def __init__(
        self, items: Iterable[Item], find: Callable[[Item], Transcript | None], pool: ThreadPoolExecutor
    ) -> None:
        self._items = iter(items)
        self._find = find
        self._pool = pool
        self._reads: dict[str, Future[Transcript | None]] = {}

    def __iter__(self) -> Iterator[Item]:
        ahead: deque[Item] = deque()
        for item in self._items:
            ahead.append(item)
            if item.status is VideoStatus.COMPLETED:
                self._reads[item.id] = self._pool.submit(self._find, item)
            if len(ahead) > 2 * _READERS:
                yield ahead.popleft()
        yield from ahead

    def transcript_of(self, item: Item) -> Transcript | None:
        """Returns the transcript of an item that was yielded, once."""
        read = self._reads.pop(item.id, None)
        return read.result() if read else None
