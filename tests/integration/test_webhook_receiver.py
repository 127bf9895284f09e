"""The receiver of `examples/`: it believes what moto's SNS has signed for its topic, and nothing else."""

from __future__ import annotations

import json
import sys
from typing import Any

import boto3
import pytest
from moto.sns.models import sns_backends

from testkit.account import REGION, Account
from testkit.template import ROOT

sys.path.insert(0, str(ROOT / "examples"))
import webhook_receiver

DOCUMENT = {"event": "done", "batch": {"id": "b7f3", "name": "Sourdough"}}


def certificate(url: str) -> bytes:
    """What moto serves under the address that its messages name."""
    pem: bytes = sns_backends["123456789012"][REGION]._message_public_keys[url.rpartition("/")[2]]
    return pem


@pytest.fixture
def signed(account: Account) -> dict[str, Any]:
    """A notification of the topic, without a subject: moto leaves that out of what it signs, unlike SNS."""
    assert account.mailbox
    boto3.client("sns").publish(TopicArn=account.topic_arn, Message=json.dumps(DOCUMENT))
    (message,) = account.read_mail()
    return message


def test_a_notification_that_is_signed_is_taken(account: Account, signed: dict[str, Any]) -> None:
    assert webhook_receiver.receive(json.dumps(signed).encode(), account.topic_arn, certificate) == DOCUMENT


@pytest.mark.parametrize(
    "change",
    [
        {"Message": json.dumps({"event": "failed"})},
        {"Timestamp": "2026-01-01T00:00:00.000Z"},
        {"Subject": "Another"},
        {"Signature": "AAAA"},
        {"Signature": "not base64!"},
        {"SignatureVersion": "1"},
        {"SigningCertURL": "https://sns.eu-central-1.amazonaws.com.example.com/key.pem"},
        {"SigningCertURL": "https://example.com/sns.eu-central-1.amazonaws.com/key.pem"},
        {"SigningCertURL": "http://sns.eu-central-1.amazonaws.com/key.pem"},
        {"TopicArn": "arn:aws:sns:eu-central-1:999999999999:topic"},
        {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Confirm"},
    ],
    ids=" ".join,
)
def test_whatever_is_not_as_it_was_signed_is_refused(
    account: Account, signed: dict[str, Any], change: dict[str, str]
) -> None:
    with pytest.raises(webhook_receiver.Refused):
        webhook_receiver.receive(json.dumps({**signed, **change}).encode(), account.topic_arn, certificate)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"Type": "Notification"}'])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(webhook_receiver.Refused):
        webhook_receiver.receive(body, "arn:aws:sns:eu-central-1:123456789012:topic", certificate)
