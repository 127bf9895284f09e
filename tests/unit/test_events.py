"""The workflow's events: each handler's annotations match what the definition sends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from skimlist.errors import CaptionsDisabled, UnexpectedFailure, WorkflowFailed, WorkflowStuck, YouTubeBlocked
from skimlist.events import BatchEvent, VideoEvent, video_of_page
from skimlist.models.batch import CurrentVideo
from skimlist.models.video import Item, Stage
from testkit.functions import FUNCTIONS, example_event
from testkit.workflow import SWEEP, Task, tasks

VIDEO_STEPS = ["estimate_video", "fetch_transcript", "pause_batch", "record_failure", "summarize_video"]
BATCH_STEPS = [
    *("digest_batch", "expand_playlists", "load_next_videos", "mark_batch_failed", "notify_owner"),
    "record_digest_failure",
]


def test_every_function_but_the_api_has_an_example_event() -> None:
    with_event = {path.parent.name for path in FUNCTIONS.glob("*/event.json")}
    assert with_event == {path.parent.name for path in FUNCTIONS.glob("*/handler.py")} - {"api"}
    assert {
        *VIDEO_STEPS,
        *BATCH_STEPS,
        "build_export",
        "describe_sources",
        "serve_feed",
        "serve_page",
        *SWEEP,
    } == with_event


@pytest.mark.parametrize("folder", VIDEO_STEPS)
def test_the_example_of_a_step_on_one_video_is_one(folder: str) -> None:
    event = VideoEvent.from_dict(example_event(folder))
    assert (event.run, event.item_id, event.position, event.video_id) == (1, "00001", 1, "dQw4w9WgXcQ")


@pytest.mark.parametrize("folder", BATCH_STEPS)
def test_the_example_of_a_step_on_a_batch_is_one(folder: str) -> None:
    assert BatchEvent.from_dict(example_event(folder)).run == 1


@pytest.mark.parametrize(
    "task", [task for task in tasks() if task.folder not in VIDEO_STEPS], ids=lambda task: task.name
)
def test_the_example_has_the_fields_that_the_workflow_sends(task: Task) -> None:
    sent = {name.removesuffix(".$") for name in task.state["Parameters"]["Payload"]}
    assert sent == set(example_event(task.folder))


@pytest.mark.parametrize(
    ("folder", "error"),
    [("record_failure", CaptionsDisabled), ("pause_batch", YouTubeBlocked), ("mark_batch_failed", WorkflowStuck)],
)
def test_the_example_carries_what_a_catch_put_there(folder: str, error: type[Exception]) -> None:
    kind = BatchEvent if folder == "mark_batch_failed" else VideoEvent
    assert type(kind.from_dict(example_event(folder)).error) is error


def video_event(**changes: Any) -> dict[str, Any]:
    video = {"item_id": "00007", "position": 7, "video_id": "dQw4w9WgXcQ", "order_version": 3}
    return {"user_id": "ada", "batch_id": "b7f3", "run": 2, "video": video, **changes}


@pytest.mark.parametrize(
    ("kind", "event", "expected"),
    [
        (VideoEvent, video_event(), UnexpectedFailure),
        (BatchEvent, {"user_id": "ada", "batch_id": "b7f3", "run": 2}, WorkflowFailed),
    ],
)
def test_a_foreign_error_becomes_the_one_that_fits_the_step(kind: Any, event: dict[str, Any], expected: type) -> None:
    assert type(kind.from_dict({**event, "error": {"Error": "KeyError", "Cause": "{}"}}).error) is expected
    assert type(kind.from_dict({**event, "error": {"Error": "States.Permissions"}}).error) is expected
    assert kind.from_dict(event).error is None


def test_the_current_video_has_its_position_and_its_run() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    shown = VideoEvent.from_dict(video_event()).current(Stage.SUMMARIZING, now, "A talk")
    assert shown == CurrentVideo(
        item_id="00007", position=7, stage=Stage.SUMMARIZING, started_at=now, run=2, title="A talk"
    )


def test_a_video_of_a_page_is_what_its_steps_read() -> None:
    item = Item(id="00007", video_id="dQw4w9WgXcQ", position=7)
    event = VideoEvent.from_dict(video_event(video=video_of_page(item, 4, "2-1")))
    assert (event.item_id, event.position, event.video_id) == (item.id, item.position, item.video_id)
    assert (event.order_version, event.page, event.attempts) == (4, "2-1", 0)
