from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from local.progress import BatchProgress


def item(position: int, status: str, **fields: Any) -> dict[str, Any]:
    base = {"id": str(position), "position": position, "video_id": f"video{position}", "title": None, "stage": None}
    return {**base, "status": status, "error": None, **fields}


def batch(total: int, completed: int = 0, failed: int = 0, current: dict[str, Any] | None = None) -> dict[str, Any]:
    counts = {"total": total, "completed": completed, "failed": failed, "skipped": 0, "percent": 0}
    return {"status": "processing", "progress": {**counts, "current_video": current}}


def shown(*views: tuple[dict[str, Any], list[dict[str, Any]]], terminal: bool = False) -> str:
    output = io.StringIO()
    console = Console(file=output, width=120, force_terminal=terminal, color_system=None)
    with BatchProgress(console, len(views[0][1])) as progress:
        for view in views:
            progress.show(*view)
    return output.getvalue()


def test_without_a_terminal_each_ended_video_is_one_line() -> None:
    ended = item(1, "completed", title="A title")
    lines = shown((batch(2, 1), [ended, item(2, "pending")]), (batch(2, 1), [ended, item(2, "pending")])).splitlines()
    assert lines.count("  1  A title  done") == 1


def test_a_failure_is_shown_with_its_reason() -> None:
    failed = item(1, "failed", error={"message": "This video is private."})
    for terminal in (False, True):
        assert "  1  video1  failed: This video is private." in shown((batch(1, failed=1), [failed]), terminal=terminal)


def test_titles_are_shown_as_they_are() -> None:
    assert "[bold]not markup[/]" in shown((batch(1, 1), [item(1, "completed", title="[bold]not markup[/]")]))


def test_only_videos_near_the_current_one_have_a_bar() -> None:
    current = {"item_id": "50", "position": 50, "stage": "fetching", "percent": 40}
    items = [item(n, "pending") for n in range(1, 101)]
    items[49] |= {"status": "processing", "stage": "fetching"}
    text = shown((batch(100, 49, current=current), items))
    assert "video50" in text
    assert " 40% fetching" in text
    assert "video44 " in text
    assert "video56 " in text
    assert "video43 " not in text
    assert "video57 " not in text


def test_the_batch_bar_counts() -> None:
    assert "processing: 1 of 3 done, 1 failed" in shown((batch(3, 1, 1), [item(n, "pending") for n in (1, 2, 3)]))
