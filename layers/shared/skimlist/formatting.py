"""Formats text for people: on one line, without unprintable characters; times, durations and money."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_SMALLEST_AMOUNT = Decimal("0.0001")
# Python refuses to parse a number of more than 4,300 digits; no character's number has more than seven.
_REFERENCE_TO_NO_CHARACTER = re.compile(r"&#\d{8,};?")


def duration(seconds: float | Decimal) -> str:
    """Formats a length of time as `h:mm:ss`; fractions are cut off."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"


def clock_time(seconds: float | Decimal) -> str:
    """Formats a position in a video as players do: `m:ss`, and from one hour on `h:mm:ss`."""
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes}:{second:02}" if minutes < 60 else duration(seconds)


def span(length: timedelta) -> str:
    """Formats a length of time with at most two units: `1 h 12 min`, `3 min 5 s`, `0 s`."""
    seconds = max(int(length.total_seconds()), 0)
    amounts = {"d": seconds // 86400, "h": seconds // 3600 % 24, "min": seconds // 60 % 60, "s": seconds % 60}
    shown = [f"{amount} {unit}" for unit, amount in amounts.items() if amount]
    return " ".join(shown[:2]) or "0 s"


def moment(time: datetime) -> str:
    """Formats a point in time in UTC, to the minute. `time` is timezone-aware."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def dollars(amount: Decimal) -> str:
    """Formats US dollars: whole cents and one dollar or more with two decimals, the rest with four."""
    if amount >= 1 or amount == round(amount, 2):
        return f"${amount:,.2f}"
    return f"${amount:.4f}" if amount >= _SMALLEST_AMOUNT else "less than $0.0001"


def counted(number: int, noun: str) -> str:
    """Formats a count with its noun: `1 video`, `2 videos`, `1,200 videos`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def beginning_of(text: str, most_bytes: int) -> str:
    """Shortens a text to at most `most_bytes` in UTF-8, at the end of a word and with an ellipsis."""
    if len(text.encode()) <= most_bytes:
        return text
    fitting = text.encode()[: most_bytes - len("…".encode())].decode(errors="ignore")
    words = fitting.rpartition(" ")[0]
    # Scripts without spaces are cut anywhere.
    return f"{(words if len(words) > len(fitting) / 2 else fitting).rstrip(' ,;:–-')}…"


def printable(text: str) -> str:
    """Puts text from outside on one line, and removes control, format and bidirectional characters."""
    # The built-in checks the same categories in a hundredth of the time, and nearly every text passes. The space is the
    # only whitespace that `isprintable` accepts.
    if text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    kept = "".join(
        character
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"} or character in "\u200c\u200d"
        else " "
        for character in text
    )
    return " ".join(kept.split())


def unescaped(text: str) -> str:
    """Replaces HTML character references by their characters."""
    return html.unescape(_REFERENCE_TO_NO_CHARACTER.sub("\ufffd", text))


def utf8(text: str) -> bytes:
    """Encodes a text; a lone surrogate, which a model may return, becomes a question mark."""
    return text.encode("utf-8", "replace")
