"""Writes the notification emails of the local stack as text files; they reach it through a queue at the SNS topic."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from threading import Event, Thread
from typing import Any

from botocore.exceptions import BotoCoreError

from local.account import STACK_NAME, Account
from local.private import private_folder

# The longest that SQS allows: each request takes a hundredth of a second of processor time.
_WAIT_SECONDS = 20
# Ends the wait for a notification when the mailbox closes.
_CLOSED = "closed"
_POLICY = EmailPolicy(utf8=True, cte_type="8bit", max_line_length=998)  # readable as plain text


class Mailbox:
    """Writes the emails that SNS would send into `folder` while it is open, one file for each recipient.

    `operator` gets those about everybody's batches; the others are the addresses that are subscribed to the topic.
    """

    def __init__(self, account: Account, topic_arn: str, operator: str, folder: Path) -> None:
        self._account = account
        self._topic_arn = topic_arn
        self._operator = operator
        self._folder = folder
        self._closing = Event()
        self._thread = Thread(target=self._deliver, name="mailbox", daemon=True)

    def open(self) -> None:
        self._sqs = self._account.client("sqs")
        self._queue_url = self._sqs.create_queue(QueueName=f"{STACK_NAME}-mail")["QueueUrl"]
        queue = {"QueueUrl": self._queue_url}
        arn = self._sqs.get_queue_attributes(**queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self._sqs.set_queue_attributes(**queue, Attributes={"Policy": _queue_policy(self._topic_arn, arn)})
        self._sns = self._account.client("sns")
        self._sns.subscribe(TopicArn=self._topic_arn, Protocol="sqs", Endpoint=arn)
        private_folder(self._folder)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        with suppress(BotoCoreError):
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=_CLOSED)
        self._thread.join()

    def _deliver(self) -> None:
        with suppress(BotoCoreError):  # the emulator has ended, which `Emulator.wait` reports
            while not self._closing.is_set():
                received = self._sqs.receive_message(
                    QueueUrl=self._queue_url, WaitTimeSeconds=_WAIT_SECONDS, MaxNumberOfMessages=10
                )
                for message in received.get("Messages", []):
                    if message["Body"] != _CLOSED:
                        self._write(json.loads(message["Body"]))
                    self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _write(self, notification: Mapping[str, Any]) -> None:
        name = f"{notification['Timestamp'].replace(':', '-')}-{notification['MessageId']}"
        for number, recipient in enumerate(sorted({self._operator, *self._recipients(notification)})):
            (self._folder / f"{name}-{number}.txt").write_bytes(as_email(notification, recipient))

    def _recipients(self, notification: Mapping[str, Any]) -> Iterator[str]:
        """Returns the confirmed email addresses whose subscription lets this notification pass."""
        pages = self._sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=self._topic_arn)
        for subscription in (each for page in pages for each in page["Subscriptions"]):
            if subscription["Protocol"] == "email":
                attributes = self._sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])
                if is_taken(notification, json.loads(attributes["Attributes"].get("FilterPolicy", "{}"))):
                    yield subscription["Endpoint"]


def is_taken(notification: Mapping[str, Any], filter_policy: Mapping[str, Sequence[Any]]) -> bool:
    """Whether a filter policy lets a notification pass because of its message attributes.

    The conditions of a policy are exact values and `{"exists": true}`.
    """
    attributes = notification.get("MessageAttributes", {})
    return all(
        any(_is_met(condition, attributes.get(name)) for condition in conditions)
        for name, conditions in filter_policy.items()
    )


def _is_met(condition: Any, attribute: Mapping[str, str] | None) -> bool:
    return attribute is not None and (condition == {"exists": True} or condition in _values(attribute))


def _values(attribute: Mapping[str, str]) -> Sequence[str]:
    return json.loads(attribute["Value"]) if attribute["Type"] == "String.Array" else [attribute["Value"]]


def _queue_policy(topic_arn: str, queue_arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def as_email(notification: Mapping[str, Any], recipient: str) -> bytes:
    """Returns an SNS notification as the email that AWS would send, with its message attributes as X- headers."""
    email = EmailMessage(policy=_POLICY)
    email["Date"] = datetime.fromisoformat(notification["Timestamp"])
    email["To"] = recipient
    email["Subject"] = notification.get("Subject", "")
    for name, attribute in notification.get("MessageAttributes", {}).items():
        email[f"X-{name.replace('_', '-')}"] = attribute["Value"]
    email.set_content(notification["Message"], cte="8bit")
    return email.as_bytes()
