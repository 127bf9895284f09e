"""Reads YouTube's feed of a channel's newest uploads: one small request, which shows whether there is anything new."""

from __future__ import annotations

from xml.etree.ElementTree import ParseError

import requests
from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from skimlist.errors import YouTubeBlocked
from skimlist.links.addresses import is_video_id
from skimlist.models.channel import Channel, ChannelTab
from skimlist.youtube.errors import error_from
from skimlist.youtube.session import YouTubeSession

_URL = "https://www.youtube.com/feeds/videos.xml"
# YouTube keeps a playlist of each tab; its id is that of the channel with these letters in place of `UC`.
_PLAYLISTS = {ChannelTab.VIDEOS: "UULF", ChannelTab.SHORTS: "UUSH", ChannelTab.STREAMS: "UULV"}
_VIDEO_ID = "{http://www.youtube.com/xml/schemas/2015}videoId"


def newest_uploads(session: YouTubeSession, channel: Channel) -> frozenset[str] | None:
    """Ids of the newest uploads, up to 15; None if no feed says, so that the channel has to be read.

    YouTube answers 404 now and then although the channel exists. Raises YouTubeUnreachable and BatchBlocked.
    """
    if not channel.has_lasting_name or (channel.tab and channel.tab not in _PLAYLISTS):
        return None
    playlist_id = channel.tab and _PLAYLISTS[channel.tab] + channel.name.removeprefix("UC")
    try:
        answer = session.get(_URL, params={"playlist_id": playlist_id} if playlist_id else {"channel_id": channel.name})
    except requests.RequestException as error:
        raise error_from(error) from error
    if answer.status_code == 429:
        raise YouTubeBlocked
    if not answer.ok:
        return None
    try:
        found = ElementTree.fromstring(answer.content).iter(_VIDEO_ID)
    except (ParseError, DefusedXmlException):
        return None
    video_ids = frozenset(each.text or "" for each in found)
    return video_ids if video_ids and all(map(is_video_id, video_ids)) else None
