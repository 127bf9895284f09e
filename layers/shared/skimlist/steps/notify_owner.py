"""Notify owner: sends the notification about a batch that ended or paused itself, once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from skimlist.errors import StorageUnavailable
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.queue import Queue
from skimlist.models.batch import Batch, BatchStatus, Pause
from skimlist.models.notifications import NotificationEvent
from skimlist.notifications.document import document, event_of
from skimlist.notifications.subscriptions import recipient
from skimlist.notifications.text import Message, compose
from skimlist.notifications.topic import Notification, Notifications
from skimlist.steps.reporting import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyOwner:
    batches: Batches
    queue: Queue
    digests: Digests
    settings: NotificationSettingsTable
    topic: Notifications
    app_url: str
    log: Log

    def run(self, work: BatchEvent) -> None:
        batch = self.batches.get(work.user_id, work.batch_id)
        occasion = _occasion(batch) if batch.execution.run == work.run else None
        event = event_of(batch)
        if occasion is None or event is None:
            self.log.info("no email is due", status=batch.status)
            return
        # Everything is read before the notification is claimed: an attempt that fails after that cannot claim it again.
        items = list(self.queue.all_items(batch))
        message = compose(batch, items, self.app_url, self.digests.find(batch.id).digest)
        notification = self._notification(batch, event, message)
        # A request id would not tell attempts apart: Lambda repeats a failed event under the same one.
        claimant = uuid4().hex
        if not self.batches.claim_notification(batch, occasion, claimant):
            self.log.info("email was already sent, or batch was deleted", occasion=occasion)
            return
        try:
            delivery = self.topic.publish(notification)
        except StorageUnavailable:
            self.batches.release_notification(batch, occasion, claimant)
            raise
        self.log.info("owner notified", occasion=occasion, delivery=delivery)

    def _notification(self, batch: Batch, event: NotificationEvent, message: Message) -> Notification:
        settings = self.settings.get(batch.user_id)
        subscriptions = settings.subscriptions if event in settings.events else []
        return Notification(
            subject=message.subject,
            body=message.body,
            document=document(batch, event, self.app_url),
            user_id=batch.user_id,
            batch_id=batch.id,
            event=event,
            recipients=[recipient(batch.user_id, each.protocol, each.endpoint) for each in subscriptions],
        )


def _occasion(batch: Batch) -> str | None:
    """The event to notify the owner of, each of which gets one email; None if there is none."""
    if batch.status in {BatchStatus.COMPLETED, BatchStatus.FAILED}:
        return f"{batch.status} {batch.completed_at}"
    if batch.status is BatchStatus.PAUSED and batch.pause and _is_news(batch.pause):
        return f"{batch.status} {batch.pause.since}"
    return None


def _is_news(pause: Pause) -> bool:
    """True for the first of several pauses in a row, and for a later one that waits for the owner but is not theirs."""
    return pause.times == 1 or (pause.times > 1 and pause.until is None)
