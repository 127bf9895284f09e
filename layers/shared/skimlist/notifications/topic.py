"""Publishes the notifications about batches to SNS, which delivers them by email and to webhooks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from skimlist.aws import error_code
from skimlist.errors import StorageUnavailable
from skimlist.models.notifications import NotificationEvent, Protocol

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef


class Delivery(StrEnum):
    """Whether SNS has confirmed that it received a message."""

    CONFIRMED = "confirmed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notification: `body` is the text of an email, `document` the JSON for a webhook.

    `recipients` are names from `recipient()`. A subscription without a filter policy, like the operator's, gets every
    notification.
    """

    subject: str
    body: str
    document: str
    user_id: str
    event: NotificationEvent
    batch_id: str | None = None
    recipients: Sequence[str] = ()


class Notifications:
    """`client` must not retry (`retries={"total_max_attempts": 1}`).

    Publishing is not idempotent: a second attempt after a lost response would send a second email.
    """

    def __init__(self, client: SNSClient, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def publish(self, notification: Notification) -> Delivery:
        """Sends the notification once.

        Returns UNCERTAIN if no response says whether it arrived; sending it again might deliver it twice. Raises
        StorageUnavailable if it was certainly not sent, so that a retry is safe.
        """
        try:
            self._client.publish(
                TopicArn=self._topic_arn,
                Subject=notification.subject,
                MessageStructure="json",
                Message=json.dumps({"default": notification.body, Protocol.WEBHOOK: notification.document}),
                MessageAttributes=_attributes(notification),
            )
        except ClientError as error:
            return _after_refusal(error)
        except HTTPClientError:  # the request was under way: read timeout, connection closed
            return Delivery.UNCERTAIN
        except BotoCoreError as error:  # it never left: no address, no connection, no credentials
            raise StorageUnavailable(f"SNS could not be reached ({type(error).__name__}).") from error
        return Delivery.CONFIRMED


def _attributes(notification: Notification) -> dict[str, MessageAttributeValueTypeDef]:
    attributes: dict[str, MessageAttributeValueTypeDef] = {
        "user_id": {"DataType": "String", "StringValue": notification.user_id},
        "event": {"DataType": "String", "StringValue": notification.event},
    }
    if notification.batch_id:
        attributes["batch_id"] = {"DataType": "String", "StringValue": notification.batch_id}
    if notification.recipients:
        names = json.dumps(notification.recipients)
        attributes["recipients"] = {"DataType": "String.Array", "StringValue": names}
    return attributes


def _after_refusal(error: ClientError) -> Delivery:
    """A server error (500) may come after SNS has accepted the message; throttling, 4xx and 503 come before that."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500 and status != 503:
        return Delivery.UNCERTAIN
    raise StorageUnavailable(f"SNS refused the message ({error_code(error)}).") from error
