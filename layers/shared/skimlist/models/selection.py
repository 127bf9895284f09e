"""The videos of a playlist or channel that are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The code of the error of a video that a selection left out.
NOT_SELECTED = "not_selected"


class LeftOut(StrEnum):
    """The reason why a video is left out; of several, the first one here."""

    IN_HISTORY = "in_history"
    SHORT = "short"
    STREAM = "stream"
    PREMIERE = "premiere"
    TITLE_HAS_WORD = "title_has_word"
    TITLE_LACKS_WORD = "title_lacks_word"
    DURATION_UNKNOWN = "duration_unknown"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UPLOAD_DATE_UNKNOWN = "upload_date_unknown"
    UPLOADED_BEFORE = "uploaded_before"
    UPLOADED_AFTER = "uploaded_after"
    NOT_AMONG_NEWEST = "not_among_newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Conditions that a video has to meet; by default every video does.

    Of the videos that meet all others, `newest` keeps that many. `since` and `until` are days (UTC), lengths are in
    seconds; all four are inclusive. A title must contain one of `title_includes` and none of `title_excludes`. False
    for `shorts`, `streams` or `premieres` leaves these out, `not_in_history` what the user has a summary of.
    """

    newest: int | None = None
    since: date | None = None
    until: date | None = None
    min_duration_seconds: int | None = None
    max_duration_seconds: int | None = None
    shorts: bool = True
    streams: bool = True
    premieres: bool = True
    title_includes: tuple[str, ...] = ()
    title_excludes: tuple[str, ...] = ()
    not_in_history: bool = False

    @property
    def needs_kinds(self) -> bool:
        """Whether it matters if a video is a Short, a stream or a premiere."""
        return not (self.shorts and self.streams and self.premieres)


EVERYTHING = Selection()
