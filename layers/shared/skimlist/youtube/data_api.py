"""Reads playlists through the YouTube Data API v3, which requires a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
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
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.youtube.errors import FOREIGN_ERRORS, error_from
from skimlist.youtube.session import YouTubeSession

_URL = "https://www.googleapis.com/youtube/v3/"
_PAGE_SIZE = 50  # the maximum of one request

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


def read_playlist(session: YouTubeSession, api_key: str, playlist_id: str, limit: int) -> Playlist:
    """Reads a playlist for `playlists.read_playlist`, at two units of the key's quota per 50 entries plus one.

    Raises DataApiQuotaExceeded if the quota is used up.
    """
    try:
        return _read(_DataApi(session, api_key), playlist_id, limit)
    except FOREIGN_ERRORS as error:
        raise error_from(error) from error


def _read(api: _DataApi, playlist_id: str, limit: int) -> Playlist:
    entries = list(islice(api.entries(playlist_id), limit + 1))
    about = api.about(playlist_id)
    return Playlist(
        id=playlist_id,
        title=about.get("title") or playlist_id,
        channel=about.get("channelTitle"),
        entries=tuple(entries[:limit]),
        truncated=len(entries) > limit,
    )


class _DataApi:
    def __init__(self, session: YouTubeSession, api_key: str) -> None:
        self._session = session
        # The key is not part of the address, because addresses appear in logs and error messages.
        self._headers = {"X-Goog-Api-Key": api_key}

    def about(self, playlist_id: str) -> Mapping[str, Any]:
        found = self._get("playlists", part="snippet", id=playlist_id)["items"]
        return found[0]["snippet"] if found else {}

    def entries(self, playlist_id: str) -> Iterator[PlaylistEntry]:
        for items in self._pages(playlist_id):
            durations = self._durations([item["contentDetails"]["videoId"] for item in items])
            yield from (_entry(item, durations) for item in items)

    def _pages(self, playlist_id: str) -> Iterator[Sequence[Mapping[str, Any]]]:
        parameters = {"part": "snippet,contentDetails,status", "playlistId": playlist_id, "maxResults": str(_PAGE_SIZE)}
        page = self._get("playlistItems", **parameters)
        yield page["items"]
        while token := page.get("nextPageToken"):
            page = self._get("playlistItems", **parameters, pageToken=token)
            yield page["items"]

    def _durations(self, video_ids: Sequence[str]) -> Mapping[str, int | None]:
        """Returns seconds by video id, None for streams that have not begun; unavailable videos are missing."""
        videos = self._get("videos", part="contentDetails", id=",".join(video_ids))["items"] if video_ids else []
        return {video["id"]: _seconds(video["contentDetails"].get("duration", "")) for video in videos}

    def _get(self, resource: str, **parameters: str) -> Mapping[str, Any]:
        # A redirect would send the key to any host.
        response = self._session.get(
            f"{_URL}{resource}", params=parameters, headers=self._headers, allow_redirects=False
        )
        if not response.ok:
            raise _error_from(response)
        answer: Mapping[str, Any] = response.json()
        return answer


def _entry(item: Mapping[str, Any], durations: Mapping[str, int | None]) -> PlaylistEntry:
    video_id, snippet = item["contentDetails"]["videoId"], item["snippet"]
    if video_id not in durations:
        private = item["status"].get("privacyStatus") == "private"
        return PlaylistEntry(video_id=video_id, unavailable=(VideoPrivate if private else VideoUnavailable).message)
    return PlaylistEntry(
        video_id=video_id,
        title=snippet["title"],
        channel=snippet.get("videoOwnerChannelTitle"),
        duration_seconds=durations[video_id],
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
