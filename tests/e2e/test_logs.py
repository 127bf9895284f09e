"""No text from a video, a batch or a link is kept in a log, a metric or an execution.

Each route with the marker in every field is in tests/integration/test_api_log.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from local.execution_view import history
from local.model import Failure as ModelFailure
from local.youtube import Failure
from testkit import template
from testkit.whole_stack import WholeStack, await_status, create_batch

# Eight letters and digits, so that it can be a part of a language code.
MARKER = "Xq7zkW4p"
VIDEOS = ("Marked_0001", "Marked_0002", "Marked_0003")
UNREADABLE = VIDEOS[2]
PLAYLIST = f"PL{'0' * 16}"


def marked_video(video_id: str) -> dict[str, Any]:
    sentences = [f"In sentence {number} the baker {MARKER} speaks of bread, water and salt." for number in range(40)]
    return {
        "video_id": video_id,
        "title": f"The title {MARKER} of {video_id}",
        "channel": f"The channel {MARKER}",
        "language": "English",
        "language_code": "en",
        "is_generated": False,
        "duration_seconds": 240,
        "snippets": [{"text": text, "start": 6 * place, "duration": 5.5} for place, text in enumerate(sentences)],
    }


def kept_by_cloudwatch(stack: WholeStack, since: datetime) -> Iterator[str]:
    yield from stack.local.account.log_lines(since.timestamp())
    pages = stack.local.account.client("cloudwatch").get_paginator("list_metrics").paginate()
    yield from (json.dumps(metric, default=str) for page in pages for metric in page["Metrics"])


def kept_by_executions(stack: WholeStack, since: datetime) -> Iterator[str]:
    client, machine = stack.local.account.client("stepfunctions"), stack.local.description["state_machine_arn"]
    for page in client.get_paginator("list_executions").paginate(stateMachineArn=machine):
        for execution in page["executions"]:
            if execution["startDate"] < since:
                continue  # it belongs to another test, which did not write the marker
            yield json.dumps(client.describe_execution(executionArn=execution["executionArn"]), default=str)
            for event in history(stack.local.description, execution["name"]):
                yield json.dumps(event, default=str)


@pytest.fixture
def marked(stack: WholeStack) -> Iterator[WholeStack]:
    """A stack with videos and a playlist whose texts all hold the marker; one of the videos cannot be read."""
    stack.youtube.videos.update({video_id: marked_video(video_id) for video_id in VIDEOS})
    stack.youtube.playlists[PLAYLIST] = {"title": MARKER, "channel": MARKER, "videos": [VIDEOS[1], UNREADABLE]}
    stack.youtube.fail(Failure.CAPTIONS_OFF, UNREADABLE)
    yield stack
    for video_id in VIDEOS:
        del stack.youtube.videos[video_id]
    del stack.youtube.playlists[PLAYLIST]


def run_batches(stack: WholeStack, user: httpx.Client) -> str:
    """Runs batches that succeed and fail; returns what their owner can read about them."""
    links = [f"{MARKER} https://youtu.be/{VIDEOS[0]}?si={MARKER}", f"https://www.youtube.com/playlist?list={PLAYLIST}"]
    options = {"focus_areas": [MARKER], "instructions": MARKER, "digest": True}
    asked = {"name": MARKER, "options": options}
    done = await_status(user, create_batch(user, *links, **asked, model="openai")["id"])
    assert (done["progress"]["completed"], done["progress"]["failed"]) == (2, 1)
    read = user.get(f"batch/{done['id']}/digest").raise_for_status().text
    read += user.get(f"batch/{done['id']}/export").raise_for_status().text
    # The queue already knows the titles of known videos.
    user.post(f"batch/{done['id']}/retry", json={"all": True}).raise_for_status()
    await_status(user, done["id"])
    draft = create_batch(user, *links, **asked, start=False, preflight=True)["id"]
    await_status(user, draft, {"draft"}, until=lambda batch: batch["preflight"]["status"] == "ready")
    user.post(f"batch/{draft}/start").raise_for_status()
    await_status(user, draft)
    for failure in (ModelFailure.CUT_OFF, ModelFailure.REFUSAL):
        stack.model.fail(failure)
        failed = create_batch(user, VIDEOS[0], name=MARKER, model="openai", options={"instructions": failure})
        assert await_status(user, failed["id"])["progress"]["failed"] == 1
    return read + user.get("summaries").raise_for_status().text


def test_nothing_that_somebody_wrote_is_kept_in_logs_metrics_or_executions(
    marked: WholeStack, user: httpx.Client
) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    assert run_batches(marked, user).count(MARKER) > 5
    for kept in (list(kept_by_cloudwatch(marked, began)), list(kept_by_executions(marked, began))):
        assert len(kept) > 50
        assert [text for text in kept if MARKER.casefold() in text.casefold()] == []
    assert "Tracing" not in json.dumps(template.load("template.yaml")), "Look through the traces too."
