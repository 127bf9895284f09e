"""The picture of an execution follows the recorded history, and the one in `docs/` is of today's definition."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from local.execution_view import dot, walk, ways
from testkit import template
from testkit.template import ROOT
from testkit.workflow import states

RECORDED = (ROOT / "tests" / "fakes" / "execution.jsonl").read_text(encoding="utf-8")
PICTURE = (ROOT / "docs" / "execution.svg").read_text(encoding="utf-8")
MAP = "Process videos"


def recorded() -> list[dict[str, Any]]:
    """A recorded execution of the local stack: three videos, the second one without captions, and a digest."""
    return [json.loads(line) for line in RECORDED.splitlines()]


def picture(kind: str) -> list[tuple[str, str]]:
    """Returns class and title of each drawn element."""
    drawn = re.findall(rf'<g id="\w+" class="{kind} ?(\w*)">\n<title>(.*)</title>', PICTURE)
    return [(look, unescape(title)) for look, title in drawn]


def failing(error: str, times: int) -> list[dict[str, Any]]:
    """An execution with a Map of two videos, the first of which fails in its first state so often."""
    videos = [{"position": number, "video_id": f"video{number}"} for number in (1, 2)]
    entered = {"name": MAP, "input": json.dumps({"queue": {"videos": videos}})}
    return [
        {"type": "MapStateEntered", "stateEnteredEventDetails": entered},
        *[{"type": "TaskFailed", "taskFailedEventDetails": {"error": error}}] * times,
        *[{"type": "TaskSucceeded"}] * 3,
        {"type": "MapStateExited", "stateExitedEventDetails": {"name": MAP}},
    ]


def test_the_states_inside_a_map_are_found_by_the_definition() -> None:
    done = walk(template.definition(), recorded())
    assert done.entered["Fetch transcript"] == 3
    assert done.entered["Summarize video"] == 2
    assert done.entered["Record failure"] == 1
    assert done.taken["Fetch transcript", "Record failure"] == 1
    assert done.taken[MAP, "Load next videos"] == 1
    assert done.caught == {"Fetch transcript": ["CaptionsDisabled: video 2, Silent_Film"]}
    assert (done.last, done.failed) == ("Batch done", False)


def test_an_attempt_that_is_retried_stays_in_its_state() -> None:
    retries = next(
        rule["MaxAttempts"]
        for rule in dict(states())["Fetch transcript"]["Retry"]
        if "StorageUnavailable" in rule["ErrorEquals"]
    )
    passed = walk(template.definition(), failing("StorageUnavailable", retries))
    assert (passed.entered["Fetch transcript"], passed.entered["Summarize video"], passed.caught) == (2, 2, {})
    caught = walk(template.definition(), failing("StorageUnavailable", retries + 1))
    assert caught.caught == {"Fetch transcript": ["StorageUnavailable: video 1, video1"]}
    assert (caught.entered["Record failure"], caught.entered["Summarize video"]) == (1, 1)


@pytest.mark.parametrize(("error", "leads_to"), [("YouTubeBlocked", "Pause batch"), ("VideoPrivate", "Record failure")])
def test_a_caught_error_leads_where_the_definition_says(error: str, leads_to: str) -> None:
    definition = template.definition()
    tries = 1 + sum(
        rule["MaxAttempts"] for rule in dict(states())["Fetch transcript"]["Retry"] if error in rule["ErrorEquals"]
    )
    assert walk(definition, failing(error, tries)).taken["Fetch transcript", leads_to] == 1


def test_a_failed_execution_is_drawn_as_failed() -> None:
    events = [
        {"type": "FailStateEntered", "stateEnteredEventDetails": {"name": "Batch failed", "input": "{}"}},
        {"type": "ExecutionFailed"},
    ]
    drawn = dot(template.definition(), walk(template.definition(), events), "a title")
    assert re.search(r'^"Batch failed" \[.*class=failed', drawn, re.MULTILINE)


def test_the_picture_in_the_docs_is_that_of_the_recorded_execution_and_of_todays_definition() -> None:
    drawn = dot(template.definition(), walk(template.definition(), recorded()), "")
    looks = re.findall(r'^"([^"]+)" \[label=.*class=(\w+)', drawn, re.MULTILINE)
    assert sorted(picture("node")) == sorted((look, name) for name, look in looks)
    assert {name for _, name in picture("node")} == {name for name, _ in states()}
    arrows = {f"{start}->{end}" for start, end, _ in ways(template.definition()["States"])}
    assert {title for _, title in picture("edge")} == arrows
    assert "CaptionsDisabled: video 2, Silent_Film" in unescape(PICTURE)


def test_every_state_is_named_in_the_walk_through_the_view() -> None:
    text = (ROOT / "docs" / "execution-view.md").read_text(encoding="utf-8")
    assert {name for name, _ in states()} <= set(re.findall(r"\*\*([^*]+)\*\*", text))
