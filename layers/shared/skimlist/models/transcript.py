"""The captions of a video, from YouTube or uploaded by the user."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """One caption: its text, and its start and duration in seconds from the beginning of the video."""

    text: str
    start: float
    duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The captions of one video in one language.

    `translated_from` names the track that YouTube translated, if any. `is_given` captions were
    uploaded by the user, for themselves.
    """

    video_id: str
    language_code: str
    language: str
    is_generated: bool
    segments: tuple[Segment, ...]
    translated_from: str | None = None
    title: str | None = None
    channel: str | None = None
    duration_seconds: float | None = None
    is_given: bool = False

    @property
    def text(self) -> str:
        return "\n".join(segment.text for segment in self.segments)

    @property
    def caption_kind(self) -> str:
        if self.is_given:
            return "given"
        if self.translated_from:
            return "translated"
        return "automatic" if self.is_generated else "manual"

    @property
    def has_times(self) -> bool:
        """False for text that was uploaded without times."""
        return any(segment.start or segment.duration for segment in self.segments)

    @property
    def end_seconds(self) -> float:
        """The video's length, or the end of the last caption if YouTube did not give a length."""
        return self.duration_seconds or max((s.start + s.duration for s in self.segments), default=0.0)

    def to_json(self) -> str:
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["segments"] = [[s.text, s.start, s.duration] for s in self.segments]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Transcript:
        data = json.loads(text)
        data["segments"] = tuple(Segment(*segment) for segment in data["segments"])
        return cls(**data)
