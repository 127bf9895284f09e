"""Pydantic models of the requests and responses about the signed-in user."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from bases import Request, View
from pydantic import AfterValidator, Field, StringConstraints
from schemas import Number

from skimlist.models.notifications import NotificationEvent, SubscriptionState


def _require_complete(url: str) -> str:
    """Returns `url` unchanged, or raises ValueError. Only SNS calls it, from AWS's network."""
    try:
        parts = urlsplit(url)
        is_complete = bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except ValueError:  # invalid brackets or an invalid port
        is_complete = False
    if not is_complete:
        raise ValueError("Give a complete URL without a fragment (the part after `#`).")
    return url


Webhook = Annotated[
    str,
    StringConstraints(max_length=2_000, pattern=r"^https://[\x21-\x7e]+$"),
    AfterValidator(_require_complete),
]


class PutNotifications(Request):
    """Recipients and events of your notifications; omitted recipients are switched off, omitted events mean all."""

    email: bool = Field(default=False, description="Notify the email address with which you sign in.")
    webhook: Webhook | None = Field(default=None, description="Notify this URL, which begins with `https://`.")
    events: list[NotificationEvent] = Field(
        default_factory=lambda: list(NotificationEvent),
        max_length=len(NotificationEvent),
        description="`done`: one of your batches is done. `news`: new videos of what you follow are summarized, unless "
        "the follow has `notify: false`. `paused`: a batch has paused, or a follow has stopped or waits for its "
        "monthly budget. `failed`: a batch could not be processed.",
    )


class PutMe(Request):
    """Your settings."""

    notifications: PutNotifications


class RecipientView(View):
    """An address that gets notifications once its recipient has confirmed it."""

    address: str
    state: SubscriptionState = Field(
        description="`pending` until it is confirmed, which is possible for two days; `ended` if it never was, or if "
        "the link in an email ended it. Send the settings again to get a new request to confirm."
    )


class NotificationsView(View):
    """The recipients and events of your notifications; a recipient is null if it gets none."""

    email: RecipientView | None
    webhook: RecipientView | None
    events: list[NotificationEvent]
    version: int = Field(description="Increases with every change; send it as If-Match when you change the settings.")


class SpendingView(View):
    """The cost of models for you so far, with reservations for requests under way, and the limits; times in UTC."""

    today_usd: Number
    month_usd: Number
    day_limit_usd: Number | None = Field(description="Your limit per day; null means no limit.")
    day_ends_at: datetime
    deployment_month_limit_usd: Number | None = Field(description="The limit of all users together per month.")
    month_ends_at: datetime


class MeView(View):
    """The signed-in user."""

    id: str = Field(description="Your id: `user_id` of what your webhook receives has to be the same.")
    email: str | None = Field(description="The address with which you sign in; null until it is verified.")
    notifications: NotificationsView
    spending: SpendingView
