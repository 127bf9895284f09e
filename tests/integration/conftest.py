"""What the integration tests share: an AWS account that lives in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.account import REGION, Account, forget_clients
from tests.api_client import Client
from tests.permissions import Watch


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Empty but for what the template creates; the credentials are nobody's."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    watch = Watch()
    with mock_aws(), watch.on():
        forget_clients()
        yield Account(monkeypatch, watch)
    forget_clients()


@pytest.fixture
def ada(account: Account) -> Client:
    return Client(account, "ada")


@pytest.fixture
def eve(account: Account) -> Client:
    return Client(account, "eve")
