"""Simulates the distance to AWS, because an emulator on the same machine answers faster than any service."""

from __future__ import annotations

import time
from typing import Any

import boto3

SECONDS = 0.02


def answer_late() -> None:
    """Delays every request of the default session's clients, in each thread separately."""
    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    session: Any = boto3.DEFAULT_SESSION
    session.events.register("before-send", _wait)


def _wait(**_: Any) -> None:
    time.sleep(SECONDS)
