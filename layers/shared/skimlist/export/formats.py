"""The formats in which a batch can be downloaded; a module of its own, so that listing them imports no writer."""

from __future__ import annotations

from enum import StrEnum

from skimlist.export.file_names import export_name
from skimlist.models.batch import Batch


class ExportFormat(StrEnum):
    """The value is the file's extension too."""

    ZIP = "zip"
    JSON = "json"
    MARKDOWN = "md"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    ExportFormat.ZIP: "application/zip",
    ExportFormat.JSON: "application/json",
    ExportFormat.MARKDOWN: "text/markdown; charset=utf-8",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


class TranscriptFormat(StrEnum):
    """A transcript as a file; the value is the file's extension too."""

    TEXT = "txt"
    VTT = "vtt"
    SRT = "srt"
    MARKDOWN = "md"

    @property
    def media_type(self) -> str:
        return f"{_TRANSCRIPT_TYPES[self]}; charset=utf-8"


_TRANSCRIPT_TYPES = {
    TranscriptFormat.TEXT: "text/plain",
    TranscriptFormat.VTT: "text/vtt",
    TranscriptFormat.SRT: "application/x-subrip",
    TranscriptFormat.MARKDOWN: "text/markdown",
}


def download_name(batch: Batch, export_format: ExportFormat) -> str:
    """`<batch>-<id>.zip`: the name under which a browser saves an export."""
    return f"{export_name(batch)}.{export_format}"
