"""Shows and changes the signed-in user's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from me_schemas import MeView, NotificationsView, PutNotifications, RecipientView, SpendingView
from user_service import UserService

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import InvalidRequest, RequestRefused, SettingsChanged, TooManyUnconfirmed
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.spending import Spending
from skimlist.models.notifications import (
    NotificationEvent,
    NotificationSettings,
    Protocol,
    Subscription,
    SubscriptionState,
)
from skimlist.notifications.subscriptions import Subscriptions
from skimlist.periods import next_day, next_month

# With so many subscriptions that a user no longer wants and SNS has not ended yet, no new address is accepted: a topic
# has 200 filter policies for all users.
_MAX_LEFTOVER = 3


@dataclass(frozen=True)
class MeService(UserService):
    """The settings of one user; `email` is their verified address."""

    email: str | None

    def show(self) -> MeView:
        stored = self._stored.get(self.user_id)
        try:
            # One without an ARN belongs to a change that is under way, or to one that the next change completes.
            stored = self._end_leftover(stored, keep=[each for each in stored.leftover if not each.arn])
        except SettingsChanged:
            stored = self._stored.get(self.user_id)
        return self._view(stored)

    def change(self, wanted: PutNotifications, version: int | None) -> MeView:
        """Subscribes the chosen recipients, and ends the subscriptions that they replace.

        Raises SettingsChanged if `version` is not the current one, or if another request changes them meanwhile.

        A subscription is recorded before SNS is asked for it, and until SNS has ended it, so that none is forgotten.
        """
        chosen = self._chosen(wanted)
        if chosen:
            self._require_not_stopped()
        stored = self._stored.get(self.user_id)
        if version not in {None, stored.version}:
            details = [{"field": "If-Match", "message": f"The current version is {stored.version}."}]
            raise SettingsChanged(details=details)
        before = self._end_leftover(stored, keep=chosen)
        confirmed = [each for each in map(before.find, chosen) if each and self._is_confirmed(each)]
        unconfirmed = [each for each in chosen if each.address not in {each.address for each in confirmed}]
        recorded = self._record(before, unconfirmed)
        subscribed = self._subscribe(unconfirmed, before, recorded)
        after = recorded.choosing(
            [*confirmed, *subscribed], tuple(event for event in NotificationEvent if event in wanted.events)
        )
        return self._view(self._end_leftover(self._stored.replace(self.user_id, recorded, after)))

    def _chosen(self, wanted: PutNotifications) -> list[Subscription]:
        """The subscriptions that are wanted, without their ARNs. Raises InvalidRequest."""
        email = Subscription(protocol=Protocol.EMAIL, endpoint=self._require_email()) if wanted.email else None
        webhook = Subscription(protocol=Protocol.WEBHOOK, endpoint=wanted.webhook) if wanted.webhook else None
        return [each for each in (email, webhook) if each]

    def _require_email(self) -> str:
        if self.email is None:
            message = "Your email address is not verified yet."
            raise InvalidRequest(message, [{"field": "notifications.email", "message": message}])
        return self.email

    def _end_leftover(self, stored: NotificationSettings, keep: Sequence[Subscription] = ()) -> NotificationSettings:
        """Ends leftover subscriptions except for `keep`, and emails to an address that is no longer the user's."""
        own = [
            each for each in stored.subscriptions if each.protocol is Protocol.WEBHOOK or each.endpoint == self.email
        ]
        current = stored.choosing(own, stored.events)
        kept = {each.address for each in keep}
        left = [
            each if each.address in kept else self._subscriptions.end(self.user_id, each) for each in current.leftover
        ]
        current = replace(current, leftover=tuple(filter(None, left)))
        return stored if current == stored else self._stored.replace(self.user_id, stored, current)

    def _is_confirmed(self, subscription: Subscription) -> bool:
        return self._subscriptions.state(subscription) is SubscriptionState.CONFIRMED

    def _record(self, stored: NotificationSettings, wanted: Sequence[Subscription]) -> NotificationSettings:
        """Counts and records what SNS will be asked for. Raises TooManyUnconfirmed and TooManySubscriptions.

        Their ARNs are not recorded: SNS gives a new ARN to a subscription that had expired; if that answer is lost, the
        old ARN would suggest that nothing is left to end.
        """
        if not wanted:
            return stored
        new = [each for each in wanted if not stored.find(each)]
        if new and len(stored.leftover) >= _MAX_LEFTOVER:
            raise TooManyUnconfirmed
        return self._stored.replace(
            self.user_id,
            stored,
            stored.updating(wanted),
            *self._quotas.count_today(self.user_id, self.now, subscriptions=len(wanted)),
        )

    def _subscribe(
        self, wanted: Sequence[Subscription], before: NotificationSettings, recorded: NotificationSettings
    ) -> list[Subscription]:
        """Subscribes all wanted recipients. If SNS refuses one, the user's choice stays as it was."""
        subscribed: list[Subscription] = []
        try:
            for each in wanted:
                subscribed.append(self._subscriptions.subscribe(self.user_id, each))
        except RequestRefused:
            self._end_leftover(self._stored.replace(self.user_id, recorded, before.updating(subscribed)))
            raise
        return subscribed

    def _view(self, stored: NotificationSettings) -> MeView:
        return MeView(
            id=self.user_id,
            email=self.email,
            notifications=NotificationsView(
                email=self._recipient(stored.email),
                webhook=self._recipient(stored.webhook),
                events=list(stored.events),
                version=stored.version,
            ),
            spending=self._spending(),
        )

    def _spending(self) -> SpendingView:
        spent = Spending(aws.table(settings().table_name)).by_user(self.user_id, self.now)
        return SpendingView(
            today_usd=float(spent.today_usd),
            month_usd=float(spent.month_usd),
            day_limit_usd=_limit(settings().usd_a_day),
            day_ends_at=next_day(self.now),
            deployment_month_limit_usd=_limit(settings().usd_a_month),
            month_ends_at=next_month(self.now),
        )

    def _recipient(self, subscription: Subscription | None) -> RecipientView | None:
        if subscription is None:
            return None
        return RecipientView(address=subscription.endpoint, state=self._subscriptions.state(subscription))

    @cached_property
    def _stored(self) -> NotificationSettingsTable:
        return NotificationSettingsTable(aws.table(settings().table_name))

    @cached_property
    def _subscriptions(self) -> Subscriptions:
        return Subscriptions(aws.client("sns"), settings().topic_arn)


def _limit(usd: Decimal) -> float | None:
    return float(usd) or None
