"""Expand playlists: puts the videos of each playlist of a batch into its place in the queue."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import BatchChanged, PlaylistFailed, PlaylistOverQuota, TooManyVideos
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.quotas import Quotas
from skimlist.jobs.steering import Steering
from skimlist.log import logger, step
from skimlist.models import Batch, Playlist, VideoError
from skimlist.playlists import read_playlist
from skimlist.secrets import Secrets
from skimlist.transitions import OPEN

# While a long playlist is being read, a user may change the queue; our own change is then made upon theirs.
_TRIES = 5


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event)
    steering = Steering(aws.table(settings().table_name))
    order = steering.order(work.batch_id)
    for index in order.unread_playlists:
        found = _read(order.playlists[index].id)
        _put_in_place(work, index, found, steering)
        code = None if isinstance(found, Playlist) else found.code
        logger.info("playlist read", playlist_id=order.playlists[index].id, code=code)


def _read(playlist_id: str) -> Playlist | VideoError:
    """The playlist, or why there is none: that is an error of this link, not of the batch."""
    from skimlist.youtube_session import youtube_session  # noqa: PLC0415 - imports requests

    secrets = Secrets(aws.client("ssm"), settings().secrets_prefix)
    session = youtube_session(secrets.find("youtube-proxy-url"), settings().ca_bundle)
    try:
        return read_playlist(session, playlist_id, api_key=secrets.find("youtube-api-key"))
    except PlaylistFailed as error:
        return error.as_video_error()


def _put_in_place(work: BatchEvent, index: int, found: Playlist | VideoError, steering: Steering) -> None:
    batches = Batches(aws.table(settings().table_name))
    for _ in range(_TRIES):
        batch = batches.get(work.user_id, work.batch_id)
        unread = index in steering.order(work.batch_id).unread_playlists
        if batch.run != work.run or batch.status not in OPEN or not unread:
            return
        with suppress(BatchChanged):
            if isinstance(found, Playlist):
                _add(batch, index, found, steering)
            else:
                steering.drop_playlist(batch, index, found, datetime.now(UTC))
            return
    raise BatchChanged


def _add(batch: Batch, index: int, playlist: Playlist, steering: Steering) -> None:
    """All of the playlist, or none of it where the owner may not add so many videos today."""
    now = datetime.now(UTC)
    quotas = Quotas(aws.table(settings().table_name), videos_a_day=settings().videos_a_day)
    try:
        steering.expand(batch, index, playlist, now, partial(quotas.count_today, batch.user_id, now))
    except TooManyVideos as error:
        steering.drop_playlist(batch, index, PlaylistOverQuota(str(error)).as_video_error(), now)
