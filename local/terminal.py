"""Gives all local commands readable messages and an orderly end on any signal."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.logging import RichHandler

from local.settings import LocalStackError

console = Console(highlight=False)


def stop_on_signals() -> None:
    """Makes SIGTERM (`make stop`) and SIGHUP (a closed terminal) end a command like Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


@contextmanager
def messages() -> Iterator[None]:
    """Shows log messages immediately, and a LocalStackError as one message instead of a traceback."""
    handler = RichHandler(console=console, show_path=False, show_level=False, log_time_format="%H:%M:%S")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler])
    logging.getLogger("local").setLevel(logging.INFO)
    try:
        yield
    except LocalStackError as error:
        console.print(f"[bold red]{error}", soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
