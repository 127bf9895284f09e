"""The part of the YouTube Data API v3 about playlists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local.youtube.answers import Answer, Video
from local.youtube.failures import Failure
from local.youtube.library import Gone, Library, Playlist
from local.youtube.proxy import Request

API_KEY = "the-key-of-the-fake"
PLAYLISTS, PLAYLIST_ITEMS, VIDEOS = (f"/youtube/v3/{resource}" for resource in ("playlists", "playlistItems", "videos"))
_MAX_RESULTS = 50

_TITLES = {Gone.PRIVATE: "Private video", Gone.DELETED: "Deleted video"}
_PRIVACY = {Gone.PRIVATE: "private", Gone.DELETED: "privacyStatusUnspecified"}


def list_id(request: Request) -> str | None:
    """Returns the playlist of a request; None if it is about videos."""
    return request.query.get("id" if request.path == PLAYLISTS else "playlistId")


def answer(library: Library, request: Request, failure: Failure | None) -> Answer:
    """Answers a request; any key except API_KEY is refused."""
    if request.api_key != API_KEY:
        return _error(400, "badRequest", {"reason": "API_KEY_INVALID", "domain": "googleapis.com"})
    match failure:
        case Failure.QUOTA_EXCEEDED:
            return _error(403, "quotaExceeded")
        case Failure.MALFORMED:
            return Answer.html("<title>Not what was asked for</title>")
    if request.path == VIDEOS:
        return _videos(library, request.query["id"].split(","))
    playlist = library.playlist(list_id(request) or "")
    return _playlists(playlist) if request.path == PLAYLISTS else _playlist_items(library, playlist, request.query)


def _playlists(playlist: Playlist | None) -> Answer:
    if playlist is None or playlist.private:
        return Answer.json({"items": []})
    return Answer.json({"items": [{"snippet": {"title": playlist.title, "channelTitle": playlist.channel}}]})


def _playlist_items(library: Library, playlist: Playlist | None, query: Mapping[str, str]) -> Answer:
    if playlist is None:
        return _error(404, "playlistNotFound")
    if playlist.private:
        return _error(403, "playlistItemsNotAccessible")
    start = int(query.get("pageToken", 0))
    end = start + min(int(query.get("maxResults", 5)), _MAX_RESULTS)
    items = [_playlist_item(video_id, library.look_up(video_id)) for video_id in playlist.video_ids[start:end]]
    further = {"nextPageToken": str(end)} if end < len(playlist.video_ids) else {}
    return Answer.json({"items": items, **further})


def _playlist_item(video_id: str, found: Video | Gone) -> dict[str, Any]:
    if isinstance(found, Gone):
        snippet, privacy = {"title": _TITLES[found]}, _PRIVACY[found]
    else:
        snippet, privacy = {"title": found["title"], "videoOwnerChannelTitle": found["channel"]}, "public"
    return {"snippet": snippet, "contentDetails": {"videoId": video_id}, "status": {"privacyStatus": privacy}}


def _videos(library: Library, video_ids: Sequence[str]) -> Answer:
    if len(video_ids) > _MAX_RESULTS:
        return _error(400, "invalidFilters")
    found = [library.look_up(video_id) for video_id in video_ids]
    return Answer.json({"items": [_video(video) for video in found if not isinstance(video, Gone)]})


def _video(video: Video) -> dict[str, Any]:
    minutes, seconds = divmod(round(video["duration_seconds"]), 60)
    duration = f"PT{minutes // 60}H{minutes % 60}M{seconds}S"
    return {"id": video["video_id"], "contentDetails": {"duration": duration}}


def _error(status: int, reason: str, *details: Mapping[str, str]) -> Answer:
    error = {"code": status, "errors": [{"reason": reason}], "details": details}
    return Answer.json({"error": error}, status)
