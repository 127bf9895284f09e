"""Pydantic models of the requests and responses about playlists and channels that are not in a batch yet."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from bases import Request, View
from pydantic import Field, StringConstraints, model_validator
from schemas import Problem

from skimlist.models.channel import Channel, source_url
from skimlist.models.source import SourceAnswer, SourceDescription

MAX_SOURCES = 20


class DescribeSources(Request):
    """Playlists and channels to look up."""

    sources: list[Annotated[str, StringConstraints(min_length=1, max_length=2_000)]] = Field(
        min_length=1, max_length=MAX_SOURCES, description="A link to a playlist or channel each, or its id."
    )
    # A page of playlists has 100 and at most 500 are read; beyond that, one request would use up YouTube's quota.
    cursor: Annotated[str, StringConstraints(pattern=r"^[1-4]00$")] | None = Field(
        default=None, description="`next_cursor` of a page of playlists; for one source only."
    )

    @model_validator(mode="after")
    def _one_page(self) -> Self:
        if self.cursor and len(self.sources) > 1:
            raise ValueError("`cursor` belongs to one source; ask about the others in another request.")
        return self


class SourceKind(StrEnum):
    """`channel_playlists` is a page of a channel that lists playlists, from which one has to choose."""

    PLAYLIST = "playlist"
    CHANNEL = "channel"
    CHANNEL_PLAYLISTS = "channel_playlists"


class ListedPlaylistView(View):
    """A playlist on the page of its channel."""

    id: str
    url: str
    title: str
    videos: int | None


class DescriptionView(View):
    """A playlist or channel as YouTube describes it, or the `error` that says why it could not be looked up."""

    source: str = Field(description="The source as the request has it.")
    id: str = Field(description="The id of a playlist, or `channel` as a line of the validation has it.")
    kind: SourceKind
    url: str
    title: str | None
    channel: str | None = Field(description="Name of the channel that published it.")
    channel_id: str | None
    videos: int | None = Field(description="Number of its videos, including unavailable ones, if YouTube tells it.")
    playlists: list[ListedPlaylistView] | None = Field(
        description="Of a page of playlists, up to 100 of them; null for anything else."
    )
    next_cursor: str | None = Field(description="Leads to the following playlists; null if there are no more.")
    error: Problem | None

    @classmethod
    def of(cls, source: str, source_id: str, answer: SourceAnswer) -> DescriptionView:
        found = answer.description
        about = {} if found is None else {name: getattr(found, name) for name in _SAME}
        return cls(
            source=source,
            id=source_id,
            kind=_kind(source_id),
            url=source_url(source_id),
            **{**dict.fromkeys(_SAME), **about},
            playlists=_playlists(found) if found else None,
            next_cursor=str(found.next_offset) if found and found.next_offset else None,
            error=Problem.model_validate(answer.error) if answer.error else None,
        )


_SAME = ("title", "channel", "channel_id", "videos")


def _playlists(found: SourceDescription) -> list[ListedPlaylistView] | None:
    if found.playlists is None:
        return None
    return [
        ListedPlaylistView(id=each.id, url=source_url(each.id), title=each.title, videos=each.videos)
        for each in found.playlists
    ]


def _kind(source_id: str) -> SourceKind:
    channel = Channel.from_source_id(source_id)
    if channel is None:
        return SourceKind.PLAYLIST
    return SourceKind.CHANNEL_PLAYLISTS if channel.tab and channel.tab.has_playlists else SourceKind.CHANNEL


class Descriptions(View):
    """One entry for each source of the request, in its order."""

    sources: list[DescriptionView]
