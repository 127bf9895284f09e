"""The days and months to which limits apply: in UTC, or in Pacific Time for Google's limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache


def next_day(now: datetime) -> datetime:
    """Returns the midnight that ends the day of `now`."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def next_month(now: datetime) -> datetime:
    """Returns the midnight that ends the month of `now`."""
    first = now.astimezone(UTC).date().replace(day=1)
    # A month has 28 to 31 days, so 32 days after its first lies in the next one.
    return datetime.combine((first + timedelta(days=32)).replace(day=1), time(), UTC)


def day_in_california(now: datetime) -> date:
    """Returns the day on which Google counts a request; its quotas reset at midnight Pacific Time."""
    return now.astimezone(_california()).date()


@cache
def _california() -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - every function loads this module, and few need time zones

    return ZoneInfo("America/Los_Angeles")
