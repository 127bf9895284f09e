"""What a model is asked for and what it answers, whichever model it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.models.summary import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.transcript import Transcript
from skimlist.summarizing.lines import Line
from skimlist.text.words import count_words


class Task(StrEnum):
    """What a request is about: the whole transcript, one part of it, the notes on all its parts, or a stretch of the
    video that its summary passed over.
    """

    WHOLE = "whole"
    PART = "part"
    NOTES = "notes"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long an answer should be; each number is a most."""

    words: int
    key_points: int
    chapters: int

    @property
    def statements(self) -> int:
        """About how many sentences that is."""
        return self.words // _WORDS_A_SENTENCE + self.key_points + self.chapters


_TARGETS = {
    SummaryLength.BRIEF: Target(words=80, key_points=3, chapters=5),
    SummaryLength.STANDARD: Target(words=220, key_points=6, chapters=8),
    SummaryLength.DETAILED: Target(words=550, key_points=12, chapters=15),
}
_WORDS_A_SENTENCE = 20
# A summary of fewer words than this share of what was said says more than the words themselves.
_LARGEST_SHARE = 0.3
_SECONDS_A_CHAPTER = 45
# Fewer notes than lines: else a request about the notes would be no shorter than the one that was too long.
_LINES_A_NOTE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model. `language` is the BCP 47 code of the captions, `options.language` that of the answer.

    `title`, `channel` and `duration_seconds` are those of the video; `most_notes` is how many notes may be taken on a
    part.
    """

    task: Task
    lines: tuple[Line, ...]
    length: SummaryLength
    options: SummaryOptions
    language: str
    title: str | None = None
    channel: str | None = None
    duration_seconds: float | None = None
    most_notes: int = 1

    @classmethod
    def for_all(cls, transcript: Transcript, settings: BatchSettings, lines: Sequence[Line]) -> Request:
        """What a model is asked if all lines of a video go into one request."""
        return cls(
            task=Task.WHOLE,
            lines=tuple(lines),
            length=settings.summary_length,
            options=settings.options,
            language=transcript.language_code,
            title=transcript.title,
            channel=transcript.channel,
            duration_seconds=transcript.duration_seconds,
        )

    @property
    def answer_language(self) -> str:
        return self.options.language or self.language

    @property
    def target(self) -> Target:
        """The length's target, held back where little was said."""
        wanted = _TARGETS[self.length]
        said = self._words_said(most=wanted.words / _LARGEST_SHARE)
        seconds = self.lines[-1].end - self.lines[0].start
        return Target(
            words=max(min(wanted.words, round(said * _LARGEST_SHARE)), 10),
            key_points=max(min(wanted.key_points, len(self.lines) // 3), 1),
            chapters=max(min(wanted.chapters, int(seconds // _SECONDS_A_CHAPTER)), 1),
        )

    @property
    def notes(self) -> int:
        """How many notes on a part are asked for at most, held back where little was said."""
        return max(min(self.most_notes, len(self.lines) // _LINES_A_NOTE), 1)

    def _words_said(self, most: float) -> int:
        """The words of the lines; no further is counted than there is reason to."""
        said = 0
        for line in self.lines:
            said += count_words(line.text)
            if said > most:
                break
        return said


@dataclass(frozen=True, slots=True)
class Point:
    """A statement and the number of the line that it rests on."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, by the number of its first line."""

    line: int
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said about a focus area, and the number of the line that says it; neither if it is not mentioned."""

    area: str
    line: int | None = None
    text: str = ""

    @property
    def found(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's answer, checked: every reference is to a line of the request. `dropped` counts those that were not.

    `focus` has one finding for each focus area that the model reported on; `language` is the one it is written in.
    Notes on a part are `key_points` and nothing else; an answer about a stretch has these and chapters.
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


# A statement in doubt comes with so many lines at most.
LINES_A_DOUBT = 8


@dataclass(frozen=True, slots=True)
class Doubt:
    """A statement with something that was not found in the captions, and lines that may tell what is right."""

    text: str
    missing: tuple[str, ...]
    lines: tuple[Line, ...]


class Model(Protocol):
    """What summarizes: one request in, one checked draft out. `answer` is called from several threads at once.

    `least_line_tokens` is how much text a numbered line holds at least: numbering every sentence costs tokens. A model
    is opened for one video; `spent` is all that its answers have cost, those of earlier tries and those that could not
    be used included.
    """

    spec: ModelSpec
    least_line_tokens: int

    @property
    def spent(self) -> Usage: ...

    def answer(self, request: Request) -> Draft: ...

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        """Statements as they should read, by their place among the doubts; empty where nothing supports one."""
        ...
