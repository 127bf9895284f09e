"""An operator's halt on the running stack: by the command, and by disabling a user in the pool."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest

from ops import halt
from testkit.whole_stack import WholeStack, await_status, create_batch

VIDEOS = ["Lighthouse1", "Sauerteig_1", "Polinesia_1"]


@pytest.fixture
def operator(stack: WholeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the command with the credentials of the emulator's administrator."""
    # Of the command alone: `boto3.Session` itself would also become everybody's default session.
    monkeypatch.setattr(halt, "boto3", SimpleNamespace(Session=lambda: stack.operators_session))


@pytest.mark.usefixtures("operator")
def test_a_users_batch_stops_and_continues_with_the_command(stack: WholeStack) -> None:
    stack.youtube.hold(VIDEOS[1])
    email, password = stack.new_user()
    user = stack.client_of(email, password)
    batch_id = create_batch(user, *VIDEOS, model="openai")["id"]
    await_status(user, batch_id, {"processing"}, lambda batch: batch["progress"]["completed"] == 1)
    halt.main(["halt", "--user", email])
    paused = await_status(user, batch_id, {"paused"})
    assert paused["pause"]["code"] == "stopped_by_operator"
    refused = user.post(f"batch/{batch_id}/resume")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "stopped_by_operator")
    stack.youtube.go_on()
    halt.main(["unhalt", "--user", email])
    assert await_status(user, batch_id, {"completed"})["progress"]["completed"] == len(VIDEOS)


def test_a_user_who_is_disabled_in_the_pool_is_stopped_by_the_sweep(stack: WholeStack) -> None:
    stack.youtube.hold(VIDEOS[1])
    email, password = stack.new_user()
    user = stack.client_of(email, password)
    batch_id = create_batch(user, *VIDEOS, model="openai")["id"]
    await_status(user, batch_id, {"processing"}, lambda batch: batch["progress"]["completed"] == 1)
    account = stack.local.account
    cognito, of_user = account.client("cognito-idp"), {"UserPoolId": stack.local.description["user_pool_id"]}
    sweep = {"FunctionName": account.physical_id("ResumeInterruptedFunction"), "Payload": b"{}"}
    cognito.admin_disable_user(**of_user, Username=email)
    assert "FunctionError" not in account.client("lambda").invoke(**sweep)
    assert await_status(user, batch_id, {"paused"})["pause"]["code"] == "stopped_by_operator"
    refused: httpx.Response = user.post("batch/create", json={"urls": ["Lighthouse1"], "model": "extractive"})
    assert refused.status_code == 403
    stack.youtube.go_on()
    cognito.admin_enable_user(**of_user, Username=email)
    assert "FunctionError" not in account.client("lambda").invoke(**sweep)
    assert await_status(user, batch_id, {"completed"})["progress"]["completed"] == len(VIDEOS)
