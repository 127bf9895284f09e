"""Reads what a video's creator says about it: its description, its chapters, and when it was published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from math import inf
from typing import Any

from skimlist.formatting import printable, unescaped
from skimlist.models.addresses import address_pattern
from skimlist.models.transcript import CreatorChapter, Segment, Transcript
from skimlist.text.sentences import ends_sentence
from skimlist.youtube.captions import has_words
from skimlist.youtube.values import clean_name

# YouTube's limits: a description has 5,000 characters, and chapters are shown if the first one starts at 0:00, there
# are at least three of them in ascending order, and each is at least ten seconds long
# (https://support.google.com/youtube/answer/9884579).
_MAX_DESCRIPTION = 5_000
_LEAST_CHAPTERS, _LEAST_SECONDS = 3, 10.0
# With more, such as the songs of a long playlist, a model would write a sentence for each.
_MAX_CHAPTERS = 60
_MAX_TITLE_LENGTH = 100
# Assumed of a description that is too short to tell.
_USUAL_LANGUAGE = "en"

# In the watch page's data; chapters that YouTube made itself have the key AUTO_CHAPTERS.
_CHAPTERS_IN_PAGE = re.compile(r'"key":\s*"DESCRIPTION_CHAPTERS",\s*"value":\s*')
_TITLE_IN_PAGE = re.compile(r'<meta name="title" content="(?P<name>[^"]{0,1000})"')
_CHANNEL_IN_PAGE = re.compile(r'<link itemprop="name" content="(?P<name>[^"]{0,1000})"')
_CLOCK = r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)"
_TIME_FIRST = re.compile(rf"^[\W_]*{_CLOCK}(?!:?\d)[\])]?[\s:|.–—>~•-]*(?P<title>\S.*)$")
_TIME_LAST = re.compile(rf"^(?P<title>.{{1,200}}?)[\s:|–—>~•(\[-]{{1,5}}{_CLOCK}[\W_]{{0,5}}$")
_HASHTAG = re.compile(r"#\w+")


def names_in_page(page: str) -> tuple[str | None, str | None]:
    """Returns the title and channel of the video on the page where it plays; None if the page does not name them."""
    title, channel = (pattern.search(page) for pattern in (_TITLE_IN_PAGE, _CHANNEL_IN_PAGE))
    return _name(title), _name(channel)


def description_of(player: Any) -> str | None:
    """Returns the description with its line breaks; None if there is none."""
    try:
        return clean_description(player["videoDetails"]["shortDescription"])
    except (LookupError, TypeError):
        return None


def clean_description(text: Any) -> str | None:
    """Returns a description of limited length with its line breaks; None if it is not a text or is empty."""
    if not isinstance(text, str):
        return None
    lines = (printable(line) for line in text[:_MAX_DESCRIPTION].splitlines())
    return "\n".join(lines).strip() or None


def creator_chapters(
    watch_page: str, description: str | None, duration_seconds: float | None
) -> tuple[CreatorChapter, ...]:
    """Returns the chapters that the player shows or, if the page does not have them, those of the description."""
    return valid_chapters(_chapters_of_page(watch_page), description, duration_seconds)


def valid_chapters(
    found: Iterable[tuple[Any, Any]], description: str | None, duration_seconds: float | None
) -> tuple[CreatorChapter, ...]:
    """Returns the chapters with these titles and seconds or, if they are not in order, those of the description."""
    shown = tuple(_valid(found))
    if 1 < len(shown) <= _MAX_CHAPTERS and all(before.start < after.start for before, after in pairwise(shown)):
        return shown
    written = tuple(_valid(_chapters_of_description(description or "")))
    return written if _are_chapters(written, duration_seconds) else ()


def described_video(video_id: str, details: Mapping[str, Any]) -> Transcript | None:
    """Returns the description of a video without captions as its transcript; None if the description says nothing.

    `details` are the fields of a transcript that YouTube gives for a video, besides its captions.
    """
    segments = description_segments(details["title"], details["description"], details["chapters"])
    if not details["description"] or not has_words(segments):
        return None
    # Imported late: few videos need the lists of words.
    from skimlist.text.language import likeliest_language  # noqa: PLC0415

    code = likeliest_language(" ".join(segment.text for segment in segments)) or _USUAL_LANGUAGE
    return Transcript(
        video_id=video_id,
        language_code=code,
        language=code,
        is_generated=False,
        is_description=True,
        segments=segments,
        **details,
    )


def description_segments(
    title: str | None, description: str | None, chapters: Sequence[CreatorChapter]
) -> tuple[Segment, ...]:
    """Returns what the description says as sentences without times; addresses and hashtags are left out.

    The titles of the chapters, or of what else the description gives a time for, are one sentence at the end.
    """
    lines = [_HASHTAG.sub("", address_pattern().sub("", line)).strip() for line in (description or "").splitlines()]
    timed = [found["title"].strip() for line in lines if (found := _TIME_FIRST.match(line) or _TIME_LAST.match(line))]
    said = [line for line in lines if not (_TIME_FIRST.match(line) or _TIME_LAST.match(line))]
    contents = "; ".join(timed or [chapter.title for chapter in chapters])
    return tuple(Segment(_as_sentence(text), 0.0, 0.0) for text in (title or "", *said, contents) if text)


def _as_sentence(text: str) -> str:
    return text if ends_sentence(text) else f"{text.rstrip(' :;,–—-')}."


def _name(found: re.Match[str] | None) -> str | None:
    return clean_name(unescaped(found["name"])) if found else None


def _chapters_of_page(page: str) -> Iterator[tuple[Any, Any]]:
    """Yields titles and seconds of unknown types."""
    start = _CHAPTERS_IN_PAGE.search(page)
    if start is None:
        return
    with suppress(ValueError, RecursionError, LookupError, TypeError):
        value, _ = json.JSONDecoder().raw_decode(page, start.end())
        for each in value["chapters"]:
            chapter = each["chapterRenderer"]
            title = chapter["title"]
            text = title.get("simpleText") or "".join(run["text"] for run in title["runs"])
            yield text, chapter["timeRangeStartMillis"] / 1000


def _chapters_of_description(description: str) -> Iterator[tuple[str, float]]:
    """Yields the lines that begin with a time or, if none does, those that end with one."""
    lines = description.splitlines()
    for pattern in (_TIME_FIRST, _TIME_LAST):
        found = [match for line in lines if (match := pattern.match(line))]
        if len(found) >= _LEAST_CHAPTERS:
            yield from ((match["title"], _seconds(match)) for match in found)
            return


def _seconds(clock: re.Match[str]) -> float:
    return float(int(clock["hours"] or 0) * 3600 + int(clock["minutes"]) * 60 + int(clock["seconds"]))


def _valid(found: Iterable[tuple[Any, Any]]) -> Iterator[CreatorChapter]:
    for title, start in found:
        text = printable(title)[:_MAX_TITLE_LENGTH].rstrip() if isinstance(title, str) else ""
        if text and isinstance(start, int | float):
            yield CreatorChapter(text, float(start))


def _are_chapters(chapters: Sequence[CreatorChapter], duration_seconds: float | None) -> bool:
    """Whether these are chapters by YouTube's rules, and not just some times that a description mentions."""
    if not _LEAST_CHAPTERS <= len(chapters) <= _MAX_CHAPTERS or chapters[0].start != 0:
        return False
    ends = [*(chapter.start for chapter in chapters[1:]), duration_seconds or inf]
    return all(end - chapter.start >= _LEAST_SECONDS for chapter, end in zip(chapters, ends, strict=True))
