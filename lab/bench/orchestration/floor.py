"""Measures the emulator's own time per video: the same Map with two functions that do nothing."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.account import Account
from local.build import build, shipped_packages, write_bootstrap

_NAMES = ("bench-first", "bench-second")
# It logs a line like our functions, because the emulator waits for one.
_HANDLER = "def handler(event, context):\n    print('done')\n"
_POLL_SECONDS = 0.2


class Floor:
    """A state machine that is deployed beside the application on the same emulator."""

    def __init__(self, account: Account) -> None:
        self._states = account.client("stepfunctions")
        functions = account.client("lambda")
        role = _role(account.client("iam"))
        code = _archive()
        arns = [
            functions.create_function(
                FunctionName=name,
                Runtime="provided.al2023",
                Handler="handler.handler",
                Role=role,
                Code={"ZipFile": code},
            )["FunctionArn"]
            for name in _NAMES
        ]
        self._machine = self._states.create_state_machine(
            name="bench-floor", roleArn=role, definition=json.dumps(_definition(arns))
        )["stateMachineArn"]

    def seconds(self, videos: int) -> float:
        """Returns the seconds of an execution with this many items."""
        started = self._states.start_execution(
            stateMachineArn=self._machine, input=json.dumps({"videos": list(range(videos))})
        )
        while (execution := self._describe(started["executionArn"]))["status"] == "RUNNING":
            time.sleep(_POLL_SECONDS)
        if execution["status"] != "SUCCEEDED":
            raise RuntimeError(f"The execution that does nothing ended as {execution['status']}.")
        return float((execution["stopDate"] - execution["startDate"]).total_seconds())

    def _describe(self, arn: str) -> dict[str, Any]:
        described: dict[str, Any] = self._states.describe_execution(executionArn=arn)
        return described


def _definition(arns: list[str]) -> dict[str, Any]:
    """Returns a definition like "Process videos": two steps for each video, one after the other."""
    tasks: list[dict[str, Any]] = [
        {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": arn}}
        for arn in arns
    ]
    one_video = {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "First",
        "States": {"First": {**tasks[0], "Next": "Second"}, "Second": {**tasks[1], "End": True}},
    }
    each = {"Type": "Map", "ItemsPath": "$.videos", "MaxConcurrency": 1, "ItemProcessor": one_video, "End": True}
    return {"StartAt": "Videos", "States": {"Videos": each}}


def _role(iam: Any) -> str:
    trusted = {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}
    trust = {"Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}]}
    role: str = iam.create_role(RoleName="bench-floor", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allowed = {"Statement": [{"Effect": "Allow", "Action": ["lambda:InvokeFunction", "logs:*"], "Resource": "*"}]}
    iam.put_role_policy(RoleName="bench-floor", PolicyName="invoke", PolicyDocument=json.dumps(allowed))
    return role


def _archive() -> bytes:
    """Returns the archive of a function as the local build makes it."""
    archive = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(archive, "w") as file:
        function = Path(folder)
        (function / "handler.py").write_text(_HANDLER, encoding="utf-8")
        write_bootstrap(function, shipped_packages(function, build().folder / "layer"))
        for path in function.iterdir():
            file.write(path, path.name)
    return archive.getvalue()
