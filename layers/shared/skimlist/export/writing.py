"""Writes an export in the requested format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from skimlist.export.archive import write_archive
from skimlist.export.csv_documents import SummariesCsv
from skimlist.export.entries import entries
from skimlist.export.formats import ExportFormat
from skimlist.export.json_documents import BatchJson
from skimlist.export.markdown_documents import Book
from skimlist.models.batch import Batch
from skimlist.models.digest import Digest
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item


def write_export(
    export_format: ExportFormat,
    batch: Batch,
    items: Iterable[Item],
    summaries: Iterable[tuple[str, Summary]],
    file: BinaryIO,
    *,
    digest: Digest | None = None,
    sources: Sequence[ListedPlaylist] = (),
    find_transcript: Callable[[Item], Transcript | None] | None = None,
) -> None:
    """Writes the results of `batch` so far to `file`, which is open for writing and can seek.

    `items` are all items in queue order, `summaries` are pairs `(item_id, summary)` in the same order; both are read
    once, one by one. `digest` is the batch's digest, if any; the CSV table does not include it. `sources` are the
    batch's playlists and channels, which JSON documents describe. With `find_transcript` a ZIP also holds the
    transcripts. Raises ValueError for a summary without an item.
    """
    rows = entries(batch, items, summaries)
    if export_format is ExportFormat.ZIP:
        write_archive(batch, rows, file, digest=digest, sources=sources, find_transcript=find_transcript)
        return
    document = _document(export_format, batch, file, digest, sources)
    for row in rows:
        document.add(row)
    document.finish()


def _document(
    export_format: ExportFormat, batch: Batch, file: BinaryIO, digest: Digest | None, sources: Sequence[ListedPlaylist]
) -> BatchJson | Book | SummariesCsv:
    if export_format is ExportFormat.JSON:
        return BatchJson(file, batch, digest, sources)
    if export_format is ExportFormat.MARKDOWN:
        return Book(file, batch, digest)
    return SummariesCsv(file, batch)
