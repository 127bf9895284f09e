"""What an execution alone shows, as in the console of Step Functions."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

from local.execution_view import history, walk
from local.youtube import Failure
from skimlist.errors import PlaylistsUnreadable, YouTubeBlocked
from testkit import template
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, await_status, create_batch

NO_SUCH_PLAYLIST = "https://www.youtube.com/playlist?list=PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"
_PATIENCE_SECONDS = 60


def execution_that_has(stack: WholeStack, name: str, status: str) -> dict[str, Any]:
    """Waits until the execution has this status; returns its description."""
    executions = stack.local.description["state_machine_arn"].replace(":stateMachine:", ":execution:")
    client = stack.local.account.client("stepfunctions")
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        described: dict[str, Any] = client.describe_execution(executionArn=f"{executions}:{name}")
        if described["status"] == status:
            return described
        time.sleep(0.1)
    raise AssertionError(f"The execution is not {status}.")


def test_it_shows_which_video_failed_where_and_why(stack: WholeStack, user: httpx.Client) -> None:
    batch = create_batch(user, "Lighthouse1", WITHOUT_CAPTIONS, "Sauerteig_1")
    await_status(user, batch["id"])
    execution_that_has(stack, batch["id"], "SUCCEEDED")
    events = history(stack.local.description, batch["id"])
    done = walk(template.definition(), events)
    assert (done.entered["Fetch transcript"], done.entered["Summarize video"]) == (3, 2)
    assert done.caught == {"Fetch transcript": [f"CaptionsDisabled: video 2, {WITHOUT_CAPTIONS}"]}
    (failure,) = (event["taskFailedEventDetails"] for event in events if event["type"] == "TaskFailed")
    assert json.loads(failure["cause"])["errorMessage"] == "Captions are switched off for this video."


def test_an_execution_that_fails_says_why_in_words(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.UNAVAILABLE, "PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o")
    batch = create_batch(user, NO_SUCH_PLAYLIST)
    failed = execution_that_has(stack, batch["id"], "FAILED")
    assert failed["error"] == "PlaylistsUnreadable"
    assert failed["cause"] == f"{PlaylistsUnreadable.message} {PlaylistsUnreadable.advice}"


def test_an_execution_that_waits_says_what_for(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.BLOCKED)
    batch = create_batch(user, "Lighthouse1")
    paused = await_status(user, batch["id"], {"paused"})
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (last := history(stack.local.description, batch["id"])[-1])["type"] != "WaitStateEntered":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    queue = json.loads(last["stateEnteredEventDetails"]["input"])["queue"]
    assert (queue["action"], queue["reason"]) == ("wait", YouTubeBlocked.message)
    assert paused["pause"]["message"] == queue["reason"]
    user.delete(f"batch/{batch['id']}/cancel").raise_for_status()
