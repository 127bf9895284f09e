"""Outlines of summaries: the statements that a digest is made from and cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skimlist.models.summary import Summary
from skimlist.models.video import Item


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a video: the video's position in the batch, and the second; None means the whole video."""

    position: int
    start_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two on one line, with sources. `heading` is the title of the chapter that it summarizes."""

    text: str
    sources: tuple[Source, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A video as the digest needs it: its `position` in the batch, its `gist`, and statements that can be cited.

    It `is_described` if its summary was made from the description only.
    """

    position: int
    item_id: str
    video_id: str
    title: str
    language: str = ""
    duration_seconds: float | None = None
    is_described: bool = False
    tags: tuple[str, ...] = ()
    gist: str = ""
    statements: tuple[Statement, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(said.heading for said in self.statements if said.heading)


def outline(item: Item, summary: Summary) -> Outline:
    """Returns the outline of a video that has a position in the batch."""
    position = item.position or 0
    return Outline(
        position=position,
        item_id=item.id,
        video_id=item.video_id,
        title=item.title or summary.title,
        language=summary.language,
        duration_seconds=summary.duration_seconds,
        is_described=item.is_described,
        tags=summary.tags,
        gist=_one_line(summary.tldr),
        statements=tuple(_statements(position, summary)),
    )


def _statements(position: int, summary: Summary) -> Iterator[Statement]:
    """Yields chapters and key points by time, without repeated texts."""
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
