"""Writes JSON about the whole batch, one summary after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from skimlist.export.entries import Entry, ExportedBatch
from skimlist.export.records import (
    GENERATOR,
    batch_record,
    digest_record,
    encode_json,
    item_record,
    source_record,
    summary_record,
)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the archive: its name within the folder, its size in bytes, its SHA-256 in hexadecimal digits."""

    name: str
    size_bytes: int
    sha256: str


class SummariesJson:
    """`summaries.json`: an array with one object per summary, in queue order."""

    name = "summaries.json"

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._array = _Array(file)

    def add(self, entry: Entry) -> None:
        if entry.summary is not None:
            place = {"item_id": entry.item.id, "position": entry.position, "file": entry.file_name}
            self._array.append(place | summary_record(entry.summary))

    def finish(self) -> None:
        self._array.close()
        self.file.write(b"\n")


class MetadataJson:
    """`metadata.json`: the result of the batch, and the files of the archive.

    {"generator": {"name", "version"},
     "batch": {"id", "name", "status", "settings": {"model", "summary_length", "options": {…}},
               "counts": {"total", "completed", "failed", "skipped", "left", "described"},
               "created_at", "started_at", "completed_at", "processing_seconds", "tokens": {"in", "out"},
               "cost_usd", "saved_usd", "max_cost_usd", "unverified", "pause", "error",
               "digest": {"status", "error", "videos"} or null},
     "digest": {"overview", "overview_check", "themes": [{"title", "text", "evidence": [place], "check"}],
                "agreements": [{"text", "evidence", "check"}], "differences": [{"text", "evidence", "check"}],
                "watch_order": [{"reason", "video": place}],
                "news": {"new": [{"title", "text", "evidence", "check"}],
                         "beyond": [{"text", "evidence", "check", "earlier": [place]}],
                         "contradictions": [{"text", "evidence", "check", "earlier"}],
                         "runs", "videos", "by_words", "earlier": [place]} or null,
                "videos", "language", "model", "tokens_in", "tokens_out", "cost_usd", "created_at", "notes"} or null,
     "sources": [{"id", "url", "title", "status", "added", "unavailable", "truncated", "select": {…}, "not_selected"}],
     "items": [{"id", "position", "video_id", "url", "title", "channel", "channel_id", "duration_seconds",
                "published_at", "published_at_is_approximate", "status", "stage", "attempts",
                "started_at", "completed_at", "processing_time_seconds", "tokens_in", "tokens_out", "cost_usd",
                "cached", "caption_kind", "unverified", "summary_id",
                "error": {"code", "message", "advice", "retryable"} or null, "errors": [{"code", "message", "at"}],
                "file": {"name", "size_bytes", "sha256"} or null}],
     "files": [{"name", "size_bytes", "sha256"}]}

    `sources` are the playlists and channels of the batch, "select" says which of their videos were wanted, and
    "not_selected" counts the others by the reason.

    The `videos` of a batch's digest say how many the digest below covers, also while a newer one is pending, or if
    it failed; 0 if there is none.

    `unverified` counts statements that mention something that was not found in the captions; a "check" is {"status":
    "supported", "moved" or "unverified", "missing": […]} or null where nothing was checked.

    A "caption_kind" says what the summary is made from: "manual", "automatic" or "translated" captions, ones that the
    user has "given" or "transcribed", or the "description" of a video without captions, of which "described" is the
    number.

    An item whose transcript is in the archive also has that file as "transcript".

    `files` are those beside the items' own; this one is not among them. A place of the digest is {"item_id",
    "position", "video_id", "title", "start_seconds", "described", "url"}, where "described" is true if the video was
    summarized from its description only. One of an earlier run has no position, but the "batch_id" of that run.
    """

    name = "metadata.json"

    def __init__(self, file: BinaryIO, exported: ExportedBatch) -> None:
        self.file = file
        self._batch = exported.batch
        _begin(file, exported)
        self._items = _Array(file)

    def add(self, entry: Entry, page: FileRecord | None, transcript: FileRecord | None) -> None:
        pages = {"file": page, "transcript": transcript} if transcript else {"file": page}
        self._items.append(item_record(self._batch, entry) | pages)

    def finish(self, files: Iterable[FileRecord]) -> None:
        self._items.close()
        self.file.write(b',\n"files":')
        array = _Array(self.file)
        for record in files:
            array.append(record)
        array.close()
        self.file.write(b"}\n")


class BatchJson:
    """Everything in one document: it begins like `metadata.json`, and each item has its `summary` or null."""

    def __init__(self, file: BinaryIO, exported: ExportedBatch) -> None:
        self._file = file
        self._batch = exported.batch
        _begin(file, exported)
        self._items = _Array(file)

    def add(self, entry: Entry) -> None:
        summary = None if entry.summary is None else summary_record(entry.summary)
        self._items.append(item_record(self._batch, entry) | {"summary": summary})

    def finish(self) -> None:
        self._items.close()
        self._file.write(b"}\n")


class _Array:
    """A JSON array with one element per line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._separator = b"[\n"

    def append(self, value: Any) -> None:
        self._file.write(self._separator + encode_json(value))
        self._separator = b",\n"

    def close(self) -> None:
        self._file.write(b"[]" if self._separator == b"[\n" else b"\n]")


def _begin(file: BinaryIO, exported: ExportedBatch) -> None:
    batch, digest, sources = exported
    file.write(b'{"generator":' + encode_json(GENERATOR))
    file.write(b',\n"batch":' + encode_json(batch_record(batch)))
    file.write(b',\n"digest":' + encode_json(digest and digest_record(digest)))
    file.write(b',\n"sources":' + encode_json([source_record(source) for source in sources]))
    file.write(b',\n"items":')
