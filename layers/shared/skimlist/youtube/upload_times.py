"""Reads when a video became public, from the texts and pages of YouTube."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from skimlist.models.playlist import UploadTime

# "3 weeks ago", "Streamed 2 years ago"; yt-dlp asks YouTube for English.
_AGO = re.compile(r"\b(?P<number>\d{1,4}) (?P<unit>second|minute|hour|day|week|month|year)s? ago")
# The shortest and longest time that YouTube may call one unit. It rounds down: 13 days are "1 week ago".
_UNITS: Mapping[str, tuple[timedelta, timedelta]] = {
    "second": (timedelta(seconds=1), timedelta(seconds=1)),
    "minute": (timedelta(minutes=1), timedelta(minutes=1)),
    "hour": (timedelta(hours=1), timedelta(hours=1)),
    "day": (timedelta(days=1), timedelta(days=1)),
    "week": (timedelta(days=7), timedelta(days=7)),
    "month": (timedelta(days=29), timedelta(days=31)),
    "year": (timedelta(days=364), timedelta(days=366)),
}
# YouTube's pages come from caches, so that a text may be a little older than its page.
_MAX_AGE_OF_TEXT = timedelta(hours=6)
_DATE_IN_PAGE = re.compile(r'"(?:publishDate|uploadDate)":"(?P<date>\d{4}-\d\d-\d\d[^"]{0,30})"')


def from_text(text: str, now: datetime) -> UploadTime | None:
    """Returns the range that a text such as "3 weeks ago" means; None if it is no such text."""
    match = _AGO.search(text)
    if not match:
        return None
    number, (shortest, longest) = int(match["number"]), _UNITS[match["unit"]]
    return UploadTime(now - (number + 1) * longest - _MAX_AGE_OF_TEXT, now - number * shortest)


def from_page(page: str) -> datetime | None:
    """Returns the time in the page on which a video plays, which is exact; midnight (UTC) if it gives only the day."""
    match = _DATE_IN_PAGE.search(page)
    return from_iso(match["date"]) if match else None


def from_iso(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
