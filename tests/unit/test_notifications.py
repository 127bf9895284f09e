"""What is known after a message was sent to SNS, or to a network that fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from moto.sns.utils import FilterPolicyMatcher

from skimlist.errors import StorageUnavailable
from skimlist.models.notifications import NotificationEvent
from skimlist.notifications.topic import Delivery, Notification, Notifications, _attributes
from testkit.template import template

TOPIC = "arn:aws:sns:eu-central-1:123456789012:finished"
URL = "https://sns.eu-central-1.amazonaws.com/"
NOTIFICATION = Notification(
    subject="Done",
    body="All done.",
    document='{"event": "done"}',
    user_id="ada",
    batch_id="b7f3",
    event=NotificationEvent.DONE,
    recipients=["one", "two"],
)
SENT = b"<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"


class Answer:
    """A body that botocore can read without a connection."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._content


class Network:
    """Takes botocore's place on the network: records the requests and returns the answer or the failure."""

    def __init__(self, outcome: tuple[int, bytes] | Exception) -> None:
        self.requests: list[dict[str, list[str]]] = []
        self._outcome = outcome

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        self.requests.append(parse_qs(request.body if isinstance(request.body, str) else request.body.decode()))
        if isinstance(self._outcome, Exception):
            raise self._outcome
        status, content = self._outcome
        return AWSResponse(URL, status, {}, Answer(content))


@pytest.fixture
def publish() -> Callable[[Network], Delivery]:
    def hand_over(network: Network) -> Delivery:
        client = boto3.client(
            "sns",
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-send.sns", network)
        return Notifications(client, TOPIC).publish(NOTIFICATION)

    return hand_over


def error(code: str) -> bytes:
    return f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>".encode()


def test_a_message_names_its_user_its_batch_and_who_gets_it(publish: Callable[[Network], Delivery]) -> None:
    network = Network((200, SENT))
    assert publish(network) is Delivery.CONFIRMED
    (request,) = network.requests
    assert (request["TopicArn"], request["Subject"]) == ([TOPIC], ["Done"])
    assert json.loads(request["Message"][0]) == {"default": "All done.", "https": '{"event": "done"}'}
    entries = [f"MessageAttributes.entry.{number}" for number in range(1, 5)]
    attributes = {request[f"{entry}.Name"][0]: request[f"{entry}.Value.StringValue"][0] for entry in entries}
    names = '["one", "two"]'
    assert attributes == {"user_id": "ada", "batch_id": "b7f3", "event": "done", "recipients": names}


def test_the_operators_subscription_matches_every_message_and_is_nobody_elses() -> None:
    """SNS answers a second subscription of an address with the first one, unless their filter policies differ."""
    policy = template()["Resources"]["EmailSubscription"]["Properties"]["FilterPolicy"]
    attributes = {
        name: {"Type": each["DataType"], "Value": each["StringValue"]}
        for name, each in _attributes(NOTIFICATION).items()
    }
    assert FilterPolicyMatcher(policy, "MessageAttributes").matches(attributes, "")
    assert not FilterPolicyMatcher(policy, "MessageAttributes").matches({}, "")


@pytest.mark.parametrize(
    "outcome",
    [
        (400, error("Throttled")),
        (403, error("AuthorizationError")),
        (404, error("NotFound")),
        (503, error("ServiceUnavailable")),
        ConnectTimeoutError(endpoint_url=URL),
        EndpointConnectionError(endpoint_url=URL),
        NoCredentialsError(),
    ],
)
def test_a_message_that_was_certainly_not_sent_may_be_sent_again(
    publish: Callable[[Network], Delivery], outcome: tuple[int, bytes] | Exception
) -> None:
    network = Network(outcome)
    with pytest.raises(StorageUnavailable):
        publish(network)
    assert len(network.requests) == 1


@pytest.mark.parametrize(
    "outcome",
    [(500, error("InternalError")), ReadTimeoutError(endpoint_url=URL), ConnectionClosedError(endpoint_url=URL)],
)
def test_a_lost_answer_leaves_it_open(
    publish: Callable[[Network], Delivery], outcome: tuple[int, bytes] | Exception
) -> None:
    assert publish(Network(outcome)) is Delivery.UNCERTAIN
