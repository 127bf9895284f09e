"""`make stop`: stops the stack that runs in another terminal."""

from __future__ import annotations

import os
import signal

from local.locking import Held, exclusive
from local.settings import LocalSettings
from local.terminal import console, messages


def main() -> None:
    with messages():
        lock = LocalSettings.load().state_dir / "pid"
        try:
            with exclusive(lock, wait=False):
                console.print("No stack runs on", lock.parent)
        except Held as error:
            os.kill(error.pid, signal.SIGTERM)
            with exclusive(lock):
                console.print("Stopped.")


if __name__ == "__main__":
    main()
