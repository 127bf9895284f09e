"""The captions of a video, from YouTube or uploaded by the user."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Segment:
    """One caption: its text, and its start and duration in seconds from the beginning of the video."""

    text: str
    start: float
    duration: float


class CreatorChapter(NamedTuple):
    """A chapter as the video's creator named it, and the second at which it starts."""

    title: str
    start: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The captions of one video in one language, with what its creator says about it.

    `translated_from` names the track that YouTube translated, if any. `is_given` captions were uploaded by the user,
    for themselves; a speech-to-text program wrote those that are `is_transcribed`. If it `is_description`, the
    video has no captions, and the segments are its title, description and titles of chapters, without times.
    """

    video_id: str
    language_code: str
    language: str
    is_generated: bool
    segments: tuple[Segment, ...]
    translated_from: str | None = None
    title: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    duration_seconds: float | None = None
    is_given: bool = False
    is_transcribed: bool = False
    is_description: bool = False
    description: str | None = None
    published_at: datetime | None = None
    chapters: tuple[CreatorChapter, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(segment.text for segment in self.segments)

    @property
    def caption_kind(self) -> str:
        if self.is_description:
            return "description"
        if self.is_transcribed:
            return "transcribed"
        if self.is_given:
            return "given"
        if self.translated_from:
            return "translated"
        return "automatic" if self.is_generated else "manual"

    @property
    def has_times(self) -> bool:
        """False of a description, and of text that was uploaded without times."""
        return any(segment.start or segment.duration for segment in self.segments)

    @property
    def end_seconds(self) -> float:
        """The video's length, or the end of the last caption if YouTube did not give a length."""
        return self.duration_seconds or max((s.start + s.duration for s in self.segments), default=0.0)

    def to_json(self) -> str:
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["segments"] = [[s.text, s.start, s.duration] for s in self.segments]
        data["published_at"] = self.published_at and self.published_at.isoformat()
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Transcript:
        data = json.loads(text)
        data["segments"] = tuple(Segment(*segment) for segment in data["segments"])
        data["chapters"] = tuple(CreatorChapter(*chapter) for chapter in data.get("chapters", ()))
        published_at = data.get("published_at")
        data["published_at"] = published_at and datetime.fromisoformat(published_at)
        return cls(**data)
