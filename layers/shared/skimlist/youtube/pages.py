"""Reads playlists and channels from YouTube's own pages, by means of yt-dlp."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import requests
from yt_dlp import YoutubeDL
from yt_dlp.extractor.youtube import YoutubeTabIE
from yt_dlp.networking.common import Request, Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import ExtractorError, YoutubeDLError, traverse_obj

from skimlist.errors import (
    BatchBlocked,
    ChannelHasNoPlaylists,
    PlaylistFailed,
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
from skimlist.models.addresses import watch_url
from skimlist.models.channel import Channel, ChannelTab, source_url
from skimlist.models.playlist import PlaylistEntry, UploadTime, VideoKind
from skimlist.models.source import ChannelPlaylist
from skimlist.youtube import upload_times
from skimlist.youtube.errors import FOREIGN_ERRORS, MEMBERS_ONLY, error_from
from skimlist.youtube.lists import ChannelInfo, ListInfo
from skimlist.youtube.session import YouTubeSession
from skimlist.youtube.upload_times import from_page

_OPTIONS = {
    "cachedir": False,
    "quiet": True,
    "no_warnings": True,
    "extractor_retries": 2,
    # Without this, a page that stays incomplete is mistaken for the last one.
    "extractor_args": {"youtube": {"raise_incomplete_data": ["true"]}, "youtubetab": {"approximate_date": ["true"]}},
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


# yt-dlp's words for a channel without a tab.
_NO_TAB = re.compile(r"does not have a \w+ tab")
# In English because yt-dlp asks for it.
_COUNT = re.compile(r"([\d,]{1,9}) (?:video|episode|lesson)s?")


@contextmanager
def opened(session: YouTubeSession) -> Iterator[Pages]:
    """Gives access to lists without a key. Errors of yt-dlp and of the network are raised as ours."""
    with _our_errors():
        yield Pages(session)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ExtractorError as error:
        raise _error_from(error) from error
    except YoutubeDLError as error:
        raise YouTubeAnswerUnreadable from error
    except FOREIGN_ERRORS as error:
        raise error_from(error) from error


class Pages:
    """Reads lists and channels for `playlists.read_playlist`, at one request per 100 videos."""

    def __init__(self, session: YouTubeSession) -> None:
        self._session = session
        self._reader = _Reader(_Downloader(session))
        self._found: dict[str, Mapping[str, Any]] = {}

    def find_channel(self, channel: Channel) -> ChannelInfo | None:
        """Reads the page about a channel, whatever it is named by. Returns None if YouTube has none."""
        try:
            with _our_errors():
                found = self._reader.extract(f"{Channel(channel.name).url}/about")
                if found.get("_type") == "url":  # it has moved
                    found = self._reader.extract(found["url"])
        except PlaylistFailed:
            return None
        channel_id = found.get("channel_id")
        return ChannelInfo(id=channel_id, title=found.get("channel")) if channel_id else None

    def about(self, playlist_id: str) -> ListInfo:
        found = self._open(playlist_id)
        return ListInfo(
            title=found["title"],
            channel=found.get("channel"),
            channel_id=found.get("channel_id"),
            count=found.get("playlist_count"),
        )

    def count(self, playlist_id: str) -> int | None:
        return self.about(playlist_id).count

    def entries(self, playlist_id: str) -> Iterator[PlaylistEntry]:
        found = self._open(playlist_id)
        is_empty = True
        for video in found["entries"]:
            if video.get("ie_key") == "Youtube":
                is_empty = False
                yield _entry(video)
        if is_empty and found.get("playlist_count"):
            raise YouTubeAnswerUnreadable  # the page has a shape that yt-dlp does not know

    def playlists_of(self, channel_id: str, tab: ChannelTab) -> Iterator[ChannelPlaylist]:
        """Yields the playlists on a tab of a channel's page, 30 to a request. Raises ChannelHasNoPlaylists."""
        try:
            found = self._reader.extract(Channel(channel_id, tab).url)
        except ExtractorError as error:
            if _NO_TAB.search(error.orig_msg):
                raise ChannelHasNoPlaylists from error
            raise
        for entry in found["entries"]:
            if entry.get("ie_key") == YoutubeTabIE.ie_key():
                yield ChannelPlaylist(id=entry["id"], title=entry.get("title"), videos=entry.get("playlist_count"))

    def find_upload_time(self, video_id: str) -> datetime | None:
        """Returns the exact time, which the list has only approximately; None if YouTube does not give it."""
        answer = self._session.get(watch_url(video_id))
        if answer.status_code == requests.codes.too_many_requests:
            raise YouTubeBlocked
        answer.raise_for_status()
        return from_page(answer.text)

    def _open(self, playlist_id: str) -> Mapping[str, Any]:
        if playlist_id not in self._found:
            with _our_errors():
                self._found[playlist_id] = self._reader.extract(source_url(playlist_id))
        return self._found[playlist_id]


class _Reader(YoutubeTabIE):  # type: ignore[misc] # yt-dlp has no types
    """yt-dlp's reader of lists and channels; a failed optional request does not fail the list."""

    def _reload_with_unavailable_videos(self, item_id: str, data: Any, ytcfg: Any) -> Any:
        """Returns the playlist's first page including unavailable videos; None to continue with the page as it is."""
        # An incomplete answer is an error here because of `raise_incomplete_data`, which later pages need.
        with suppress(YoutubeDLError, SkimlistError, *FOREIGN_ERRORS):
            reloaded = super()._reload_with_unavailable_videos(item_id, data, ytcfg)
            return reloaded if _VIDEO_ID in json.dumps(reloaded) else None
        return None

    def _extract_lockup_view_model(self, view_model: Any) -> Any:
        """Returns an entry of a tab, for a playlist with the number of its videos, which yt-dlp does not read."""
        entry = super()._extract_lockup_view_model(view_model)
        if entry and entry.get("ie_key") == YoutubeTabIE.ie_key():
            entry["playlist_count"] = _count_on(view_model)
        return entry

    def _parse_time_text(self, text: str | None, **_options: Any) -> UploadTime | None:
        """Returns the range of time that is meant, where yt-dlp returns its end as a timestamp."""
        return upload_times.from_text(text or "", datetime.now(UTC))


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


def _count_on(playlist: Any) -> int | None:
    """Returns the number on the picture of a playlist: "1,234 videos", "12 episodes"."""
    path = ("contentImage", "collectionThumbnailViewModel", "primaryThumbnail", "thumbnailViewModel", "overlays")
    badges = (..., "thumbnailOverlayBadgeViewModel", "thumbnailBadges", ..., "thumbnailBadgeViewModel", "text", {str})
    found = (_COUNT.fullmatch(text) for text in traverse_obj(playlist, (*path, *badges)))
    return next((int(match[1].replace(",", "")) for match in found if match), None)


def _is_block(answer: requests.Response) -> bool:
    # A 403 in JSON is about the playlist, one in HTML is about the client.
    refused = answer.status_code == 403 and "json" not in answer.headers.get("Content-Type", "")
    return refused or answer.status_code == 429


def _entry(video: Mapping[str, Any]) -> PlaylistEntry:
    title, duration = video.get("title"), video.get("duration")
    if duration is None and title in _UNAVAILABLE:
        return PlaylistEntry(video_id=video["id"], unavailable=_UNAVAILABLE[title].message)
    members_only = video.get("availability") == "subscriber_only"
    return PlaylistEntry(
        video_id=video["id"],
        title=title,
        channel=video.get("channel"),
        channel_id=video.get("channel_id"),
        duration_seconds=int(duration) if duration else None,
        uploaded=video.get("timestamp"),
        kind=_kind(video),
        unavailable=MEMBERS_ONLY if members_only else None,
        is_awaited=video.get("live_status") in {"is_upcoming", "is_live"},
    )


def _kind(video: Mapping[str, Any]) -> VideoKind | None:
    """Returns the kind of a video if the list shows it, which it need not do."""
    if "/shorts/" in str(video.get("url")):
        return VideoKind.SHORT
    match video.get("live_status"):
        case "was_live" | "is_live":
            return VideoKind.STREAM
        case "is_upcoming":  # what is announced with a length is a video
            return VideoKind.PREMIERE if video.get("duration") else VideoKind.STREAM
    return None


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
