"""Stores the notification settings of each user in one record."""

from __future__ import annotations

from dataclasses import replace

from skimlist.codec import decode
from skimlist.errors import SettingsChanged
from skimlist.jobs import records
from skimlist.jobs.attributes import NotificationsRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository, updated
from skimlist.models.notifications import NotificationSettings


class NotificationSettingsTable(TableRepository):
    def get(self, user_id: str) -> NotificationSettings:
        """The user's settings; without a record, they have no subscription."""
        return decode(NotificationSettings, self.read(records.notifications_key(user_id)) or {})

    def replace(
        self, user_id: str, before: NotificationSettings, after: NotificationSettings, *writes: Record
    ) -> NotificationSettings:
        """Replaces the settings together with the other writes, and returns them as they are stored.

        Raises SettingsChanged if the stored ones are no longer `before`.
        """
        after = replace(after, version=before.version + 1)
        version, email, webhook = NotificationsRecord.version, NotificationsRecord.email, NotificationsRecord.webhook
        change = Update(
            email.set(after.email) if after.email else email.remove(),
            webhook.set(after.webhook) if after.webhook else webhook.remove(),
            NotificationsRecord.events.set(after.events),
            NotificationsRecord.leftover.set(after.leftover),
            version.set(after.version),
        ).only_if(version.eq(before.version) if before.version else version.not_exists())
        # A transaction even without other writes: the SDK may repeat it after a lost answer, and it still succeeds.
        if not self.transact_writes(updated(records.notifications_key(user_id), change), *writes):
            raise SettingsChanged
        return after
