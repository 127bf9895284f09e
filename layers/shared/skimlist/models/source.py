"""A playlist or channel as YouTube describes it before its videos are read."""

from __future__ import annotations

from dataclasses import dataclass

from skimlist.models.problem import Problem


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """A playlist or channel to describe; `offset` is the number of a channel's playlists to skip."""

    source_id: str
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlaylist:
    """A playlist on the page of its channel; `videos` is their number, None if YouTube does not give it."""

    id: str
    title: str
    videos: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDescription:
    """A playlist or channel by its `source_id`, as YouTube describes it; `channel` is who published it.

    `videos` is their number. A tab of playlists has a page of these instead, and `next_offset` if there are more.
    """

    source_id: str
    title: str
    channel: str | None = None
    channel_id: str | None = None
    videos: int | None = None
    playlists: tuple[ChannelPlaylist, ...] | None = None
    next_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAnswer:
    """A description, or the reason why there is none."""

    description: SourceDescription | None = None
    error: Problem | None = None
