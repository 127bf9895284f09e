"""Creates a playlist's page and its continuations like YouTube."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.youtube.answers import NOT_FOUND, SERVER_ERROR, Answer, Video
from local.youtube.failures import Failure
from local.youtube.library import Gone, Library, Playlist
from local.youtube.proxy import Request

_PAGE_SIZE = 100

_TITLES = {Gone.PRIVATE: "[Private video]", Gone.DELETED: "[Deleted video]"}


def list_id(request: Request) -> str:
    """Returns the id of the playlist that a request asks for, by its page, its address or a continuation."""
    if request.method == "GET":
        return request.query.get("list", "")
    asked = json.loads(request.body)
    if "url" in asked:
        return parse_qs(urlsplit(str(asked["url"])).query).get("list", [""])[0]
    if "continuation" in asked:
        return str(asked["continuation"]).partition(":")[0]
    return str(asked["browseId"]).removeprefix("VL")


def answer(library: Library, request: Request, failure: Failure | None) -> Answer:
    playlist = library.playlist(list_id(request))
    if failure is Failure.MALFORMED:
        return Answer.html("<title>Not what was asked for</title>")
    if request.method == "GET":
        page = _first_page(library, playlist, with_gone=False)
        return Answer.html(f"<script>var ytInitialData = {json.dumps(page)};</script>")
    asked = json.loads(request.body)
    if "url" in asked:
        if not list_id(request):
            return NOT_FOUND
        return Answer.json({"endpoint": {"browseEndpoint": {"browseId": f"VL{list_id(request)}"}}})
    if playlist and "continuation" in asked:
        offset = int(asked["continuation"].partition(":")[2])
        return Answer.json({} if failure is Failure.INCOMPLETE else _further_page(library, playlist, offset))
    return _reloaded(library, playlist, failure)


def _reloaded(library: Library, playlist: Playlist | None, failure: Failure | None) -> Answer:
    match failure:
        case Failure.RELOAD_INCOMPLETE:
            return Answer.json({"responseContext": {}})
        case Failure.RELOAD_FAILS:
            return SERVER_ERROR
    return Answer.json(_first_page(library, playlist))


def _first_page(library: Library, playlist: Playlist | None, *, with_gone: bool = True) -> dict[str, Any]:
    """Returns the first page of a playlist, or its reloaded form that includes unavailable videos."""
    if playlist is None:
        return _refusal("The playlist does not exist.")
    if playlist.private:
        return _refusal("This playlist is private.")
    videos = {"playlistVideoListRenderer": {"contents": _contents(library, playlist, 0, with_gone=with_gone)}}
    section = {"itemSectionRenderer": {"contents": [videos]}}
    tab = {"tabRenderer": {"selected": True, "content": {"sectionListRenderer": {"contents": [section]}}}}
    return {
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [tab]}},
        "metadata": {"playlistMetadataRenderer": {"title": playlist.title}},
        "sidebar": {"playlistSidebarRenderer": {"items": _sidebar(playlist)}},
    }


def _sidebar(playlist: Playlist) -> list[dict[str, Any]]:
    count = {"stats": [_runs(f"{len(playlist.video_ids):,}", " videos")]}
    owner = {"videoOwner": {"videoOwnerRenderer": {"title": _runs(playlist.channel)}}}
    return [{"playlistSidebarPrimaryInfoRenderer": count}, {"playlistSidebarSecondaryInfoRenderer": owner}]


def _further_page(library: Library, playlist: Playlist, offset: int) -> dict[str, Any]:
    items = _contents(library, playlist, offset)
    return {"onResponseReceivedActions": [{"appendContinuationItemsAction": {"continuationItems": items}}]}


def _refusal(text: str) -> dict[str, Any]:
    return {"alerts": [{"alertRenderer": {"type": "ERROR", "text": _runs(text)}}]}


def _contents(library: Library, playlist: Playlist, offset: int, *, with_gone: bool = True) -> list[dict[str, Any]]:
    end = offset + _PAGE_SIZE
    found = [(video_id, library.look_up(video_id)) for video_id in playlist.video_ids[offset:end]]
    members_only, owners = library.members_only, library.owners
    rows = [
        {"playlistVideoRenderer": _row(video_id, shown, owners.get(video_id), is_members_only=video_id in members_only)}
        for video_id, shown in found
        if with_gone or not isinstance(shown, Gone)
    ]
    return rows + ([continuation(f"{playlist.id}:{end}")] if end < len(playlist.video_ids) else [])


def _row(video_id: str, shown: Video | Gone, owner: str | None, *, is_members_only: bool) -> dict[str, Any]:
    if isinstance(shown, Gone):
        return {"videoId": video_id, "title": _runs(_TITLES[shown])}
    return {
        "videoId": video_id,
        "title": _runs(shown.get("title") or ""),
        "shortBylineText": _byline(shown.get("channel") or "", owner),
        "lengthSeconds": str(round(shown["duration_seconds"])),
        "isPlayable": True,
        "videoInfo": _runs("1.2K views", " • ", _ago(shown["published"])) if "published" in shown else _runs("1 view"),
        "badges": [{"metadataBadgeRenderer": {"style": "BADGE_STYLE_TYPE_MEMBERS_ONLY"}}] if is_members_only else [],
    }


def _byline(channel: str, owner: str | None) -> dict[str, Any]:
    """Returns the name of a channel, which leads to its page."""
    to_page = {"navigationEndpoint": {"browseEndpoint": {"browseId": owner}}} if owner else {}
    return {"runs": [{"text": channel, **to_page}]}


# YouTube rounds down to whole units.
_UNITS = {"year": 365 * 86_400, "month": 30 * 86_400, "week": 7 * 86_400, "day": 86_400, "hour": 3_600, "minute": 60}


def _ago(published: str) -> str:
    """Returns how long ago a moment (ISO 8601) was, in the words of YouTube's lists."""
    seconds = int((datetime.now(UTC) - datetime.fromisoformat(published)).total_seconds())
    unit, length = next(((unit, length) for unit, length in _UNITS.items() if seconds >= length), ("second", 1))
    number = max(seconds, 1) // length
    return f"{number} {unit}{'s' if number > 1 else ''} ago"


def continuation(token: str) -> dict[str, Any]:
    command = {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}
    return {"continuationItemRenderer": {"continuationEndpoint": {"continuationCommand": command}}}


def _runs(*texts: str) -> dict[str, Sequence[Any]]:
    return {"runs": [{"text": text} for text in texts]}
