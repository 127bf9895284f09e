"""Simulates the SNS topic: subscriptions, which their owners may confirm, and messages that filters let through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lab.simulation.table import refused
from local.mail import is_taken

if TYPE_CHECKING:
    from lab.simulation.world import World

# SNS deletes a subscription that nobody has confirmed within two days (Amazon SNS Developer Guide).
_EXPIRES_SECONDS = 48 * 3600.0
_CONFIRMS = 0.8
_CONFIRMS_WITHIN_SECONDS = (5.0, 3600.0)
_DIFFERENT = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"


@dataclass
class Subscription:
    """`user` is the one for whom it was requested."""

    arn: str
    user: str
    endpoint: str
    filter_policy: str
    is_confirmed: bool = False


@dataclass
class Topic:
    world: World
    subscriptions: dict[str, Subscription] = field(default_factory=dict)

    def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        match operation:
            case "Subscribe":
                return {"SubscriptionArn": self._subscribe(arguments).arn}
            case "Unsubscribe":
                self._unsubscribe(arguments["SubscriptionArn"])
                return {}
            case "GetSubscriptionAttributes":
                pending = not self._find(arguments["SubscriptionArn"], operation).is_confirmed
                return {"Attributes": {"PendingConfirmation": json.dumps(pending)}}
            case "Publish":
                return {}
        raise ValueError(f"The simulated topic does not know {operation}.")

    def recipients_of(self, attributes: Mapping[str, Mapping[str, str]]) -> list[Subscription]:
        """Returns the subscriptions that get a message with these attributes."""
        message = {
            "MessageAttributes": {
                name: {"Type": each["DataType"], "Value": each["StringValue"]} for name, each in attributes.items()
            }
        }
        confirmed = (each for each in self.subscriptions.values() if each.is_confirmed)
        return [each for each in confirmed if is_taken(message, json.loads(each.filter_policy))]

    def confirm_all(self) -> None:
        for subscription in self.subscriptions.values():
            subscription.is_confirmed = True

    def _subscribe(self, arguments: Mapping[str, Any]) -> Subscription:
        endpoint, policy = arguments["Endpoint"], arguments["Attributes"]["FilterPolicy"]
        known = next((each for each in self.subscriptions.values() if each.endpoint == endpoint), None)
        if known and known.filter_policy != policy:
            raise refused("InvalidParameter", "Subscribe", message=_DIFFERENT)
        if known:
            return known
        process = self.world.scheduler.current
        claims = process.details["payload"]["requestContext"]["authorizer"]["jwt"]["claims"] if process else {}
        new = Subscription(
            f"arn:{len(self.subscriptions)}:{self.world.random.random()}", claims["sub"], endpoint, policy
        )
        self.subscriptions[new.arn] = new
        self.world.tell(f"subscribes {endpoint}")
        random = self.world.random
        if random.random() < _CONFIRMS:
            within = random.choice(_CONFIRMS_WITHIN_SECONDS)
            self.world.scheduler.later(random.uniform(0, within), lambda: self._confirm(new))
        self.world.scheduler.later(_EXPIRES_SECONDS, lambda: self._expire(new))
        return new

    def _confirm(self, subscription: Subscription) -> None:
        subscription.is_confirmed = True
        self.world.tell(f"{subscription.endpoint} confirms", subscription.user)

    def _expire(self, subscription: Subscription) -> None:
        if not subscription.is_confirmed:
            self.subscriptions.pop(subscription.arn, None)

    def _unsubscribe(self, arn: str) -> None:
        if not self._find(arn, "Unsubscribe").is_confirmed:
            raise refused("InvalidParameter", "Unsubscribe")
        self.world.tell(f"unsubscribes {self.subscriptions.pop(arn).endpoint}")

    def _find(self, arn: str, operation: str) -> Subscription:
        if arn not in self.subscriptions:
            raise refused("NotFound", operation)
        return self.subscriptions[arn]
