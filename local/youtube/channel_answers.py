"""Creates the pages of a channel like YouTube: the one about it, and its tabs of playlists."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from local.youtube.answers import NOT_FOUND, ORIGIN, Answer
from local.youtube.failures import Failure
from local.youtube.library import Channel, Library
from local.youtube.playlist_answers import continuation
from local.youtube.proxy import Request

_PREFIXES = ("/@", "/channel/", "/c/", "/user/")
# Playlists that a tab shows at once.
_PAGE_SIZE = 30


def is_channel_path(path: str) -> bool:
    return path.startswith(_PREFIXES)


def name_in(request: Request) -> str:
    """Returns the name of the channel of a request: `UC…`, `@handle`, `c/name` or `user/name`."""
    first, *rest = unquote(request.path).strip("/").split("/")
    if first.startswith("@"):
        return first
    return rest[0] if first == "channel" else f"{first}/{rest[0]}"


def answer(library: Library, request: Request, failure: Failure | None) -> Answer:
    channel = library.channel(name_in(request))
    if failure is Failure.MALFORMED:
        return Answer.html("<title>Not what was asked for</title>")
    if channel is None:
        return NOT_FOUND
    if channel.terminated:
        return _page(_alert("This account has been terminated for a violation of YouTube's Terms of Service."))
    if channel.moved_to:
        url = f"/{quote(channel.moved_to, safe='@/')}"
        command = {"commandMetadata": {"webCommandMetadata": {"url": url}}}
        return _page({"onResponseReceivedActions": [{"navigateAction": {"endpoint": command}}]})
    tab = request.path.rpartition("/")[2]
    # A channel without such a tab shows its first one.
    return _page(_tabs(library, channel, tab if channel.tab(tab) else "featured"))


def further_playlists(library: Library, request: Request, failure: Failure | None) -> Answer | None:
    """Returns the next page of a tab of playlists; None if the request is about something else."""
    name, _, place = _continued(request).partition("/")
    tab, _, offset = place.partition(":")
    channel = library.channel(name)
    if channel is None or not offset:
        return None
    if failure is Failure.INCOMPLETE:
        return Answer.json({})
    items = _items(library, channel, tab, int(offset))
    return Answer.json({"onResponseReceivedActions": [{"appendContinuationItemsAction": {"continuationItems": items}}]})


def _continued(request: Request) -> str:
    return str(json.loads(request.body).get("continuation", "")) if request.method == "POST" else ""


def _page(data: dict[str, Any]) -> Answer:
    return Answer.html(f"<script>var ytInitialData = {json.dumps(data)};</script>")


def _alert(text: str) -> dict[str, Any]:
    return {"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": text}}}]}


def _tabs(library: Library, channel: Channel, tab: str) -> dict[str, Any]:
    url = f"{ORIGIN}/channel/{channel.id}"
    section = {"itemSectionRenderer": {"contents": [{"gridRenderer": {"items": _items(library, channel, tab, 0)}}]}}
    selected = {
        "selected": True,
        "title": tab.capitalize(),
        "endpoint": {"commandMetadata": {"webCommandMetadata": {"url": f"/channel/{channel.id}/{tab}"}}},
        "content": {"sectionListRenderer": {"contents": [section]}},
    }
    return {
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": selected}]}},
        "metadata": {
            "channelMetadataRenderer": {"title": channel.title, "externalId": channel.id, "channelUrl": url},
        },
    }


def _items(library: Library, channel: Channel, tab: str, offset: int) -> list[dict[str, Any]]:
    """Returns a page of the playlists on a tab, and the token of the next page."""
    list_ids, end = channel.tab(tab), offset + _PAGE_SIZE
    shown = [_playlist(library, list_id, tab) for list_id in list_ids[offset:end]]
    return shown + ([continuation(f"{channel.id}/{tab}:{end}")] if end < len(list_ids) else [])


def _playlist(library: Library, list_id: str, tab: str) -> dict[str, Any]:
    playlist = library.playlist(list_id)
    videos = len(playlist.video_ids) if playlist else 0
    kind, unit = ("PODCAST", "episode") if tab == "podcasts" else ("PLAYLIST", "video")
    badge = {"thumbnailBadgeViewModel": {"text": f"{videos:,} {unit}{'' if videos == 1 else 's'}"}}
    overlays = [{"thumbnailOverlayBadgeViewModel": {"thumbnailBadges": [badge]}}]
    picture = {"collectionThumbnailViewModel": {"primaryThumbnail": {"thumbnailViewModel": {"overlays": overlays}}}}
    title = {"title": {"content": playlist.title if playlist else list_id}}
    return {
        "lockupViewModel": {
            "contentId": list_id,
            "contentType": f"LOCKUP_CONTENT_TYPE_{kind}",
            "contentImage": picture,
            "metadata": {"lockupMetadataViewModel": title},
        }
    }
