"""Unit tests reach nothing outside of their process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from pytest_socket import disable_socket, enable_socket

# What hypothesis fills a dataclass with, by its annotations: values that DynamoDB and JSON can store.
st.register_type_strategy(str, st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
st.register_type_strategy(int, st.integers(0, 10**12))
st.register_type_strategy(float, st.floats(0, 1e5))
st.register_type_strategy(Decimal, st.decimals(0, 10**12, places=6).map(lambda amount: amount.normalize() + Decimal(0)))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
