"""Every line of the log names its user and batch, and every failure is logged with its code."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3

from local.emulator import free_port
from skimlist.errors import (
    BatchNotFound,
    CaptionsDisabled,
    ModelQuotaExceeded,
    PlaylistPrivate,
    SkimlistError,
    StepCrashed,
)
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.log import UnexpectedError
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.functions import FUNCTIONS, caught, load_function
from tests.fakes.log import Log
from tests.fakes.summarizing import transcript
from tests.fakes.youtube import FakeTranscripts

BATCH = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
VIDEO = {"item_id": "00001", "position": 1, "video_id": video_id(1), "order_version": 0}
OF_A_BATCH = {"batch_id": "b7f3", "run": 1}
OF_A_VIDEO = {**OF_A_BATCH, "item_id": "00001", "video_id": video_id(1)}
STEPS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("load_next_videos", BATCH, OF_A_BATCH),
    ("fetch_transcript", {**BATCH, "video": VIDEO}, OF_A_VIDEO),
    ("summarize_video", {**BATCH, "video": VIDEO}, OF_A_VIDEO),
    ("estimate_video", {**BATCH, "video": VIDEO}, OF_A_VIDEO),
    ("record_failure", {**BATCH, "video": VIDEO, "error": caught(CaptionsDisabled())}, OF_A_VIDEO),
    ("record_failure", {**BATCH, "video": VIDEO, "error": caught(StepCrashed())}, OF_A_VIDEO),
    ("pause_batch", {**BATCH, "error": caught(ModelQuotaExceeded())}, OF_A_BATCH),
    ("digest_batch", BATCH, OF_A_BATCH),
    ("record_digest_failure", {**BATCH, "error": caught(ModelQuotaExceeded())}, OF_A_BATCH),
    ("build_export", {**BATCH, "format": "zip"}, OF_A_BATCH),
    ("notify_owner", BATCH, OF_A_BATCH),
    ("mark_batch_failed", {**BATCH, "error": caught(StepCrashed())}, OF_A_BATCH),
]


def test_every_step_is_tried_here() -> None:
    """Expand playlists asks YouTube, and others have no batch of their own: they have tests elsewhere."""
    steps = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")} - {
        "api",
        "describe_sources",
        "serve_feed",
        "serve_page",
    }
    assert {step for step, _, _ in STEPS} == steps - {"expand_playlists", "resume_interrupted", "check_follows"}


def whose(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in ("batch_id", "run", "item_id", "video_id") if name in line}


@pytest.mark.parametrize(("step", "event", "owner"), STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_line_of_a_step_says_whose_it_is(
    account: Account, youtube: FakeTranscripts, log: Log, step: str, event: dict[str, Any], owner: dict[str, Any]
) -> None:
    account.begin_batch(3)
    if step in {"summarize_video", "estimate_video"}:
        account.invoke("fetch_transcript", event)
    log.lines()
    account.invoke(step, event)
    lines = log.lines()
    assert lines
    assert [whose(line) for line in lines] == [owner] * len(lines)


@pytest.mark.parametrize("step", sorted({step for step, _, _ in STEPS} - {"fetch_transcript"}))
def test_an_error_of_a_step_is_logged_with_its_code(account: Account, log: Log, step: str) -> None:
    event = next(event for name, event, _ in STEPS if name == step)
    with pytest.raises(BatchNotFound):
        account.invoke(step, {**event, "batch_id": "gone"})
    failed = [line for line in log.lines() if line["message"] == "step failed"]
    assert [(line["batch_id"], line["code"], line["level"]) for line in failed] == [("gone", "not_found", "WARNING")]


def test_a_foreign_error_leaves_a_step_without_its_message(
    account: Account, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = "https://user:password@proxy.example"

    def fails(*_: Any) -> None:
        try:
            raise ConnectionError(private)
        except ConnectionError as error:
            raise ValueError(private) from error

    monkeypatch.setattr(load_function("fetch_transcript"), "Videos", fails)
    with pytest.raises(UnexpectedError, match=r"^ValueError$") as raised:
        account.invoke("fetch_transcript", {**BATCH, "video": VIDEO})
    assert raised.value.__suppress_context__
    (line,) = log.lines()
    assert (line["code"], line["error"], line["level"]) == ("internal", "ValueError", "ERROR")
    assert "caused by ConnectionError" in line["exception"]
    assert "in fails" in line["exception"]
    assert "password" not in str(line)


def test_a_line_keeps_nothing_of_the_invocation_before(account: Account, youtube: FakeTranscripts, log: Log) -> None:
    account.begin_batch(2)
    account.invoke("fetch_transcript", {**BATCH, "video": VIDEO})
    log.lines()
    account.invoke("load_next_videos", BATCH)
    assert [whose(line) for line in log.lines()] == [OF_A_BATCH]
    account.invoke("resume_interrupted", {})
    assert all("video_id" not in line for line in log.lines())


def test_a_playlist_that_cannot_be_read_is_logged_with_its_code(
    account: Account, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def private(*_: Any, **__: Any) -> None:
        raise PlaylistPrivate

    monkeypatch.setattr(load_function("expand_playlists"), "read_playlist", private)
    batch = account.begin_batch(1)
    QueueEditor(account.table).append(batch, [], ["PLprivate"], NOW)
    log.lines()
    account.invoke("expand_playlists", BATCH)
    (line,) = log.lines()
    assert (whose(line), line["playlist_id"], line["code"]) == (OF_A_BATCH, "PLprivate", "playlist_private")


def test_the_sweep_names_the_batch_that_it_works_on(account: Account, log: Log) -> None:
    account.begin_batch(1)
    account.invoke("resume_interrupted", {})
    started = [line for line in log.lines() if line.get("message") == "execution started"]
    assert [whose(line) for line in started] == [OF_A_BATCH]


# --- The API ---


def test_a_command_is_logged_with_its_batch(account: Account, ada: Client, log: Log) -> None:
    account.create_batch(2)
    assert ada.post("/batch/b7f3/pause").status == 202
    (line,) = log.lines()
    assert (line["message"], line["operation"], line["batch_id"], line["status"]) == (
        "command carried out",
        "pause_batch",
        "b7f3",
        202,
    )


def test_a_new_batch_is_logged_with_its_id(account: Account, ada: Client, log: Log) -> None:
    batch = ada.post("/batch/create", {"urls": ["https://youtu.be/zHvTiHr506c"], "model": "extractive"}).json
    (line,) = log.lines()
    assert (line["operation"], line["batch_id"]) == ("create_batch", batch["id"])


def test_reading_a_batch_is_not_logged(account: Account, ada: Client, log: Log) -> None:
    account.create_batch(1)
    assert ada.get("/batch/b7f3").status == 200
    assert log.lines() == []


def test_a_refusal_is_logged_with_its_code(account: Account, ada: Client, log: Log) -> None:
    account.create_batch(1)
    assert ada.post("/batch/b7f3/resume").status == 409
    (line,) = log.lines()
    assert (line["code"], line["batch_id"], line["status"]) == ("wrong_state", "b7f3", 409)


def test_an_error_of_ours_is_logged_with_its_code(
    account: Account, ada: Client, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise SkimlistError

    account.create_batch(1)
    monkeypatch.setattr("skimlist.jobs.batches.Batches.get", fails)
    assert ada.get("/batch/b7f3").status == 500
    (line,) = log.lines()
    assert (line["code"], line["batch_id"], line["level"]) == ("internal", "b7f3", "ERROR")


def test_the_content_of_a_request_is_not_logged(account: Account, ada: Client, log: Log) -> None:
    body = {"urls": ["https://youtu.be/zHvTiHr506c?private"], "name": "private", "model": "extractive"}
    assert ada.post("/batch/create", body, {"Idempotency-Key": "private"}).status == 201
    assert ada.get("/summaries", q="private", cursor="private").status == 422
    lines = log.lines()
    assert [line["operation"] for line in lines] == ["create_batch", "list_summaries"]
    assert "private" not in str(lines)


def test_an_unexpected_error_in_the_api_is_logged_without_its_message(
    account: Account, ada: Client, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = "A name that somebody gave"

    def fails(*_: Any, **__: Any) -> None:
        raise ValueError(private)

    account.create_batch(1)
    monkeypatch.setattr("skimlist.jobs.batches.Batches.get", fails)
    assert ada.get("/batch/b7f3").status == 500
    (line,) = log.lines()
    assert (line["batch_id"], line["exception_name"]) == ("b7f3", "ValueError")
    assert "in fails" in line["exception"]
    assert private not in str(line)


def test_addresses_of_requests_that_are_tried_again_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    nobody = urllib3.PoolManager(retries=urllib3.Retry(1, backoff_factor=0))
    with pytest.raises(urllib3.exceptions.MaxRetryError):
        nobody.request("GET", f"http://127.0.0.1:{free_port()}/watch?v=private")
    assert "private" not in caplog.text


def test_no_title_and_no_caption_is_logged(account: Account, youtube: FakeTranscripts, log: Log) -> None:
    captions = ["A sentence that nobody else should read."] * 30
    account.begin_batch(1)
    account.archive.put_transcript("ada", transcript(captions, video_id=video_id(1), title="A private talk"), None)
    for step in ("fetch_transcript", "summarize_video"):
        account.invoke(step, {**BATCH, "video": VIDEO})
    lines = log.lines()
    assert any(line.get("message") == "video completed" for line in lines)
    assert not any(text in str(lines) for text in ("private talk", "nobody else"))
