"""A language model's JSON answer, checked and turned into a draft."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from skimlist.summarizing.drafts import Draft, Point, Request, Section

# Some models write what they think ahead of their answer.
_END_OF_THOUGHT = "</think>"


class UnusableAnswer(ValueError):
    """Says what is wrong with an answer, in words that the model can act on."""


class _Part(BaseModel):
    # What a model adds is ignored, but a strict schema has to forbid it.
    model_config = ConfigDict(
        extra="ignore", str_strip_whitespace=True, json_schema_extra={"additionalProperties": False}
    )


class KeyPointAnswer(_Part):
    line: int
    text: str


class ChapterAnswer(_Part):
    line: int
    title: str
    summary: str


class SummaryAnswer(_Part):
    title: str
    tldr: str
    summary: str
    key_points: list[KeyPointAnswer]
    chapters: list[ChapterAnswer]
    tags: list[str]
    not_mentioned: list[str]

    @field_validator("tldr", "summary")
    @classmethod
    def has_words(cls, text: str) -> str:
        if not any(character.isalnum() for character in text):
            raise ValueError("must not be empty")
        return text


def json_schema() -> dict[str, Any]:
    """The answer's JSON schema, in the subset that strict structured outputs accept."""
    return SummaryAnswer.model_json_schema()


def parse(content: str, request: Request) -> Draft:
    """The draft that an answer holds; text around the JSON object is passed over. Raises UnusableAnswer.

    References to lines that the request does not have are dropped and counted, chapters and key points come out in
    the order of the video, and no two chapters begin at the same line.
    """
    content = content.rpartition(_END_OF_THOUGHT)[2]
    start, end = content.find("{"), content.rfind("}")
    if start < 0 or end < start:
        raise UnusableAnswer("it holds no JSON object.")
    try:
        answer = SummaryAnswer.model_validate_json(content[start : end + 1])
    except ValidationError as error:
        raise UnusableAnswer(_problems(error)) from error
    return _draft(answer, request)


def _problems(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return json.dumps({".".join(map(str, item["loc"])) or "JSON": item["msg"] for item in found[:10]})


def _draft(answer: SummaryAnswer, request: Request) -> Draft:
    known = {line.number for line in request.lines}
    points = [Point(point.line, point.text) for point in answer.key_points if point.line in known and point.text]
    chapters = {
        chapter.line: Section(chapter.line, chapter.title, chapter.summary)
        for chapter in reversed(answer.chapters)
        if chapter.line in known and chapter.title
    }
    return Draft(
        title=answer.title,
        tldr=answer.tldr,
        text=answer.summary,
        key_points=tuple(sorted(points, key=lambda point: point.line)),
        chapters=tuple(chapters[line] for line in sorted(chapters)),
        tags=_unique(tag.lstrip("#").strip().lower() for tag in answer.tags),
        language=request.answer_language,
        not_mentioned=tuple(area for area in request.options.focus_areas if area in answer.not_mentioned),
        dropped=len(answer.key_points) + len(answer.chapters) - len(points) - len(chapters),
    )


def _unique(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in tags if tag))
