"""YouTube's feed of a channel's newest uploads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import requests

from skimlist.errors import SkimlistError, YouTubeBlocked, YouTubeUnreachable
from skimlist.following.news import new_entries, older_entries
from skimlist.models.channel import Channel, ChannelTab
from skimlist.models.playlist import Playlist, PlaylistEntry, UploadTime
from skimlist.models.selection import EVERYTHING, Selection
from skimlist.youtube.followed_sources import FollowedSources
from skimlist.youtube.session import YouTubeSession
from skimlist.youtube.uploads_feed import newest_uploads

CHANNEL = Channel("UCxxxxxxxxxxxxxxxxxxxxxx")
# As YouTube writes it, but for the parts that are not read.
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns="http://www.w3.org/2005/Atom">
 <id>yt:channel:xxxxxxxxxxxxxxxxxxxxxx</id><yt:channelId>xxxxxxxxxxxxxxxxxxxxxx</yt:channelId><title>Talks</title>
 <entry><id>yt:video:dQw4w9WgXcQ</id><yt:videoId>dQw4w9WgXcQ</yt:videoId><title>One</title></entry>
 <entry><id>yt:video:jNQXAC9IVRw</id><yt:videoId>jNQXAC9IVRw</yt:videoId><title>Two</title></entry>
</feed>"""


class FakeSession:
    """Gives one answer, and records what it was asked."""

    def __init__(self, body: str = FEED, status: int = 200, error: Exception | None = None) -> None:
        self.answer = requests.Response()
        self.answer.status_code = status
        self.answer._content = body.encode()
        self.error = error
        self.asked: list[dict[str, str]] = []

    def get(self, url: str, params: dict[str, str]) -> requests.Response:
        assert url == "https://www.youtube.com/feeds/videos.xml"
        self.asked.append(params)
        if self.error:
            raise self.error
        return self.answer


def read(session: FakeSession, channel: Channel = CHANNEL) -> frozenset[str] | None:
    return newest_uploads(cast("YouTubeSession", session), channel)


def test_the_feed_names_the_newest_uploads() -> None:
    session = FakeSession()
    assert read(session) == {"dQw4w9WgXcQ", "jNQXAC9IVRw"}
    assert session.asked == [{"channel_id": CHANNEL.name}]


@pytest.mark.parametrize(
    ("tab", "prefix"), [(ChannelTab.VIDEOS, "UULF"), (ChannelTab.SHORTS, "UUSH"), (ChannelTab.STREAMS, "UULV")]
)
def test_a_tab_has_a_feed_of_its_own(tab: ChannelTab, prefix: str) -> None:
    session = FakeSession()
    assert read(session, Channel(CHANNEL.name, tab))
    assert session.asked == [{"playlist_id": f"{prefix}xxxxxxxxxxxxxxxxxxxxxx"}]


@pytest.mark.parametrize("channel", [Channel("@talks"), Channel("c/talks"), Channel(CHANNEL.name, ChannelTab.PODCASTS)])
def test_no_feed_is_requested_for_a_source_without_one(channel: Channel) -> None:
    session = FakeSession()
    assert read(session, channel) is None
    assert session.asked == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("Not found", 404),
        ("", 500),
        ("<html>consent</html>", 200),
        ("<feed", 200),
        (FEED.replace("dQw4w9WgXcQ", "../../../.."), 200),
        ('<!DOCTYPE f [<!ENTITY a "b">]><f>&a;</f>', 200),
    ],
)
def test_an_answer_that_says_nothing_leaves_it_to_the_channel_itself(body: str, status: int) -> None:
    assert read(FakeSession(body, status)) is None


@pytest.mark.parametrize(
    ("session", "error"),
    [
        (FakeSession("", 429), YouTubeBlocked),
        (FakeSession(error=requests.ConnectionError()), YouTubeUnreachable),
    ],
)
def test_a_block_and_a_failure_of_the_network_are_distinguished(
    session: FakeSession, error: type[SkimlistError]
) -> None:
    with pytest.raises(error):
        read(session)


@pytest.mark.parametrize(
    ("source_id", "seen", "has_news"),
    [
        (CHANNEL.name, ("dQw4w9WgXcQ", "jNQXAC9IVRw", "aaaaaaaaaaa"), False),
        (CHANNEL.name, ("dQw4w9WgXcQ",), True),
        ("@talks", ("dQw4w9WgXcQ", "jNQXAC9IVRw"), True),
        ("PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o", ("dQw4w9WgXcQ", "jNQXAC9IVRw"), True),
    ],
)
def test_a_source_has_news_unless_its_feed_shows_only_what_was_seen(
    source_id: str, seen: tuple[str, ...], has_news: bool
) -> None:
    session: Any = FakeSession()
    assert FollowedSources(lambda: session, None).has_news(source_id, seen) is has_news


@pytest.mark.parametrize(
    ("listed", "seen", "new"),
    [
        (["n2", "n1", "k2", "k1"], {"k1", "k2"}, ["n2", "n1"]),
        (["n1", "k2", "m1", "k1", "o1"], {"k1", "k2"}, ["n1", "m1"]),  # o1 was beyond what had been read
        (["n2", "n1"], set(), ["n2", "n1"]),
    ],
)
def test_videos_after_all_seen_ones_are_not_new_in_a_channel(listed: list[str], seen: set[str], new: list[str]) -> None:
    entries = tuple(PlaylistEntry(video_id=video_id) for video_id in listed)
    channel = Playlist(id=CHANNEL.name, title="Talks", channel="Talks", entries=entries, newest_first=True)
    assert [entry.video_id for entry in new_entries(channel, seen)] == new


FOLLOWED = datetime(2026, 11, 2, 6, tzinfo=UTC)
BEFORE, AFTER = FOLLOWED - timedelta(days=1), FOLLOWED + timedelta(days=1)


def entry(video_id: str, earliest: datetime | None, latest: datetime | None = None) -> PlaylistEntry:
    uploaded = UploadTime(earliest, latest or earliest) if earliest else None
    return PlaylistEntry(video_id=video_id, uploaded=uploaded)


ENTRIES = (
    entry("new", AFTER),
    entry("unknown", None),
    entry("as new", FOLLOWED),
    entry("perhaps", BEFORE, AFTER),
    entry("old", BEFORE),
)


@pytest.mark.parametrize(
    ("seen", "shape", "older"),
    [
        ({"gone"}, {"newest_first": True}, ["unknown", "perhaps", "old"]),
        ({"gone"}, {"truncated": True}, ["unknown", "perhaps", "old"]),
        ({"gone"}, {}, []),  # a playlist that was read whole: all were added since
        (set(), {"newest_first": True}, ["old"]),  # it had no videos when it was first read
        (set(), {}, []),
        ({"gone", "old"}, {"newest_first": True}, []),
    ],
)
def test_videos_are_older_than_a_follow_if_no_seen_one_is_left_and_they_were_not_uploaded_since(
    seen: set[str], shape: dict[str, bool], older: list[str]
) -> None:
    channel = Playlist(id=CHANNEL.name, title="Talks", channel="Talks", entries=ENTRIES, **shape)
    assert [each.video_id for each in older_entries(channel, seen, FOLLOWED)] == older


def test_a_stream_that_has_not_ended_is_not_new_yet() -> None:
    awaited = PlaylistEntry(video_id="n2", is_awaited=True)
    entries = (awaited, PlaylistEntry(video_id="n1"), PlaylistEntry(video_id="k1"))
    channel = Playlist(id=CHANNEL.name, title="Talks", channel="Talks", entries=entries, newest_first=True)
    assert [entry.video_id for entry in new_entries(channel, {"k1"})] == ["n1"]


def test_the_first_check_of_a_channel_notes_more_than_its_selection(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Playlist(id=CHANNEL.name, title="Talks", channel="Talks", entries=(), newest_first=True)
    selections: list[Selection] = []

    def read_playlist(*_arguments: Any, selection: Selection, **_options: Any) -> Playlist:
        selections.append(selection)
        return channel

    monkeypatch.setattr("skimlist.youtube.followed_sources.read_playlist", read_playlist)
    follow: Any = SimpleNamespace(lasting_source_id=CHANNEL.name, selection=Selection(newest=1), created_at=FOLLOWED)
    session: Any = FakeSession()
    for seen in (None, (), ("dQw4w9WgXcQ",)):
        FollowedSources(lambda: session, None).read(follow, seen)
    assert selections == [EVERYTHING, follow.selection, follow.selection]


@pytest.mark.parametrize(
    ("videos", "added", "seen", "read"),
    [
        (3_000, 99, (), [100]),
        (3_000, 101, (), [100, 3_000]),
        (90, 90, (), [90]),
        # One of these may come later.
        (3_000, 99, ("gone",), [100, 3_000]),
    ],
)
@pytest.mark.parametrize("has_times", [True, False])
def test_a_channel_without_a_seen_video_is_read_as_far_as_needed(
    videos: int, added: int, seen: tuple[str, ...], read: list[int], has_times: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {f"{number:011}": FOLLOWED + (added - number - 0.5) * timedelta(hours=1) for number in range(videos)}
    entries = tuple(entry(each, at if has_times else None) for each, at in times.items())
    lengths, asked = [], []

    def read_playlist(*_arguments: Any, limit: int = 5_000, **_options: Any) -> Playlist:
        lengths.append(len(entries[:limit]))
        cut = {"entries": entries[:limit], "truncated": limit < videos}
        return Playlist(id=CHANNEL.name, title="Talks", channel="Talks", newest_first=True, **cut)

    def find_upload_time(_session: Any, video_id: str) -> datetime:
        asked.append(video_id)
        return times[video_id]

    monkeypatch.setattr("skimlist.youtube.followed_sources.read_playlist", read_playlist)
    monkeypatch.setattr("skimlist.youtube.followed_sources.find_upload_time", find_upload_time)
    follow: Any = SimpleNamespace(lasting_source_id=CHANNEL.name, selection=EVERYTHING, created_at=FOLLOWED)
    session: Any = FakeSession()
    source = FollowedSources(lambda: session, None).read(follow, seen)
    older = older_entries(source, frozenset(seen), FOLLOWED)
    assert lengths == read
    assert [each.video_id for each in older] == [each for each in times if times[each] < FOLLOWED][: len(older)]
    assert len(older) == read[-1] - added
    assert len(asked) <= (0 if has_times else 20)
    assert all(each.uploaded and each.uploaded.latest <= datetime.now(UTC) for each in source.entries)


@pytest.mark.parametrize(("seen", "older"), [((), 3_000 - 50), (("gone",), 3_000)])
def test_of_videos_without_any_time_the_newest_count_as_new_only_where_nothing_was_ever_seen(
    seen: tuple[str, ...], older: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = tuple(entry(f"{number:011}", None) for number in range(3_000))
    asked = []

    def read_playlist(*_arguments: Any, limit: int = 5_000, **_options: Any) -> Playlist:
        cut = {"entries": entries[:limit], "truncated": limit < len(entries)}
        return Playlist(id=CHANNEL.name, title="Talks", channel="Talks", newest_first=True, **cut)

    monkeypatch.setattr("skimlist.youtube.followed_sources.read_playlist", read_playlist)
    monkeypatch.setattr("skimlist.youtube.followed_sources.find_upload_time", lambda _session, each: asked.append(each))
    follow: Any = SimpleNamespace(lasting_source_id=CHANNEL.name, selection=EVERYTHING, created_at=FOLLOWED)
    session: Any = FakeSession()
    source = FollowedSources(lambda: session, None).read(follow, seen)
    assert source.entries == entries
    assert older_entries(source, frozenset(seen), FOLLOWED) == [*entries[3_000 - older :]]
    assert len(asked) <= 40
