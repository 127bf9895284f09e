"""When a follow looks at its source, also where clocks are put forward and back; dateutil is the judge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule, tz
from hypothesis import given
from hypothesis import strategies as st

from skimlist.following.schedules import is_zone, next_time
from skimlist.models.follow import Every, Schedule

BERLIN = "Europe/Berlin"
# With half hours, half hours of summer time, clocks that skip midnight, a skipped day, and no summer time.
ZONES = (
    BERLIN,
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "America/New_York",
    "UTC",
)

# Whole seconds since 1970.
BETWEEN_2009_AND_2037 = st.integers(1_230_768_000, 2_114_380_800).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-11-29T06:59:59", "2026-11-29T07:00"),
        ("2026-11-29T07:00:00", "2026-11-30T07:00"),
        ("2026-03-28T12:00:00", "2026-03-29T07:00"),
        ("2026-10-24T12:00:00", "2026-10-25T07:00"),
    ],
)
def test_every_day_at_seven_is_seven_by_the_clock_in_summer_and_in_winter(after: str, expected: str) -> None:
    schedule = Schedule(every=Every.DAY, at="07:00", zone=BERLIN)
    assert next_time(schedule, at(after, BERLIN)) == at(expected, BERLIN)


def test_a_time_that_the_clock_skips_comes_an_hour_later() -> None:
    schedule = Schedule(every=Every.DAY, at="02:30", zone=BERLIN)
    assert next_time(schedule, at("2026-03-28T12:00", BERLIN)) == at("2026-03-29T03:30", BERLIN)
    assert next_time(schedule, at("2026-03-29T03:30", BERLIN)) == at("2026-03-30T02:30", BERLIN)


def test_a_time_that_the_clock_shows_twice_counts_once() -> None:
    schedule = Schedule(every=Every.DAY, at="02:30", zone=BERLIN)
    first = next_time(schedule, at("2026-10-24T12:00", BERLIN))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_time(schedule, first) == at("2026-10-26T02:30", BERLIN)


def test_a_week_has_one_scheduled_time() -> None:
    schedule = Schedule(every=Every.WEEK, at="18:15", weekday=4, zone="Asia/Kathmandu")
    friday = next_time(schedule, at("2026-11-29T00:00"))
    assert friday.astimezone(ZoneInfo("Asia/Kathmandu")).isoformat() == "2026-12-04T18:15:00+05:45"
    assert next_time(schedule, friday) - friday == timedelta(days=7)


def test_every_hour_is_at_one_minute_of_the_hour() -> None:
    schedule = Schedule(every=Every.HOUR, at="00:37")
    assert next_time(schedule, at("2026-11-29T06:36:59")) == at("2026-11-29T06:37")
    assert next_time(schedule, at("2026-11-29T06:37:00")) == at("2026-11-29T07:37")


@given(
    after=BETWEEN_2009_AND_2037,
    zone=st.sampled_from(ZONES),
    minute_of_the_day=st.integers(0, 24 * 60 - 1),
    weekday=st.sampled_from([None, *range(7)]),
)
def test_dateutil_finds_the_same_times(after: datetime, zone: str, minute_of_the_day: int, weekday: int | None) -> None:
    hour, minute = divmod(minute_of_the_day, 60)
    every = Every.DAY if weekday is None else Every.WEEK
    schedule = Schedule(every=every, at=f"{hour:02}:{minute:02}", weekday=weekday or 0, zone=zone)
    begin = (after - timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    rule = rrule.rrule(rrule.DAILY, begin, count=20, byweekday=weekday, byhour=hour, byminute=minute, bysecond=0)
    place = tz.gettz(zone)
    shown = (tz.resolve_imaginary(each.replace(tzinfo=place)).astimezone(tz.UTC) for each in rule)
    assert next_time(schedule, after) == next(each for each in shown if each > after)


@given(
    after=BETWEEN_2009_AND_2037,
    zone=st.sampled_from(sorted(available_timezones() - {"localtime"})),
)
def test_days_lie_between_twenty_two_and_twenty_six_hours_apart(after: datetime, zone: str) -> None:
    schedule = Schedule(every=Every.DAY, at="02:30", zone=zone)
    first = next_time(schedule, after)
    assert timedelta(hours=22) <= next_time(schedule, first) - first <= timedelta(hours=26)


@pytest.mark.parametrize(
    "name", ["", "Europe", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "Europe/Berlin\0"]
)
def test_names_that_are_not_time_zones_are_recognized(name: str) -> None:
    assert not is_zone(name)
    assert is_zone(BERLIN)
