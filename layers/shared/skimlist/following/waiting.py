"""Decides when a follow's run continues, and with which videos: captions often come hours after their video."""

from __future__ import annotations

from datetime import datetime, timedelta

from skimlist.errors import CaptionsDisabled, NoCaptions, TranscriptEmpty, VideoNotLive, VideoNotReady
from skimlist.following.budgets import has_used_its_budget
from skimlist.models.batch import Batch
from skimlist.models.follow import Follow, FollowStatus
from skimlist.models.video import Item, VideoStatus
from skimlist.periods import next_month
from skimlist.transitions import ENDED

_TRIED_EVERY = timedelta(hours=6)
_TRIED_FOR = timedelta(days=3)
# What YouTube answers about a video that is new, or about to be shown.
_MAY_PASS = frozenset(
    error.code for error in (CaptionsDisabled, NoCaptions, TranscriptEmpty, VideoNotLive, VideoNotReady)
)


def next_try(batch: Batch, now: datetime) -> datetime | None:
    """Returns when the batch's videos without captions are tried again; None after three days."""
    at = now + _TRIED_EVERY
    return at if at <= tried_until(batch) else None


def continues_at(follow: Follow, batch: Batch) -> datetime | None:
    """Returns when a check continues this run of the follow, with a higher budget or with the videos without captions.

    None if no check will; those of a paused follow do not.
    """
    at = follow.waiting.get(batch.id) if follow.status is FollowStatus.ACTIVE else None
    is_waiting = has_used_its_budget(batch) or batch.status in ENDED
    return at if at and is_waiting and not is_too_late(batch, at) else None


def is_too_late(batch: Batch, at: datetime) -> bool:
    """Whether the batch has ended and its videos without captions are no longer tried at this time.

    An attempt that was due earlier may fail, or wait for a budget, a quota or its paused follow.
    """
    return batch.status in ENDED and at > tried_until(batch)


def waits_for_next_month(follow: Follow, batch: Batch) -> bool:
    """Whether this run waits for the next month because too little is left of this one's budget for its next video."""
    if batch.pause is None or not has_used_its_budget(batch):
        return False
    return continues_at(follow, batch) == next_month(batch.pause.since)


def tried_until(batch: Batch) -> datetime:
    """Returns the time after which the batch's videos without captions are no longer tried."""
    return batch.created_at + _TRIED_FOR


def may_get_captions(item: Item) -> bool:
    """Whether the video has failed because it has no captions, which may come later."""
    return item.status is VideoStatus.FAILED and item.error is not None and item.error.code in _MAY_PASS
