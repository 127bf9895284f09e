"""The emulator's own process: ministack, ended in order as soon as the process that started it goes away."""

from __future__ import annotations

import os
import signal
import sys
from threading import Thread

from ministack.app import main

from local.leading_keys import enforce_leading_keys


def _follow_parent() -> None:
    """The parent never writes: reading ends when it closes the pipe or dies, and ministack saves its state."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    Thread(target=_follow_parent, daemon=True).start()
    enforce_leading_keys()
    main()
