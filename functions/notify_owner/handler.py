"""Notify owner: sends the email about a batch that ended or paused itself, once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import StorageUnavailable
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.queue import Queue
from skimlist.log import logger, step
from skimlist.models.batch import Batch, BatchStatus, Pause
from skimlist.models.video import VideoStatus
from skimlist.notifications.text import compose
from skimlist.notifications.topic import Notifications


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event)
    table = aws.table(settings().table_name)
    batches = Batches(table)
    batch = batches.get(work.user_id, work.batch_id)
    occasion = _occasion(batch) if batch.execution.run == work.run else None
    if occasion is None:
        logger.info("nothing to tell", status=batch.status)
        return
    # All is read before the right to send is taken: whoever fails after that does not get it again.
    failed = [item for item in Queue(table).all_items(batch) if item.status is VideoStatus.FAILED]
    digest = Digests(table).find(batch.id).digest
    message = compose(batch, failed, settings().app_url, digest)
    # A request id would name several attempts: Lambda repeats an event that failed under the same one.
    claimant = uuid4().hex
    if not batches.claim_notification(batch, occasion, claimant):
        logger.info("told before, or deleted", occasion=occasion)
        return
    topic = Notifications(aws.client("sns", attempts=1), settings().topic_arn)
    try:
        delivery = topic.publish(message.subject, message.body, user_id=work.user_id, batch_id=work.batch_id)
    except StorageUnavailable:
        batches.release_notification(batch, occasion, claimant)
        raise
    logger.info("owner told", occasion=occasion, delivery=delivery)


def _occasion(batch: Batch) -> str | None:
    """What there is to tell, named so that the same thing is told once; None if there is nothing."""
    if batch.status in {BatchStatus.COMPLETED, BatchStatus.FAILED}:
        return f"{batch.status} {batch.completed_at}"
    if batch.status is BatchStatus.PAUSED and batch.pause and _is_news(batch.pause):
        return f"{batch.status} {batch.pause.since}"
    return None


def _is_news(pause: Pause) -> bool:
    """The first of several pauses in a row; and each that waits for the owner, who did not ask for it."""
    return pause.times == 1 or (pause.times > 1 and pause.until is None)
