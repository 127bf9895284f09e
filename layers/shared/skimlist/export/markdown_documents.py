"""Writes Markdown about the whole batch: the archive's index, and everything in one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO
from urllib.parse import quote

from skimlist.export.digest_section import digest_section
from skimlist.export.entries import Entry
from skimlist.export.file_names import summary_file_name
from skimlist.export.markdown import NOT_FROM_YOUTUBE, caption_source, one_line, summary_section
from skimlist.formatting import counted, dollars, duration, moment, span, utf8
from skimlist.models.batch import Batch, DigestState, DigestStatus
from skimlist.models.digest import Digest, Evidence
from skimlist.models.problem import Problem
from skimlist.progress import digest_state, remaining, skipped


class Index:
    """`index.md`: the batch at a glance, a link to every file, and the failures with their reasons."""

    name = "index.md"

    def __init__(self, file: BinaryIO, batch: Batch, files: Iterable[str], digest: Digest | None) -> None:
        """`files` are the archive's other files, besides the pages."""
        self.file = file
        self._batch = batch
        self._failures: list[Entry] = []
        self._rows = 0
        links = " · ".join(f"[{name}]({quote(name)})" for name in files)
        self._write(*at_a_glance(batch), f"Files: {links}\n")
        if digest:
            self._write(*digest_section(batch, digest, self._page_of))

    def add(self, entry: Entry) -> None:
        if entry.summary is not None:
            self._add_row(entry)
        elif entry.failure is not None:
            self._failures.append(entry)

    def finish(self) -> None:
        if self._rows:
            self._write("")
        self._write(*failure_section(self._failures))

    def _page_of(self, video: Evidence) -> str:
        return quote(summary_file_name(video.position, self._batch.total, video.title, video.video_id))

    def _add_row(self, entry: Entry) -> None:
        if not self._rows:
            self._write("## Summaries\n", "| # | Video | Channel | Duration | To check |", "|--:|---|---|--:|--:|")
        self._rows += 1
        title = f"[{one_line(entry.title)}]({quote(entry.file_name)})"
        to_check = entry.summary.unverified if entry.summary else None
        if entry.summary and entry.summary.caption_kind in NOT_FROM_YOUTUBE:
            title = f"{title} *({caption_source(entry.summary)})*"
        self._write(_row(entry.position, title, one_line(entry.channel or ""), _duration(entry), to_check or ""))

    def _write(self, *lines: str) -> None:
        self.file.writelines(utf8(f"{line}\n") for line in lines)


class Book:
    """Every summary of the batch in one document, in queue order."""

    def __init__(self, file: BinaryIO, batch: Batch, digest: Digest | None) -> None:
        self._file = file
        self._batch = batch
        self._failures: list[Entry] = []
        self._write(*at_a_glance(batch))
        if digest:
            self._write(*digest_section(batch, digest, lambda video: video.url))

    def add(self, entry: Entry) -> None:
        if entry.summary is not None:
            self._write(summary_section(self._batch, entry, entry.summary))
        elif entry.failure is not None:
            self._failures.append(entry)

    def finish(self) -> None:
        self._write(*failure_section(self._failures))

    def _write(self, *lines: str) -> None:
        self._file.writelines(utf8(f"{line}\n") for line in lines)


def at_a_glance(batch: Batch) -> Iterator[str]:
    yield f"# {one_line(batch.name) or 'Batch'}\n"
    yield "| | |"
    yield "|---|---|"
    for label, value in _facts(batch):
        yield _row(label, value)
    yield ""


def failure_section(failures: Iterable[Entry]) -> Iterator[str]:
    rows = [_failure_row(entry) for entry in failures]
    if rows:
        yield "## Failures\n"
        yield "| # | Video | Reason | What to do |"
        yield "|--:|---|---|---|"
        yield from rows
        yield ""


def _facts(batch: Batch) -> Iterator[tuple[str, str]]:
    options = batch.settings.options
    yield "Status", str(batch.status)
    yield "Videos", _counts(batch)
    yield "Model", f"{one_line(batch.settings.model)}, {batch.settings.summary_length} summaries"
    if options.language:
        yield "Language", one_line(options.language)
    if options.caption_language:
        yield "Captions in", one_line(options.caption_language)
    if options.focus_areas:
        yield "Focus", one_line(", ".join(options.focus_areas))
    if batch.started_at:
        yield "Started", moment(batch.started_at)
    if batch.completed_at:
        yield "Ended", moment(batch.completed_at)
    if batch.started_at and batch.completed_at:
        yield "Took", span(batch.completed_at - batch.started_at)
    if state := digest_state(batch):
        yield "Digest", " ".join([_digest_status(state), *_problem(state.error)])
    yield "Tokens", f"{batch.tokens_in:,} in, {batch.tokens_out:,} out"
    if batch.unverified:
        yield "To check", f"{counted(batch.unverified, 'statement')} not found in the captions"
    saved = f" ({dollars(batch.saved_usd)} saved)" if batch.saved_usd else ""
    yield "Cost", one_line(f"{dollars(batch.cost_usd)}{saved}")


def _digest_status(state: DigestState) -> str:
    """Returns the status; of a digest that has to be rewritten, how many videos the one that follows covers."""
    if state.status is DigestStatus.READY or not state.covered:
        return str(state.status)
    rewritten = "will be rewritten" if state.status is DigestStatus.PENDING else "could not be rewritten"
    return f"covers {counted(state.covered, 'video')}, {rewritten}"


def _problem(error: Problem | None) -> Iterator[str]:
    if error:
        yield f"({one_line(error.message)} {one_line(error.advice)})"


def _counts(batch: Batch) -> str:
    counts = {
        "summarized": batch.completed,
        "failed": batch.failed,
        "skipped": skipped(batch),
        "to do": remaining(batch),
    }
    parts = [f"{number:,} {label}" for label, number in counts.items() if number]
    described = f" ({batch.described:,} from the description only)" if batch.described else ""
    return f"{counted(batch.total, 'video')}: {', '.join(parts)}{described}" if parts else counted(batch.total, "video")


def _failure_row(entry: Entry) -> str:
    reason, advice = (entry.failure.message, entry.failure.advice) if entry.failure else ("", "")
    return _row(entry.position, f"[{one_line(entry.title)}]({entry.item.url})", one_line(reason), one_line(advice))


def _duration(entry: Entry) -> str:
    return "" if entry.duration_seconds is None else duration(entry.duration_seconds)


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
