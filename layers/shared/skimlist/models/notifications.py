"""The notification settings of a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class NotificationEvent(StrEnum):
    """An event of which a user can be notified.

    `news` are the new videos of a follow; `done` is the end of any other batch. `paused` is also about a follow that
    has stopped or waits.
    """

    DONE = "done"
    NEWS = "news"
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
    """A user's subscription to the topic. `endpoint` is the email address or the URL of the webhook.

    `arn` is empty as long as SNS has not answered it.
    """

    protocol: Protocol
    endpoint: str
    arn: str = ""

    @property
    def address(self) -> tuple[Protocol, str]:
        return self.protocol, self.endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """`version` grows with every change, so that of two changes at the same moment only one succeeds.

    `leftover` are subscriptions that the user does not want, but SNS may have: one that is pending cannot be ended.
    """

    email: Subscription | None = None
    webhook: Subscription | None = None
    events: tuple[NotificationEvent, ...] = tuple(NotificationEvent)
    leftover: tuple[Subscription, ...] = ()
    version: int = 0

    @property
    def subscriptions(self) -> list[Subscription]:
        return [each for each in (self.email, self.webhook) if each]

    def find(self, wanted: Subscription) -> Subscription | None:
        """The subscription of the same address that SNS may have."""
        known = (*self.subscriptions, *self.leftover)
        return next((each for each in known if each.address == wanted.address), None)

    def choosing(self, chosen: Sequence[Subscription], events: tuple[NotificationEvent, ...]) -> NotificationSettings:
        """Returns these settings with other subscriptions and events; what is replaced is left over."""
        by_protocol = {each.protocol: each for each in chosen}
        addresses = {each.address for each in chosen}
        # Of two with the same address, the later one knows the ARN.
        known = {each.address: each for each in (*self.subscriptions, *self.leftover)}
        return replace(
            self,
            email=by_protocol.get(Protocol.EMAIL),
            webhook=by_protocol.get(Protocol.WEBHOOK),
            events=events,
            leftover=tuple(each for each in known.values() if each.address not in addresses),
        )

    def updating(self, latest: Sequence[Subscription]) -> NotificationSettings:
        """Returns these settings with the latest version of some subscriptions; those that are new are left over."""
        new = {each.address: each for each in latest}
        return replace(
            self,
            email=self.email and new.pop(self.email.address, self.email),
            webhook=self.webhook and new.pop(self.webhook.address, self.webhook),
            leftover=(*[new.pop(each.address, each) for each in self.leftover], *new.values()),
        )
