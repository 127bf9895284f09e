"""Builds addresses of a video at YouTube."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from math import floor


# Compiled when first used, because every function would pay for it at its start.
@cache
def address_pattern() -> re.Pattern[str]:
    """Matches an address in running text, without the punctuation of the sentence behind it."""
    return re.compile(r"https?://[^\s<>\"]{1,2000}(?<![.,;:!?)\]}'])", re.IGNORECASE)


def addresses_in(text: str | None) -> Iterable[str]:
    """Returns the addresses in a text, each once."""
    return dict.fromkeys(address_pattern().findall(text or ""))


def watch_url(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def time_url(video_id: str, seconds: float) -> str:
    """Returns an address that plays the video from this second on."""
    return f"https://youtu.be/{video_id}?t={floor(seconds)}"
