"""Ids of batches."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from skimlist.ids import new_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_an_id_is_a_uuid_of_version_7_with_its_millisecond(moment: datetime) -> None:
    made = uuid.UUID(new_id(moment))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(moment.timestamp() * 1000)


@given(MOMENTS, st.integers(min_value=2))
def test_later_ids_sort_behind_earlier_ones(moment: datetime, milliseconds: int) -> None:
    later = moment + timedelta(milliseconds=milliseconds % 10**9 + 2)
    assert new_id(moment) < new_id(later)


def test_ids_of_the_same_millisecond_are_unique() -> None:
    assert len({new_id(NOW) for _ in range(10_000)}) == 10_000
