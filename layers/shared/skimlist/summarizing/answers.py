"""Checks a language model's JSON answer and turns it into a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import asdict
from typing import Any

from pydantic import Field, field_validator, model_validator

from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT, sanitize
from skimlist.llm.schemas import bounded_text, one_each
from skimlist.llm.structured_answers import Part, UnusableAnswer, read_json, with_words
from skimlist.summarizing.bounds import (
    CHAPTER_TITLE_CHARACTERS,
    MAX_TAGS,
    REPORT_CHARACTERS,
    SENTENCE_CHARACTERS,
    TAG_CHARACTERS,
    TITLE_CHARACTERS,
    TLDR_CHARACTERS,
    bounds,
    spread,
    whole_sentences,
)
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section, Task
from skimlist.summarizing.lines import Line
from skimlist.summarizing.repetitions import unique, without_repeated_sentences
from skimlist.text.language import clearly_in
from skimlist.text.splitting import sentences
from skimlist.text.words import count_words

# A text with less than this share of the requested words is not a summary.
_MIN_SHARE = 0.1
# The prompt gives the video's length in this form.
_TIME = re.compile(r"\d{1,2}(?::\d\d){1,2}|h:mm:ss")
# The line number in a report on a focus area that the video does not mention.
NO_LINE = 0


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
    """The answer to a request for a summary. The schema asks for all fields, but only `summary` is indispensable."""

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


class RepairedAnswer(SummaryAnswer):
    """An answer with some fields of a summary."""

    summary: str = ""

    @model_validator(mode="after")
    def _has_a_field(self) -> RepairedAnswer:
        if not self.model_fields_set:
            raise ValueError("has none of the fields that were asked for")
        return self


class NotesAnswer(Part):
    """The answer to a request for notes on a part of a video."""

    notes: list[KeyPointAnswer]


def json_schema(request: Request, fields: Sequence[str] = ()) -> dict[str, Any]:
    """Returns the answer's JSON schema with all its bounds; the endpoint later drops bounds that it does not support.

    `fields` restricts a summary to these fields. The schema is in the subset that strict structured outputs accept:
    every property is required.
    """
    most = bounds(request)
    lines = _lines_of(request.lines)
    if request.task is Task.PART:
        return _object(notes=_list(_point(lines), most.notes))
    if request.task is Task.STRETCHES:
        on = request.places
        return _object(
            key_points=one_each(_point(_lines_of(stretch)) for stretch in on.key_points),
            chapters=one_each(_chapter(_lines_of(stretch)) for stretch in on.chapters),
        )
    report = _object(
        area={"type": "string"}, line=_line_in(range(NO_LINE, lines.stop)), text=bounded_text(REPORT_CHARACTERS)
    )
    summary = _object(
        title=bounded_text(TITLE_CHARACTERS),
        tldr=bounded_text(TLDR_CHARACTERS),
        summary=bounded_text(most.summary_characters),
        key_points=_list(_point(lines), most.key_points),
        chapters=_list(_chapter(lines), most.chapters),
        tags=_list(bounded_text(TAG_CHARACTERS), MAX_TAGS),
        focus=_list(report, most.focus),
    )
    return _object(**{field: summary["properties"][field] for field in fields}) if fields else summary


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


def _point(lines: range) -> dict[str, Any]:
    return _object(line=_line_in(lines), text=bounded_text(SENTENCE_CHARACTERS))


def _chapter(lines: range) -> dict[str, Any]:
    return _object(
        line=_line_in(lines), title=bounded_text(CHAPTER_TITLE_CHARACTERS), summary=bounded_text(SENTENCE_CHARACTERS)
    )


def _line_in(lines: range) -> dict[str, Any]:
    return {"type": "integer", "minimum": lines.start, "maximum": lines.stop - 1}


def _lines_of(lines: Sequence[Line]) -> range:
    return range(lines[0].number, lines[-1].number + 1)


def parse(content: str, request: Request) -> Draft:
    """Parses an answer into a draft. Raises UnusableAnswer.

    References to lines that the request does not have are removed and counted. Chapters and key points are put into the
    order of the video, and no two chapters begin at the same line. Anything over the limits is removed: key points,
    chapters and notes are kept so that they are spread over the video, the first tags are kept, and texts that are too
    long are cut after their last whole sentence. What says the same as something before it, or as the video's title, is
    removed.
    """
    if request.task is Task.PART:
        return _notes(read_json(content, NotesAnswer).notes, request)
    answer = read_json(content, SummaryAnswer)
    words, wanted = count_words(answer.summary), request.target.words
    if words < wanted * _MIN_SHARE:
        raise UnusableAnswer(f'"summary" has only {words} words of about {wanted}.')
    return _draft(answer, request)


def parse_fields(content: str, request: Request) -> Draft:
    """Parses an answer with some fields, to a repair or about stretches, into a draft whose other fields are empty.

    Raises UnusableAnswer.
    """
    return _draft(read_json(content, RepairedAnswer), request)


def as_answer(draft: Draft, fields: Iterable[str]) -> dict[str, Any]:
    """Returns fields of a draft in the form in which a model writes them."""
    answer = {
        "title": draft.title,
        "tldr": draft.tldr,
        "summary": draft.text,
        "key_points": [asdict(point) for point in draft.key_points],
        "chapters": [asdict(chapter) for chapter in draft.chapters],
        "tags": list(draft.tags),
        "focus": [
            {"area": finding.area, "line": finding.line or NO_LINE, "text": finding.text} for finding in draft.focus
        ],
    }
    return {field: answer[field] for field in fields}


def _notes(notes: Sequence[KeyPointAnswer], request: Request) -> Draft:
    points = _points(notes, request)
    if not points:
        raise UnusableAnswer('"notes" has none on a line of these captions.')
    return Draft(
        title="",
        tldr="",
        text="",
        key_points=spread(unique(points, lambda point: point.text), bounds(request).notes),
        chapters=(),
        tags=(),
        language=request.answer_language,
        dropped=len(notes) - len(points),
    )


def _numbers(request: Request) -> Set[int]:
    return {line.number for line in request.lines}


def _points(answers: Iterable[KeyPointAnswer], request: Request) -> list[Point]:
    known, language = _numbers(request), request.answer_language
    return [
        Point(answer.line, _cleaned(answer.text, SENTENCE_CHARACTERS, language))
        for answer in answers
        if answer.line in known and answer.text
    ]


def _chapters(answers: Sequence[ChapterAnswer], request: Request) -> list[Section]:
    """Returns the chapters on known lines; if several begin at the same line, the first of them."""
    known, language = _numbers(request), request.answer_language
    sections = {
        chapter.line: Section(
            chapter.line,
            whole_sentences(_title(chapter, language), CHAPTER_TITLE_CHARACTERS, language),
            _cleaned(chapter.summary, SENTENCE_CHARACTERS, language),
        )
        for chapter in reversed(answers)
        if chapter.line in known and chapter.title
    }
    return sorted(sections.values(), key=lambda section: section.line)


def _title(chapter: ChapterAnswer, language: str) -> str:
    """Returns a chapter's title, or its first sentence if a model has repeated the number of its line or a time."""
    is_empty = chapter.title == str(chapter.line) or not count_words(_TIME.sub("", chapter.title))
    first = sentences(chapter.summary, language)[:1] if is_empty else []
    return first[0] if first else chapter.title


def _cleaned(text: str, most_characters: int, language: str) -> str:
    return without_repeated_sentences(whole_sentences(text, most_characters, language), language)


def _draft(answer: SummaryAnswer, request: Request) -> Draft:
    most, language = bounds(request), request.answer_language
    points, chapters = _points(answer.key_points, request), _chapters(answer.chapters, request)
    focus = tuple(_findings(answer.focus, request))
    metadata = [text for text in (request.title, request.channel) if text]
    # Those of the creator may have the same title.
    titled = chapters if request.creator_chapters else unique(chapters, lambda chapter: chapter.title)
    references = len(answer.key_points) + len(answer.chapters)
    return Draft(
        title=whole_sentences(answer.title, TITLE_CHARACTERS, language),
        tldr=_cleaned(answer.tldr or "".join(sentences(answer.summary, language)[:1]), TLDR_CHARACTERS, language),
        text=_cleaned(answer.summary, most.summary_characters, language),
        key_points=spread(unique(points, lambda point: point.text, metadata), most.key_points),
        chapters=spread(unique(titled, lambda chapter: chapter.summary, metadata), most.chapters),
        tags=_unique(tag.lstrip("#").strip().lower() for tag in answer.tags)[:MAX_TAGS],
        language=clearly_in(answer.summary, (LANGUAGE_OF_THE_PROMPT, request.language), wanted=language),
        focus=focus,
        dropped=references
        - len(points)
        - len(chapters)
        + sum(finding.found and finding.line is None for finding in focus),
    )


def _findings(answers: Iterable[FocusAnswer], request: Request) -> Iterator[Finding]:
    """Yields a finding for each requested area that was reported on, in the order of the request."""
    reports = {sanitize(answer.area).casefold(): answer for answer in answers}
    known = _numbers(request)
    for area in request.options.focus_areas:
        if report := reports.get(sanitize(area).casefold()):
            text = whole_sentences(report.text, REPORT_CHARACTERS, request.answer_language)
            yield Finding(area, report.line if text and report.line in known else None, text)


def _unique(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in tags if tag))
