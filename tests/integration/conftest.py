"""Fixtures of the integration tests: an AWS account in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from operator import itemgetter
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.session import Session
from moto import mock_aws

from local.model import FakeModelServer
from skimlist.config import Settings
from skimlist.jobs import preflights, queue, queue_editor
from skimlist.log import logger
from skimlist.models.endpoint import Endpoint
from testkit.account import REGION, Account, forget_clients, roles
from testkit.api_client import Client
from testkit.permissions import Watch
from tests.fakes.log import Log, Stdout
from tests.fakes.youtube import FakeTranscripts
from tests.faster_moto import faster_moto


class SharedClients(boto3.Session):
    """Creates every client and resource once for all tests, because one takes 4 ms and a test needs six.

    A client takes along what its session's events have registered by then, so `watch` is on before the first one is
    made. What a test registers with a client's events it has to unregister.
    """

    def __init__(self) -> None:
        super().__init__("testing", "testing", region_name=REGION)  # nobody's credentials
        self.watch = Watch(self, roles())
        self._created: dict[tuple[str, str], Any] = {}

    def client(self, service_name: str, *positional: Any, **options: Any) -> Any:
        return self._kept(super().client, service_name, *positional, **options)

    def resource(self, service_name: str, *positional: Any, **options: Any) -> Any:
        return self._kept(super().resource, service_name, *positional, **options)

    def _kept(self, create: Callable[..., Any], *positional: Any, config: Config | None = None, **options: Any) -> Any:
        configured = sorted(vars(config or Config()).items(), key=itemgetter(0))
        key = (create.__name__, repr((positional, configured, options)))
        if key not in self._created:
            self._created[key] = create(*positional, config=config, **options)
        return self._created[key]


@pytest.fixture(scope="session")
def aws_session() -> Iterator[SharedClients]:
    """Creates the clients of each test from service models that are read once.

    Coverage does not follow its clients into the SDK and moto: no code of ours runs there, and to trace every line of
    theirs would nearly double the time.
    """
    with pytest.MonkeyPatch.context() as patch, faster_moto():
        patch.setattr(BaseClient, "_make_api_call", _untraced(BaseClient._make_api_call))
        patch.setattr(Session, "create_client", _untraced(Session.create_client))
        session = SharedClients()
        with session.watch.on(), hide_what_is_missing(session):
            yield session


@pytest.fixture
def watch(aws_session: SharedClients) -> Watch:
    """The outages that this process has seen: none yet."""
    aws_session.watch.forget()
    return aws_session.watch


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, aws_session: boto3.Session, watch: Watch) -> Iterator[Account]:
    """An account with only the resources of the template."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", aws_session)
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        forget_clients()
        yield Account(monkeypatch, watch)
    forget_clients()


@pytest.fixture
def page_size(monkeypatch: pytest.MonkeyPatch) -> int:
    """Limits a page to a few videos, for tests that process several pages."""
    size = 10
    for module in (queue, queue_editor, preflights):
        monkeypatch.setattr(module, "PAGE_SIZE", size)
    monkeypatch.setattr(queue.Queue._new_page, "__defaults__", (size,))
    return size


@pytest.fixture
def youtube(monkeypatch: pytest.MonkeyPatch) -> FakeTranscripts:
    """The source of captions of the steps."""
    fake = FakeTranscripts()
    monkeypatch.setattr("skimlist.youtube.session.youtube_session", fake.session)
    monkeypatch.setattr("skimlist.youtube.transcripts.YouTube", lambda _session: fake)
    return fake


@pytest.fixture
def model(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModelServer]:
    """The endpoint of the deployment, with a key for it."""
    account.store_secret("openai-api-key", "a-key-of-the-tests")
    with FakeModelServer() as fake:
        monkeypatch.setattr(Settings, "endpoint", Endpoint(base_url=fake.base_url))
        yield fake


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Log:
    """The functions' log. The logger exists before pytest captures output, and would write past the capture."""
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", Stdout())
    return Log(capsys)


@pytest.fixture
def ada(account: Account) -> Client:
    return Client(account, "ada")


@pytest.fixture
def eve(account: Account) -> Client:
    return Client(account, "eve")


@contextmanager
def hide_what_is_missing(session: boto3.Session) -> Iterator[None]:
    """Makes S3 answer 403 for a missing key, as AWS does for a role that may not list the bucket; moto does not."""

    def hide(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        if http_response.status_code == HTTPStatus.NOT_FOUND:
            parsed["Error"]["Code"] = "AccessDenied" if parsed["Error"]["Code"] == "NoSuchKey" else "403"

    operations = ("after-call.s3.GetObject", "after-call.s3.HeadObject")
    for operation in operations:
        session.events.register(operation, hide)
    yield
    for operation in operations:
        session.events.unregister(operation, hide)


def _untraced(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(tracer)

    return call
