"""Protects the emulator's functions: the keys of their roles are unpredictable, and only they receive their events."""

from __future__ import annotations

import fcntl
import os
import termios
from contextlib import suppress
from typing import IO, Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sts

from local.browsers import ProgramsOnlyHandler
from local.credentials import role_keys

# A line that has been read from a function's pipe is in ministack's queue by then.
_PASSING_ON_SECONDS = 0.005


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

    def _drain_stderr_bounded(self, **waits: float) -> str:
        """Returns what the function has logged. ministack would wait 50 ms for the first line, even if there is none.

        A function answers after it has logged, so that with nothing unread in its pipe no line is still to come, except
        one that is being passed on at this moment.
        """
        process = self._proc
        with suppress(ValueError, OSError):  # the pipe closes with its process
            if process and _is_empty(process.stdout):
                waits["first_line_wait"] = _PASSING_ON_SECONDS
        log: str = super()._drain_stderr_bounded(**waits)
        return log


def _is_empty(pipe: IO[bytes]) -> bool:
    return not any(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
