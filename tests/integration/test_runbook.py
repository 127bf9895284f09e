"""The queries of the runbook match the log, tried on a batch that met every kind of failure."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.model import Failure, FakeModelServer
from skimlist.config import Settings
from skimlist.errors import BudgetReached, CaptionsDisabled, UnexpectedFailure
from skimlist.log import UnexpectedError
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings
from testkit.account import Account, video_id
from testkit.api_client import Client
from testkit.functions import FUNCTIONS, caught
from testkit.template import ROOT
from tests.fakes.log import Log
from tests.fakes.summarizing import transcript

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
ASK = next(
    block for block in re.findall(r"^```sh\n(.*?)^```", RUNBOOK, re.MULTILINE | re.DOTALL) if "insights()" in block
)
QUERIES = re.findall(r"^insights '(.*?)'$", RUNBOOK, re.MULTILINE | re.DOTALL)
WORDS = {
    "filter",
    "fields",
    "sort",
    "stats",
    "limit",
    "and",
    "as",
    "by",
    "desc",
    "ispresent",
    "sum",
    "count",
    "pct",
    "max",
}
# What Lambda itself writes when an invocation has ended (Lambda Telemetry API: "Event schema reference").
OF_LAMBDA = {
    "time": "2026-03-31T06:54:36.880Z",
    "type": "platform.report",
    "record": {
        "requestId": "459921b5-681c-4a96-beb0-81e0aa586026",
        "metrics": {
            "durationMs": 2599.4,
            "billedDurationMs": 3149,
            "memorySizeMB": 192,
            "maxMemoryUsedMB": 94,
            "initDurationMs": 549.04,
        },
        "status": "success",
    },
}

BATCH = {"user_id": "ada", "batch_id": "b7f3", "run": 1}


def video(number: int, **more: Any) -> dict[str, Any]:
    named = {"item_id": f"{number:05}", "position": number, "video_id": video_id(number), "order_version": 0}
    return {**BATCH, "video": named, **more}


def literals(query: str) -> dict[str, str]:
    """Returns the values that fields are compared with, without the ids that a reader fills in."""
    return {name: value for name, value in re.findall(r'(\w+) = "([^"]+)"', query) if not value.endswith("_ID")}


def fields(query: str) -> set[str]:
    """Returns names of fields, without those that CloudWatch adds (`@…`) and those that the query makes (`as …`)."""
    made = set(re.findall(r" as (\w+)", query))
    names = set(re.findall(r"(?<![@\w])[A-Za-z_]\w*(?:\.\w+)*", re.sub(r'"[^"]*"', "", query)))
    return names - WORDS - made


@pytest.fixture
def lines(account: Account, ada: Client, log: Log, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The log of a batch: a summary, a failed video, an unknown crash, a user's pause, and a budget that ends."""
    account.store_secret("openai-api-key", "a-key-of-the-tests")
    account.begin_batch(3, settings=BatchSettings(model="openai"))
    captions = [f"Sentence number {number} speaks of bread, water and salt." for number in range(40)]
    with FakeModelServer() as model, monkeypatch.context() as patch:
        model.fail(Failure.NOT_JSON, times=1)
        patch.setattr(Settings, "endpoint", Endpoint(base_url=model.base_url))
        account.archive.put_transcript("ada", transcript(captions, video_id=video_id(1)), None)
        account.invoke("load_next_videos", BATCH)
        account.invoke("fetch_transcript", video(1))
        account.invoke("summarize_video", video(1))
    account.invoke("record_failure", video(2, error=caught(CaptionsDisabled())))
    account.invoke("record_failure", video(3, error=caught(UnexpectedFailure())))
    with monkeypatch.context() as patch, pytest.raises(UnexpectedError):
        patch.setattr("skimlist.jobs.videos.Videos.claim", _die)
        account.invoke("fetch_transcript", video(3))
    account.invoke("pause_batch", {**BATCH, "error": caught(BudgetReached())})
    assert ada.post("/batch/b7f3/resume").status == 202
    assert ada.post("/batch/b7f3/pause").status == 202
    return [*log.lines(), OF_LAMBDA]


def _die(*_: Any, **__: Any) -> None:
    raise OSError


def value_of(line: dict[str, Any], name: str) -> Any:
    """Finds a value like Logs Insights: dots lead into objects, and to the indexes of lists."""
    found: Any = line
    for step in name.split("."):
        if isinstance(found, list):
            found = found[int(step)] if int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def test_the_runbook_has_queries() -> None:
    assert len(QUERIES) >= 7


def test_every_query_finds_lines_with_every_field(lines: list[dict[str, Any]]) -> None:
    for query in QUERIES:
        present = set(re.findall(r"ispresent\(([\w.]+)\)", query))
        found = [
            line
            for line in lines
            if all(value_of(line, name) is not None for name in present)
            and all(value_of(line, name) == value for name, value in literals(query).items())
        ]
        missing = {name for name in fields(query) if all(value_of(line, name) is None for line in found)}
        assert found, query
        # A budget has nobody who caused the pause; other reasons have.
        assert missing <= {"cause"}, query


def test_the_query_of_the_cost_gives_what_the_batch_has_counted(account: Account, lines: list[dict[str, Any]]) -> None:
    costs = [value_of(line, "CostUsd.0") for line in lines if line.get("batch_id") == "b7f3" and "CostUsd" in line]
    assert sum(costs) == pytest.approx(float(account.batch().cost_usd))
    assert sum(costs) > 0


def test_messages_that_the_runbook_quotes_are_logged_somewhere() -> None:
    layer = ROOT / "layers/shared/skimlist"
    sources = [*FUNCTIONS.glob("*/*.py"), layer / "log.py", *(layer / "steps").glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    for message in (
        "step failed",
        "batch failed",
        "request failed",
        "batch abandoned",
        "execution could not be started",
        "could not restart the batch",
        "could not delete the batch",
        "could not list disabled users",
    ):
        assert f"`{message}`" in RUNBOOK
        assert f'"{message}"' in code


def ask(folder: Path, aws: str) -> subprocess.CompletedProcess[str]:
    """Runs the runbook's shell function with a script in place of the AWS CLI."""
    command = folder / "aws"
    command.write_text(f"#!/bin/bash\n{aws}\n", encoding="utf-8")
    command.chmod(0o700)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    typed = f"{ASK}\nsleep() {{ :; }}\ninsights 'limit 1'"
    return subprocess.run(
        ["bash", "-c", typed], env=environment, cwd=folder, capture_output=True, text=True, timeout=20, check=False
    )


def test_a_query_is_waited_for_and_its_results_are_shown(tmp_path: Path) -> None:
    answers = """
    case "$*" in
        *start-query*) echo Scheduled > state; echo an-id ;;
        *"--query status"*)
            cat state
            [ "$(cat state)" = Scheduled ] && echo Running > state || echo Complete > state ;;
        *results*) cat state; echo message=batch paused ;;
    esac"""
    done = ask(tmp_path, answers)
    assert (done.returncode, done.stdout) == (0, "Complete\nmessage=batch paused\n"), done.stderr


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param("echo AccessDenied >&2; exit 254", id="refused"),
        pytest.param('[[ "$*" == *start-query* ]] && echo an-id || echo Failed', id="failed"),
    ],
)
def test_a_query_that_comes_to_nothing_is_not_waited_for(tmp_path: Path, answers: str) -> None:
    done = ask(tmp_path, answers)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "AccessDenied" in done.stderr or "ended as Failed" in done.stderr
