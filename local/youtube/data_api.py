"""The part of the YouTube Data API v3 about playlists and channels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from local.youtube.answers import Answer, Video
from local.youtube.failures import Failure
from local.youtube.library import Channel, Gone, Library, Playlist
from local.youtube.proxy import Request

T = TypeVar("T")

API_KEY = "the-key-of-the-fake"
CHANNELS, PLAYLISTS, PLAYLIST_ITEMS, VIDEOS = (
    f"/youtube/v3/{resource}" for resource in ("channels", "playlists", "playlistItems", "videos")
)
_MAX_RESULTS = 50

_TITLES = {Gone.PRIVATE: "Private video", Gone.DELETED: "Deleted video"}
_PRIVACY = {Gone.PRIVATE: "private", Gone.DELETED: "privacyStatusUnspecified"}


def list_id(request: Request) -> str | None:
    """Returns the playlist or channel of a request; None if it is about videos."""
    if request.path == CHANNELS:
        return _channel_name(request.query)
    if request.path == PLAYLISTS:
        return request.query.get("id") or request.query.get("channelId")
    return request.query.get("playlistId")


def answer(library: Library, request: Request, failure: Failure | None) -> Answer:
    """Answers a request; any key except API_KEY is refused."""
    if request.api_key != API_KEY:
        return _error(400, "badRequest", {"reason": "API_KEY_INVALID", "domain": "googleapis.com"})
    match failure:
        case Failure.QUOTA_EXCEEDED:
            return _error(403, "quotaExceeded")
        case Failure.MALFORMED:
            return Answer.html("<title>Not what was asked for</title>")
    return _ANSWERS[request.path](library, request.query)


def _channel_name(query: Mapping[str, str]) -> str:
    name = query.get("id") or query.get("forHandle")
    return name or f"user/{query.get('forUsername')}"


def _channels(library: Library, query: Mapping[str, str]) -> Answer:
    channel = library.channel(_channel_name(query))
    if channel is None or channel.terminated or channel.moved_to:
        return Answer.json({"pageInfo": {"totalResults": 0}})  # without any items
    statistics = {"videoCount": str(len(channel.uploads))}
    return Answer.json({"items": [{"id": channel.id, "snippet": {"title": channel.title}, "statistics": statistics}]})


def _playlists(library: Library, query: Mapping[str, str]) -> Answer:
    channel = library.channel(query["channelId"]) if "channelId" in query else None
    list_ids = channel.playlists if channel else [query.get("id", "")]
    shown = [found for list_id in list_ids if (found := library.playlist(list_id)) and not found.private]
    page, more = _page_of(shown, query)
    return Answer.json({"items": [_about(playlist, library.channel_of(playlist.id)) for playlist in page], **more})


def _page_of(found: Sequence[T], query: Mapping[str, str]) -> tuple[Sequence[T], dict[str, Any]]:
    """Returns the entries of the page that a request asks for, and what the answer says about the others."""
    start = int(query.get("pageToken", 0))
    end = start + min(int(query.get("maxResults", 5)), _MAX_RESULTS)
    further = {"nextPageToken": str(end)} if end < len(found) else {}
    info = {"totalResults": len(found), "resultsPerPage": min(int(query.get("maxResults", 5)), _MAX_RESULTS)}
    return found[start:end], {"pageInfo": info, **further}


def _about(playlist: Playlist, channel: Channel | None) -> dict[str, Any]:
    is_podcast = channel is not None and playlist.id in channel.podcasts
    return {
        "id": playlist.id,
        "snippet": {
            "title": playlist.title,
            "channelTitle": playlist.channel,
            **({"channelId": channel.id} if channel else {}),
        },
        "contentDetails": {"itemCount": len(playlist.video_ids)},
        "status": {"privacyStatus": "public", "podcastStatus": "enabled" if is_podcast else "disabled"},
    }


def _playlist_items(library: Library, query: Mapping[str, str]) -> Answer:
    playlist = library.playlist(query["playlistId"])
    if playlist is None:
        return _error(404, "playlistNotFound")
    if playlist.private:
        return _error(403, "playlistItemsNotAccessible")
    page, more = _page_of(playlist.video_ids, query)
    owners = library.owners
    return Answer.json({"items": [_playlist_item(library, each, owners.get(each)) for each in page], **more})


def _playlist_item(library: Library, video_id: str, owner: str | None) -> dict[str, Any]:
    found = library.look_up(video_id)
    if isinstance(found, Gone):
        snippet, privacy = {"title": _TITLES[found]}, _PRIVACY[found]
    else:
        snippet, privacy = {"title": found["title"], "videoOwnerChannelTitle": found["channel"]}, "public"
        snippet |= {"videoOwnerChannelId": owner} if owner else {}
    details = {"videoId": video_id}
    if not isinstance(found, Gone) and "published" in found:
        details["videoPublishedAt"] = found["published"]
    return {"snippet": snippet, "contentDetails": details, "status": {"privacyStatus": privacy}}


def _videos(library: Library, query: Mapping[str, str]) -> Answer:
    video_ids = query["id"].split(",")
    if len(video_ids) > _MAX_RESULTS:
        return _error(400, "invalidFilters")
    found = [library.look_up(video_id) for video_id in video_ids]
    streamed = library.streamed
    return Answer.json({"items": [_video(video, streamed) for video in found if not isinstance(video, Gone)]})


def _video(video: Video, streamed: Collection[str]) -> dict[str, Any]:
    minutes, seconds = divmod(round(video["duration_seconds"]), 60)
    duration = f"PT{minutes // 60}H{minutes % 60}M{seconds}S"
    live = {"liveStreamingDetails": {"actualStartTime": video.get("published")}}
    details = {"id": video["video_id"], "contentDetails": {"duration": duration}}
    return details | (live if video["video_id"] in streamed else {})


_ANSWERS = {CHANNELS: _channels, PLAYLISTS: _playlists, PLAYLIST_ITEMS: _playlist_items, VIDEOS: _videos}


def _error(status: int, reason: str, *details: Mapping[str, str]) -> Answer:
    error = {"code": status, "errors": [{"reason": reason}], "details": details}
    return Answer.json({"error": error}, status)
