"""The notification settings of a user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NotificationEvent(StrEnum):
    """An event of a batch of which its owner can be notified."""

    DONE = "done"
    PAUSED = "paused"
    FAILED = "failed"


class Protocol(StrEnum):
    """The ways to deliver a notification, by their names in SNS."""

    EMAIL = "email"
    WEBHOOK = "https"


class SubscriptionState(StrEnum):
    """The state of a subscription: `pending` until it is confirmed, `ended` after it has expired or was cancelled."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A user's subscription to the topic. `endpoint` is the email address or the URL of the webhook."""

    protocol: Protocol
    endpoint: str
    arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """`version` grows with every change, so that of two changes at the same moment only one succeeds."""

    email: Subscription | None = None
    webhook: Subscription | None = None
    events: tuple[NotificationEvent, ...] = tuple(NotificationEvent)
    version: int = 0

    @property
    def subscriptions(self) -> list[Subscription]:
        return [each for each in (self.email, self.webhook) if each]
