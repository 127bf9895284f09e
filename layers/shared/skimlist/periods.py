"""The days and months (UTC) to which limits apply."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta


def next_day(now: datetime) -> datetime:
    """Returns the midnight that ends the day of `now`."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def next_month(now: datetime) -> datetime:
    """Returns the midnight that ends the month of `now`."""
    first = now.astimezone(UTC).date().replace(day=1)
    # A month has 28 to 31 days, so 32 days after its first lies in the next one.
    return datetime.combine((first + timedelta(days=32)).replace(day=1), time(), UTC)
