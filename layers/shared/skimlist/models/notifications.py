"""What a user wants to be notified of, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NotificationEvent(StrEnum):
    """What can happen to a batch that its owner may want to know."""

    DONE = "done"
    PAUSED = "paused"
    FAILED = "failed"


class Protocol(StrEnum):
    """How a notification is delivered, by SNS's name."""

    EMAIL = "email"
    WEBHOOK = "https"


class SubscriptionState(StrEnum):
    """`pending`: the recipient has not confirmed yet. `ended`: it was never confirmed, or the recipient ended it."""

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
