"""Reads the entries of a YouTube playlist or channel."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from skimlist.errors import (
    BatchBlocked,
    ChannelUnavailable,
    DataApiQuotaExceeded,
    PlaylistEmpty,
    PlaylistPersonal,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
)
from skimlist.links.addresses import is_personal, is_video_id
from skimlist.models.channel import Channel, ChannelTab, is_channel_id
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.selection import EVERYTHING, Selection
from skimlist.selecting import SearchEnd
from skimlist.youtube.lists import ChannelInfo, Lists, narrow_upload_times, read_channel, read_list
from skimlist.youtube.values import clean_name, seconds

if TYPE_CHECKING:
    from skimlist.youtube.data_api_key import DataApiKey
    from skimlist.youtube.session import YouTubeSession

T = TypeVar("T")

# YouTube's own limit for a playlist; the playlist of a channel's uploads can be longer.
MAX_ENTRIES = 5_000


def read_playlist(
    session: YouTubeSession,
    source_id: str,
    *,
    api_key: DataApiKey | None = None,
    limit: int = MAX_ENTRIES,
    selection: Selection = EVERYTHING,
    in_history: Collection[str] = frozenset(),
    seen: Collection[str] | None = None,
) -> Playlist:
    """Reads the first `limit` entries of a playlist in its order, or of a channel, newest first.

    With `api_key` they come from the YouTube Data API, which does not block cloud addresses; without a key, or once its
    daily quota is used up, from YouTube's own pages. Private and deleted videos keep their positions. Of a channel,
    only as much is read as `selection` needs, but at least as far as one of the `seen` videos, unless that is None.
    `in_history` are the ids of videos that the user has a summary of.

    Raises PlaylistFailed (a subclass says why) if this playlist cannot be read, YouTubeUnreachable or
    YouTubeAnswerUnreadable if another attempt may help, and BatchBlocked if YouTube blocks this address, the proxy does
    not work or the key is refused.
    """
    if is_personal(source_id):
        raise PlaylistPersonal
    if channel := Channel.from_source_id(source_id):
        wanted = _Wanted(channel.tab, limit, selection, in_history, seen)
        playlist = _read_channel(session, find_channel(session, channel, api_key), api_key, wanted)
    else:
        playlist = from_either(session, api_key, lambda lists: read_list(lists, source_id, limit))
    if not playlist.entries:
        raise PlaylistEmpty
    title, owner = clean_name(playlist.title) or source_id, clean_name(playlist.channel)
    return replace(playlist, title=title, channel=owner, entries=tuple(map(_sanitize, playlist.entries)))


def find_channel(session: YouTubeSession, channel: Channel, api_key: DataApiKey | None) -> ChannelInfo:
    """Finds the channel of a name, which takes one request. Raises ChannelUnavailable."""
    found = from_either(session, api_key, lambda lists: lists.find_channel(channel))
    if found is None and api_key:
        # Only YouTube's pages lead from a former handle to the new one, and from the names before there were handles.
        with suppress(*([] if channel.is_custom_name else [BatchBlocked])):
            found = from_either(session, None, lambda lists: lists.find_channel(channel))
    if found is None:
        raise ChannelUnavailable
    if not is_channel_id(found.id):
        raise YouTubeAnswerUnreadable
    return found


class _Wanted(NamedTuple):
    """The part of a channel to read."""

    tab: ChannelTab | None
    limit: int
    selection: Selection
    in_history: Collection[str]
    seen: Collection[str] | None


def _read_channel(
    session: YouTubeSession, channel: ChannelInfo, api_key: DataApiKey | None, wanted: _Wanted
) -> Playlist:
    tab, limit, selection, in_history, seen = wanted

    def read(lists: Lists) -> Playlist:
        end = SearchEnd(selection, in_history, seen=seen)
        return read_channel(lists, channel, tab, limit, is_last=end.is_last, with_kinds=selection.needs_kinds)

    playlist = from_either(session, api_key, read)
    entries = playlist.entries
    for moment in _limits(selection):
        entries = narrow_upload_times(entries, moment, partial(find_upload_time, session))
    return replace(playlist, entries=entries)


def _limits(selection: Selection) -> list[datetime]:
    """The moments at which the days of a selection begin and end."""
    days = [selection.since, selection.until and selection.until + timedelta(days=1)]
    return [datetime.combine(day, time(), UTC) for day in days if day]


def find_upload_time(session: YouTubeSession, video_id: str) -> datetime | None:
    """Finds the exact time on the page of a video; None if YouTube does not give it.

    Raises YouTubeUnreachable and BatchBlocked.
    """
    from skimlist.youtube import pages  # noqa: PLC0415

    with pages.opened(session) as lists:
        return lists.find_upload_time(video_id)


def from_either(session: YouTubeSession, api_key: DataApiKey | None, read: Callable[[Lists], T]) -> T:
    """Returns what `read` gets through the Data API; from YouTube's pages without a key or without quota.

    Raises DataApiQuotaExceeded if the quota is used up and YouTube blocks its pages.
    """
    # Each source is imported only if it is chosen, because importing yt-dlp takes longer than the rest of a cold start.
    used_up = None
    if api_key:
        from skimlist.youtube import data_api  # noqa: PLC0415

        try:
            with data_api.opened(session, api_key) as lists:
                return read(lists)
        except DataApiQuotaExceeded as error:
            used_up = error
    from skimlist.youtube import pages  # noqa: PLC0415

    try:
        with pages.opened(session) as lists:
            return read(lists)
    except YouTubeBlocked as blocked:
        if used_up:  # otherwise it would seem that a key does not help
            raise used_up from blocked
        raise


def _sanitize(entry: PlaylistEntry) -> PlaylistEntry:
    """Checks and cleans the values of an entry, which come from YouTube unchecked.

    Ids become parts of links, keys and file names, and titles reach terminals and mails.
    """
    if not (isinstance(entry.video_id, str) and is_video_id(entry.video_id)):
        raise YouTubeAnswerUnreadable
    length = int(seconds(entry.duration_seconds or 0)) or None
    return replace(
        entry,
        title=clean_name(entry.title),
        channel=clean_name(entry.channel),
        channel_id=known_channel_id(entry.channel_id),
        duration_seconds=length,
    )


def known_channel_id(found: object) -> str | None:
    """Returns the id if it is that of a channel, because it becomes a part of links."""
    return found if isinstance(found, str) and is_channel_id(found) else None
