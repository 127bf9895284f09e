"""The contents of the fake server: the videos and playlists of a folder, and synthetic ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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


class Library:
    """The videos in `<video id>.json` and the playlists in `playlists.json`: {list id: playlist}. A playlist is

    - {"title": …, "channel": …, "videos": [video ids], "private": [video ids], "deleted": [video ids]};
    - the same with "videos": 5000 for as many synthetic videos, "first": their first number (1 if it is missing);
    - a bare list of video ids;
    - "private", for one that only its owner sees.

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

    def playlist(self, list_id: str) -> Playlist | None:
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
