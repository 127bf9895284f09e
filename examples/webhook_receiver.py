"""Receives Skimlist's notifications at a webhook and prints them. Needs Python 3.11 and the package `cryptography`.

WEBHOOK_SECRET=… python examples/webhook_receiver.py TOPIC_ARN USER_ID [PORT]

TopicArn is an output of the stack; `GET /api/me` shows your user id. The secret is a random text of yours that is safe
in a URL: python -c 'import secrets; print(secrets.token_urlsafe())'

It speaks plain HTTP on the loopback interface, by default on port 8080. Put a server with TLS in front of it that does
not log paths, and give its address to `PUT /api/me`: https://your.server/SECRET.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import sys
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

MAX_BYTES = 300_000  # a message of SNS has at most 256 KB
MAX_AGE = timedelta(hours=1)  # SNS repeats a request for no longer than that
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class Refused(Exception):
    """The request is not a message of SNS about this topic."""


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        content: bytes = answer.read()
    return content


def address_of_sns(topic_arn: str) -> str:
    """The beginning of every address of SNS in the topic's region.

    Whoever may choose where the certificate comes from may sign anything. Names such as sns.s3.amazonaws.com are not
    SNS: they could be buckets of anybody.
    """
    _, partition, _, region, *_ = topic_arn.split(":")
    return f"https://sns.{region}.amazonaws.com{'.cn' if partition == 'aws-cn' else ''}/"


def verify(message: dict[str, Any], topic_arn: str, fetch: Callable[[str], bytes] = fetch) -> None:
    """Raises Refused unless SNS has signed the message for this topic.

    AWS: "Verifying the signatures of Amazon SNS messages"; `SignatureVersion` 2 stands for SHA-256.
    """
    if message.get("TopicArn") != topic_arn:
        raise Refused("The message is about another topic.")
    if message.get("SignatureVersion") != "2":
        raise Refused("The message has no signature of version 2.")
    certificate_url = str(message.get("SigningCertURL"))
    if not (certificate_url.startswith(address_of_sns(topic_arn)) and certificate_url.endswith(".pem")):
        raise Refused("The certificate is not one of SNS.")
    certificate = fetch(certificate_url)
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        assert isinstance(key, RSAPublicKey)
        key.verify(base64.b64decode(str(message.get("Signature"))), signed_text(message), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        raise Refused("The signature is wrong.") from None


def signed_text(message: dict[str, Any]) -> bytes:
    names = NOTIFICATION if message.get("Type") == "Notification" else CONFIRMATION
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()


class Inbox:
    """The notifications to one user: each is accepted once, and only while it is new."""

    def __init__(
        self,
        topic_arn: str,
        user_id: str,
        fetch: Callable[[str], bytes] = fetch,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._topic_arn = topic_arn
        self._user_id = user_id
        self._fetch = fetch
        self._now = now
        self._received: dict[str, datetime] = {}  # by MessageId, as long as a repetition would still be new

    def receive(self, body: bytes) -> dict[str, Any] | None:
        """Returns the document of a new notification; None for a repeated one, and for a confirmed subscription."""
        message = _object(body)
        verify(message, self._topic_arn, self._fetch)
        sent = datetime.fromisoformat(message["Timestamp"])
        if abs(self._now() - sent) > MAX_AGE:
            raise Refused("The message is too old.")
        if message["Type"] == "Notification":
            document = _object(message["Message"])
            # Every user of the deployment can get messages that are signed for this topic, and send them here.
            if document.get("user_id") != self._user_id:
                raise Refused("The message is for another user.")
            return document if self._is_first(message["MessageId"], sent) else None
        if message["Type"] == "SubscriptionConfirmation":
            if not message["SubscribeURL"].startswith(address_of_sns(self._topic_arn)):
                raise Refused("The link is not one of SNS.")
            self._fetch(message["SubscribeURL"])
        return None

    def _is_first(self, message_id: str, sent: datetime) -> bool:
        recent = {each: at for each, at in self._received.items() if self._now() - at <= MAX_AGE}
        self._received = {**recent, message_id: sent}
        return message_id not in recent


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise Refused("It is not JSON.") from None
    if not isinstance(found, dict):
        raise Refused("It is not a JSON object.")
    return found


def described(document: dict[str, Any]) -> str:
    """Returns a line about a notification, which is about a batch or about a follow.

    A name may come from a playlist's title, so control characters of a terminal are left out.
    """
    name = (document.get("batch") or document["follow"])["name"]
    line = f"{document['event']}: {name}"
    return "".join(character if character.isprintable() else " " for character in line)


class Receiver(BaseHTTPRequestHandler):
    inbox: Inbox
    secret: str

    def do_POST(self) -> None:
        # Without the secret in the address, nobody can send a message here or make SNS ask for a confirmation.
        if not hmac.compare_digest(self.path.encode(), f"/{self.secret}".encode()):
            self.send_error(404)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BYTES:
            self.send_error(413)
            return
        try:
            document = self.inbox.receive(self.rfile.read(int(length)))
        except Refused as refused:
            self.send_error(403, str(refused))
            return
        except (OSError, HTTPException):  # the certificate cannot be fetched; SNS tries again
            self.send_error(503)
            return
        self.send_response(204)
        self.end_headers()
        if document:
            print(described(document), flush=True)

    def log_message(self, *_: Any) -> None:
        """Writes no log, because its lines would contain the secret."""


if __name__ == "__main__":
    Receiver.inbox = Inbox(topic_arn=sys.argv[1], user_id=sys.argv[2])
    Receiver.secret = os.environ["WEBHOOK_SECRET"]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3]) if len(sys.argv) > 3 else 8080), Receiver).serve_forever()
