"""Reads the videos of a playlist or channel from either source: the Data API, or YouTube's own pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from skimlist.errors import ChannelEmpty, PlaylistUnavailable
from skimlist.models.channel import Channel, ChannelTab
from skimlist.models.playlist import Playlist, PlaylistEntry, UploadTime, VideoKind

if TYPE_CHECKING:
    from skimlist.models.source import ChannelPlaylist

# Each channel (UC…) has lists of its videos, newest first, which its page plays as "Play all". YouTube does not
# document their ids, but many programs rely on them. If a channel has no videos of a kind, it has no such list.
_UPLOADS = "UU"
_LISTS = {ChannelTab.VIDEOS: "UULF", ChannelTab.SHORTS: "UUSH", ChannelTab.STREAMS: "UULV"}
_KINDS = {ChannelTab.VIDEOS: VideoKind.VIDEO, ChannelTab.SHORTS: VideoKind.SHORT, ChannelTab.STREAMS: VideoKind.STREAM}

_INSTANT = timedelta(microseconds=1)
# The lists that show which uploads of a channel are Shorts or streams are never read further than this.
_MAX_MEMBERS = 5_000

# So many questions for an upload time may stay unanswered; each is a request.
_MAX_UNANSWERED = 20

# Whether a list need not be read beyond an entry.
IsLast = Callable[[PlaylistEntry], bool]
# Finds the exact time at which a video became public, by its id.
FindUploadTime = Callable[[str], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    id: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInfo:
    """A list as its page describes it; `count` is the number of its videos."""

    title: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    count: int | None = None


class Lists(Protocol):
    """A source of lists. `entries` and `playlists_of` request further pages only as they are needed."""

    def find_channel(self, channel: Channel) -> ChannelInfo | None: ...

    def about(self, playlist_id: str) -> ListInfo: ...

    def count(self, playlist_id: str) -> int | None: ...

    def entries(self, playlist_id: str) -> Iterator[PlaylistEntry]: ...

    def playlists_of(self, channel_id: str, tab: ChannelTab) -> Iterator[ChannelPlaylist]: ...


def read_list(lists: Lists, playlist_id: str, limit: int) -> Playlist:
    """Reads the first `limit` videos of a playlist in its own order."""
    entries, truncated = _take(lists.entries(playlist_id), limit)
    about = lists.about(playlist_id)
    return Playlist(
        id=playlist_id,
        title=about.title or playlist_id,
        channel=about.channel,
        entries=tuple(entries),
        truncated=truncated,
    )


def read_channel(
    lists: Lists, channel: ChannelInfo, tab: ChannelTab | None, limit: int, *, is_last: IsLast, with_kinds: bool
) -> Playlist:
    """Reads the newest videos of a channel, or of a tab of it, up to the last one that is needed, at most `limit`.

    `with_kinds` distinguishes Shorts and streams from other videos, which takes further requests if no tab was asked
    for. Raises ChannelEmpty.
    """
    entries = _entries_of_tab(lists, channel.id, tab) if tab else lists.entries(list_of_channel(channel.id, None))
    if with_kinds and not tab:
        entries = _with_kinds(lists, channel.id, entries)
    try:
        taken, truncated = _take(entries, limit, is_last)
    except PlaylistUnavailable as error:  # the channel itself exists
        raise ChannelEmpty from error
    if not taken:
        raise ChannelEmpty
    return Playlist(
        id=channel.id,
        title=channel.title or channel.id,
        channel=channel.title,
        entries=tuple(taken),
        truncated=truncated,
        newest_first=True,
    )


def narrow_upload_times(
    entries: Sequence[PlaylistEntry], moment: datetime, find_upload_time: FindUploadTime
) -> tuple[PlaylistEntry, ...]:
    """Decides for each entry of a list, newest first, whether it became public before `moment` or not.

    YouTube is asked about only some of the undecided entries, because those after an older entry are older too, and
    those before a newer one newer: 9 for a whole year of daily videos. If YouTube has no answer for one, the others
    decide it. What they do not decide stays undecided, as does the rest once YouTube has had no answer too often.
    """
    narrowed = list(entries)
    undecided = [place for place, entry in enumerate(entries) if _spans(entry.uploaded, moment)]
    to_ask, unanswered = undecided, 0
    last_newer, first_older = -1, len(entries)
    while to_ask and unanswered < _MAX_UNANSWERED:
        middle = len(to_ask) // 2
        place = to_ask[middle]
        exact = find_upload_time(entries[place].video_id)
        if exact is None:
            to_ask = to_ask[:middle] + to_ask[middle + 1 :]
            unanswered += 1
            continue
        narrowed[place] = replace(entries[place], uploaded=UploadTime.exactly(exact))
        if exact >= moment:
            last_newer, to_ask = place, to_ask[middle + 1 :]
        else:
            first_older, to_ask = place, to_ask[:middle]
    for place in undecided:
        uploaded = narrowed[place].uploaded
        if uploaded and not uploaded.is_exact and not last_newer < place < first_older:
            limits = (moment, uploaded.latest) if place < last_newer else (uploaded.earliest, moment - _INSTANT)
            narrowed[place] = replace(narrowed[place], uploaded=UploadTime(*limits))
    return tuple(narrowed)


def _spans(uploaded: UploadTime | None, moment: datetime) -> bool:
    return uploaded is not None and uploaded.earliest < moment <= uploaded.latest


def list_of_channel(channel_id: str, tab: ChannelTab | None) -> str:
    """Returns the id of the list of all uploads of a channel, or of the videos on one of its tabs."""
    return f"{_LISTS[tab] if tab else _UPLOADS}{channel_id.removeprefix('UC')}"


def _entries_of_tab(lists: Lists, channel_id: str, tab: ChannelTab) -> Iterator[PlaylistEntry]:
    kind = _KINDS[tab]
    for entry in lists.entries(list_of_channel(channel_id, tab)):
        is_premiere = tab is ChannelTab.VIDEOS and entry.kind in {VideoKind.STREAM, VideoKind.PREMIERE}
        yield replace(entry, kind=VideoKind.PREMIERE if is_premiere else kind)


def _with_kinds(lists: Lists, channel_id: str, entries: Iterable[PlaylistEntry]) -> Iterator[PlaylistEntry]:
    """Adds the kind of each upload, by YouTube's own lists of a channel's Shorts and streams."""
    shorts = _Members(lists.entries(list_of_channel(channel_id, ChannelTab.SHORTS)))
    streams = _Members(lists.entries(list_of_channel(channel_id, ChannelTab.STREAMS)))
    for entry in entries:
        if shorts.has(entry):
            yield replace(entry, kind=VideoKind.SHORT)
        elif streams.has(entry):
            yield replace(entry, kind=VideoKind.STREAM)
        else:
            is_premiere = entry.kind in {VideoKind.STREAM, VideoKind.PREMIERE}
            yield replace(entry, kind=VideoKind.PREMIERE if is_premiere else VideoKind.VIDEO)


class _Members:
    """The videos of a list, which is read only as far back in time as needed."""

    def __init__(self, entries: Iterator[PlaylistEntry]) -> None:
        self._entries = islice(entries, _MAX_MEMBERS)
        self._ids: set[str] = set()
        self._read_back_to: datetime | None = None
        self._is_read = False

    def has(self, entry: PlaylistEntry) -> bool:
        while entry.video_id not in self._ids and not self._is_read and not self._is_before(entry):
            self._read_next()
        return entry.video_id in self._ids

    def _is_before(self, entry: PlaylistEntry) -> bool:
        """Whether all entries that have not been read are older than this video."""
        return bool(self._read_back_to and entry.uploaded and self._read_back_to < entry.uploaded.earliest)

    def _read_next(self) -> None:
        try:
            member = next(self._entries, None)
        except PlaylistUnavailable:  # there are none of this kind
            member = None
        if member is None:
            self._is_read = True
            return
        self._ids.add(member.video_id)
        if member.uploaded:
            self._read_back_to = member.uploaded.latest


def _take(
    entries: Iterator[PlaylistEntry], limit: int, is_last: IsLast = lambda _: False
) -> tuple[list[PlaylistEntry], bool]:
    """Returns the entries up to the last one needed, and whether there are more of them."""
    taken: list[PlaylistEntry] = []
    for entry in entries:
        if len(taken) == limit:
            return taken, True
        taken.append(entry)
        if is_last(entry):
            return taken, True
    return taken, False
