"""Stores the notification settings of each user in one record."""

from __future__ import annotations

from dataclasses import replace

from skimlist.codec import decode
from skimlist.errors import SettingsChanged
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys
from skimlist.jobs.expressions import Attribute, Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository, updated
from skimlist.models.notifications import NotificationEvent, NotificationSettings, Subscription

_DEFAULTS = NotificationSettings()
_NEWS = NotificationEvent.NEWS


class NotificationsRecord(Keys):
    email = Attribute[Subscription]()
    webhook = Attribute[Subscription]()
    events = Attribute[tuple[NotificationEvent, ...]]()
    news = Attribute[bool]()
    leftover = Attribute[tuple[Subscription, ...]]()
    version = Attribute[int]()


class NotificationSettingsTable(TableRepository):
    def get(self, user_id: str) -> NotificationSettings:
        """The user's settings; without a record, they have no subscription."""
        record = self.read(records.notifications_key(user_id))
        return decode(NotificationSettings, {**record, "events": _stored_events(record)}) if record else _DEFAULTS

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
            NotificationsRecord.events.set(tuple(event for event in after.events if event is not _NEWS)),
            NotificationsRecord.news.set(_NEWS in after.events),
            NotificationsRecord.leftover.set(after.leftover),
            version.set(after.version),
        ).only_if(version.eq(before.version) if before.version else version.not_exists())
        # A transaction even without other writes: the SDK may repeat it after a lost answer, and it still succeeds.
        if not self.transact_writes(updated(records.notifications_key(user_id), change), *writes):
            raise SettingsChanged
        return after


def _stored_events(record: Record) -> list[str]:
    """The events of a record; `news` has an attribute of its own.

    Earlier code knows no such event, and counted the runs of follows as `done`. Its records, which lack the attribute,
    keep that meaning, and it can still read the records of today.
    """
    stored = record["events"]
    has_news = record.get("news", NotificationEvent.DONE in stored)
    return [event for event in NotificationEvent if event in stored or (has_news and event is _NEWS)]
