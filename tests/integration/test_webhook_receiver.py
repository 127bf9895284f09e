"""The receiver of `examples/`: it accepts what moto's SNS has signed for its topic and its user, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from http.client import HTTPConnection, IncompleteRead
from http.server import HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from moto.sns.models import sns_backends

from skimlist.errors import FollowMonthSpent, PlaylistUnavailable, UnexpectedFailure, YouTubeBlocked
from skimlist.models.batch import BatchStatus, Pause
from skimlist.models.follow import FollowStatus
from skimlist.models.notifications import NotificationEvent
from skimlist.notifications.document import document, notice_document
from testkit.account import REGION, Account
from testkit.batches import ENDED, FOLLOW, a_batch
from testkit.template import ROOT

sys.path.insert(0, str(ROOT / "examples"))
import webhook_receiver

DOCUMENT = {"user_id": "ada", "event": "done", "batch": {"id": "b7f3", "name": "Sourdough"}}


def certificate(url: str) -> bytes:
    """Returns the certificate that moto serves under the address in its messages."""
    pem: bytes = sns_backends["123456789012"][REGION]._message_public_keys[url.rpartition("/")[2]]
    return pem


@pytest.fixture
def signed(account: Account) -> dict[str, Any]:
    return signed_by_moto(account, json.dumps(DOCUMENT))


def signed_by_moto(account: Account, text: str) -> dict[str, Any]:
    """Returns a signed notification without a subject, which moto, unlike SNS, does not sign."""
    assert account.mailbox
    boto3.client("sns").publish(TopicArn=account.topic_arn, Message=text)
    (message,) = account.read_mail()
    return message


def inbox(
    account: Account, signed: dict[str, Any], *, user_id: str = "ada", minutes: int = 0
) -> webhook_receiver.Inbox:
    """An inbox whose clock is some minutes behind the notification."""
    now = datetime.fromisoformat(signed["Timestamp"]) + timedelta(minutes=minutes)
    return webhook_receiver.Inbox(account.topic_arn, user_id, certificate, lambda: now)


def test_a_notification_that_is_signed_is_taken_once(account: Account, signed: dict[str, Any]) -> None:
    mine = inbox(account, signed)
    assert mine.receive(json.dumps(signed).encode()) == DOCUMENT
    assert mine.receive(json.dumps(signed).encode()) is None


MESSAGES = json.loads((ROOT / "tests" / "fakes" / "sns_messages.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", MESSAGES["messages"])
def test_messages_that_others_accept_are_accepted(kind: str) -> None:
    """OpenSSL has signed them as AWS describes it; the npm package sns-validator accepts all but `unsubscribed`.

    That one it takes for a notification, so that it does not expect the token in the signed text; AWS says that it is
    there.
    """
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return str(MESSAGES["certificate"]).encode()

    message = MESSAGES["messages"][kind]
    sent = datetime.fromisoformat(message["Timestamp"])
    mine = webhook_receiver.Inbox(message["TopicArn"], "ada", fetch, lambda: sent)
    document = mine.receive(json.dumps(message).encode())
    assert (document or {}).get("event") == ("done" if message["Type"] == "Notification" else None)
    confirmed = [message["SubscribeURL"]] if kind == "confirmation" else []
    assert fetched == [message["SigningCertURL"], *confirmed]
    for name in ("Message", "MessageId", "Timestamp"):
        with pytest.raises(webhook_receiver.Refused, match="signature"):
            mine.receive(json.dumps({**message, name: f"{message[name]} "}).encode())


@pytest.mark.parametrize("others", [{"user_id": "eve"}, {"minutes": 61}, {"minutes": -61}], ids=str)
def test_a_message_signed_for_another_user_or_long_ago_is_refused(
    account: Account, signed: dict[str, Any], others: dict[str, Any]
) -> None:
    """A user of the same deployment can send messages that SNS has signed for them to somebody else's address."""
    with pytest.raises(webhook_receiver.Refused):
        inbox(account, signed, **others).receive(json.dumps(signed).encode())


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
        {"SigningCertURL": "https://sns.s3.amazonaws.com/key.pem"},
        {"SigningCertURL": "https://sns.s3-eu-central-1.amazonaws.com/key.pem"},
        {"SigningCertURL": "https://sns.eu-central-1.amazonaws.com/?Action=ListTopics"},
        {"TopicArn": "arn:aws:sns:eu-central-1:999999999999:topic"},
        {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Confirm"},
    ],
    ids=" ".join,
)
def test_an_altered_message_is_refused(account: Account, signed: dict[str, Any], change: dict[str, str]) -> None:
    with pytest.raises(webhook_receiver.Refused):
        inbox(account, signed).receive(json.dumps({**signed, **change}).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"Type": "Notification"}'])
def test_a_body_that_is_not_a_message_is_refused(body: bytes) -> None:
    with pytest.raises(webhook_receiver.Refused):
        webhook_receiver.Inbox("arn:aws:sns:eu-central-1:123456789012:topic", "ada", certificate).receive(body)


def not_reachable(_: str) -> bytes:
    raise OSError


def cut_off(_: str) -> bytes:
    raise IncompleteRead(b"-----BEGIN")


@pytest.mark.parametrize(
    ("path", "length", "fetch", "status"),
    [
        ("/secret", None, certificate, 204),
        ("/", None, certificate, 404),
        ("/secre", None, certificate, 404),
        ("/secret", "-1", certificate, 413),
        ("/secret", "300001", certificate, 413),
        ("/secret", None, not_reachable, 503),
        ("/secret", None, cut_off, 503),
        ("/secret", None, lambda _: b"no certificate", 403),
    ],
    ids=[
        "accepted",
        "without secret",
        "part of it",
        "negative",
        "large",
        "no certificate fetched",
        "part of one",
        "none",
    ],
)
def test_only_a_caller_with_the_secret_is_answered(
    account: Account,
    signed: dict[str, Any],
    path: str,
    length: str | None,
    fetch: Callable[[str], bytes],
    status: int,
) -> None:
    assert status_of(account, signed, path, length, fetch) == status


def status_of(
    account: Account,
    message: dict[str, Any],
    path: str = "/secret",
    length: str | None = None,
    fetch: Callable[[str], bytes] = certificate,
) -> int:
    """Sends a message to the receiver when it is published, and returns the status once the receiver is done."""
    now = datetime.fromisoformat(message["Timestamp"])
    inbox = webhook_receiver.Inbox(account.topic_arn, "ada", fetch, lambda: now)
    handler = type("Handler", (webhook_receiver.Receiver,), {"inbox": inbox, "secret": "secret"})
    body = json.dumps(message).encode()
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        receiver = Thread(target=server.handle_request)
        receiver.start()
        with closing(HTTPConnection("127.0.0.1", server.server_port, timeout=10)) as connection:
            connection.request("POST", path, body, {"Content-Length": length or str(len(body))})
            status = connection.getresponse().status
        receiver.join()
    return status


BATCH = a_batch(name="Sourdough: \x1b[2Jthe basics")
BLOCKED = YouTubeBlocked()
PAUSE = Pause(code=BLOCKED.code, message=str(BLOCKED), advice=BLOCKED.advice, since=ENDED, until=ENDED, times=1)
WAITING = replace(FOLLOW, hold_until=ENDED, problem=FollowMonthSpent().as_problem())
GONE = replace(FOLLOW, status=FollowStatus.PAUSED, problem=PlaylistUnavailable().as_problem())
APP = "https://app.example.org"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (document(BATCH, NotificationEvent.DONE, APP), "done: Sourdough:  [2Jthe basics"),
        (document(replace(BATCH, follow_id=FOLLOW.id), NotificationEvent.NEWS, APP), "news: Sourdough:  [2Jthe basics"),
        (document(a_batch(status=BatchStatus.PAUSED, pause=PAUSE), NotificationEvent.PAUSED, APP), "paused: Sourdough"),
        (
            document(
                a_batch(status=BatchStatus.FAILED, error=UnexpectedFailure().as_problem()),
                NotificationEvent.FAILED,
                APP,
            ),
            "failed: Sourdough",
        ),
        (notice_document(WAITING, NotificationEvent.PAUSED), "paused: Bread"),
        (notice_document(GONE, NotificationEvent.PAUSED), "paused: Bread"),
    ],
    ids=["done", "news", "paused", "failed", "follow without money", "follow without a source"],
)
def test_every_kind_of_notification_is_printed(
    account: Account, capsys: pytest.CaptureFixture[str], text: str, line: str
) -> None:
    assert status_of(account, signed_by_moto(account, text)) == 204
    printed, problems = capsys.readouterr()
    assert printed.startswith(line) and not problems
