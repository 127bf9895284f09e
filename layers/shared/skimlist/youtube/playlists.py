"""Reads the entries of a YouTube playlist."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from skimlist.errors import DataApiQuotaExceeded, PlaylistEmpty, PlaylistPersonal, YouTubeAnswerUnreadable
from skimlist.links.addresses import is_personal, is_video_id
from skimlist.models.channel import Channel
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.youtube.captions import seconds
from skimlist.youtube.player import clean_name

if TYPE_CHECKING:
    from skimlist.youtube.session import YouTubeSession

# YouTube's own limit for a playlist; the playlist of a channel's uploads can be longer.
MAX_ENTRIES = 5_000


def read_playlist(
    session: YouTubeSession, playlist_id: str, *, api_key: str | None = None, limit: int = MAX_ENTRIES
) -> Playlist:
    """Reads the first `limit` entries of a playlist in order, and requests no pages after them.

    With `api_key` they come from the YouTube Data API, which does not block cloud addresses; without a key, or once its
    daily quota is used up, from YouTube's own pages. Private and deleted videos keep their positions.

    Raises PlaylistFailed (a subclass says why) if this playlist cannot be read, YouTubeUnreachable or
    YouTubeAnswerUnreadable if another attempt may help, and BatchBlocked if YouTube blocks this address, the proxy does
    not work or the key is refused.
    """
    if is_personal(playlist_id):
        raise PlaylistPersonal
    playlist = _read(session, playlist_id, api_key, limit)
    if not playlist.entries:
        raise PlaylistEmpty
    title, channel = clean_name(playlist.title) or playlist_id, clean_name(playlist.channel)
    return replace(playlist, title=title, channel=channel, entries=tuple(map(_sanitize, playlist.entries)))


def _sanitize(entry: PlaylistEntry) -> PlaylistEntry:
    """Checks and cleans the values of an entry, which come from YouTube unchecked.

    Ids become parts of links, keys and file names, and titles reach terminals and mails.
    """
    if not (isinstance(entry.video_id, str) and is_video_id(entry.video_id)):
        raise YouTubeAnswerUnreadable
    length = int(seconds(entry.duration_seconds or 0)) or None
    return replace(entry, title=clean_name(entry.title), channel=clean_name(entry.channel), duration_seconds=length)


def _read(session: YouTubeSession, playlist_id: str, api_key: str | None, limit: int) -> Playlist:
    # Each source is imported only if it is chosen, because importing yt-dlp takes longer than the rest of a cold start.
    if api_key and not Channel.from_source_id(playlist_id):
        from skimlist.youtube import data_api  # noqa: PLC0415

        with suppress(DataApiQuotaExceeded):
            return data_api.read_playlist(session, api_key, playlist_id, limit)
    from skimlist.youtube import pages  # noqa: PLC0415

    return pages.read_playlist(session, playlist_id, limit)
