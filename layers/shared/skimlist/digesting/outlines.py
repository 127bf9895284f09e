"""Summaries as statements: what a digest is made from and refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skimlist.models.summary import Summary
from skimlist.models.video import Item


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a video: the video's position in the batch, and the second; None is the whole video."""

    position: int
    start_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two on one line, and what it rests on. `heading` is the title of the chapter that it tells of."""

    text: str
    sources: tuple[Source, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a digest needs of one video: its `position` in the batch, the `gist` of it, and what can be referred to."""

    position: int
    item_id: str
    video_id: str
    title: str
    language: str = ""
    duration_seconds: float | None = None
    tags: tuple[str, ...] = ()
    gist: str = ""
    statements: tuple[Statement, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(said.heading for said in self.statements if said.heading)


def outline(item: Item, summary: Summary) -> Outline:
    """The outline of a video that has its place in the batch."""
    position = item.position or 0
    return Outline(
        position=position,
        item_id=item.id,
        video_id=item.video_id,
        title=item.title or summary.title,
        language=summary.language,
        duration_seconds=summary.duration_seconds,
        tags=summary.tags,
        gist=_one_line(summary.tldr),
        statements=tuple(_statements(position, summary)),
    )


def _statements(position: int, summary: Summary) -> Iterator[Statement]:
    """Chapters and key points by time; what is said twice comes once."""
    said: list[tuple[float | None, str, str]]
    said = [(chapter.start_seconds, _one_line(chapter.title), chapter.summary) for chapter in summary.chapters]
    said += [(point.start_seconds, "", point.text) for point in summary.key_points]
    texts = {text for _, _, text in said}
    for start, heading, text in sorted(said, key=lambda each: each[0] or 0.0):
        if heading or text in texts:
            yield Statement(_one_line(text), (Source(position, start),), heading)
        texts.discard(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
