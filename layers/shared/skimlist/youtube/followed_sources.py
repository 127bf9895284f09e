"""Checks the sources of follows, each with as few requests as possible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from skimlist.following.news import lists_no_seen
from skimlist.models.channel import Channel
from skimlist.models.follow import Follow
from skimlist.models.playlist import Playlist
from skimlist.models.selection import EVERYTHING
from skimlist.youtube.lists import narrow_upload_times
from skimlist.youtube.playlists import find_upload_time, read_playlist

if TYPE_CHECKING:
    from skimlist.youtube.data_api_key import DataApiKey
    from skimlist.youtube.session import YouTubeSession


# Some pages of YouTube's, or two requests to the Data API.
_NEWEST = 100


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
        follow. Raises what `read_playlist` raises.
        """
        # At first, more videos are noted as seen than are wanted: a selection may let an old one move up when newer
        # ones go.
        selection = EVERYTHING if seen is None else follow.selection
        source_id = follow.lasting_source_id
        read = partial(read_playlist, self._session, source_id, api_key=self._api_key, selection=selection, seen=seen)
        if Channel.from_source_id(source_id) is None:
            return read()
        source = read(limit=_NEWEST)
        if seen is None:
            return source
        seen = frozenset(seen)
        if source.truncated and lists_no_seen(source, seen):
            source = read()
        if not lists_no_seen(source, seen):
            return source
        find_exact = partial(find_upload_time, self._session)
        return replace(source, entries=narrow_upload_times(source.entries, follow.created_at, find_exact))

    @property
    def _session(self) -> YouTubeSession:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = self._open_session()
        session: YouTubeSession = self._of_thread.session
        return session
