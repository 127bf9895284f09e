"""Reads playlists from YouTube's own pages, by means of yt-dlp."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from itertools import islice
from typing import Any

import requests
from yt_dlp import YoutubeDL
from yt_dlp.extractor.youtube import YoutubeTabIE
from yt_dlp.networking.common import Request, Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import ExtractorError, YoutubeDLError

from skimlist.errors import (
    BatchBlocked,
    PlaylistPrivate,
    PlaylistUnavailable,
    SkimlistError,
    VideoPrivate,
    VideoUnavailable,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeRefused,
    YouTubeUnreachable,
)
from skimlist.models.channel import Channel, source_url
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.youtube.errors import FOREIGN_ERRORS, error_from
from skimlist.youtube.session import YouTubeSession

_OPTIONS = {
    "cachedir": False,
    "quiet": True,
    "no_warnings": True,
    "extractor_retries": 2,
    # Without this, a page that stays incomplete is mistaken for the last one.
    "extractor_args": {"youtube": {"raise_incomplete_data": ["true"]}},
}

# A key that every list of videos in YouTube's answers contains.
_VIDEO_ID = '"videoId"'

# YouTube shows these instead of a title, in English because yt-dlp asks for it.
_UNAVAILABLE: Mapping[str | None, type[SkimlistError]] = {
    "[Private video]": VideoPrivate,
    "[Deleted video]": VideoUnavailable,
    "[Unavailable video]": VideoUnavailable,
}

_STATUSES: Mapping[int, type[SkimlistError]] = {
    400: PlaylistUnavailable,
    403: PlaylistPrivate,
    404: PlaylistUnavailable,
}

# YouTube refuses a playlist in words only, without a code.
_REFUSALS: Mapping[re.Pattern[str], type[SkimlistError]] = {
    re.compile(r"\bprivate\b", re.IGNORECASE): PlaylistPrivate,
    re.compile(r"\bexist\b|\bun(view|avail)able\b|\bremoved\b|\bdeleted\b|\bterminated\b", re.IGNORECASE): (
        PlaylistUnavailable
    ),
}


def read_playlist(session: YouTubeSession, playlist_id: str, limit: int) -> Playlist:
    """Reads a playlist for `playlists.read_playlist`."""
    try:
        return _read(_PlaylistReader(_Downloader(session)), playlist_id, limit)
    except ExtractorError as error:
        raise _error_from(error) from error
    except YoutubeDLError as error:
        raise YouTubeAnswerUnreadable from error
    except FOREIGN_ERRORS as error:
        raise error_from(error) from error


def _read(reader: YoutubeTabIE, playlist_id: str, limit: int) -> Playlist:
    channel = Channel.from_source_id(playlist_id)
    found = reader.extract(f"{channel.url}/videos" if channel and not channel.tab else source_url(playlist_id))
    videos = (entry for entry in found["entries"] if entry.get("ie_key") == "Youtube")
    entries = [_entry(video) for video in islice(videos, limit + 1)]
    if not entries and found.get("playlist_count"):
        raise YouTubeAnswerUnreadable  # the page has a shape that yt-dlp does not know
    return Playlist(
        id=playlist_id,
        title=found["title"],
        channel=found.get("channel"),
        entries=tuple(entries[:limit]),
        truncated=len(entries) > limit,
    )


class _PlaylistReader(YoutubeTabIE):  # type: ignore[misc] # yt-dlp has no types
    """yt-dlp's playlist reader; a failed optional request does not fail the playlist."""

    def _reload_with_unavailable_videos(self, item_id: str, data: Any, ytcfg: Any) -> Any:
        """Returns the playlist's first page including unavailable videos; None to continue with the page as it is."""
        # An incomplete answer is an error here because of `raise_incomplete_data`, which later pages need.
        with suppress(YoutubeDLError, SkimlistError, *FOREIGN_ERRORS):
            reloaded = super()._reload_with_unavailable_videos(item_id, data, ytcfg)
            return reloaded if _VIDEO_ID in json.dumps(reloaded) else None
        return None


class _Downloader(YoutubeDL):  # type: ignore[misc] # yt-dlp has no types
    """yt-dlp with our session, so that all requests to YouTube use the same proxy, certificates and timeouts."""

    def __init__(self, session: YouTubeSession) -> None:
        self._session = session
        proxy = session.proxy_config
        self._tries = 1 + (proxy.retries_when_blocked if proxy else 0)
        # A rotating proxy uses another address for each new connection.
        headers = {"Connection": "close"} if proxy and proxy.prevent_keeping_connections_alive else {}
        # Without auto_init, yt-dlp does not load its 1,800 other sites.
        super().__init__({**_OPTIONS, "http_headers": headers}, auto_init=False)

    def urlopen(self, request: Request) -> Response:
        """Sends a request. yt-dlp retries its own errors only, so errors that block the batch are raised as ours."""
        try:
            answer = self._send(request)
        except requests.RequestException as foreign:
            error = error_from(foreign)
            if isinstance(error, BatchBlocked):
                raise error from foreign
            raise TransportError(cause=error) from foreign
        response = Response(BytesIO(answer.content), answer.url, answer.headers, answer.status_code)
        if not answer.ok:
            raise HTTPError(response)
        return response

    def _send(self, request: Request) -> requests.Response:
        headers = {**self.params["http_headers"], **request.headers}
        for _ in range(self._tries):
            answer = self._session.request(
                request.method, request.url, data=request.data, headers=headers, cookies=self.cookiejar
            )
            if not _is_block(answer):
                return answer
        raise YouTubeBlocked if answer.status_code == 429 else YouTubeRefused


def _is_block(answer: requests.Response) -> bool:
    # A 403 in JSON is about the playlist, one in HTML is about the client.
    refused = answer.status_code == 403 and "json" not in answer.headers.get("Content-Type", "")
    return refused or answer.status_code == 429


def _entry(video: Mapping[str, Any]) -> PlaylistEntry:
    title, duration = video.get("title"), video.get("duration")
    if duration is None and title in _UNAVAILABLE:
        return PlaylistEntry(video_id=video["id"], unavailable=_UNAVAILABLE[title].message)
    return PlaylistEntry(
        video_id=video["id"],
        title=title,
        channel=video.get("channel"),
        duration_seconds=int(duration) if duration else None,
    )


def _error_from(error: ExtractorError) -> SkimlistError:
    match error.cause:
        case TransportError(cause=SkimlistError() as ours):
            return ours
        case HTTPError(status=status):
            return _STATUSES.get(status, YouTubeUnreachable)()
    for pattern, meaning in _REFUSALS.items():
        if pattern.search(error.orig_msg):
            return meaning()
    return YouTubeAnswerUnreadable()
