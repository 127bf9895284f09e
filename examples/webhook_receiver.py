"""Receives Skimlist's notifications at a webhook and prints them. Needs Python 3.11 and the package `cryptography`.

python examples/webhook_receiver.py TOPIC_ARN [PORT]     # TopicArn is an output of the stack

It speaks plain HTTP on the loopback interface, by default on port 8080. Put a server with TLS in front of it, and give
that server's https:// address to `PUT /api/me`.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

# Whoever may choose where the certificate comes from may sign anything.
OF_SNS = re.compile(r"https://sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/")
MOST_BYTES = 300_000  # a message of SNS has at most 256 KB
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class Refused(Exception):
    """The request is none of SNS about this topic."""


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        content: bytes = answer.read()
    return content


def verify(message: dict[str, Any], topic_arn: str, fetch: Callable[[str], bytes] = fetch) -> None:
    """Raises Refused unless SNS has signed the message for this topic.

    AWS: "Verifying the signatures of Amazon SNS messages"; `SignatureVersion` 2 stands for SHA-256.
    """
    if message.get("TopicArn") != topic_arn:
        raise Refused("It is about another topic.")
    if message.get("SignatureVersion") != "2":
        raise Refused("It has no signature of version 2.")
    certificate_url = str(message.get("SigningCertURL"))
    if not OF_SNS.match(certificate_url):
        raise Refused("Its certificate is not one of SNS.")
    key = load_pem_x509_certificate(fetch(certificate_url)).public_key()
    assert isinstance(key, RSAPublicKey)
    try:
        key.verify(base64.b64decode(str(message.get("Signature"))), signed_text(message), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        raise Refused("Its signature is wrong.") from None


def signed_text(message: dict[str, Any]) -> bytes:
    names = NOTIFICATION if message.get("Type") == "Notification" else CONFIRMATION
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()


def receive(body: bytes, topic_arn: str, fetch: Callable[[str], bytes] = fetch) -> dict[str, Any] | None:
    """The document of a notification; None for a request that confirms the subscription, which is followed."""
    try:
        message = json.loads(body)
    except ValueError:
        raise Refused("It is not JSON.") from None
    if not isinstance(message, dict):
        raise Refused("It is not a JSON object.")
    verify(message, topic_arn, fetch)
    if message["Type"] == "Notification":
        document: dict[str, Any] = json.loads(message["Message"])
        return document
    if message["Type"] == "SubscriptionConfirmation" and OF_SNS.match(message["SubscribeURL"]):
        fetch(message["SubscribeURL"])
    return None


class Receiver(BaseHTTPRequestHandler):
    topic_arn: str

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        try:
            if length > MOST_BYTES:
                raise Refused("It is too large.")
            document = receive(self.rfile.read(length), self.topic_arn)
        except Refused as refused:
            self.send_error(403, str(refused))
            return
        self.send_response(204)
        self.end_headers()
        print("Confirmed." if document is None else f"{document['event']}: {document['batch']['name']}", flush=True)


if __name__ == "__main__":
    Receiver.topic_arn = sys.argv[1]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 8080), Receiver).serve_forever()
