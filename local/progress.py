"""Shows progress bars for a batch: one for the batch, and one for each video near the current one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.table import Column

# The number of bars before and after the current video, so that a batch of thousands fits on a screen.
_BEFORE, _AFTER = 6, 6
_ENDED = {"completed": "[green]done", "failed": "[red]failed", "skipped": "[yellow]skipped"}


class BatchProgress:
    """Progress bars; `show` takes the answer of `GET /batch/{id}`. Without a terminal, a line for each ended video."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}", table_column=Column(width=44, no_wrap=True, overflow="ellipsis")),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.fields[state]}", table_column=Column(no_wrap=True)),
            console=console,
            auto_refresh=console.is_terminal,
        )
        self._batch = self._bars.add_task("[bold]Batch", total=100, state="")
        self._videos = [self._bars.add_task("", total=100, state="", visible=False) for _ in range(total)]
        self._reported: set[str] = set()

    def __enter__(self) -> BatchProgress:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, batch: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> None:
        progress = batch["progress"]
        current = progress["current_video"]
        position = current["position"] if current else progress["completed"] + progress["failed"] + progress["skipped"]
        self._bars.update(self._batch, completed=progress["percent"], state=_counts(batch))
        for item, bar in zip(items, self._videos, strict=True):
            self._show_video(bar, item, current, visible=-_BEFORE <= item["position"] - position <= _AFTER)

    def _show_video(
        self, bar: TaskID, item: Mapping[str, Any], current: Mapping[str, Any] | None, *, visible: bool
    ) -> None:
        ended = item["status"] in _ENDED
        percent = current["percent"] if current and current["item_id"] == item["id"] else 0
        name = f"{item['position']:>3}  {escape(item['title'] or item['video_id'])}"
        state = _ENDED.get(item["status"]) or item["stage"] or item["status"]
        self._bars.update(bar, description=name, completed=100 if ended else percent, state=state, visible=visible)
        if ended and item["id"] not in self._reported:
            self._reported.add(item["id"])
            self._report(item, f"{name}  {state}")

    def _report(self, item: Mapping[str, Any], line: str) -> None:
        if item["error"]:
            self._console.print(f"{line}: {escape(item['error']['message'])}", soft_wrap=True)
        elif not self._console.is_terminal:
            self._console.print(line, soft_wrap=True)


def _counts(batch: Mapping[str, Any]) -> str:
    progress = batch["progress"]
    failed = f", {progress['failed']} failed" if progress["failed"] else ""
    return f"{batch['status']}: {progress['completed']} of {progress['total']} done{failed}"
