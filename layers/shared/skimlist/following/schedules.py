"""Calculates when the source of a follow is checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skimlist.models.follow import Every, Schedule

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone (IANA), such as `Europe/Berlin`."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, not a relative path, a folder of zones
        return False
    return True


def next_time(schedule: Schedule, after: datetime) -> datetime:
    """Returns the first scheduled time after `after`, in UTC.

    If the clock skips a scheduled time, it is as much later as the clock is put forward. If the clock shows it twice,
    the first one counts.
    """
    times = _hours(schedule, after) if schedule.every is Every.HOUR else _days(schedule, after)
    return next(each for each in times if each > after)


def _hours(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    first = after.astimezone(UTC).replace(minute=_at(schedule.at).minute, second=0, microsecond=0)
    yield first
    yield first + _HOUR


def _days(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    zone = _zone(schedule.zone)
    day = after.astimezone(zone).date() - _DAY  # its time may have moved to the next day
    while True:
        if schedule.every is Every.DAY or day.weekday() == schedule.weekday:
            yield _moment(day, _at(schedule.at), zone)
        day += _DAY


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which the clock shows this time first; a skipped time is read by the clock as it was before."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _at(text: str) -> time:
    return time.fromisoformat(text)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
