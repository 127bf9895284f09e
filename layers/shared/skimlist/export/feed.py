"""Writes the feed of a follow (Atom, RFC 4287): its latest summaries, for feed readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from skimlist.claim_checks.notice import notice
from skimlist.formatting import beginning_of, clock_time, printable
from skimlist.models.addresses import time_url, watch_url
from skimlist.models.channel import source_url
from skimlist.models.follow import Follow
from skimlist.models.summary import DatedSummary, KeyPoint, Summary

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# A function may answer 6 MB. Usually 100 entries take a tenth of this, but markup takes more, because it is escaped
# twice.
_MAX_BYTES = 4_000_000
# Bytes in UTF-8, and key points.
_MAX_TITLE = 300
_MAX_TLDR = 2_000
_MAX_POINT = 600
_MAX_POINTS = 20
_MAX_TAGS = 20
# Unicode never assigns these, and XML does not allow them even as a reference.
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


def write_feed(follow: Follow, entries: Sequence[DatedSummary], *, feed_url: str, app_url: str) -> bytes:
    """Returns the document in UTF-8. `feed_url` is its own address; `app_url` has no slash at the end.

    The latest entries come first; those that would make the feed too long are left out.

    The ids of feed and entries stay the same however often it is written: tags (RFC 4151) in the name of the host that
    served the app when the source was first followed.
    """
    tag = f"tag:{urlsplit(app_url).hostname},{follow.created_at.astimezone(UTC).date()}:"
    feed = Element("feed", xmlns=_ATOM)
    _add(feed, "id", f"{tag}follows/{follow.id}")
    _add(feed, "title", _line(follow.shown_name, _MAX_TITLE))
    _add(feed, "updated", _time(max((entry.summarized_at for entry in entries), default=follow.created_at)))
    _add(SubElement(feed, "author"), "name", "Skimlist")
    _add(feed, "generator", "Skimlist")
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=feed_url)
    SubElement(feed, "link", rel="alternate", type="text/html", href=source_url(follow.lasting_source_id))
    for entry in entries:
        _add_entry(feed, tag, entry, app_url)
    while len(document := _document(feed)) > _MAX_BYTES:
        written = feed.findall("entry")
        for element in written[len(written) * _MAX_BYTES // len(document) :]:
            feed.remove(element)
    return document


def _document(feed: Element) -> bytes:
    document: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(feed: Element, tag: str, entry: DatedSummary, app_url: str) -> None:
    summary = entry.summary
    element = SubElement(feed, "entry", {_LANGUAGE: summary.language})
    _add(element, "id", f"{tag}{entry.batch_id}/{entry.item_id}")
    _add(element, "title", _line(summary.title, _MAX_TITLE) or summary.video_id)
    _add(element, "updated", _time(entry.summarized_at))
    if channel := _line(summary.channel or "", _MAX_TITLE):
        _add(SubElement(element, "author"), "name", channel)
    SubElement(element, "link", rel="alternate", type="text/html", href=watch_url(summary.video_id))
    for name in filter(None, (_line(name, _MAX_TITLE) for name in summary.tags[:_MAX_TAGS])):
        SubElement(element, "category", term=name)
    _add(element, "summary", _line(summary.tldr, _MAX_TLDR))
    content = SubElement(element, "content", type="html")
    content.text = "".join(_html(summary, f"{app_url}/#/batch/{entry.batch_id}"))


def _html(summary: Summary, batch_url: str) -> Iterator[str]:
    yield f"<p>{escape(_line(summary.tldr, _MAX_TLDR))}{_doubt(notice(summary.tldr_check))}</p>"
    if summary.key_points:
        yield "<ul>"
        for point in summary.key_points[:_MAX_POINTS]:
            text = escape(_line(point.text, _MAX_POINT))
            yield f"<li>{_moment(summary.video_id, point)}{text}{_doubt(notice(point.check, point.start_seconds))}</li>"
        yield "</ul>"
    yield f'<p><a href="{escape(batch_url)}">Open in Skimlist</a></p>'


def _moment(video_id: str, point: KeyPoint) -> str:
    if point.start_seconds is None:
        return ""
    return f'<a href="{escape(time_url(video_id, point.start_seconds))}">{clock_time(point.start_seconds)}</a> '


def _doubt(about: str | None) -> str:
    return f"<br /><small>{escape(_line(about, _MAX_POINT))}</small>" if about else ""


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _line(text: str, most_bytes: int) -> str:
    return beginning_of(printable(_NO_CHARACTERS.sub(" ", text)), most_bytes)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
