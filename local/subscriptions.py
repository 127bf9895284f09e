"""Adds features of subscriptions to SNS topics that ministack lacks.

These are the condition keys `sns:Protocol` and `sns:Endpoint`, which AWS fills from a Subscribe request (Service
Authorization Reference, "Actions, resources, and condition keys for Amazon SNS"); `ReturnSubscriptionArn`, with which
Subscribe answers the ARN of a subscription that is not confirmed yet (SNS API reference, Subscribe); and that SNS
refuses another subscription of the same endpoint with a different filter policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions
from ministack.services import sns

_KEYS = {"Protocol": "sns:Protocol", "Endpoint": "sns:Endpoint"}
_DIFFERENT = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
_PENDING = b"<SubscriptionArn>pending confirmation</SubscriptionArn>"


def subscription_keys(request: Mapping[str, Any]) -> dict[str, str]:
    """Returns the condition keys of a Subscribe request."""
    return {key: str(request[name]) for name, key in _KEYS.items() if name in request}


def complete_subscriptions() -> None:
    """Makes ministack evaluate these keys, and answer Subscribe like SNS."""
    known_context, subscribe = iam_actions.request_tag_context, sns._subscribe

    def with_subscription_keys(service: str, action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = known_context(service, action, body, params)
        if action != "sns:Subscribe":
            return context
        asked = {name: sns._p(params, name) for name in _KEYS}
        return {**context, **{key.lower(): value for key, value in subscription_keys(asked).items()}}

    def subscribe_as_sns_does(params: dict[str, Any]) -> Any:
        before = _subscription(params)
        if before and before["attributes"].get("FilterPolicy") != _filter_policy(params):
            return sns._error("InvalidParameter", _DIFFERENT, 400)
        status, headers, body = subscribe(params)
        if _PENDING in body and sns._p(params, "ReturnSubscriptionArn") == "true":
            body = body.replace(_PENDING, f"<SubscriptionArn>{_subscription(params)['arn']}</SubscriptionArn>".encode())
        return status, headers, body

    iam_actions.request_tag_context = with_subscription_keys
    sns._subscribe = subscribe_as_sns_does


def _subscription(params: dict[str, Any]) -> Any:
    """Returns ministack's existing subscription of this endpoint, or None."""
    topic = sns._topic_by_arn_any_scope(sns._p(params, "TopicArn")) or {"subscriptions": []}
    asked = sns._p(params, "Protocol"), sns._p(params, "Endpoint")
    return next((each for each in topic["subscriptions"] if (each["protocol"], each["endpoint"]) == asked), None)


def _filter_policy(params: dict[str, Any]) -> Any:
    attributes = {
        sns._p(params, name): sns._p(params, f"{name.removesuffix('.key')}.value")
        for name in params
        if name.startswith("Attributes.entry.") and name.endswith(".key")
    }
    return attributes.get("FilterPolicy")
