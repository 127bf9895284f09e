"""`make destroy` against a fake account: like in AWS, a state machine disappears when its executions have ended."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import destroy

OUTPUTS = {"TableName": "table", "BucketName": "bucket", "UserPoolId": "pool", "StateMachineArn": "machine"}


class FakeAccount:
    """An account with one stack; `lives` says how often the sweep restarts a stopped execution."""

    def __init__(self, lives: int = 0, *, fails: bool = False) -> None:
        self.calls: list[str] = []
        self._lives = lives
        self._running = True
        self._deleting = False
        self._fails = fails

    def client(self, _service: str) -> FakeAccount:
        return self

    resource = client

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        gone = "DELETE_FAILED" if self._fails else "DELETE_COMPLETE"
        status = "CREATE_COMPLETE" if not self._deleting else "DELETE_IN_PROGRESS" if self._running else gone
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]
        return {"Stacks": [{"StackId": f"{StackName}/1", "StackStatus": status, "Outputs": outputs}]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.calls.append(f"delete_stack {StackName}")
        self._deleting = True

    def get_paginator(self, _operation: str) -> FakeAccount:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        if not self._running:
            raise ClientError({"Error": {"Code": "StateMachineDoesNotExist"}}, "ListExecutions")
        return [{"executions": [{"executionArn": f"execution-{self._lives}"}]}]

    def stop_execution(self, **_: Any) -> None:
        self.calls.append("stop_execution")
        self._running = self._lives > 0
        self._lives -= 1

    def delete_table(self, **_: Any) -> None:
        self.calls.append("delete_table")
        raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DeleteTable")

    def Bucket(self, _name: str) -> FakeAccount:  # noqa: N802
        return self

    @property
    def objects(self) -> FakeAccount:
        return self

    def delete(self) -> None:
        self.calls.append("delete")

    def delete_user_pool(self, **_: Any) -> None:
        self.calls.append("delete_user_pool")

    def delete_parameters(self, **_: Any) -> None:
        self.calls.append("delete_parameters")


def run(monkeypatch: pytest.MonkeyPatch, account: FakeAccount, *answers: str) -> None:
    given = iter(answers)
    monkeypatch.setattr("builtins.input", lambda _question: next(given))
    monkeypatch.setattr(destroy.boto3, "Session", lambda: account)
    monkeypatch.setattr(destroy.Stack.__init__, "__defaults__", (lambda _seconds: None,))
    destroy.main(["--stack", "skimlist"])


@pytest.mark.parametrize("answers", [("",), ("other",), ("skimlist", "yes")])
def test_nothing_happens_without_both_answers(monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]) -> None:
    account = FakeAccount()
    with pytest.raises(destroy.DestroyError, match="Nothing was deleted"):
        run(monkeypatch, account, *answers)
    assert account.calls == []


def test_executions_are_stopped_until_the_stack_is_gone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = FakeAccount(lives=2)
    run(monkeypatch, account, "skimlist", "")
    assert account.calls == ["delete_stack skimlist/1", *["stop_execution"] * 3]
    shown = capsys.readouterr().out
    assert "3 running executions were stopped" in shown
    assert "Its data is kept, and" in shown
    assert all(OUTPUTS[name] in shown for name in ("TableName", "BucketName", "UserPoolId"))


def test_data_goes_last_and_what_is_gone_already_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    account = FakeAccount()
    run(monkeypatch, account, "skimlist", "delete everything")
    assert account.calls[2:] == ["delete_table", "delete", "delete", "delete_user_pool", "delete_parameters"]


def test_data_that_cannot_be_deleted_is_named_and_holds_up_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_account: FakeAccount) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "No."}}, "DeleteObjects")

    monkeypatch.setattr(FakeAccount, "delete", refuse)
    account = FakeAccount()
    with pytest.raises(destroy.DestroyError, match=r"the bucket bucket: .*AccessDenied"):
        run(monkeypatch, account, "skimlist", "delete everything")
    assert account.calls[2:] == ["delete_table", "delete_user_pool", "delete_parameters"]


def test_data_stays_when_the_stack_does(monkeypatch: pytest.MonkeyPatch) -> None:
    account = FakeAccount(fails=True)
    with pytest.raises(destroy.DestroyError, match="Run the command again"):
        run(monkeypatch, account, "skimlist", "delete everything")
    assert account.calls == ["delete_stack skimlist/1", "stop_execution"]
