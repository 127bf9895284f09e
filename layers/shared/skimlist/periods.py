"""The days and months (UTC) for which limits are counted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta


def next_day(now: datetime) -> datetime:
    """The midnight that ends the day of `now`."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def next_month(now: datetime) -> datetime:
    """The midnight that ends the month of `now`."""
    first = now.astimezone(UTC).date().replace(day=1)
    # Every month has at least 28 days and at most 31.
    return datetime.combine((first + timedelta(days=32)).replace(day=1), time(), UTC)
