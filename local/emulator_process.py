"""The emulator's process: ministack behind our guard, stopped properly when its parent process ends."""

from __future__ import annotations

import os
import signal
import sys
from threading import Thread
from urllib.parse import urlsplit

from ministack import app as emulator
from ministack.core.iam_actions import unsigned_operations

from local.expressions import remember_expressions
from local.function_runtime import protect_functions
from local.leading_keys import enforce_leading_keys
from local.request_guard import RequestGuard
from local.signatures import signature_problem
from local.subscriptions import complete_subscriptions


def _follow_parent() -> None:
    """Waits for the parent to close the pipe or die, and then has ministack save its state."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    # Functions may reach the emulator through a proxy on another port, and their signatures cover that address.
    ports = {int(os.environ["GATEWAY_PORT"]), urlsplit(os.environ["AWS_ENDPOINT_URL"]).port or 80}
    emulator.app = RequestGuard(
        emulator.app, ports=ports, unsigned=unsigned_operations("cognito-idp"), verify=signature_problem
    )
    protect_functions()
    enforce_leading_keys()
    remember_expressions()
    complete_subscriptions()
    Thread(target=_follow_parent, daemon=True).start()
    emulator.main()


if __name__ == "__main__":
    main()
