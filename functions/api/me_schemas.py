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
    """Returns `url` unchanged. SNS calls it from AWS's network; no code here does."""
    try:
        parts = urlsplit(url)
        is_complete = bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except ValueError:  # brackets or a port that are none
        is_complete = False
    if not is_complete:
        raise ValueError("Give a complete address without a part behind a #.")
    return url


Webhook = Annotated[
    str,
    StringConstraints(max_length=2_000, pattern=r"^https://[\x21-\x7e]+$"),
    AfterValidator(_require_complete),
]


class PutNotifications(Request):
    """The recipients and events of notifications; omitted ones are switched off or have their defaults."""

    email: bool = Field(default=False, description="To the address with which you sign in.")
    webhook: Webhook | None = Field(default=None, description="To this address, which begins with https://.")
    events: list[NotificationEvent] = Field(
        default_factory=lambda: list(NotificationEvent), max_length=len(NotificationEvent)
    )


class PutMe(Request):
    """Your own settings."""

    notifications: PutNotifications


class RecipientView(View):
    """An address that receives notifications once its recipient has confirmed it."""

    address: str
    state: SubscriptionState = Field(
        description="`pending` until it is confirmed, which is possible for two days; `ended` if it never was, or if "
        "the link in an email ended it. Send the settings again to be asked again."
    )


class NotificationsView(View):
    """Addresses for notifications; null means none."""

    email: RecipientView | None
    webhook: RecipientView | None
    events: list[NotificationEvent]


class SpendingView(View):
    """Your costs of models so far, including reservations for answers under way, and the limits; times are UTC."""

    today_usd: Number
    month_usd: Number
    day_limit_usd: Number | None = Field(description="What they may cost you a day; null for no limit.")
    day_ends_at: datetime
    deployment_month_limit_usd: Number | None = Field(description="What they may cost all users together a month.")
    month_ends_at: datetime


class MeView(View):
    """The signed-in user."""

    email: str | None = Field(description="With which you sign in; null while it is not verified.")
    notifications: NotificationsView
    spending: SpendingView
