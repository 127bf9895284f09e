"""Creates the pages of a channel like YouTube: the one about it, and its tab of playlists."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from local.youtube.answers import NOT_FOUND, ORIGIN, Answer
from local.youtube.failures import Failure
from local.youtube.library import Channel, Library
from local.youtube.proxy import Request

_PREFIXES = ("/@", "/channel/", "/c/", "/user/")


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
    return _page(_tabs(library, channel, tab if tab in {"playlists", "podcasts"} else "featured"))


def _page(data: dict[str, Any]) -> Answer:
    return Answer.html(f"<script>var ytInitialData = {json.dumps(data)};</script>")


def _alert(text: str) -> dict[str, Any]:
    return {"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": text}}}]}


def _tabs(library: Library, channel: Channel, tab: str) -> dict[str, Any]:
    url = f"{ORIGIN}/channel/{channel.id}"
    items = [_playlist(library, list_id) for list_id in channel.playlists] if tab != "featured" else []
    section = {"itemSectionRenderer": {"contents": [{"gridRenderer": {"items": items}}]}}
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


def _playlist(library: Library, list_id: str) -> dict[str, Any]:
    playlist = library.playlist(list_id)
    title = {"title": {"content": playlist.title if playlist else list_id}}
    return {
        "lockupViewModel": {
            "contentId": list_id,
            "contentType": "LOCKUP_CONTENT_TYPE_PLAYLIST",
            "metadata": {"lockupMetadataViewModel": title},
        }
    }
