"""Fixtures of the end-to-end tests, which use HTTP only, each as a user who has no batches yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from testkit.whole_stack import WholeStack


@pytest.fixture
def user(stack: WholeStack) -> Iterator[httpx.Client]:
    """A client of the API, signed in as a user for whom nothing has been fetched or paid."""
    with closing(stack.client_of_new_user()) as client:
        yield client
