"""Decides which of the listed videos of a playlist or channel a selection keeps, and why it leaves out the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from skimlist.models.playlist import PlaylistEntry, UploadTime, VideoKind
from skimlist.models.selection import LeftOut, Selection
from skimlist.text.search import fold
from skimlist.text.words import is_spaceless

# A video may stand a few places from where its date belongs, for example if it was first unlisted.
_TOO_OLD_IN_A_ROW = 10


REASONS: Mapping[LeftOut, str] = {
    LeftOut.IN_HISTORY: "You have a summary of this video already.",
    LeftOut.SHORT: "This is a Short.",
    LeftOut.STREAM: "This is a live stream.",
    LeftOut.PREMIERE: "This is a premiere.",
    LeftOut.TITLE_HAS_WORD: "The title has one of the words that you do not want.",
    LeftOut.TITLE_LACKS_WORD: "The title has none of the words that you want.",
    LeftOut.DURATION_UNKNOWN: "YouTube does not say how long this video is.",
    LeftOut.TOO_SHORT: "This video is too short.",
    LeftOut.TOO_LONG: "This video is too long.",
    LeftOut.UPLOAD_DATE_UNKNOWN: "YouTube does not say on which day this video was uploaded.",
    LeftOut.UPLOADED_BEFORE: "This video was uploaded too early.",
    LeftOut.UPLOADED_AFTER: "This video was uploaded too late.",
    LeftOut.NOT_AMONG_NEWEST: "There are enough newer videos.",
}
PUT_BACK = "Put it back if you want it after all."


class Choice(NamedTuple):
    """A listed video, and why it is left out; None if it is kept."""

    entry: PlaylistEntry
    left_out: LeftOut | None


def choose(
    selection: Selection,
    entries: Sequence[PlaylistEntry],
    *,
    newest_first: bool,
    in_history: Collection[str] = frozenset(),
) -> list[Choice]:
    """Returns a choice for each entry, in the order of the entries.

    `newest_first` is whether the entries are in the order of their upload, latest first, as those of a channel are; in
    any other list, `newest` goes by upload times. `in_history` are the ids of videos that the user has a summary of. If
    a video's length or upload time is unknown, it meets no condition on it. A time that is only known approximately
    meets a condition if its whole range does. Entries that cannot be watched are kept, and never counted.
    """
    rules = _Rules(selection)
    choices = [Choice(entry, None if entry.unavailable else rules.left_out(entry, in_history)) for entry in entries]
    if selection.newest is None:
        return choices
    ranked = [place for place, (entry, left_out) in enumerate(choices) if not left_out and not entry.unavailable]
    if not newest_first:
        ranked.sort(key=lambda place: _rank(choices[place].entry), reverse=True)
    for place in ranked[selection.newest :]:
        choices[place] = Choice(choices[place].entry, LeftOut.NOT_AMONG_NEWEST)
    return choices


class SearchEnd:
    """Tells when the rest of a list, newest first, can hold nothing that a selection keeps.

    With `seen`, only once one of these videos has been listed, because every new video comes before one; if there are
    none, never.
    """

    def __init__(
        self,
        selection: Selection,
        in_history: Collection[str] = frozenset(),
        *,
        seen: Collection[str] | None = None,
    ) -> None:
        self._selection = selection
        self._rules = _Rules(selection)
        self._in_history = in_history
        self._seen = seen or ()
        self._lists_seen = seen is None
        self._kept = 0
        self._too_old_in_a_row = 0

    def is_last(self, entry: PlaylistEntry) -> bool:
        """Takes note of the next entry; True if no further one is needed."""
        self._lists_seen = self._lists_seen or entry.video_id in self._seen
        if entry.unavailable:
            return False
        self._kept += self._rules.left_out(entry, self._in_history) is None
        too_old = LeftOut.UPLOADED_BEFORE in _reasons_of_time(self._selection, entry.uploaded)
        self._too_old_in_a_row = self._too_old_in_a_row + 1 if too_old else 0
        has_enough = self._selection.newest is not None and self._kept >= self._selection.newest
        return self._lists_seen and (has_enough or self._too_old_in_a_row >= _TOO_OLD_IN_A_ROW)


class _Rules:
    """A selection with its words prepared."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._includes = [_pattern(word) for word in selection.title_includes]
        self._excludes = [_pattern(word) for word in selection.title_excludes]

    def left_out(self, entry: PlaylistEntry, in_history: Collection[str]) -> LeftOut | None:
        """The first reason to leave out an entry, regardless of `newest`."""
        if self._selection.not_in_history and entry.video_id in in_history:
            return LeftOut.IN_HISTORY
        return next(self._reasons(entry), None)

    def _reasons(self, entry: PlaylistEntry) -> Iterator[LeftOut]:
        selection = self._selection
        if entry.kind is VideoKind.SHORT and not selection.shorts:
            yield LeftOut.SHORT
        if entry.kind is VideoKind.STREAM and not selection.streams:
            yield LeftOut.STREAM
        if entry.kind is VideoKind.PREMIERE and not selection.premieres:
            yield LeftOut.PREMIERE
        title = fold(entry.title or "")
        if any(word.search(title) for word in self._excludes):
            yield LeftOut.TITLE_HAS_WORD
        if self._includes and not any(word.search(title) for word in self._includes):
            yield LeftOut.TITLE_LACKS_WORD
        yield from _reasons_of_length(selection, entry.duration_seconds)
        yield from _reasons_of_time(selection, entry.uploaded)


def _reasons_of_length(selection: Selection, seconds: int | None) -> Iterator[LeftOut]:
    shortest, longest = selection.min_duration_seconds, selection.max_duration_seconds
    if shortest is None and longest is None:
        return
    if seconds is None:
        yield LeftOut.DURATION_UNKNOWN
    elif shortest is not None and seconds < shortest:
        yield LeftOut.TOO_SHORT
    elif longest is not None and seconds > longest:
        yield LeftOut.TOO_LONG


def _reasons_of_time(selection: Selection, uploaded: UploadTime | None) -> Iterator[LeftOut]:
    since, until = selection.since, selection.until
    if since is None and until is None:
        return
    if uploaded is None:
        yield LeftOut.UPLOAD_DATE_UNKNOWN
        return
    first, last = (moment.astimezone(UTC).date() for moment in (uploaded.earliest, uploaded.latest))
    if since is not None and last < since:
        yield LeftOut.UPLOADED_BEFORE
    elif until is not None and first > until:
        yield LeftOut.UPLOADED_AFTER
    elif (since is not None and first < since) or (until is not None and last > until):
        yield LeftOut.UPLOAD_DATE_UNKNOWN


def _rank(entry: PlaylistEntry) -> tuple[bool, float]:
    """A video whose time is unknown comes after all others."""
    return (True, entry.uploaded.latest.timestamp()) if entry.uploaded else (False, 0.0)


def _pattern(words: str) -> re.Pattern[str]:
    """Matches these words in a folded title, but not within longer words, where the script separates words at all."""
    folded = re.escape(fold(words.strip()))
    return re.compile(folded if is_spaceless(words) else rf"(?<!\w){folded}(?!\w)")
