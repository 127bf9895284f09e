"""Writes the page of one summary: front matter for Obsidian, and Markdown that no title or caption can break."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from functools import partial
from typing import Any
from urllib.parse import quote

from skimlist.claim_checks.notice import chapter_notice, notice
from skimlist.export.entries import Entry
from skimlist.formatting import clock_time, duration, printable
from skimlist.models.addresses import time_url
from skimlist.models.batch import Batch
from skimlist.models.claim_check import ClaimCheck
from skimlist.models.summary import Chapter, Coverage, Focus, KeyPoint, Summary

# Everything that CommonMark, GFM, Obsidian or a common plugin reads as markup: links, tags, table cells, code,
# mathematics, footnotes, block ids, comments, highlights, fields (`key:: value`), placeholders (`{{title}}`) and
# addresses. Characters such as `=` and `:` are markup only next to certain others; the second of a pair is escaped, so
# that a program that looks for pairs finds none. The set of characters comes first because searching for it is fast.
_MARKUP = re.compile(
    r"[\\`\[\]<#|$~^{=%:/&.@]"
    r"(?:(?<![=%:/&.@])|(?<===)|(?<=%%)|(?<=::)|(?<=//)|(?<=&)(?=#?\w+;)"
    r"|(?<=[A-Za-z]:)(?=[/\w%?#])|(?<=[wW][wW][wW]\.)|(?<=\w@)(?=\w))"
)
_MARKUP_AND_EMPHASIS = re.compile(_MARKUP.pattern.replace("[", "[*_", 1))
# Text that would make a line a list or a quotation. In a block of several lines, lists may stay, but a line of dashes
# or equals signs would turn the line above it into a heading.
_BLOCK_START = re.compile(r"^\d*(?=[-+>.)])")
_PARAGRAPH_START = re.compile(r"(?=[>=]|-(?! \S))")

# Characters written as \uXXXX: those that JSON allows but YAML 1.2 does not (5.1 "Character Set") or reads as a line
# break, and those that plugins look for in the whole file without parsing its YAML: `<%` (Templater), `{{` (Templates)
# and `::` (Dataview).
_ESCAPED_IN_YAML = re.compile("[<{\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|(?<=:):")
# Dataview shows a property as Markdown, and runs code in it that begins with `=` or `$=`; Obsidian makes links of
# [[…]].
_MARKUP_IN_A_PROPERTY = re.compile(r"(?<=\[)(?=\[)|(?<=\])(?=\()|(?<=<)(?=[A-Za-z/!?])")

# Captions that are not YouTube's, in a word and in a sentence.
DESCRIPTION_ONLY = "from the description only"
_KINDS = {
    "given": "given by you",
    "transcribed": "transcribed by your program",
    "description": DESCRIPTION_ONLY,
}
NOT_FROM_YOUTUBE = frozenset(_KINDS)
_ORIGINS = {
    "given": "captions that you gave",
    "transcribed": "captions that your program transcribed",
    "description": "the description only, as it has no captions",
}

_TimeLinks = Callable[[float], str]

_encode_json = json.JSONEncoder(ensure_ascii=False).encode


def summary_page(batch: Batch, entry: Entry, summary: Summary) -> str:
    """Returns the whole `.md` file."""
    body = "\n".join(_body(batch, entry, summary, level=1))
    return f"{_front_matter(batch, entry, summary)}\n{body}"


def summary_section(batch: Batch, entry: Entry, summary: Summary) -> str:
    """The page without front matter and one heading level down, as part of a larger document."""
    return "\n".join(_body(batch, entry, summary, level=2))


def one_line(text: str) -> str:
    """Escapes text from outside for use within a line, so that it is never read as markup."""
    return _escaped(printable(text), _MARKUP_AND_EMPHASIS, _BLOCK_START)


def paragraphs(text: str) -> str:
    """Escapes running text from outside: paragraphs, lists and emphasis stay, all other markup is shown literally."""
    lines = (_escaped(printable(line), _MARKUP, _PARAGRAPH_START) for line in text.splitlines())
    return "\n".join(lines).strip()


def _escaped(line: str, markup: re.Pattern[str], block_start: re.Pattern[str]) -> str:
    # A function is faster than a template, which would be evaluated again for each line, even with nothing to escape.
    escaped = markup.sub(_as_text, line)
    start = block_start.match(escaped)
    return f"{start[0]}\\{escaped[start.end() :]}" if start else escaped


def _as_text(sign: re.Match[str]) -> str:
    # A backslash would leave `<%` in the file, which Templater runs wherever it finds it.
    return "&lt;" if sign[0] == "<" else f"\\{sign[0]}"


def time_link(video_id: str, seconds: float) -> str:
    """`[1:02](https://youtu.be/ID?t=62)`, which plays the video from there."""
    return f"[{clock_time(seconds)}]({time_url(video_id, seconds)})"


def obsidian_tags(tags: Iterable[str]) -> list[str]:
    """Tags that Obsidian accepts: letters, digits, `_`, `-` and `/`, not only digits, each once regardless of case."""
    cleaned = (re.sub("-+", "-", "".join(map(_tag_character, tag))).strip("-/") for tag in tags)
    unique = {tag.casefold(): tag for tag in cleaned if tag and not tag.isdigit()}
    return list(unique.values())


def _tag_character(character: str) -> str:
    return character if character in "_-/" or unicodedata.category(character)[0] in "LMN" else "-"


def _front_matter(batch: Batch, entry: Entry, summary: Summary) -> str:
    fields: dict[str, Any] = {
        "title": entry.title,
        "url": entry.item.url,
        "channel": entry.channel or None,
        "duration": None if entry.duration_seconds is None else duration(entry.duration_seconds),
        "language": summary.language,
        "published": summary.published_at and f"{summary.published_at.astimezone(UTC):%Y-%m-%d}",
        "captions": f"{summary.caption_language} ({caption_source(summary)})",
        "draws_on": draws_on(summary.coverage),
        "unverified": summary.unverified or None,
        "model": summary.model,
        "length": str(summary.length),
        # Obsidian recognizes a date and time in this form, which has no time zone; it is in UTC.
        "created": f"{summary.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "batch": batch.name,
        "position": entry.position,
        "tags": obsidian_tags(summary.tags),
        "links": [_property(link) for link in summary.links] or None,
    }
    lines = [f"{name}: {_yaml(value)}" for name, value in fields.items() if value is not None]
    return "\n".join(["---", *lines, "---", ""])


def caption_source(summary: Summary) -> str:
    """Returns who made the captions, such as `automatic` or `given by you`, or that there are none."""
    return _KINDS.get(summary.caption_kind, summary.caption_kind)


def draws_on(coverage: Coverage) -> str | None:
    """The spread of the summary over the video; None for a summary that is older than this count."""
    return None if coverage.tenths is None else f"{coverage.tenths} of {coverage.tenths_spoken} parts of the video"


def _yaml(value: str | int | list[str]) -> str:
    """The value as YAML, which is JSON except for a few characters (YAML 1.2, 1.3 "Relation to JSON")."""
    written = _encode_json(_property(value) if isinstance(value, str) else value)
    return _ESCAPED_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _property(text: str) -> str:
    """Escapes text so that it stays text when a plugin shows a property as Markdown."""
    return _MARKUP_IN_A_PROPERTY.sub(" ", printable(text).replace("`", "'"))


def _body(batch: Batch, entry: Entry, summary: Summary, level: int) -> Iterator[str]:
    at = partial(_time_links, entry, summary) if batch.settings.options.include_timestamps else None
    number = "" if level == 1 else f"{entry.position}\\. "
    yield f"{'#' * level} {number}{one_line(entry.title)}\n"
    yield " · ".join(_origin(entry, summary)) + "\n"
    if summary.tldr:
        yield f"> {one_line(summary.tldr)}{_remark(summary.tldr_check)}\n"
    yield from _section("Summary", level, _text(summary))
    yield from _section("Key points", level, (_key_point(p, at) for p in summary.key_points))
    yield from _section("Focus", level, (_focus(f, at) for f in summary.focus))
    yield from _section("Chapters", level, (_chapter(c, at) for c in summary.chapters))
    yield from _section("Description", level, filter(None, [paragraphs(summary.description or "")]))
    yield from _section("Notes", level, (f"- {one_line(note)}" for note in _notes(summary)))


def _origin(entry: Entry, summary: Summary) -> Iterator[str]:
    if entry.channel:
        yield one_line(entry.channel)
    if entry.duration_seconds is not None:
        yield duration(entry.duration_seconds)
    yield captions_origin(summary.caption_kind, summary.caption_language)
    yield f"[Watch on YouTube]({entry.item.url})"
    if entry.transcript:
        label = "Description" if summary.caption_kind == "description" else "Transcript"
        yield f"[{label}]({quote(entry.transcript.file_name)})"


def captions_origin(kind: str, language: str) -> str:
    """`from its automatic captions (en)`"""
    captions = _ORIGINS.get(kind, f"its {kind} captions")
    return f"from {captions} ({one_line(language)})"


def _text(summary: Summary) -> Iterator[str]:
    if summary.text:
        yield paragraphs(summary.text)
    if about := notice(summary.text_check):
        yield f"\n{remark(about)}"


def _section(heading: str, level: int, lines: Iterable[str]) -> Iterator[str]:
    content = "\n".join(lines)
    if content:
        yield f"{'#' * (level + 1)} {heading}\n\n{content}\n"


def _time_links(entry: Entry, summary: Summary, seconds: float) -> str:
    """A link to the moment in the video and, if the archive has the transcript, to the paragraph of it."""
    link = time_link(summary.video_id, seconds)
    place = entry.transcript.place(seconds) if entry.transcript else None
    return f"{link} [¶]({place})" if place else link


def _key_point(point: KeyPoint, at: _TimeLinks | None) -> str:
    text = f"{one_line(point.text)}{_remark(point.check, point.start_seconds if at else None)}"
    if not at or point.start_seconds is None:
        return f"- {text}"
    return f"- {at(point.start_seconds)} {text}"


def _chapter(chapter: Chapter, at: _TimeLinks | None) -> str:
    time = f"{at(chapter.start_seconds)} " if at else ""
    text = f": {one_line(chapter.summary)}" if chapter.summary else ""
    about = _noted(chapter_notice(chapter.check))
    return f"- {time}**{one_line(chapter.title)}**{text}{about}"


def _focus(focus: Focus, at: _TimeLinks | None) -> str:
    area = f"**{one_line(focus.area)}**"
    if not focus.found:
        return f"- {area}: not mentioned"
    time = "" if not at or focus.start_seconds is None else at(focus.start_seconds)
    text = f"{area}: {one_line(focus.text)}{_remark(focus.check, focus.start_seconds if at else None)}"
    return f"- {time} {text}" if time else f"- {text}"


def _remark(check: ClaimCheck | None, start_seconds: float | None = None) -> str:
    return _noted(notice(check, start_seconds))


def _noted(about: str | None) -> str:
    return f" {remark(about)}" if about else ""


def remark(about: str) -> str:
    """The note about a statement's check, which follows the statement."""
    return f"*({one_line(about)})*"


def _notes(summary: Summary) -> Iterator[str]:
    yield from summary.notes
    used, total = summary.coverage.characters_used, summary.coverage.characters_total
    if used < total:
        yield f"Made from {used:,} of the transcript's {total:,} characters. {summary.coverage.reason or ''}".rstrip()
