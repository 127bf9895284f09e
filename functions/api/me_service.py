"""Shows and changes the signed-in user's own settings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from me_schemas import MeView, NotificationsView, PutNotifications, RecipientView, SpendingView
from user_service import UserService

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import InvalidRequest
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.spending import Spending
from skimlist.models.notifications import NotificationSettings, Protocol, Subscription
from skimlist.notifications.subscriptions import Subscriptions
from skimlist.periods import next_day, next_month


@dataclass(frozen=True)
class MeService(UserService):
    """The settings of one user; `email` is their verified address."""

    email: str | None

    def show(self) -> MeView:
        return self._view(self._stored.get(self.user_id))

    def change(self, wanted: PutNotifications) -> MeView:
        """Subscribes the chosen recipients, and ends the subscriptions that they replace.

        A request that is cut off may leave a subscription that is not in the settings; nothing is ever sent to it.
        """
        before = self._stored.get(self.user_id)
        after = NotificationSettings(
            webhook=self._subscribe(Protocol.WEBHOOK, wanted.webhook) if wanted.webhook else None,
            email=self._subscribe(Protocol.EMAIL, self._require_email()) if wanted.email else None,
            events=tuple(dict.fromkeys(wanted.events)),
        )
        self._stored.replace(self.user_id, before, after)
        for replaced in set(before.subscriptions) - set(after.subscriptions):
            self._subscriptions.unsubscribe(replaced)
        return self._view(after)

    def _require_email(self) -> str:
        if self.email is None:
            message = "Your email address is not verified yet."
            raise InvalidRequest(message, [{"field": "notifications.email", "message": message}])
        return self.email

    def _subscribe(self, protocol: Protocol, endpoint: str) -> Subscription:
        return self._subscriptions.subscribe(self.user_id, protocol, endpoint)

    def _view(self, stored: NotificationSettings) -> MeView:
        return MeView(
            email=self.email,
            notifications=NotificationsView(
                email=self._recipient(stored.email),
                webhook=self._recipient(stored.webhook),
                events=list(stored.events),
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
