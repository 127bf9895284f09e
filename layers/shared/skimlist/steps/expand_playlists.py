"""Expand playlists: replaces each playlist or channel in a batch's queue by its videos."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from skimlist.circuit_breaker import failures_including
from skimlist.errors import PlaylistFailed, PlaylistOverQuota, SkimlistError, TooManyVideos, VideoFailed
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.history import History
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.quotas import Quotas
from skimlist.jobs.videos import ServiceFailure, Videos
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.outage import Dependency
from skimlist.models.playlist import Playlist
from skimlist.models.selection import Selection
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log
from skimlist.transitions import OPEN

# While a long playlist is being read, a user may change the queue; this step then repeats its change on the new queue.
_MAX_ATTEMPTS = 5
_RUNNING = OPEN - {BatchStatus.PAUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandPlaylists:
    """Reads playlists and channels, and adds their wanted videos.

    `read_playlist` gets one from YouTube by its id, as far as a selection and the ids of the user's history need it. It
    raises what `youtube.playlists` raises.
    """

    batches: Batches
    queue_editor: QueueEditor
    videos: Videos
    quotas: Quotas
    history: History
    read_playlist: Callable[[str, Selection, Collection[str]], Playlist]
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent) -> None:
        """Raises the first error that a service may have caused, once the other playlists are read."""
        order = self.queue_editor.order(work.batch_id)
        failed: dict[str, SkimlistError] = {}
        for index in order.unread_playlists:
            if not self._is_running(work):
                self.log.info("batch was stopped, or another execution drives it")
                break
            playlist_id, selection = order.playlists[index].id, order.playlists[index].selection
            in_history = self.history.video_ids(work.user_id) if selection.not_in_history else frozenset()
            found = self._read(playlist_id, selection, in_history)
            if isinstance(found, SkimlistError) and found.service:
                failed[playlist_id] = found
            else:
                self._note_answer(work)
                self._put_in_place(work, index, found, in_history)
            code = None if isinstance(found, Playlist) else found.code
            self.log.info("playlist read", playlist_id=playlist_id, code=code)
        if failed:
            self._note_failures(work, failed)
            # The workflow repeats this step after a while. If it still fails, the next step decides whether the
            # playlist or YouTube is the cause.
            raise next(iter(failed.values()))

    def _is_running(self, work: BatchEvent) -> bool:
        """Whether this execution still drives the batch, and nobody has paused or cancelled it."""
        batch = self.batches.get_driven(work.user_id, work.batch_id, work.run)
        return batch is not None and batch.status in _RUNNING

    def _read(self, playlist_id: str, selection: Selection, in_history: Collection[str]) -> Playlist | SkimlistError:
        """The playlist, or an error that it may have caused. Raises BatchBlocked."""
        try:
            return self.read_playlist(playlist_id, selection, in_history)
        except (PlaylistFailed, VideoFailed) as error:
            return error

    def _note_answer(self, work: BatchEvent) -> None:
        """YouTube has answered, so earlier failures were not caused by YouTube as a whole."""
        batch = self.batches.get(work.user_id, work.batch_id)
        self.videos.note_answer(batch, Dependency.YOUTUBE, self.now())

    def _note_failures(self, work: BatchEvent, failed: Mapping[str, SkimlistError]) -> None:
        for playlist_id, error in failed.items():
            batch = self.batches.get(work.user_id, work.batch_id)
            if error.service:
                failure = ServiceFailure(error.service, failures_including(batch, error, playlist_id))
                self.videos.note_failure(batch, failure, self.now())

    def _put_in_place(
        self, work: BatchEvent, index: int, found: Playlist | SkimlistError, in_history: Collection[str]
    ) -> None:
        def put(batch: Batch) -> None:
            unread = index in self.queue_editor.order(work.batch_id).unread_playlists
            if batch.execution.run != work.run or batch.status not in OPEN or not unread:
                return
            if isinstance(found, Playlist):
                self._add(batch, index, found, in_history)
            else:
                self.queue_editor.mark_playlist_failed(batch, index, found.as_problem(), self.now())

        self.batches.carry_out(work.user_id, work.batch_id, put, max_attempts=_MAX_ATTEMPTS)

    def _add(self, batch: Batch, index: int, playlist: Playlist, in_history: Collection[str]) -> None:
        """Adds the whole playlist, or nothing if the owner may not add that many videos today."""
        now = self.now()
        count = partial(self.quotas.count_today, batch.user_id, now)
        try:
            self.queue_editor.expand(batch, index, playlist, now, count, in_history=in_history)
        except TooManyVideos as error:
            self.queue_editor.mark_playlist_failed(batch, index, PlaylistOverQuota(str(error)).as_problem(), now)
