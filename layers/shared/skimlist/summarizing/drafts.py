"""Requests to a model and its answers, the same for every model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.models.settings import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.transcript import CreatorChapter, Transcript
from skimlist.summarizing.lines import Line
from skimlist.summarizing.stretches import Places, Stretch, places
from skimlist.text.words import count_words


class Task(StrEnum):
    """The subject of a request: the whole transcript, one part of it, the notes on all parts, or the stretches that the
    summary does not cover.
    """

    WHOLE = "whole"
    PART = "part"
    NOTES = "notes"
    STRETCHES = "stretches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The length of an answer; each number is a maximum."""

    words: int
    key_points: int
    chapters: int

    @property
    def statements(self) -> int:
        """The approximate number of sentences in an answer of this length."""
        return self.words // _WORDS_A_SENTENCE + self.key_points + self.chapters


_TARGETS = {
    SummaryLength.BRIEF: Target(words=80, key_points=3, chapters=5),
    SummaryLength.STANDARD: Target(words=220, key_points=6, chapters=8),
    SummaryLength.DETAILED: Target(words=550, key_points=12, chapters=15),
}
_WORDS_A_SENTENCE = 20
# A summary has at most this share of the words that were spoken; a longer one would save its reader too little.
_MAX_SHARE = 0.3
_SECONDS_A_CHAPTER = 45
# Creators round the start of a chapter, so its first line may begin a little earlier.
_SECONDS_BEFORE_A_CHAPTER = 2.0
# There are fewer notes than lines; otherwise a request about the notes would be as long as the one that was too long.
_LINES_A_NOTE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to a model. `language` is the BCP 47 code of the captions, `options.language` that of the answer.

    `title`, `channel`, `duration_seconds` and `creator_chapters` are the video's; `most_notes` is the maximum number of
    notes on a part. A request about stretches has their lines, and `stretches` divides these: at most one key point and
    one chapter are asked for on each. If `is_description`, the lines are the video's description and not its captions.
    """

    task: Task
    lines: tuple[Line, ...]
    length: SummaryLength
    options: SummaryOptions
    language: str
    title: str | None = None
    channel: str | None = None
    duration_seconds: float | None = None
    creator_chapters: tuple[CreatorChapter, ...] = ()
    is_description: bool = False
    most_notes: int = 1
    stretches: tuple[Stretch, ...] = ()

    @classmethod
    def for_all(cls, transcript: Transcript, settings: BatchSettings, lines: Sequence[Line]) -> Request:
        """Returns a request about all lines of a video."""
        return cls(
            task=Task.WHOLE,
            lines=tuple(lines),
            length=settings.summary_length,
            options=settings.options,
            language=transcript.language_code,
            title=transcript.title,
            channel=transcript.channel,
            duration_seconds=transcript.duration_seconds,
            creator_chapters=transcript.chapters if transcript.has_times else (),
            is_description=transcript.is_description,
        )

    @property
    def answer_language(self) -> str:
        return self.options.language or self.language

    @property
    def target(self) -> Target:
        """The target for the chosen length, lowered if little was said."""
        wanted = _TARGETS[self.length]
        said = self._words_said(most=wanted.words / _MAX_SHARE)
        stretches = self.stretches or (self.lines,)
        seconds = sum(stretch[-1].end - stretch[0].start for stretch in stretches)
        most = len(self.stretches) or len(self.lines)
        return Target(
            words=max(min(wanted.words, round(said * _MAX_SHARE)), 10),
            key_points=max(min(wanted.key_points, len(self.lines) // 3, most), 1),
            chapters=len(self.chapter_lines) or max(min(wanted.chapters, int(seconds // _SECONDS_A_CHAPTER), most), 1),
        )

    @property
    def places(self) -> Places:
        """The stretches for the key points and for the chapters of a request about stretches."""
        target = self.target
        return places(self.stretches, key_points=target.key_points, chapters=target.chapters)

    @property
    def chapter_lines(self) -> Mapping[int, CreatorChapter]:
        """The creator's chapters by the number of the line at which each begins; only the first of several on a line.

        Chapters without speech, for which no line is left, are missing.
        """
        found: dict[int, CreatorChapter] = {}
        numbers = [line.number for line in self.lines]
        starts = [line.start for line in self.lines]
        for chapter in self.creator_chapters:
            place = bisect_left(starts, chapter.start - _SECONDS_BEFORE_A_CHAPTER)
            if place < len(numbers):
                found.setdefault(numbers[place], chapter)
        return found

    @property
    def notes(self) -> int:
        """The maximum number of notes on a part, lowered if little was said."""
        return max(min(self.most_notes, len(self.lines) // _LINES_A_NOTE), 1)

    def _words_said(self, most: float) -> int:
        """Counts the words of the lines, and stops once there are more than `most`."""
        said = 0
        for line in self.lines:
            said += count_words(line.text)
            if said > most:
                break
        return said


@dataclass(frozen=True, slots=True)
class Point:
    """A statement and the number of the line that supports it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter and the number of its first line."""

    line: int
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A report on a focus area, and the number of the line that supports it; neither if it is not mentioned."""

    area: str
    line: int | None = None
    text: str = ""

    @property
    def found(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's answer, in which every reference is to a line of the request. `dropped` counts the removed references.

    `focus` has one finding for each focus area that the model reported on; `language` is the language of the texts.
    Notes on a part have `key_points` only; an answer about stretches has key points and chapters.
    """

    title: str
    tldr: str
    text: str
    key_points: tuple[Point, ...]
    chapters: tuple[Section, ...]
    tags: tuple[str, ...]
    language: str
    focus: tuple[Finding, ...] = ()
    dropped: int = 0


class Model(Protocol):
    """Summarizes: takes one request and returns one checked draft. `answer` is called from several threads at once.

    `least_line_tokens` is the minimum size of a numbered line, because numbering every sentence costs tokens. A model
    is opened for one video; `spent` is the usage of all its answers, including unusable ones and those of earlier
    attempts.
    """

    spec: ModelSpec
    least_line_tokens: int

    @property
    def spent(self) -> Usage: ...

    def answer(self, request: Request) -> Draft: ...

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        """Returns corrected statements by index in `doubts`; a text is empty if nothing supports its statement."""
        ...
