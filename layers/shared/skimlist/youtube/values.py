"""Cleans the names and times that YouTube's answers and uploaded captions contain."""

from __future__ import annotations

from typing import Any

from skimlist.formatting import printable

# The maximum time in seconds, 115 days: no stream is longer, and every place that stores a time can store this one.
_MAX_VIDEO_SECONDS = 10_000_000.0
# YouTube allows 100 characters; a title of unlimited length could not be stored.
_MAX_NAME_LENGTH = 300


def seconds(value: float) -> float:
    """Returns a time in a video; 0 for impossible times, such as negative ones in some uploaders' files."""
    return value if 0 <= value <= _MAX_VIDEO_SECONDS else 0.0


def clean_name(text: Any) -> str | None:
    """Returns a title or name on one line and of limited length; None if it is not a text or is empty."""
    return (printable(text)[:_MAX_NAME_LENGTH].rstrip() or None) if isinstance(text, str) else None
