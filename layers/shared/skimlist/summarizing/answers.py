"""A language model's JSON answer, checked and turned into a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache
from typing import Any

from pydantic import Field, field_validator

from skimlist.llm.prompts import plain
from skimlist.llm.structured_answers import Part, UnusableAnswer, read_json, with_words
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section, Task
from skimlist.text.language import clearly_in
from skimlist.text.words import count_words

# A model that falls back into English or into the language of the captions is what there is to tell from the right one.
_LANGUAGE_OF_THE_PROMPT = "en"
# What is shorter than this share of what was asked for is no summary.
_LEAST_SHARE = 0.1
_SENTENCE_BORDER = re.compile(r"(?<=[.!?…؟।])\s+|(?<=[。！？])")


class KeyPointAnswer(Part):
    line: int
    text: str


class ChapterAnswer(Part):
    line: int
    title: str
    summary: str


class FocusAnswer(Part):
    area: str
    line: int
    text: str


class SummaryAnswer(Part):
    """Only the summary itself cannot be done without; the schema asks for everything."""

    title: str = ""
    tldr: str | None = None
    summary: str
    key_points: list[KeyPointAnswer] = Field(default_factory=list)
    chapters: list[ChapterAnswer] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    focus: list[FocusAnswer] = Field(default_factory=list)

    @field_validator("tldr", "summary")
    @classmethod
    def _has_words(cls, text: str | None) -> str | None:
        return text if text is None else with_words(text)


class NotesAnswer(Part):
    """What a part of a video is asked for."""

    notes: list[KeyPointAnswer]


@cache
def json_schema(task: Task) -> dict[str, Any]:
    """The answer's JSON schema, in the subset that strict structured outputs accept: everything is required."""
    schema = (NotesAnswer if task is Task.PART else SummaryAnswer).model_json_schema()
    for name, described in schema["properties"].items():
        schema["properties"][name] = {"type": "string"} if name == "tldr" else _without_default(described)
    return schema | {"required": list(schema["properties"])}


def _without_default(described: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if name != "default"}


def parse(content: str, request: Request) -> Draft:
    """The draft that an answer holds. Raises UnusableAnswer.

    References to lines that the request does not have are dropped and counted, chapters and key points come out in
    the order of the video, and no two chapters begin at the same line.
    """
    if request.task is Task.PART:
        return _notes(read_json(content, NotesAnswer).notes, request)
    answer = read_json(content, SummaryAnswer)
    words, wanted = count_words(answer.summary), request.target.words
    if words < wanted * _LEAST_SHARE:
        raise UnusableAnswer(f'"summary" has only {words} words of about {wanted}.')
    return _draft(answer, request)


def _notes(notes: Sequence[KeyPointAnswer], request: Request) -> Draft:
    points = _points(notes, {line.number for line in request.lines})
    if not points:
        raise UnusableAnswer('"notes" has none on a line of these captions.')
    return Draft(
        title="",
        tldr="",
        text="",
        key_points=points,
        chapters=(),
        tags=(),
        language=request.answer_language,
        dropped=len(notes) - len(points),
    )


def _points(answers: Iterable[KeyPointAnswer], known: Set[int]) -> tuple[Point, ...]:
    points = [Point(answer.line, answer.text) for answer in answers if answer.line in known and answer.text]
    return tuple(sorted(points, key=lambda point: point.line))


def _draft(answer: SummaryAnswer, request: Request) -> Draft:
    known = {line.number for line in request.lines}
    points = _points(answer.key_points, known)
    chapters = {
        chapter.line: Section(chapter.line, chapter.title, chapter.summary)
        for chapter in reversed(answer.chapters)
        if chapter.line in known and chapter.title
    }
    focus = tuple(_findings(answer.focus, request.options.focus_areas, known))
    return Draft(
        title=answer.title,
        tldr=answer.tldr or _first_sentence(answer.summary),
        text=answer.summary,
        key_points=points,
        chapters=tuple(chapters[line] for line in sorted(chapters)),
        tags=_unique(tag.lstrip("#").strip().lower() for tag in answer.tags),
        language=clearly_in(
            answer.summary, (_LANGUAGE_OF_THE_PROMPT, request.language), wanted=request.answer_language
        ),
        focus=focus,
        dropped=len(answer.key_points)
        + len(answer.chapters)
        - len(points)
        - len(chapters)
        + sum(finding.found and finding.line is None for finding in focus),
    )


def _findings(answers: Iterable[FocusAnswer], areas: Iterable[str], known: Set[int]) -> Iterator[Finding]:
    """One for each area that was asked for and reported on, in the order in which they were asked for."""
    reports = {plain(answer.area).casefold(): answer for answer in answers}
    for area in areas:
        if report := reports.get(plain(area).casefold()):
            yield Finding(area, report.line if report.text and report.line in known else None, report.text)


def _first_sentence(text: str) -> str:
    return _SENTENCE_BORDER.split(text, maxsplit=1)[0]


def _unique(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in tags if tag))
