"""Notify owner: sends the notification about a batch that ended or paused itself, or about a follow, once."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.follows import Follows
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.log import logger, step
from skimlist.notifications.topic import Notifications
from skimlist.steps.notify_owner import NotifyOwner


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table = aws.table(settings().table_name)
    notify_owner = NotifyOwner(
        batches=Batches(table),
        queue=Queue(table),
        digests=Digests(table),
        results=Results(table, Bucket(aws.client("s3"), settings().bucket_name)),
        follows=Follows(table),
        settings=NotificationSettingsTable(table),
        topic=Notifications(aws.client("sns", attempts=1), settings().topic_arn),
        app_url=settings().app_url,
        log=logger,
    )
    if "follow_id" in event:
        notify_owner.run_notice(event["user_id"], event["follow_id"])
    else:
        notify_owner.run(BatchEvent.from_dict(event))
