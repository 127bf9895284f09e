"""Files with links as programs write them; each names VIDEO, and the longer ones OTHER too."""

from __future__ import annotations

import json

VIDEO, OTHER = "dQw4w9WgXcQ", "M05L1DhFqcw"
_TITLE = "Brötchen – ein Gespräch"
_LINES = f"{_TITLE}\r\nhttps://youtu.be/{VIDEO}\r\nhttps://youtu.be/{OTHER}\r\n"
_CHANNEL = "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"


def _address(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


_BOOKMARKS = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<DL><p>
    <DT><A HREF="{_address(VIDEO)}&amp;t=90" ADD_DATE="1700000000">{_TITLE}</A>
    <DT><A HREF="https://example.org/" ADD_DATE="1700000000">Elsewhere</A>
    <DT><A HREF="https://youtu.be/{OTHER}" ADD_DATE="1700000000">publishedAt</A>
</DL><p>
"""
_HISTORY = f"""<html><body><div class="content-cell">Watched&nbsp;<a href="{_address(VIDEO)}">{_TITLE}</a><br>
<a href="{_CHANNEL}">A channel</a></div><div>Watched&nbsp;<a href="{_address(OTHER)}">Another</a></div></body></html>"""
_TAKEOUT = [
    {"header": "YouTube", "titleUrl": _address(VIDEO), "subtitles": [{"name": "A channel", "url": _CHANNEL}]},
    {"header": "YouTube", "title": "Watched a video that has been removed"},
    {"header": "YouTube", "titleUrl": _address(OTHER), "subtitles": [{"name": "A channel", "url": _CHANNEL}]},
]
_ENTRY = {
    "_type": "url",
    "ie_key": "Youtube",
    "channel_url": _CHANNEL,
    "thumbnails": [{"url": "https://i.ytimg.com/x"}],
}
_PLAYLIST = {
    "_type": "playlist",
    "webpage_url": "https://www.youtube.com/playlist?list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
    "entries": [{**_ENTRY, "id": VIDEO, "url": _address(VIDEO)}, {**_ENTRY, "id": OTHER, "url": OTHER}],
}


def _info(video_id: str) -> str:
    formats = [{"url": f"https://example.org/videoplayback?v={number}"} for number in range(3)]
    return json.dumps({"id": video_id, "formats": formats, "webpage_url": _address(video_id), "channel_url": _CHANNEL})


FILES: dict[str, tuple[bytes, list[str]]] = {
    "utf-8.txt": (_LINES.encode(), [VIDEO, OTHER]),
    "utf-8 with a byte order mark.txt": (_LINES.encode("utf-8-sig"), [VIDEO, OTHER]),
    "PowerShell.txt": (_LINES.encode("utf-16"), [VIDEO, OTHER]),
    "utf-16 without a mark.txt": (f"https://youtu.be/{VIDEO}\n".encode("utf-16-le"), [VIDEO]),
    "utf-16, big end first.txt": (b"\xfe\xff" + _LINES.encode("utf-16-be"), [VIDEO, OTHER]),
    "Windows.csv": (f"Title;Link\r\n{_TITLE};https://youtu.be/{VIDEO}\r\n".encode("cp1252"), [VIDEO]),
    "OneTab.txt": (
        f"{_address(VIDEO)} | {_TITLE}\n\nhttps://youtu.be/{OTHER} | publishedAt\n".encode(),
        [VIDEO, OTHER],
    ),
    "bookmarks.html": (_BOOKMARKS.encode(), [VIDEO, OTHER]),
    "watch-history.html": (_HISTORY.encode(), [VIDEO, OTHER]),
    "watch-history.json": (json.dumps(_TAKEOUT).encode(), [VIDEO, OTHER]),
    "flat playlist.json": (json.dumps(_PLAYLIST).encode(), [VIDEO, OTHER]),
    "video.info.json": (_info(VIDEO).encode(), [VIDEO]),
    "videos.jsonl": (f"{_info(VIDEO)}\n{_info(OTHER)}\n".encode(), [VIDEO, OTHER]),
    "Data API.json": (json.dumps({"items": [{"contentDetails": {"videoId": VIDEO}}]}).encode(), [VIDEO]),
    "archive.txt": (f"youtube {VIDEO}\nyoutube {OTHER}\n".encode(), [VIDEO, OTHER]),
    "downloads.csv": (
        f"id,title,upload_date,webpage_url\n{VIDEO},A talk,20240501,{_address(VIDEO)}\n".encode(),
        [VIDEO],
    ),
    "Watch later-videos.csv": (
        f"Video ID,Playlist Video Creation Timestamp\n{VIDEO},2024-05-01T12:00:00+00:00\n".encode(),
        [VIDEO],
    ),
    "subscriptions.csv": (f"Channel Id,Channel Url,Channel Title\nUCabc,{_CHANNEL},A channel\n".encode(), []),
}
