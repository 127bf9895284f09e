"""Chooses the format of a response by the `Accept` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aws_lambda_powertools.event_handler import content_types

from skimlist.export.formats import TranscriptFormat

_RANGE = re.compile(
    r"\s*(?P<type>[\w.+*-]+/[\w.+*-]+)\s*(?:;.*?\bq=(?P<weight>[01](?:\.\d{0,3})?))?[^,]*", re.IGNORECASE
)
# JSON comes first among equals; it has no format of its own.
_OFFERED = {
    content_types.APPLICATION_JSON: None,
    **{each.media_type.partition(";")[0]: each for each in TranscriptFormat},
}


def accepted_format(accept: str | None) -> TranscriptFormat | None:
    """Returns the format that the client likes best; None stands for JSON, even if it accepts none of ours."""
    ranges = list(_ranges(accept or "*/*"))
    best = max(_OFFERED, key=lambda media_type: _preference(media_type, ranges))
    return _OFFERED[best] if _preference(best, ranges) > (0.0, 0) else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Yields the media ranges with their weights; what cannot be read is left out."""
    for part in accept.split(","):
        if found := _RANGE.fullmatch(part):
            yield found["type"].lower(), float(found["weight"] or 1)


def _preference(media_type: str, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """Returns the weight of the most specific range that matches, and how specific it is."""
    kind = media_type.partition("/")[0]
    for specific, pattern in ((2, media_type), (1, f"{kind}/*"), (0, "*/*")):
        weights = [weight for name, weight in ranges if name == pattern]
        if weights:
            return max(weights), specific if max(weights) else 0
    return 0.0, 0
