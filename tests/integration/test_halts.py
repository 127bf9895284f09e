"""What an operator has halted stays halted for every caller, and continues when the halt is lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore.exceptions import ConnectionClosedError

from ops import halt
from ops.deployment import CommandFailed
from skimlist.errors import StorageUnavailable
from skimlist.jobs.batches import Batches
from skimlist.jobs.halts import Halts
from skimlist.jobs.preflights import Preflights
from skimlist.log import UnexpectedError
from skimlist.models.batch import BatchStatus, PreflightStatus
from skimlist.models.listed_playlist import PlaylistStatus
from skimlist.steps import summarize_video
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from tests.fakes.summarizing import transcript

BATCH = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
PLAYLIST = "https://www.youtube.com/playlist?list=PLtalks0123456"


def video(number: int) -> dict[str, Any]:
    named = {"item_id": f"{number:05}", "position": number, "video_id": video_id(number), "order_version": 0}
    return {**BATCH, "video": named}


@pytest.fixture(params=["the user", "everybody"])
def halted(request: pytest.FixtureRequest, account: Account) -> Callable[[], None]:
    """Halts the user ada, or everybody; a call of it lifts the halt."""
    _ = account.user_pool_id  # made before a function runs, which may not make one
    user_id = "ada" if request.param == "the user" else None
    halts = Halts(account.table)
    halts.stop(user_id, NOW)
    return lambda: halts.lift(user_id)


def sweep(account: Account) -> None:
    account.invoke("resume_interrupted", {})


COMMANDS = [
    ("POST", "/batch/create", {"urls": [video_id(9)]}),
    ("POST", "/batch/create", {"urls": [video_id(9)], "start": False}),
    ("POST", "/batch/b7f3/start", None),
    ("POST", "/batch/b7f3/preflight", None),
    ("POST", "/batch/b7f3/items", {"urls": [video_id(9)]}),
    ("POST", "/batch/b7f3/resume", None),
    ("POST", "/batch/b7f3/retry", None),
    ("POST", "/batch/b7f3/refresh", None),
    ("GET", "/batch/b7f3/export", None),
]


@pytest.mark.parametrize(("method", "path", "body"), COMMANDS, ids=lambda part: part if isinstance(part, str) else None)
def test_whatever_costs_something_is_refused(
    account: Account, ada: Client, eve: Client, method: str, path: str, body: Any
) -> None:
    Halts(account.table).stop("ada", NOW)
    account.begin_batch(2)
    before = account.batch()
    refused = ada.post(path, body) if method == "POST" else ada.get(path)
    assert (refused.status, refused.error["code"]) == (403, "stopped_by_operator")
    assert account.batch() == before
    assert account.executions() == []
    assert eve.post("/batch/create", {"urls": [video_id(9)]}).status == 201


def test_commands_that_stop_or_remove_something_are_not_refused(
    account: Account, ada: Client, halted: Callable[[], None]
) -> None:
    account.begin_batch(2)
    assert ada.get("/batch/b7f3").status == 200
    assert ada.delete("/batch/b7f3/items/00002").status == 202
    assert ada.post("/batch/b7f3/pause").status == 202
    assert ada.delete("/batch/b7f3/cancel").status == 202


@pytest.mark.parametrize("status", [BatchStatus.PENDING, BatchStatus.PROCESSING])
def test_a_batch_takes_no_further_page(account: Account, halted: Callable[[], None], status: BatchStatus) -> None:
    account.create_batch(2) if status is BatchStatus.PENDING else account.begin_batch(2)
    answer = account.invoke("load_next_videos", BATCH)
    reason = "Your administrator has stopped your batches. Ask them why."
    assert (answer["action"], answer["reason"]) == ("wait", reason)
    paused = account.batch()
    assert (paused.status, paused.pause and paused.pause.code) == (BatchStatus.PAUSED, "stopped_by_operator")


def test_the_sweep_pauses_a_batch_after_the_video_under_way(account: Account, halted: Callable[[], None]) -> None:
    account.begin_batch(2)
    account.drive(account.batch())
    captions = [f"Sentence number {number} speaks of bread, water and salt." for number in range(40)]
    for number in (1, 2):
        account.archive.put_transcript("ada", transcript(captions, video_id=video_id(number), title="A talk"), None)
    account.invoke("fetch_transcript", video(1))
    original = summarize_video.summarize_video

    def meanwhile(*arguments: Any, **more: Any) -> Any:
        sweep(account)
        return original(*arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summarize_video, "summarize_video", meanwhile)
        account.invoke("summarize_video", video(1))
    account.invoke("fetch_transcript", video(2))
    account.invoke("summarize_video", video(2))
    batch = account.batch()
    assert (batch.status, batch.completed, account.statuses()) == (BatchStatus.PAUSED, 1, ["completed", "pending"])


def test_a_batch_continues_at_once_when_it_is_lifted(account: Account, halted: Callable[[], None]) -> None:
    account.begin_batch(1)
    account.drive(account.batch())
    sweep(account)
    assert account.invoke("load_next_videos", BATCH)["action"] == "wait"
    sweep(account)
    assert account.batch().status is BatchStatus.PAUSED
    assert account.executions() == ["b7f3"]
    halted()
    sweep(account)
    assert account.batch().status is BatchStatus.PROCESSING
    assert account.executions() == ["b7f3", "b7f3-2"]
    assert account.invoke("load_next_videos", {**BATCH, "run": 2})["action"] == "process"
    assert account.invoke("load_next_videos", BATCH)["action"] == "stop"


def test_a_batch_that_waits_for_something_else_is_not_released(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    ada.post("/batch/b7f3/pause")
    Halts(account.table).stop("ada", NOW)
    sweep(account)
    Halts(account.table).lift("ada")
    sweep(account)
    paused = account.batch()
    assert (paused.status, paused.pause and paused.pause.code) == (BatchStatus.PAUSED, "paused_by_user")


def test_a_batch_that_wakes_up_while_its_user_is_stopped_waits_on(account: Account, halted: Callable[[], None]) -> None:
    account.begin_batch(1)
    account.invoke("load_next_videos", BATCH)
    woken = account.batch()
    assert woken.pause
    account.batches.resume(woken, NOW)
    answer = account.invoke("load_next_videos", BATCH)
    assert answer["action"] == "wait"
    assert datetime.fromisoformat(answer["resume_at"]) > datetime.now(UTC) + timedelta(minutes=10)


def test_a_draft_is_not_prepared_further(account: Account, ada: Client) -> None:
    draft = ada.post("/batch/create", {"urls": [video_id(1), PLAYLIST], "start": False, "preflight": True}).json["id"]
    Halts(account.table).stop("ada", NOW)
    answer = account.invoke("load_next_videos", {**BATCH, "batch_id": draft})
    batch = account.batch(draft)
    assert (answer["action"], batch.has_no_execution) == ("stop", True)
    assert batch.preflight
    assert batch.preflight.status is PreflightStatus.STOPPED
    (playlist,) = Preflights(account.table).order(draft).playlists
    assert playlist.status is PlaylistStatus.FAILED
    assert playlist.error
    assert playlist.error.code == "stopped_by_operator"


def test_the_sweep_ends_the_check_of_a_draft_after_the_video_under_way(account: Account, ada: Client) -> None:
    urls = [video_id(1), video_id(2)]
    draft = ada.post("/batch/create", {"urls": urls, "start": False, "preflight": True}).json["id"]
    work = {**BATCH, "batch_id": draft}
    page = account.invoke("load_next_videos", work)
    assert page["action"] == "check"
    Halts(account.table).stop("ada", NOW)
    sweep(account)
    preflight = account.batch(draft).preflight
    assert preflight
    assert preflight.error
    assert (preflight.status, preflight.error.code) == (PreflightStatus.STOPPED, "stopped_by_operator")
    assert account.invoke("fetch_transcript", {**video(2), "batch_id": draft}) is None  # asks YouTube for nothing


# --- Users who are disabled in the user pool ---


def a_user(account: Account, email: str) -> str:
    created = boto3.client("cognito-idp").admin_create_user(
        UserPoolId=account.user_pool_id, Username=email, UserAttributes=[{"Name": "email", "Value": email}]
    )
    return next(each["Value"] for each in created["User"]["Attributes"] if each["Name"] == "sub")


def test_a_disabled_user_is_stopped_until_enabled_again(account: Account) -> None:
    cognito = boto3.client("cognito-idp")
    a_user(account, "eve@example.com")
    user_id = a_user(account, "ada@example.com")
    account.create_batch(1, user_id=user_id)
    of_ada = {"UserPoolId": account.user_pool_id, "Username": "ada@example.com"}
    cognito.admin_disable_user(**of_ada)
    sweep(account)
    batch = account.batches.get(user_id, "b7f3")
    assert (batch.status, batch.pause and batch.pause.code) == (BatchStatus.PAUSED, "stopped_by_operator")
    assert Halts(account.table).find().disabled == {user_id}
    assert Client(account, user_id).post("/batch/b7f3/resume").status == 403
    cognito.admin_enable_user(**of_ada)
    sweep(account)
    assert account.batches.get(user_id, "b7f3").status is BatchStatus.PROCESSING
    assert Halts(account.table).find().disabled == frozenset()


def test_a_sweep_that_began_before_it_was_lifted_stops_nobody_again(
    account: Account, halted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(1)
    list_active = Batches.list_active

    def list_after_lifting(batches: Batches) -> list[tuple[str, str]]:
        halted()
        return list_active(batches)

    monkeypatch.setattr(Batches, "list_active", list_after_lifting)
    sweep(account)
    assert account.batch().status is BatchStatus.PROCESSING


@pytest.mark.parametrize(
    "act", [lambda halts: halts.lift("ada"), lambda halts: halts.note_disabled({"ada"}, {"eve"}, NOW)]
)
def test_a_lost_connection_is_one_of_our_errors(
    account: Account, act: Callable[[Halts], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = ConnectionClosedError(endpoint_url="dynamodb")
    monkeypatch.setattr(account.table.meta.client, "batch_write_item", Mock(side_effect=lost))
    with pytest.raises(StorageUnavailable):
        act(Halts(account.table))


def test_a_user_who_is_deleted_after_being_disabled_stays_stopped(account: Account) -> None:
    user_id = a_user(account, "ada@example.com")
    account.create_batch(1, user_id=user_id)
    of_ada = {"UserPoolId": account.user_pool_id, "Username": "ada@example.com"}
    cognito = boto3.client("cognito-idp")
    cognito.admin_disable_user(**of_ada)
    sweep(account)
    cognito.admin_delete_user(**of_ada)
    for _ in range(2):
        sweep(account)
    assert account.batches.get(user_id, "b7f3").status is BatchStatus.PAUSED
    assert Client(account, user_id).post("/batch/b7f3/resume").status == 403


def test_the_sweep_continues_where_the_user_pool_does_not_answer(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(1)
    Halts(account.table).note_disabled({"ada"}, frozenset(), NOW)

    def fail(_: Any) -> set[str]:
        raise OSError

    monkeypatch.setattr("skimlist.users.Users.disabled", fail)
    with pytest.raises(UnexpectedError, match="ExceptionGroup"):
        sweep(account)
    assert account.batch().status is BatchStatus.PAUSED


# --- The command ---


@pytest.fixture
def deployment(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """What the command finds where a stack is deployed."""
    outputs = {
        "TableName": account.table.name,
        "UserPoolId": account.user_pool_id,
        "ResumeInterruptedFunctionName": "resume_interrupted",
    }
    described = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    session = boto3.DEFAULT_SESSION
    assert session

    class Session:
        resource = staticmethod(session.resource)

        @staticmethod
        def client(service: str) -> Any:
            match service:
                case "cloudformation":
                    return Mock(describe_stacks=lambda StackName: {"Stacks": [{"Outputs": described}]})  # noqa: N803
                case "lambda":
                    return Mock(invoke=lambda FunctionName: account.invoke(FunctionName, {}) or {})  # noqa: N803
            return session.client(service)

    monkeypatch.setattr(halt, "boto3", Mock(Session=Session))
    monkeypatch.setattr(halt, "time", Mock())
    return account


def test_the_command_stops_a_user_by_email_and_lifts_it(
    deployment: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    user_id = a_user(deployment, "ada@example.com")
    deployment.create_batch(1, user_id=user_id)
    halt.main(["halt", "--user", "ada@example.com"])
    assert deployment.batches.get(user_id, "b7f3").status is BatchStatus.PAUSED
    halt.main(["unhalt", "--user", "ada@example.com"])
    assert deployment.batches.get(user_id, "b7f3").status is BatchStatus.PROCESSING
    assert "ada@example.com" in capsys.readouterr().out


def test_the_command_stops_a_batch_that_the_index_shows_a_moment_late(
    deployment: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halt.time, "sleep", lambda _seconds: deployment.begin_batch(2))
    halt.main(["halt", "--all"])
    assert deployment.batch().status is BatchStatus.PAUSED


def test_the_command_stops_everybody(deployment: Account) -> None:
    deployment.create_batch(1)
    halt.main(["halt", "--all"])
    assert deployment.batch().status is BatchStatus.PAUSED
    assert Halts(deployment.table).find().everybody


@pytest.mark.parametrize("arguments", [["halt"], ["halt", "--user", "ada@example.com", "--all"]])
def test_the_command_needs_a_user(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        halt.main(arguments)


@pytest.mark.parametrize("email", ["nobody@example.com", 'a" or "b'])
def test_an_address_that_nobody_has_stops_nobody(deployment: Account, email: str) -> None:
    with pytest.raises(CommandFailed, match=email.split('"', maxsplit=1)[0]):
        halt.main(["halt", "--user", email])
    assert not Halts(deployment.table).find().stopped


def test_the_command_says_what_still_stops_a_user(deployment: Account, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: str) -> str:
        halt.main([*arguments])
        return capsys.readouterr().out

    a_user(deployment, "ada@example.com")
    said("halt", "--user", "ada@example.com")
    said("halt", "--all")
    assert "still stopped" in (of_ada := said("unhalt", "--user", "ada@example.com"))
    assert "`make unhalt ALL=1`" in of_ada
    said("halt", "--user", "ada@example.com")
    assert "1 user is still stopped" in said("unhalt", "--all")
    assert "still" not in said("unhalt", "--user", "ada@example.com")
    boto3.client("cognito-idp").admin_disable_user(UserPoolId=deployment.user_pool_id, Username="ada@example.com")
    assert "disabled" in said("unhalt", "--user", "ada@example.com")
    assert "disabled" in said("unhalt", "--all")
