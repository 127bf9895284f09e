"""Checks the sources of follows, each with as few requests as possible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from skimlist.following.news import lists_no_seen
from skimlist.models.channel import Channel
from skimlist.models.follow import Follow
from skimlist.models.playlist import Playlist, UploadTime
from skimlist.models.selection import EVERYTHING
from skimlist.youtube.lists import narrow_upload_times
from skimlist.youtube.playlists import find_upload_time, read_playlist

if TYPE_CHECKING:
    from skimlist.youtube.data_api_key import DataApiKey
    from skimlist.youtube.session import YouTubeSession


# Some pages of YouTube's, or two requests to the Data API.
_NEWEST = 100
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class FollowedSources:
    """`open_session` opens a session for each thread; `api_key` is the key of the Data API, if there is one."""

    def __init__(self, open_session: Callable[[], YouTubeSession], api_key: DataApiKey | None) -> None:
        self._open_session = open_session
        self._api_key = api_key
        self._of_thread = threading.local()

    def has_news(self, source_id: str, seen: Sequence[str]) -> bool:
        """Whether one small request shows a video that was not seen; True where there is no such request.

        Only channels have a feed that begins with what is new. Raises YouTubeUnreachable and BatchBlocked.
        """
        channel = Channel.from_source_id(source_id)
        if channel is None:
            return True
        from skimlist.youtube.uploads_feed import newest_uploads  # noqa: PLC0415 - imports requests

        newest = newest_uploads(self._session, channel)
        return newest is None or not newest <= frozenset(seen)

    def read(self, follow: Follow, seen: Collection[str] | None) -> Playlist:
        """Reads a playlist, or the newest videos of a channel as far as one that was seen; None at the first check.

        If a channel has none of those, or had no videos at first, the upload times show which are older than the
        follow; YouTube is asked for some that its list lacks. Raises what `read_playlist` raises.
        """
        # At first, more videos are noted as seen than are wanted: a selection may let an old one move up when newer
        # ones go.
        selection = EVERYTHING if seen is None else follow.selection
        seen = None if seen is None else frozenset(seen)
        source_id = follow.lasting_source_id
        read = partial(read_playlist, self._session, source_id, api_key=self._api_key, selection=selection, seen=seen)
        if Channel.from_source_id(source_id) is None:
            return read()
        source = read(limit=_NEWEST)
        if seen is None:
            return source
        if seen and source.truncated and lists_no_seen(source, seen):
            source = read()
        if not lists_no_seen(source, seen):
            return source
        source = self._with_times(source, follow.created_at)
        # Where nothing was ever seen, what follows an older video is older too.
        if seen or not source.truncated or source.entries[-1].is_uploaded_before(follow.created_at):
            return source
        return self._with_times(read(), follow.created_at)

    def _with_times(self, source: Playlist, moment: datetime) -> Playlist:
        """Says of each video whether it was uploaded before `moment`, even if its list lacks the time.

        Where that cannot be decided, the video keeps the time that the list gives, or none.
        """
        any_time = UploadTime(_LONG_AGO, datetime.now(UTC))
        entries = [
            replace(entry, uploaded=any_time) if entry.can_be_summarized and not entry.uploaded else entry
            for entry in source.entries
        ]
        narrowed = narrow_upload_times(entries, moment, partial(find_upload_time, self._session))
        known = (replace(entry, uploaded=None) if entry.uploaded == any_time else entry for entry in narrowed)
        return replace(source, entries=tuple(known))

    @property
    def _session(self) -> YouTubeSession:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = self._open_session()
        session: YouTubeSession = self._of_thread.session
        return session
