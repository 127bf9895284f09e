"""A YouTube channel as a source of videos: all its uploads, or one tab of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class ChannelTab(StrEnum):
    VIDEOS = "videos"
    SHORTS = "shorts"
    STREAMS = "streams"
    PODCASTS = "podcasts"
    PLAYLISTS = "playlists"

    @property
    def has_playlists(self) -> bool:
        """Whether the tab lists playlists to choose from, and not videos."""
        return self in {ChannelTab.PODCASTS, ChannelTab.PLAYLISTS}


_CHANNEL_ID = r"UC[A-Za-z0-9_-]{22}"
_SOURCE_ID = re.compile(rf"(?P<name>{_CHANNEL_ID}|@[^/]+|(?:c|user)/[^/]+)(?:/(?P<tab>{'|'.join(ChannelTab)}))?")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by the `name` in its address: `UC…`, `@handle`, `c/name` or `user/name`. No `tab` means all uploads."""

    name: str
    tab: ChannelTab | None = None

    @classmethod
    def from_source_id(cls, source_id: str) -> Channel | None:
        """Returns the channel whose `source_id` this is; None for the id of a playlist."""
        match = _SOURCE_ID.fullmatch(source_id)
        return cls(match["name"], ChannelTab(match["tab"]) if match["tab"] else None) if match else None

    @property
    def source_id(self) -> str:
        """A string that is never the id of a playlist, so that it can be used wherever the id of a playlist is."""
        return f"{self.name}/{self.tab}" if self.tab else self.name

    @property
    def has_lasting_name(self) -> bool:
        """Whether it is named by YouTube's own id, which never changes, unlike a handle."""
        return is_channel_id(self.name)

    @property
    def is_custom_name(self) -> bool:
        """Whether its name is a custom one, from before there were handles, which only YouTube's pages resolve."""
        return self.name.startswith("c/")

    @property
    def url(self) -> str:
        """The canonical address, which is built from the name and the tab alone."""
        prefix = "channel/" if self.has_lasting_name else ""
        return f"https://www.youtube.com/{prefix}{quote(self.source_id, safe='/@')}"


def is_channel_id(text: str) -> bool:
    return re.fullmatch(_CHANNEL_ID, text) is not None


def source_url(source_id: str) -> str:
    """Returns the canonical address of a playlist or channel."""
    channel = Channel.from_source_id(source_id)
    return channel.url if channel else f"https://www.youtube.com/playlist?list={source_id}"
