"""The default clock of the steps."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
