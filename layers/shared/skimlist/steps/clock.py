"""The time, where a step is given no other clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
