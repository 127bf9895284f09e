"""Protects the emulator's functions: the keys of their roles are unpredictable, and only they receive their events."""

from __future__ import annotations

import os
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sts

from local.browsers import ProgramsOnlyHandler
from local.credentials import role_keys


def protect_functions() -> None:
    """Makes ministack start functions with this protection."""
    lambda_runtime.execution_credentials = lambda_svc.execution_credentials = function_credentials
    lambda_runtime.ProvidedWorker = GuardedWorker


def function_credentials(config: dict[str, Any]) -> dict[str, str]:
    """Returns keys of a function's role. ministack's own are computed from names that are the same in every stack."""
    function, role_arn = config["FunctionArn"], config["Role"]
    account, role = function.split(":")[4], role_arn.rpartition("/")[2]
    session_name = config["FunctionName"][:64]
    keys = role_keys(os.environ["AWS_SECRET_ACCESS_KEY"], function, role_arn)
    session = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session_name}",
        "UserId": f"{role}:{session_name}",
        "SecretAccessKey": keys["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": keys["AWS_SESSION_TOKEN"],
    }
    sts.register_session(keys["AWS_ACCESS_KEY_ID"], session)
    return keys


class GuardedWorker(lambda_runtime.ProvidedWorker):  # type: ignore[misc]
    """A function's process, whose runtime API (a server on a port of its own) answers the function but no website."""

    def _build_handler_class(self, *arguments: Any) -> type:
        unguarded: type = super()._build_handler_class(*arguments)
        return type("Handler", (ProgramsOnlyHandler, unguarded), {})
