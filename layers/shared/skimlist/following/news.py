"""Decides which follows are due, and which videos of a source are new."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from skimlist.following.schedules import next_time
from skimlist.models.follow import Follow, FollowStatus
from skimlist.models.playlist import Playlist, PlaylistEntry

# Where nothing was ever seen, so many videos are not passed over although something that decides on them is unknown.
MOST_UNDECIDED = 50


def is_due(follow: Follow, up_to: datetime, now: datetime) -> bool:
    """Whether the source is to be checked: there is a scheduled time after `up_to` and not after `now`.

    However many such times there are, the source is checked once.
    """
    if follow.status is not FollowStatus.ACTIVE:
        return False
    if follow.hold_until:
        return follow.hold_until <= now
    return next_time(follow.schedule, max(up_to, follow.checked_from)) <= now


def due_tries(follow: Follow, now: datetime) -> dict[str, datetime]:
    """The batches that are to be continued now, by their ids, with the time at which each was due."""
    if follow.status is not FollowStatus.ACTIVE:
        return {}
    return {batch_id: at for batch_id, at in follow.waiting.items() if at <= now}


def new_entries(source: Playlist, seen: Collection[str]) -> list[PlaylistEntry]:
    """The videos of the source that were not seen before, in its order, without those that cannot be summarized.

    A video cannot be summarized if it cannot be watched yet or any more, or is a premiere or stream that has not ended;
    once that changes, it counts as new. In a channel, a video that comes after all seen ones is old: earlier checks did
    not read that far, or a newer video was deleted. The same holds for a list that is too long to be read to its end,
    such as the playlist of a channel's uploads.
    """
    end = len(source.entries)
    if source.newest_first or source.truncated:
        end = max((place for place, entry in enumerate(source.entries) if entry.video_id in seen), default=end)
    entries = {entry.video_id: entry for entry in reversed(source.entries)}
    return [
        entry
        for entry in source.entries[:end]
        if entry.video_id not in seen and entry is entries[entry.video_id] and entry.can_be_summarized
    ]


def lists_no_seen(source: Playlist, seen: Collection[str]) -> bool:
    """Whether nothing in the list of a channel shows where its new videos end, because it has no seen one.

    Its owner has hidden all that had been read, or it had none. The same holds for a list that is too long to be read
    to its end.
    """
    is_cut = source.newest_first or source.truncated
    return is_cut and not any(entry.video_id in seen for entry in source.entries)


def older_entries(source: Playlist, seen: Collection[str], since: datetime) -> list[PlaylistEntry]:
    """The unseen videos of a list that has no seen one, other than those that count as uploaded at `since` or later.

    Only the upload times show where the new videos end. A video of which they leave it open counts as older, because a
    channel may have thousands. But if nothing was ever seen, it is probably one of a new channel's first videos: then
    the first `MOST_UNDECIDED` such videos count as new.
    """
    if not lists_no_seen(source, seen):
        return []
    entries = [entry for entry in source.entries if entry.can_be_summarized and not entry.is_uploaded_since(since)]
    undecided = [entry for entry in entries if not entry.is_uploaded_before(since)]
    new = frozenset() if seen else frozenset(entry.video_id for entry in undecided[:MOST_UNDECIDED])
    return [entry for entry in entries if entry.video_id not in new]
