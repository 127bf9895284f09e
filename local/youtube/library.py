"""The contents of the fake server: the videos and playlists of a folder, and synthetic ones."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from local.youtube.answers import Video
from local.youtube.synthetic import synthetic_id, synthetic_video


class Gone(StrEnum):
    """The reason why there is no video under an id."""

    PRIVATE = "private"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Playlist:
    id: str
    title: str = ""
    channel: str = ""
    video_ids: Sequence[str] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel; `uploads` are all its videos, newest first; the other lists are parts of them."""

    id: str
    title: str
    names: Sequence[str] = ()
    uploads: Sequence[str] = ()
    shorts: Collection[str] = ()
    streams: Collection[str] = ()
    premieres: Collection[str] = ()
    members_only: Collection[str] = ()
    playlists: Sequence[str] = ()
    podcasts: Sequence[str] = ()
    moved_to: str | None = None
    terminated: bool = False

    def tab(self, name: str) -> Sequence[str]:
        """Returns the ids of the playlists on a tab; there is no tab without any."""
        return {"playlists": self.playlists, "podcasts": self.podcasts}.get(name, ())

    def list_of(self, prefix: str) -> Playlist:
        """Returns the list of its uploads, or of its videos, Shorts or streams, by the beginning of the list's id."""
        title, part = {
            "UU": ("Uploads from {}", {*self.uploads}),
            "UULF": ("Videos", {*self.uploads} - {*self.shorts} - {*self.streams}),
            "UUSH": ("Shorts", {*self.shorts}),
            "UULV": ("Live streams", {*self.streams}),
        }[prefix]
        video_ids = [each for each in self.uploads if each in part]
        return Playlist(prefix + self.id[2:], title.format(self.title), self.title, video_ids)


_LIST_OF_CHANNEL = re.compile(r"(?P<prefix>UULF|UUSH|UULV|UU)(?P<rest>[A-Za-z0-9_-]{22})")


class Library:
    """The videos in `<video id>.json` and the playlists in `playlists.json`: {list id: playlist}. A playlist is

    - {"title": …, "channel": …, "videos": [video ids], "private": [video ids], "deleted": [video ids]};
    - the same with "videos": 5000 for as many synthetic videos, "first": their first number (1 if it is missing);
    - a bare list of video ids;
    - "private", for one that only its owner sees.

    Channels are among them, by their ids: {"title": …, "names": ["@handle", "user/name"], "videos": all of its videos,
    newest first, or the number of synthetic ones, "shorts": [video ids], "streams": […], "premieres": […],
    "members_only": […], "playlists": [list ids], "podcasts": [some of them], "moved_to": "@name" |
    "terminated": true}.

    A video that is private or deleted in one playlist is private or deleted everywhere. `playlists` may
    change at any time, and so may `videos`, which adds videos by their ids, each in the format of a file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.videos: dict[str, Video] = {}
        file = folder / "playlists.json"
        self.playlists: dict[str, Any] = json.loads(file.read_bytes()) if file.exists() else {}

    def look_up(self, video_id: str) -> Video | Gone:
        for playlist in self.playlists.values():
            for reason in Gone:
                if isinstance(playlist, dict) and video_id in playlist.get(reason, ()):
                    return reason
        return self.videos.get(video_id) or self._file(video_id) or synthetic_video(video_id) or Gone.DELETED

    def channel(self, name: str) -> Channel | None:
        """Returns the channel of an id, a handle, or another name such as `user/name`."""
        for channel_id, written in self.playlists.items():
            names = written.get("names", ()) if channel_id.startswith("UC") else ()
            if name == channel_id or name.lower() in {each.lower() for each in names}:
                parts = {key: written[key] for key in written.keys() - {"videos", "first", "private", "deleted"}}
                uploads = _video_ids(written)
                is_counted = isinstance(written.get("videos"), int)
                return Channel(id=channel_id, uploads=uploads[::-1] if is_counted else uploads, **parts)
        return None

    def channel_of(self, list_id: str) -> Channel | None:
        """Returns the channel that shows a playlist on its page, or whose list of uploads it is."""
        if match := _LIST_OF_CHANNEL.fullmatch(list_id):
            return self.channel(f"UC{match['rest']}")
        channels = [channel_id for channel_id in self.playlists if channel_id.startswith("UC")]
        return next((found for name in channels if (found := self.channel(name)) and list_id in found.playlists), None)

    @property
    def owners(self) -> dict[str, str]:
        """The ids of the channels by the ids of their videos."""
        channels = [found for name in self.playlists if name.startswith("UC") and (found := self.channel(name))]
        return {video_id: channel.id for channel in channels for video_id in channel.uploads}

    @property
    def streamed(self) -> set[str]:
        """The videos that were streams or premieres."""
        channels = [written for channel_id, written in self.playlists.items() if channel_id.startswith("UC")]
        return {each for written in channels for kind in ("streams", "premieres") for each in written.get(kind, ())}

    @property
    def members_only(self) -> set[str]:
        channels = [written for channel_id, written in self.playlists.items() if channel_id.startswith("UC")]
        return {each for written in channels for each in written.get("members_only", ())}

    def playlist(self, list_id: str) -> Playlist | None:
        if match := _LIST_OF_CHANNEL.fullmatch(list_id):
            channel = self.channel(f"UC{match['rest']}")
            found = channel and not channel.terminated and channel.list_of(match["prefix"])
            if found and (found.video_ids or match["prefix"] == "UU"):
                return found
        match self.playlists.get(list_id):
            case None:
                return None
            case "private":
                return Playlist(list_id, private=True)
            case list(video_ids):
                return Playlist(list_id, title=list_id, video_ids=video_ids)
            case written:
                return Playlist(
                    list_id,
                    title=written.get("title", list_id),
                    channel=written.get("channel", ""),
                    video_ids=_video_ids(written),
                )

    def _file(self, video_id: str) -> Video | None:
        # Only names in the folder's listing are opened, so that no id can lead out of it.
        file = next((f for f in self._folder.iterdir() if f.name == f"{video_id}.json"), None)
        return json.loads(file.read_bytes()) if file else None


def _video_ids(written: Mapping[str, Any]) -> Sequence[str]:
    videos, first = written.get("videos", ()), written.get("first", 1)
    return [synthetic_id(first + place) for place in range(videos)] if isinstance(videos, int) else videos
