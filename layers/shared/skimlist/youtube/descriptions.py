"""Describes a playlist or channel before its videos are read: its title, the number of its videos, its playlists."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from skimlist.errors import (
    ChannelEmpty,
    ChannelHasNoPlaylists,
    PlaylistPersonal,
    PlaylistUnavailable,
    YouTubeAnswerUnreadable,
)
from skimlist.links.addresses import is_bare_playlist_id, is_personal
from skimlist.models.channel import Channel, ChannelTab
from skimlist.models.source import ChannelPlaylist, SourceDescription
from skimlist.youtube.lists import ListInfo, Lists, list_of_channel
from skimlist.youtube.playlists import find_channel, from_either, known_channel_id
from skimlist.youtube.values import clean_name

if TYPE_CHECKING:
    from skimlist.youtube.data_api_key import DataApiKey
    from skimlist.youtube.session import YouTubeSession

# A page of a channel's playlists, and the most of them that are ever read: 17 requests to YouTube's pages.
PLAYLISTS_A_PAGE = 100
MAX_PLAYLISTS = 500


def describe_source(
    session: YouTubeSession, source_id: str, *, api_key: DataApiKey | None = None, offset: int = 0
) -> SourceDescription:
    """Describes a playlist, a channel, or a channel's tab, which takes one to five requests.

    Of a tab of playlists it returns up to PLAYLISTS_A_PAGE, without the first `offset`. The source of the data is
    chosen, and errors are raised, as by `playlists.read_playlist`.
    """
    if is_personal(source_id):
        raise PlaylistPersonal
    channel = Channel.from_source_id(source_id)
    if channel is None:
        about = from_either(session, api_key, lambda lists: _about(lists, source_id))
        return SourceDescription(
            source_id=source_id,
            title=clean_name(about.title) or source_id,
            channel=clean_name(about.channel),
            channel_id=known_channel_id(about.channel_id),
            videos=about.count,
        )
    return _describe_channel(session, source_id, channel, api_key, offset)


def _about(lists: Lists, playlist_id: str) -> ListInfo:
    about = lists.about(playlist_id)
    if about.title is None:
        # The Data API does not say why it has no such playlist, but it does when asked for the videos.
        lists.count(playlist_id)
        raise PlaylistUnavailable
    return about


def _describe_channel(
    session: YouTubeSession, source_id: str, channel: Channel, api_key: DataApiKey | None, offset: int
) -> SourceDescription:
    found, tab = find_channel(session, channel, api_key), channel.tab
    title = clean_name(found.title) or channel.name
    if tab and tab.has_playlists:
        page, has_more = from_either(session, api_key, lambda lists: _page(lists, found.id, tab, offset))
        following = offset + PLAYLISTS_A_PAGE
        return SourceDescription(
            source_id=source_id,
            title=title,
            channel=title,
            channel_id=found.id,
            playlists=page,
            next_offset=following if has_more and following < MAX_PLAYLISTS else None,
        )
    try:
        videos = from_either(session, api_key, lambda lists: lists.count(list_of_channel(found.id, tab)))
    except PlaylistUnavailable as error:  # the channel itself exists
        raise ChannelEmpty from error
    return SourceDescription(source_id=source_id, title=title, channel=title, channel_id=found.id, videos=videos)


def _page(lists: Lists, channel_id: str, tab: ChannelTab, offset: int) -> tuple[tuple[ChannelPlaylist, ...], bool]:
    """Returns a page of a channel's playlists, and whether there are more. Raises ChannelHasNoPlaylists."""
    found = list(islice(lists.playlists_of(channel_id, tab), offset, offset + PLAYLISTS_A_PAGE + 1))
    if not found and not offset:
        raise ChannelHasNoPlaylists
    shown = [_sanitize(each) for each in found[:PLAYLISTS_A_PAGE]]
    # Mixes are on the page too, although they differ for each viewer.
    return tuple(each for each in shown if is_bare_playlist_id(each.id)), len(found) > PLAYLISTS_A_PAGE


def _sanitize(playlist: ChannelPlaylist) -> ChannelPlaylist:
    """Checks and cleans what comes from YouTube unchecked: the id becomes a part of links."""
    if not isinstance(playlist.id, str):
        raise YouTubeAnswerUnreadable
    videos = playlist.videos if isinstance(playlist.videos, int) and playlist.videos >= 0 else None
    return ChannelPlaylist(id=playlist.id, title=clean_name(playlist.title) or playlist.id, videos=videos)
