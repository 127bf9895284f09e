"""Pydantic models of a selection: which videos of playlists and channels are wanted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from bases import Request, View
from pydantic import Field, StringConstraints, model_validator

from skimlist.codec import decode
from skimlist.jobs.queue_editor import MAX_VIDEOS
from skimlist.models.selection import Selection

_WEEK = 7 * 86_400
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Seconds = Annotated[int, Field(ge=1, le=_WEEK)]


class Select(Request):
    """Conditions that a video of a playlist or channel has to meet, all of them.

    The others are listed as left out, each with the reason, and can be put back; nothing is fetched for them. A video
    whose length or date YouTube does not tell is left out if that matters.
    """

    newest: int | None = Field(
        default=None, ge=1, le=MAX_VIDEOS, description="Of what meets all other conditions, so many of the newest."
    )
    since: date | None = Field(default=None, description="First day of upload (UTC).")
    until: date | None = Field(default=None, description="Last day of upload (UTC).")
    min_duration_seconds: Seconds | None = None
    max_duration_seconds: Seconds | None = None
    shorts: bool = Field(default=True, description="False leaves out Shorts.")
    streams: bool = Field(default=True, description="False leaves out live streams and their recordings.")
    premieres: bool = Field(
        default=True, description="False leaves out premieres; past ones are recognized only through the Data API."
    )
    title_includes: list[Words] = Field(
        default_factory=list, max_length=20, description="The title has one of these words or phrases."
    )
    title_excludes: list[Words] = Field(
        default_factory=list, max_length=20, description="The title has none of these words or phrases."
    )
    not_in_history: bool = Field(default=False, description="True leaves out videos that you have a summary of.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("The day `since` is after the day `until`.")
        if (self.min_duration_seconds or 0) > (self.max_duration_seconds or _WEEK):
            raise ValueError("`min_duration_seconds` is more than `max_duration_seconds`.")
        return self

    def to_model(self) -> Selection:
        return decode(Selection, self.model_dump(mode="json"))


class SelectionView(View):
    """The conditions that the videos of a playlist or channel had to meet."""

    newest: int | None
    since: date | None
    until: date | None
    min_duration_seconds: int | None
    max_duration_seconds: int | None
    shorts: bool
    streams: bool
    premieres: bool
    title_includes: list[str]
    title_excludes: list[str]
    not_in_history: bool
