"""Gives a summary the chapters of the video's creator, with the model's sentence about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skimlist.models.summary import Chapter
from skimlist.models.transcript import CreatorChapter
from skimlist.summarizing.drafts import Draft, Request, Section


def with_creator_chapters(draft: Draft, request: Request) -> Draft:
    """Returns the draft with the creator's chapters, if the video has any, in place of the model's.

    Each gets the sentence that the model wrote about the chapter with this title, or else on this line.
    """
    if not request.creator_chapters:
        return draft
    by_title = {section.title.casefold(): section for section in reversed(draft.chapters)}
    by_line = {section.line: section for section in draft.chapters}
    chapters: list[Section] = []
    for line, chapter in request.chapter_lines.items():
        title, here = chapter.title.casefold(), by_line.get(line)
        found = here if here and here.title.casefold() == title else by_title.get(title) or here
        chapters.append(Section(line, chapter.title, found.summary if found else ""))
    return replace(draft, chapters=tuple(chapters))


def creators(checked: Sequence[Chapter], request: Request, chapters: Sequence[CreatorChapter]) -> tuple[Chapter, ...]:
    """Returns all of the creator's chapters at their own times, with the sentences and checks of those with speech.

    `checked` are the chapters of a draft with the creator's chapters, which begin at lines; some may be missing.
    """
    spoken = set(request.chapter_lines.values())
    left = list(checked)
    found: list[Chapter] = []
    for chapter in chapters:
        if chapter in spoken and left and left[0].title == chapter.title:
            found.append(replace(left.pop(0), start_seconds=chapter.start))
        else:
            found.append(Chapter(title=chapter.title, start_seconds=chapter.start))
    return tuple(found)
