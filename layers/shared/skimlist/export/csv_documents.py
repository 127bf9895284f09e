"""Writes tables for spreadsheets: RFC 4180, with the byte order mark by which Excel recognizes UTF-8."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import BinaryIO

from skimlist.export.entries import Entry
from skimlist.export.markdown import caption_source
from skimlist.formatting import clock_time
from skimlist.models.batch import Batch

Cell = str | int | float | Decimal | None

_SUMMARY_COLUMNS = (
    "position",
    "title",
    "channel",
    "url",
    "duration_seconds",
    "language",
    "model",
    "length",
    "tldr",
    "summary",
    "key_points",
    "chapters",
    "focus",
    "tags",
    "tokens_in",
    "tokens_out",
    "cost_usd",
    "created_at",
    "unverified",
    "captions",
    "published_at",
    "links",
    "channel_id",
)
_FAILURE_COLUMNS = (
    "position",
    "title",
    "channel",
    "url",
    "status",
    "attempts",
    "code",
    "reason",
    "advice",
    "retryable",
)

# The places where a cell can begin a formula (OWASP: "CSV Injection"). A spreadsheet that splits at semicolons or tabs,
# as in many countries, ignores our quotation marks: for it a cell can also begin within the text, after a separator or
# a line break. White space and quotation marks may come in between.
_BEFORE_A_FORMULA = r"(?:[^\S\t\r\n]|[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\"])*+"
_FORMULA = re.compile(
    rf"^(?=[\t\r\n]|{_BEFORE_A_FORMULA}[=+\-@＝＋－＠])|[;|\t\r\n]{_BEFORE_A_FORMULA}(?=[=+\-@＝＋－＠])"
)
# Text that a spreadsheet turns into a date, a number or a truth value: 1/3, 10-4, 1e5, 12:30, 1. May, TRUE.
_MAX_NUMBER_LENGTH = 40
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_NUMBER = re.compile(rf"^(?:true|false|(?=\D*\d)(?:[\d\s.,:;/%$€£¥()-]|(?<=\d)e(?=[\d+-])|{_MONTH})+)", re.I)
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class SummariesCsv:
    """`summaries.csv`: a row per summary, in queue order."""

    name = "summaries.csv"

    def __init__(self, file: BinaryIO, batch: Batch) -> None:
        self.file = file
        self._with_times = batch.settings.options.include_timestamps
        self._table = _Table(file, _SUMMARY_COLUMNS)

    def add(self, entry: Entry) -> None:
        summary = entry.summary
        if summary is None:
            return
        self._table.add(
            entry.position,
            entry.title,
            entry.channel,
            entry.item.url,
            entry.duration_seconds,
            summary.language,
            summary.model,
            summary.length,
            summary.tldr,
            summary.text,
            self._lines((point.start_seconds, point.text) for point in summary.key_points),
            self._lines((chapter.start_seconds, chapter.title) for chapter in summary.chapters),
            self._lines((f.start_seconds, f"{f.area}: {f.text or 'not mentioned'}") for f in summary.focus),
            ", ".join(summary.tags),
            summary.tokens_in,
            summary.tokens_out,
            summary.cost_usd,
            summary.created_at.isoformat(),
            summary.unverified,
            caption_source(summary),
            summary.published_at.isoformat() if summary.published_at else None,
            "\n".join(summary.links),
            entry.channel_id,
        )

    def finish(self) -> None:
        self._table.close()

    def _lines(self, timed_texts: Iterable[tuple[float | None, str]]) -> str:
        return "\n".join(
            f"{clock_time(start)} {text}" if self._with_times and start is not None else text
            for start, text in timed_texts
        )


class FailuresCsv:
    """`failures.csv`: a row per video that has no summary, with the reason."""

    name = "failures.csv"

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._table = _Table(file, _FAILURE_COLUMNS)

    def add(self, entry: Entry) -> None:
        if (error := entry.failure) is None:
            return
        item = entry.item
        self._table.add(
            entry.position,
            entry.title,
            entry.channel,
            item.url,
            item.status,
            item.attempts,
            error.code,
            error.message,
            error.advice,
            "yes" if error.retryable else "no",
        )

    def finish(self) -> None:
        self._table.close()


class _Table:
    def __init__(self, file: BinaryIO, header: Iterable[str]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        self._writer = csv.writer(self._text, dialect="excel")
        self._writer.writerow(header)

    def add(self, *cells: Cell) -> None:
        self._writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])

    def close(self) -> None:
        """Finishes the table, and leaves the file open."""
        self._text.detach()


def harmless(text: str) -> str:
    """A cell's text that stays text in any spreadsheet: an apostrophe precedes formulas, numbers and dates."""
    shown = _CONTROL_CHARACTERS.sub("", text)
    marked = _FORMULA.sub(r"\g<0>'", shown)
    is_number = len(shown) <= _MAX_NUMBER_LENGTH and _NUMBER.fullmatch(shown)
    return f"'{marked}" if is_number and not marked.startswith("'") else marked
