"""Creates the feed of a channel's newest uploads like YouTube."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from local.youtube.answers import NOT_FOUND, ORIGIN, Answer
from local.youtube.library import Gone, Library

FEED = "/feeds/videos.xml"
_ENTRIES = 15
_NAMESPACES = (
    'xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns="http://www.w3.org/2005/Atom"'
)


def list_id(query: Mapping[str, str]) -> str:
    """Returns the playlist or channel of a request."""
    return query.get("playlist_id") or query.get("channel_id", "")


def answer(library: Library, query: Mapping[str, str]) -> Answer:
    """Answers with the newest uploads of a channel, or the first videos of a playlist."""
    asked = list_id(query)
    playlist = library.playlist(f"UU{asked[2:]}" if asked.startswith("UC") else asked)
    if playlist is None or playlist.private:
        return NOT_FOUND
    entries = [_entry(library, video_id) for video_id in playlist.video_ids[:_ENTRIES]]
    begin = f"<id>yt:playlist:{playlist.id}</id><title>{escape(playlist.channel or playlist.title)}</title>"
    return Answer.xml(f'<?xml version="1.0" encoding="UTF-8"?><feed {_NAMESPACES}>{begin}{"".join(entries)}</feed>')


def _entry(library: Library, video_id: str) -> str:
    found = library.look_up(video_id)
    if isinstance(found, Gone):
        return ""
    title, published = escape(found["title"]), found.get("published", "")
    return (
        f"<entry><id>yt:video:{video_id}</id><yt:videoId>{video_id}</yt:videoId><title>{title}</title>"
        f'<link rel="alternate" href="{ORIGIN}/watch?v={video_id}"/>'
        f"<published>{published}</published><updated>{published}</updated></entry>"
    )
