"""Expand playlists: puts the videos of each playlist of a batch into its place in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from skimlist import aws
from skimlist.circuit_breaker import with_failure
from skimlist.config import settings
from skimlist.errors import PlaylistFailed, PlaylistOverQuota, SkimlistError, TooManyVideos, VideoFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.quotas import Quotas
from skimlist.jobs.videos import ServiceFailure, Videos
from skimlist.log import logger, step
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.outage import Dependency
from skimlist.models.playlist import Playlist
from skimlist.secrets import Secrets
from skimlist.transitions import OPEN
from skimlist.youtube.playlists import read_playlist

# While a long playlist is being read, a user may change the queue; our own change is then made upon theirs.
_LOOKS = 5
_GOING_ON = OPEN - {BatchStatus.PAUSED}


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = BatchEvent.from_dict(event)
    queue_editor = QueueEditor(aws.table(settings().table_name))
    order = queue_editor.order(work.batch_id)
    failed: dict[str, SkimlistError] = {}
    for index in order.unread_playlists:
        if not _goes_on(work):
            logger.info("the batch was stopped, or another execution drives it")
            break
        playlist_id = order.playlists[index].id
        found = _read(playlist_id)
        if isinstance(found, SkimlistError) and found.service:
            failed[playlist_id] = found
        else:
            _note_answer(work)
            _put_in_place(work, index, found, queue_editor)
        logger.info("playlist read", playlist_id=playlist_id, code=None if isinstance(found, Playlist) else found.code)
    if failed:
        _note_failures(work, failed)
        # Tried again after a while, and then weighed: the playlist may be the cause, or YouTube.
        raise next(iter(failed.values()))


def _goes_on(work: BatchEvent) -> bool:
    """Whether YouTube may be asked: nobody paused or cancelled the batch since this step, or its last page, began."""
    batch = Batches(aws.table(settings().table_name)).get_driven(work.user_id, work.batch_id, work.run)
    return batch is not None and batch.status in _GOING_ON


def _read(playlist_id: str) -> Playlist | SkimlistError:
    """The playlist, or why there is none: that is an error of this link, or may be one. Raises BatchBlocked."""
    from skimlist.youtube.session import youtube_session  # noqa: PLC0415 - imports requests

    secrets = Secrets(aws.client("ssm"), settings().secrets_prefix)
    session = youtube_session(secrets.find("youtube-proxy-url"), settings().ca_bundle)
    try:
        return read_playlist(session, playlist_id, api_key=secrets.find("youtube-api-key"))
    except (PlaylistFailed, VideoFailed) as error:
        return error


def _note_answer(work: BatchEvent) -> None:
    """YouTube answers: what failed before failed for a reason of its own."""
    table = aws.table(settings().table_name)
    batch = Batches(table).get(work.user_id, work.batch_id)
    Videos(table).note_answer(batch, Dependency.YOUTUBE, datetime.now(UTC))


def _note_failures(work: BatchEvent, failed: Mapping[str, SkimlistError]) -> None:
    table = aws.table(settings().table_name)
    for playlist_id, error in failed.items():
        batch = Batches(table).get(work.user_id, work.batch_id)
        if error.service:
            failure = ServiceFailure(error.service, with_failure(batch, error, playlist_id))
            Videos(table).note_failure(batch, failure, datetime.now(UTC))


def _put_in_place(work: BatchEvent, index: int, found: Playlist | SkimlistError, queue_editor: QueueEditor) -> None:
    def put(batch: Batch) -> None:
        unread = index in queue_editor.order(work.batch_id).unread_playlists
        if batch.execution.run != work.run or batch.status not in OPEN or not unread:
            return
        if isinstance(found, Playlist):
            _add(batch, index, found, queue_editor)
        else:
            queue_editor.drop_playlist(batch, index, found.as_video_error(), datetime.now(UTC))

    batches = Batches(aws.table(settings().table_name))
    batches.carry_out(work.user_id, work.batch_id, put, looks=_LOOKS)


def _add(batch: Batch, index: int, playlist: Playlist, queue_editor: QueueEditor) -> None:
    """All of the playlist, or none of it where the owner may not add so many videos today."""
    now = datetime.now(UTC)
    quotas = Quotas(aws.table(settings().table_name), videos_a_day=settings().videos_a_day)
    try:
        queue_editor.expand(batch, index, playlist, now, partial(quotas.count_today, batch.user_id, now))
    except TooManyVideos as error:
        queue_editor.drop_playlist(batch, index, PlaylistOverQuota(str(error)).as_video_error(), now)
