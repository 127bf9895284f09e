"""Writes an export in the requested format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from skimlist.export.archive import write_archive
from skimlist.export.csv_documents import SummariesCsv
from skimlist.export.entries import ExportedBatch, entries
from skimlist.export.formats import ExportFormat
from skimlist.export.json_documents import BatchJson
from skimlist.export.markdown_documents import Book
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item


def write_export(
    export_format: ExportFormat,
    exported: ExportedBatch,
    items: Iterable[Item],
    summaries: Iterable[tuple[str, Summary]],
    file: BinaryIO,
    *,
    find_transcript: Callable[[Item], Transcript | None] | None = None,
) -> None:
    """Writes the results of a batch so far to `file`, which is open for writing and can seek.

    `items` are all items in queue order, `summaries` are pairs `(item_id, summary)` in the same order; both are read
    once, one by one. The CSV table has no digest, and only JSON documents describe playlists and channels. With
    `find_transcript` a ZIP also holds the transcripts. Raises ValueError for a summary without an item.
    """
    rows = entries(exported.batch, items, summaries)
    if export_format is ExportFormat.ZIP:
        write_archive(exported, rows, file, find_transcript)
        return
    document = _document(export_format, exported, file)
    for row in rows:
        document.add(row)
    document.finish()


def _document(export_format: ExportFormat, exported: ExportedBatch, file: BinaryIO) -> BatchJson | Book | SummariesCsv:
    if export_format is ExportFormat.JSON:
        return BatchJson(file, exported)
    if export_format is ExportFormat.MARKDOWN:
        return Book(file, exported.batch, exported.digest)
    return SummariesCsv(file, exported.batch)
