"""Subscribes users to the SNS topic, so that each gets only their own notifications."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors
from skimlist.errors import InvalidRequest, NotificationsFull, RecipientInUse, RequestRefused
from skimlist.models.notifications import Protocol, Subscription, SubscriptionState

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

# SNS checks the number of filter policies (200 per topic unless AWS raises it) before that of subscriptions.
_FULL = frozenset({"FilterPolicyLimitExceeded", "SubscriptionLimitExceeded"})


def recipient(user_id: str, protocol: Protocol, endpoint: str) -> str:
    """The name of an endpoint in the list of a message's recipients.

    It is the same for every subscription of an endpoint, because SNS refuses a second one with another filter policy.
    """
    return hashlib.sha256(json.dumps([user_id, protocol, endpoint]).encode()).hexdigest()[:32]


class Subscriptions:
    def __init__(self, client: SNSClient, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def subscribe(self, user_id: str, subscription: Subscription) -> Subscription:
        """Subscribes the endpoint, which SNS asks to confirm. Repeating this asks again while it is not confirmed.

        Returns it with its ARN. Raises InvalidRequest for an endpoint that SNS does not accept, RecipientInUse,
        NotificationsFull.
        """
        protocol, endpoint = subscription.address
        policy = {"user_id": [user_id], "recipients": [recipient(user_id, protocol, endpoint)]}
        with storage_errors():
            try:
                answer = self._client.subscribe(
                    TopicArn=self._topic_arn,
                    Protocol=protocol.value,
                    Endpoint=endpoint,
                    Attributes={"FilterPolicy": json.dumps(policy)},
                    ReturnSubscriptionArn=True,
                )
            except ClientError as error:
                if error_code(error) in _FULL:
                    raise NotificationsFull from error
                if error_code(error) == "InvalidParameter":
                    raise _refusal(error, protocol) from error
                raise
        return replace(subscription, arn=answer["SubscriptionArn"])

    def end(self, user_id: str, subscription: Subscription) -> Subscription | None:
        """Ends the subscription. Returns it if it is pending: SNS does not end it, but deletes it after two days."""
        if not subscription.arn:
            # It is unknown whether SNS has the subscription; subscribing again returns its ARN.
            try:
                subscription = self.subscribe(user_id, subscription)
            except RequestRefused:
                return None
        with storage_errors():
            try:
                self._client.unsubscribe(SubscriptionArn=subscription.arn)
            except ClientError as error:
                if error_code(error) == "NotFound":
                    return None
                if error_code(error) != "InvalidParameter":
                    raise
                return None if self.state(subscription) is SubscriptionState.ENDED else subscription
        return None

    def state(self, subscription: Subscription) -> SubscriptionState:
        if not subscription.arn:
            return SubscriptionState.ENDED
        with storage_errors():
            try:
                answer = self._client.get_subscription_attributes(SubscriptionArn=subscription.arn)
            except ClientError as error:
                if error_code(error) == "NotFound":
                    return SubscriptionState.ENDED
                raise
        is_pending = answer["Attributes"].get("PendingConfirmation") == "true"
        return SubscriptionState.PENDING if is_pending else SubscriptionState.CONFIRMED


def _refusal(error: ClientError, protocol: Protocol) -> RecipientInUse | InvalidRequest:
    # SNS has one code for all invalid parameters: "Invalid parameter: Attributes Reason: Subscription already exists
    # with different attributes", "Invalid parameter: Endpoint Reason: …".
    if "already exists" in str(error):
        return RecipientInUse()
    field = "email" if protocol is Protocol.EMAIL else "webhook"
    return InvalidRequest(details=[{"field": f"notifications.{field}", "message": "Amazon SNS cannot deliver to it."}])
