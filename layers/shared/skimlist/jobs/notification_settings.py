"""Stores the notification settings of each user in one record."""

from __future__ import annotations

from skimlist.codec import decode
from skimlist.errors import SettingsChanged
from skimlist.jobs import records
from skimlist.jobs.attributes import NotificationsRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.table_repository import TableRepository
from skimlist.models.notifications import NotificationSettings


class NotificationSettingsTable(TableRepository):
    def get(self, user_id: str) -> NotificationSettings:
        """The user's settings; without a record, they have no subscription."""
        return decode(NotificationSettings, self.read(records.notifications_key(user_id)) or {})

    def replace(self, user_id: str, before: NotificationSettings, after: NotificationSettings) -> None:
        """Replaces the settings. Raises SettingsChanged if the stored ones are no longer `before`."""
        version, email, webhook = NotificationsRecord.version, NotificationsRecord.email, NotificationsRecord.webhook
        change = Update(
            email.set(after.email) if after.email else email.remove(),
            webhook.set(after.webhook) if after.webhook else webhook.remove(),
            NotificationsRecord.events.set(after.events),
            version.set(before.version + 1),
        ).only_if(version.eq(before.version) if before.version else version.not_exists())
        if self.update(records.notifications_key(user_id), change) is None:
            raise SettingsChanged
