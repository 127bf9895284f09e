"""Reads playlists and channels through the YouTube Data API v3, which requires a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import requests

from skimlist.errors import (
    DataApiKeyRejected,
    DataApiQuotaExceeded,
    PlaylistPrivate,
    PlaylistUnavailable,
    SkimlistError,
    VideoPrivate,
    VideoUnavailable,
    YouTubeAnswerUnreadable,
    YouTubeUnreachable,
)
from skimlist.models.channel import Channel, ChannelTab
from skimlist.models.playlist import PlaylistEntry, UploadTime, VideoKind
from skimlist.models.source import ChannelPlaylist
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.errors import FOREIGN_ERRORS, error_from
from skimlist.youtube.lists import ChannelInfo, ListInfo
from skimlist.youtube.session import YouTubeSession
from skimlist.youtube.upload_times import from_iso

_URL = "https://www.googleapis.com/youtube/v3/"
_PAGE_SIZE = 50  # the maximum of one request
_FIELDS_OF_VIDEOS = "items(id,snippet/liveBroadcastContent,contentDetails/duration,liveStreamingDetails)"

# developers.google.com/youtube/v3/docs/errors, and google.rpc.ErrorInfo for errors of the key.
_REASONS: Mapping[str, type[SkimlistError]] = {
    "playlistNotFound": PlaylistUnavailable,
    "quotaExceeded": DataApiQuotaExceeded,
    "dailyLimitExceeded": DataApiQuotaExceeded,
    "rateLimitExceeded": YouTubeUnreachable,
    "userRateLimitExceeded": YouTubeUnreachable,
    "accessNotConfigured": DataApiKeyRejected,
    "SERVICE_DISABLED": DataApiKeyRejected,
    "keyInvalid": DataApiKeyRejected,
    "keyExpired": DataApiKeyRejected,
    "ipRefererBlocked": DataApiKeyRejected,
}
_REASON_ABOUT_THE_KEY = re.compile(r"API_KEY_\w+")
_STATUSES: Mapping[int, type[SkimlistError]] = {
    401: DataApiKeyRejected,
    403: PlaylistPrivate,
    404: PlaylistUnavailable,
    429: YouTubeUnreachable,
}

# The API's form of ISO 8601: PT4M13S, P1DT2H, and P0D for a stream that has not begun.
_DURATION = re.compile(r"P(?:(?P<D>\d+)D)?(?:T(?:(?P<H>\d+)H)?(?:(?P<M>\d+)M)?(?:(?P<S>\d+)S)?)?")
_SECONDS = {"D": 86_400, "H": 3_600, "M": 60, "S": 1}


@contextmanager
def opened(session: YouTubeSession, api_key: DataApiKey) -> Iterator[DataApi]:
    """Gives access to lists by a key. Errors of the network are raised as ours.

    Raises DataApiQuotaExceeded if the key's quota is used up.
    """
    try:
        yield DataApi(session, api_key)
    except FOREIGN_ERRORS as error:
        raise error_from(error) from error


class DataApi:
    """Reads lists and channels for `playlists.read_playlist`.

    Each request costs one unit of the key's daily quota: two for 50 videos, and one for the title.
    """

    def __init__(self, session: YouTubeSession, api_key: DataApiKey) -> None:
        self._session = session
        self._key = api_key
        # The key is not part of the address, because addresses appear in logs and error messages.
        self._headers = {"X-Goog-Api-Key": api_key.value}

    def find_channel(self, channel: Channel) -> ChannelInfo | None:
        """Returns the channel; None if the API cannot find it by this kind of name."""
        parameter = _parameter_of_channel(channel)
        if not parameter:
            return None
        found = self._get("channels", part="snippet", **parameter).get("items", [])
        return ChannelInfo(id=found[0]["id"], title=found[0]["snippet"]["title"]) if found else None

    def about(self, playlist_id: str) -> ListInfo:
        found = self._get("playlists", part="snippet,contentDetails", id=playlist_id)["items"]
        if not found:
            return ListInfo()
        snippet = found[0]["snippet"]
        count = found[0].get("contentDetails", {}).get("itemCount")
        return ListInfo(
            title=snippet.get("title"),
            channel=snippet.get("channelTitle"),
            channel_id=snippet.get("channelId"),
            count=count,
        )

    def count(self, playlist_id: str) -> int | None:
        """Returns the number of videos of any list, also of those that `playlists` does not know."""
        found = self._get("playlistItems", part="id", playlistId=playlist_id, maxResults="1")
        count: int | None = found.get("pageInfo", {}).get("totalResults")
        return count

    def playlists_of(self, channel_id: str, tab: ChannelTab) -> Iterator[ChannelPlaylist]:
        """Yields the playlists of a channel, or only its podcasts, newest first, 50 to a request."""
        parameters = {"part": "snippet,contentDetails,status", "channelId": channel_id, "maxResults": str(_PAGE_SIZE)}
        for items in self._pages_of("playlists", parameters):
            for item in items:
                is_podcast = item.get("status", {}).get("podcastStatus") == "enabled"
                if is_podcast or tab is not ChannelTab.PODCASTS:
                    count = item.get("contentDetails", {}).get("itemCount")
                    yield ChannelPlaylist(id=item["id"], title=item["snippet"]["title"], videos=count)

    def entries(self, playlist_id: str) -> Iterator[PlaylistEntry]:
        for items in self._pages(playlist_id):
            videos = self._videos([item["contentDetails"]["videoId"] for item in items])
            yield from (_entry(item, videos) for item in items)

    def _pages(self, playlist_id: str) -> Iterator[Sequence[Mapping[str, Any]]]:
        parameters = {"part": "snippet,contentDetails,status", "playlistId": playlist_id, "maxResults": str(_PAGE_SIZE)}
        return self._pages_of("playlistItems", parameters)

    def _pages_of(self, resource: str, parameters: Mapping[str, str]) -> Iterator[Sequence[Mapping[str, Any]]]:
        page = self._get(resource, **parameters)
        yield page["items"]
        while token := page.get("nextPageToken"):
            page = self._get(resource, **parameters, pageToken=token)
            yield page["items"]

    def _videos(self, video_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Returns the API's data about each video, by its id; unavailable videos are missing."""
        if not video_ids:
            return {}
        # The descriptions in the snippets would take most of the answer.
        wanted = {"part": "snippet,contentDetails,liveStreamingDetails", "fields": _FIELDS_OF_VIDEOS}
        videos = self._get("videos", **wanted, id=",".join(video_ids))["items"]
        return {video["id"]: video for video in videos}

    def _get(self, resource: str, **parameters: str) -> Mapping[str, Any]:
        self._key.take_unit()
        # A redirect would send the key to any host.
        response = self._session.get(
            f"{_URL}{resource}", params=parameters, headers=self._headers, allow_redirects=False
        )
        if not response.ok:
            raise _error_from(response)
        answer: Mapping[str, Any] = response.json()
        return answer


def _parameter_of_channel(channel: Channel) -> dict[str, str] | None:
    """The filter of `channels.list`; there is none for the addresses that channels chose before there were handles."""
    if channel.has_lasting_name:
        return {"id": channel.name}
    if channel.name.startswith("@"):
        return {"forHandle": channel.name}
    kind, _, name = channel.name.partition("/")
    return {"forUsername": name} if kind == "user" else None


def _entry(item: Mapping[str, Any], videos: Mapping[str, Mapping[str, Any]]) -> PlaylistEntry:
    video_id, snippet = item["contentDetails"]["videoId"], item["snippet"]
    video = videos.get(video_id)
    if video is None:
        private = item["status"].get("privacyStatus") == "private"
        return PlaylistEntry(video_id=video_id, unavailable=(VideoPrivate if private else VideoUnavailable).message)
    uploaded = from_iso(item["contentDetails"].get("videoPublishedAt"))
    return PlaylistEntry(
        video_id=video_id,
        title=snippet["title"],
        channel=snippet.get("videoOwnerChannelTitle"),
        channel_id=snippet.get("videoOwnerChannelId"),
        duration_seconds=_seconds(video["contentDetails"].get("duration", "")),
        uploaded=UploadTime.exactly(uploaded) if uploaded else None,
        # Premieres have these details as well.
        kind=VideoKind.STREAM if video.get("liveStreamingDetails") else None,
        is_awaited=video.get("snippet", {}).get("liveBroadcastContent", "none") != "none",  # "upcoming" or "live"
    )


def _seconds(duration: str) -> int | None:
    match = _DURATION.fullmatch(duration)
    return sum(int(match[unit] or 0) * seconds for unit, seconds in _SECONDS.items()) or None if match else None


def _error_from(response: requests.Response) -> SkimlistError:
    if response.status_code >= 500:
        return YouTubeUnreachable()
    error = response.json()["error"]
    for reason in [detail.get("reason", "") for detail in [*error.get("details", []), *error.get("errors", [])]]:
        if _REASON_ABOUT_THE_KEY.fullmatch(reason):
            return DataApiKeyRejected()
        if reason in _REASONS:
            return _REASONS[reason]()
    return _STATUSES.get(response.status_code, YouTubeAnswerUnreadable)()
