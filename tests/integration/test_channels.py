"""Channels from both sources, through the fake YouTube's proxy and over TLS, with a user's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.youtube import API_KEY, Failure, FakeYouTube
from local.youtube.synthetic import synthetic_id
from skimlist import errors
from skimlist.models.channel import Channel
from skimlist.models.playlist import Playlist, VideoKind
from skimlist.models.selection import LeftOut, Selection
from skimlist.selecting import Choice, choose
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.errors import MEMBERS_ONLY
from skimlist.youtube.playlists import read_playlist
from skimlist.youtube.session import youtube_session
from skimlist.youtube.uploads_feed import newest_uploads
from tests.channels import large_channel

CHANNEL = "UC" + "Skimlist" * 2 + "-Talks"
GONE = "UC" + "Skimlist" * 2 + "-Gone_"
OLD = "UC" + "Skimlist" * 2 + "-Old__"
NOW = datetime.now(UTC)

Read = Callable[..., Playlist]
both_sources = pytest.mark.parametrize("api_key", [None, API_KEY], ids=["pages", "data api"])


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeYouTube]:
    with FakeYouTube(tmp_path, ca_folder=tmp_path) as fake:
        fake.playlists[CHANNEL] = {
            "title": "The Workshop",
            "names": ["@workshop", "user/Workshop", "c/TheWorkshop"],
            "videos": 250,
            "shorts": [synthetic_id(number) for number in range(5, 250, 10)],
            "streams": [synthetic_id(248), synthetic_id(7)],
        }
        fake.playlists[GONE] = {"title": "", "names": ["@closed"], "terminated": True, "videos": 3}
        fake.playlists[OLD] = {"title": "", "names": ["@werkstatt"], "moved_to": "@workshop"}
        yield fake


@pytest.fixture
def read(fake: FakeYouTube) -> Read:
    def read(source_id: str, api_key: str | None, **options: Any) -> Playlist:
        session = youtube_session(fake.proxy_url, str(fake.ca_file))
        return read_playlist(session, source_id, api_key=DataApiKey(api_key) if api_key else None, **options)

    return read


def ids(playlist: Playlist) -> list[str]:
    return [entry.video_id for entry in playlist.entries]


def kept(choices: list[Choice]) -> list[str]:
    return [entry.video_id for entry, left_out in choices if not left_out]


def requests(fake: FakeYouTube) -> dict[str, int]:
    return {kind: sum(counts.values()) for kind, counts in fake.requests.items() if counts}


@both_sources
@pytest.mark.parametrize("name", [CHANNEL, "@workshop", "user/Workshop", "c/TheWorkshop"])
def test_all_uploads_of_a_channel_arrive_newest_first(read: Read, api_key: str | None, name: str) -> None:
    playlist = read(name, api_key)
    assert ids(playlist) == [synthetic_id(number) for number in range(250, 0, -1)]
    assert (playlist.id, playlist.title, playlist.channel) == (CHANNEL, "The Workshop", "The Workshop")
    assert (playlist.newest_first, playlist.truncated) == (True, False)
    assert all(
        entry.title and entry.channel and entry.duration_seconds and entry.uploaded for entry in playlist.entries
    )


@both_sources
@pytest.mark.parametrize(
    ("tab", "kind", "count"),
    [("videos", VideoKind.VIDEO, 223), ("shorts", VideoKind.SHORT, 25), ("streams", VideoKind.STREAM, 2)],
)
def test_a_tab_has_the_videos_of_its_kind(
    read: Read, api_key: str | None, tab: str, kind: VideoKind, count: int
) -> None:
    entries = read(f"@workshop/{tab}", api_key).entries
    assert (len(entries), {entry.kind for entry in entries}) == (count, {kind})


@both_sources
def test_the_kind_of_an_upload_is_read_only_if_it_matters(read: Read, api_key: str | None) -> None:
    entries = read(CHANNEL, api_key, selection=Selection(shorts=False)).entries
    assert len(entries) == 250
    assert sum(entry.kind is VideoKind.SHORT for entry in entries) == 25
    assert sum(entry.kind is VideoKind.STREAM for entry in entries) == 2


@pytest.mark.parametrize(
    ("api_key", "name", "expected"),
    [
        (None, CHANNEL, {"channel": 1, "playlist": 2}),
        (None, "@workshop", {"channel": 1, "playlist": 2}),
        (API_KEY, "@workshop", {"data_api": 3}),
        (API_KEY, "c/TheWorkshop", {"channel": 1, "data_api": 2}),
    ],
)
def test_a_name_takes_one_request_and_no_page_is_read_that_is_not_needed(
    fake: FakeYouTube, read: Read, api_key: str | None, name: str, expected: dict[str, int]
) -> None:
    playlist = read(name, api_key, selection=Selection(newest=40))
    assert ids(playlist) == [synthetic_id(number) for number in range(250, 210, -1)]
    assert playlist.truncated
    assert requests(fake) == expected


@pytest.mark.parametrize(("api_key", "expected"), [(None, {"channel": 1, "playlist": 2}), (API_KEY, {"data_api": 3})])
def test_the_newest_videos_are_read_as_far_as_one_that_was_seen(
    fake: FakeYouTube, read: Read, api_key: str | None, expected: dict[str, int]
) -> None:
    seen = [synthetic_id(number) for number in range(1, 248)]
    playlist = read(CHANNEL, api_key, selection=Selection(newest=1), seen=seen)
    assert ids(playlist) == [synthetic_id(number) for number in (250, 249, 248, 247)]
    assert requests(fake) == expected


@both_sources
def test_a_handle_that_has_moved_leads_to_the_channel(read: Read, api_key: str | None) -> None:
    assert read("@werkstatt", api_key).id == CHANNEL


@both_sources
@pytest.mark.parametrize("name", ["@closed", GONE, "@nobody", "user/nobody", "c/nobody"])
def test_a_channel_that_is_closed_or_was_never_there_says_so(read: Read, api_key: str | None, name: str) -> None:
    with pytest.raises(errors.ChannelUnavailable):
        read(name, api_key)


@both_sources
def test_a_tab_without_videos_says_so(fake: FakeYouTube, read: Read, api_key: str | None) -> None:
    fake.playlists[CHANNEL]["streams"] = []
    with pytest.raises(errors.ChannelEmpty):
        read("@workshop/streams", api_key)


@both_sources
def test_a_channel_without_videos_says_so(fake: FakeYouTube, read: Read, api_key: str | None) -> None:
    fake.playlists[CHANNEL] |= {"videos": [], "shorts": [], "streams": []}
    with pytest.raises(errors.ChannelEmpty):
        read("@workshop", api_key)


@both_sources
def test_each_video_has_the_id_of_its_channel_if_youtube_gives_it(
    fake: FakeYouTube, read: Read, api_key: str | None
) -> None:
    fake.playlists["PLmixed_of_two"] = [synthetic_id(250), synthetic_id(900)]
    assert [entry.channel_id for entry in read("PLmixed_of_two", api_key).entries] == [CHANNEL, None]


def test_videos_for_members_are_recognized_where_the_page_shows_them(fake: FakeYouTube, read: Read) -> None:
    fake.playlists[CHANNEL]["members_only"] = [synthetic_id(249)]
    reasons = [entry.unavailable for entry in read(CHANNEL, None, selection=Selection(newest=3)).entries]
    assert reasons == [None, MEMBERS_ONLY, None, None]


def test_the_data_api_distinguishes_premieres_from_streams(fake: FakeYouTube, read: Read) -> None:
    fake.playlists[CHANNEL]["premieres"] = [synthetic_id(250)]
    kinds = [entry.kind for entry in read(CHANNEL, API_KEY, selection=Selection(newest=3, premieres=False)).entries]
    assert kinds == [VideoKind.PREMIERE, VideoKind.VIDEO, VideoKind.STREAM, VideoKind.VIDEO]


def test_the_names_of_early_channels_pause_the_batch_while_youtube_blocks_its_pages(
    fake: FakeYouTube, read: Read
) -> None:
    fake.fail(Failure.BLOCKED)
    assert read("@workshop", API_KEY).entries
    with pytest.raises(errors.YouTubeBlocked):
        read("c/TheWorkshop", API_KEY)
    with pytest.raises(errors.ChannelUnavailable):
        read("@werkstatt", API_KEY)


@both_sources
def test_each_failure_of_a_channel_page_ends_in_its_error(fake: FakeYouTube, read: Read, api_key: str | None) -> None:
    fake.fail(Failure.SERVER_ERROR)
    with pytest.raises(errors.YouTubeUnreachable):
        read(CHANNEL, api_key)
    fake.fail(Failure.MALFORMED)
    with pytest.raises(errors.YouTubeAnswerUnreadable):
        read(CHANNEL, api_key)


# --- A channel of 3,000 videos ---


@both_sources
@pytest.mark.parametrize(("days", "newest"), [(60, None), (1_000, 50)])
def test_exactly_the_wanted_videos_of_a_large_channel_are_kept_in_order(
    fake: FakeYouTube, read: Read, api_key: str | None, days: int, newest: int | None
) -> None:
    videos = large_channel(fake, NOW)
    since = (NOW - timedelta(days=days)).date()
    selection = Selection(
        newest=newest,
        since=since,
        shorts=False,
        min_duration_seconds=600,
        max_duration_seconds=5_400,
        title_excludes=("advert", "quiz", "news"),
    )
    wanted = [
        video["video_id"]
        for number, video in enumerate(videos)
        if datetime.fromisoformat(video["published"]).date() >= since
        and number % 5 != 3
        and 600 <= video["duration_seconds"] <= 5_400
        and number % 7 not in {1, 2, 4}
    ]
    playlist = read("@everyday", api_key, selection=selection)
    choices = choose(selection, playlist.entries, newest_first=playlist.newest_first)
    assert kept(choices) == wanted[:newest]
    assert ids(playlist) == [video["video_id"] for video in videos[: len(playlist.entries)]]
    assert not {kind for kind, counts in fake.requests.items() if counts} & {"player", "timedtext"}
    assert sum(fake.requests["watch"].values()) <= 10


@both_sources
def test_streams_premieres_and_a_last_day_are_left_out(fake: FakeYouTube, read: Read, api_key: str | None) -> None:
    videos = large_channel(fake, NOW)
    first, last = (NOW - timedelta(days=90)).date(), (NOW - timedelta(days=60)).date()
    selection = Selection(since=first, until=last, streams=False)
    playlist = read("@everyday", api_key, selection=selection)
    choices = choose(selection, playlist.entries, newest_first=True)
    assert kept(choices) == [
        video["video_id"]
        for number, video in enumerate(videos)
        if first <= datetime.fromisoformat(video["published"]).date() <= last and number % 50 != 4
    ]
    reasons = {left_out for _, left_out in choices}
    assert reasons == {None, LeftOut.STREAM, LeftOut.UPLOADED_BEFORE, LeftOut.UPLOADED_AFTER}


def test_little_of_a_large_channel_is_read_for_its_newest_videos(fake: FakeYouTube, read: Read) -> None:
    large_channel(fake, NOW)
    read("@everyday", API_KEY, selection=Selection(newest=50, shorts=False))
    units = requests(fake)["data_api"]
    assert units <= 10


def test_a_block_while_days_are_settled_pauses_the_batch(fake: FakeYouTube, read: Read) -> None:
    large_channel(fake, NOW)
    since = (NOW - timedelta(days=100)).date()
    for number in range(80, 140):
        fake.fail(Failure.BLOCKED, f"Large_{number:04}1")
    with pytest.raises(errors.YouTubeBlocked):
        read("@everyday", None, selection=Selection(since=since))


@pytest.mark.parametrize(("tab", "expected"), [("", range(250, 235, -1)), ("/shorts", range(245, 95, -10))])
def test_the_feed_has_the_newest_uploads(fake: FakeYouTube, tab: str, expected: range) -> None:
    session = youtube_session(fake.proxy_url, str(fake.ca_file))
    channel = Channel.from_source_id(f"{CHANNEL}{tab}")
    assert channel
    assert newest_uploads(session, channel) == {synthetic_id(number) for number in expected}


@pytest.mark.parametrize("name", [GONE, "UC" + "x" * 22])
def test_a_channel_that_is_gone_has_no_feed(fake: FakeYouTube, name: str) -> None:
    session = youtube_session(fake.proxy_url, str(fake.ca_file))
    assert newest_uploads(session, Channel(name)) is None
