"""Writes the JSON document about a batch or follow that a webhook gets; docs/notifications.md describes it."""

from __future__ import annotations

import json

from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.channel import source_url
from skimlist.models.follow import Follow
from skimlist.models.notifications import NotificationEvent
from skimlist.notifications.text import batch_link
from skimlist.progress import remaining, skipped

_EVENTS = {
    BatchStatus.COMPLETED: NotificationEvent.DONE,
    BatchStatus.PAUSED: NotificationEvent.PAUSED,
    BatchStatus.FAILED: NotificationEvent.FAILED,
}


def event_of(batch: Batch) -> NotificationEvent | None:
    """The event to notify the owner of, if the batch's status is one."""
    return _EVENTS.get(batch.status)


def document(batch: Batch, event: NotificationEvent, app_url: str) -> str:
    """The batch in figures, without titles or links to files, because the recipient may not be its owner."""
    pause = batch.pause if batch.status is BatchStatus.PAUSED else None
    reason, until = pause or batch.error, pause and pause.until
    content = {
        "event": event,
        # SNS signs this text, but not the attributes: a receiver can tell whose notification it is.
        "user_id": batch.user_id,
        "batch": {
            "id": batch.id,
            "name": batch.name,
            "url": batch_link(batch, app_url),
            "follow_id": batch.follow_id,
            "total": batch.total,
            "completed": batch.completed,
            "failed": batch.failed,
            "skipped": skipped(batch),
            "left": remaining(batch),
            "unverified": batch.unverified,
            "cost_usd": float(batch.cost_usd),
            "saved_usd": float(batch.saved_usd),
            "started_at": batch.started_at and batch.started_at.isoformat(),
            "completed_at": batch.completed_at and batch.completed_at.isoformat(),
        },
        "reason": reason and {"code": reason.code, "message": reason.message, "advice": reason.advice},
        "tries_again_at": until and until.isoformat(),
    }
    return json.dumps(content, ensure_ascii=False)


def notice_document(follow: Follow, event: NotificationEvent) -> str:
    """The follow and the reason why it is paused or waits."""
    reason = follow.problem
    content = {
        "event": event,
        "user_id": follow.user_id,
        "follow": {"id": follow.id, "name": follow.name, "source_url": source_url(follow.source_id)},
        "reason": reason and {"code": reason.code, "message": reason.message, "advice": reason.advice},
        "tries_again_at": follow.hold_until and follow.hold_until.isoformat(),
    }
    return json.dumps(content, ensure_ascii=False)
