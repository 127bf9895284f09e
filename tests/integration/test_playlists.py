"""Whole playlists from both sources, through the stand-in's proxy and over TLS, with the settings that a user has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.youtube import API_KEY, Failure, YouTubeStandIn
from local.youtube.made_up import made_up_id
from skimlist import errors
from skimlist.models.playlist import Playlist
from skimlist.youtube.playlists import read_playlist
from skimlist.youtube.session import youtube_session

SAMPLES = Path(__file__).parents[2] / "local" / "samples"
SAMPLE_LIST = "PLSkimlistSamples"

Read = Callable[..., Playlist]
both_sources = pytest.mark.parametrize("api_key", [None, API_KEY], ids=["pages", "data api"])


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn(SAMPLES, ca_folder=tmp_path) as stand_in:
        stand_in.playlists["PLsecret"] = "private"
        stand_in.playlists["PLempty"] = []
        yield stand_in


@pytest.fixture
def read(stand_in: YouTubeStandIn) -> Read:
    def read(playlist_id: str, api_key: str | None, **options: int) -> Playlist:
        session = youtube_session(stand_in.proxy_url, str(stand_in.ca_file), read_timeout=1.0)
        return read_playlist(session, playlist_id, api_key=api_key, **options)

    return read


@both_sources
@pytest.mark.parametrize("count", [1, 100, 255, 5_000])
def test_every_video_arrives_in_order(stand_in: YouTubeStandIn, read: Read, api_key: str | None, count: int) -> None:
    stand_in.playlists["PLlong"] = {"title": "All of them", "channel": "A curator", "videos": count}
    playlist = read("PLlong", api_key)
    assert [entry.video_id for entry in playlist.entries] == [made_up_id(number + 1) for number in range(count)]
    assert all(entry.title and entry.channel and entry.duration_seconds for entry in playlist.entries)
    assert (playlist.title, playlist.channel, playlist.truncated) == ("All of them", "A curator", False)


def test_both_sources_say_the_same_of_the_same_playlist(stand_in: YouTubeStandIn, read: Read) -> None:
    gone = {"private": [made_up_id(3), made_up_id(99)], "deleted": [made_up_id(100), made_up_id(212)]}
    stand_in.playlists["PLgaps"] = {"title": "With gaps", "channel": "A curator", "videos": 255, **gone}
    playlist = read("PLgaps", None)
    assert playlist == read("PLgaps", API_KEY)
    unavailable = {entry.video_id: entry.unavailable for entry in playlist.entries if entry.unavailable}
    assert unavailable == {
        **dict.fromkeys(gone["private"], errors.VideoPrivate.message),
        **dict.fromkeys(gone["deleted"], errors.VideoUnavailable.message),
    }


@both_sources
def test_the_bundled_playlist_has_the_samples_and_a_private_video(read: Read, api_key: str | None) -> None:
    entries = read(SAMPLE_LIST, api_key).entries
    assert [entry.unavailable is None for entry in entries] == [True, True, False, True, True, True]
    assert all((SAMPLES / f"{entry.video_id}.json").exists() for entry in entries if not entry.unavailable)


@both_sources
def test_a_video_that_nobody_has_counts_as_deleted(stand_in: YouTubeStandIn, read: Read, api_key: str | None) -> None:
    stand_in.playlists["PLplain"] = ["Lighthouse1", "nowhere_at1"]
    lighthouse, nowhere = read("PLplain", api_key).entries
    assert (lighthouse.unavailable, nowhere.unavailable) == (None, errors.VideoUnavailable.message)


@pytest.mark.parametrize(("api_key", "requests"), [(None, {"playlist": 3}), (API_KEY, {"data_api": 7})])
def test_a_limit_leaves_the_pages_behind_it_unread(
    stand_in: YouTubeStandIn, read: Read, api_key: str | None, requests: dict[str, int]
) -> None:
    stand_in.playlists["PLlong"] = {"videos": 5_000, "first": 1_000}
    playlist = read("PLlong", api_key, limit=120)
    assert [entry.video_id for entry in playlist.entries] == [made_up_id(1_000 + place) for place in range(120)]
    assert playlist.truncated
    assert {kind: sum(counts.values()) for kind, counts in stand_in.requests.items() if counts} == requests


@both_sources
@pytest.mark.parametrize(
    ("playlist_id", "expected"),
    [
        ("PLnowhere", errors.PlaylistUnavailable),
        ("PLsecret", errors.PlaylistPrivate),
        ("PLempty", errors.PlaylistEmpty),
        ("RDLighthouse1", errors.PlaylistPersonal),
    ],
)
def test_a_playlist_that_gives_nothing_says_why(
    read: Read, playlist_id: str, expected: type[Exception], api_key: str | None
) -> None:
    with pytest.raises(expected) as caught:
        read(playlist_id, api_key)
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("failure", "api_key", "expected"),
    [
        (Failure.BLOCKED, None, errors.YouTubeBlocked),
        (Failure.HANG, None, errors.YouTubeUnreachable),
        (Failure.SERVER_ERROR, None, errors.YouTubeUnreachable),
        (Failure.MALFORMED, None, errors.YouTubeAnswerUnreadable),
        (Failure.INCOMPLETE, None, errors.YouTubeAnswerUnreadable),
        (Failure.HANG, API_KEY, errors.YouTubeUnreachable),
        (Failure.SERVER_ERROR, API_KEY, errors.YouTubeUnreachable),
        (Failure.MALFORMED, API_KEY, errors.YouTubeAnswerUnreadable),
        (Failure.BLOCKED, "a wrong key", errors.DataApiKeyRejected),
    ],
)
def test_each_failure_ends_in_its_error_and_passes(
    stand_in: YouTubeStandIn, read: Read, failure: Failure, api_key: str | None, expected: type[Exception]
) -> None:
    stand_in.playlists["PLlong"] = {"videos": 120}
    stand_in.fail(failure)
    with pytest.raises(expected) as caught:
        read("PLlong", api_key)
    assert type(caught.value) is expected
    stand_in.recover()
    assert len(read("PLlong", None).entries) == 120


def test_the_data_api_is_not_blocked(stand_in: YouTubeStandIn, read: Read) -> None:
    stand_in.fail(Failure.BLOCKED)
    assert read(SAMPLE_LIST, API_KEY).entries


def test_a_used_up_quota_is_no_obstacle(stand_in: YouTubeStandIn, read: Read) -> None:
    stand_in.fail(Failure.QUOTA_EXCEEDED)
    assert read(SAMPLE_LIST, API_KEY) == read(SAMPLE_LIST, None)


def test_a_used_up_quota_behind_a_block_is_a_block(stand_in: YouTubeStandIn, read: Read) -> None:
    stand_in.fail(Failure.QUOTA_EXCEEDED, SAMPLE_LIST)
    stand_in.fail(Failure.BLOCKED)
    with pytest.raises(errors.YouTubeBlocked):
        read(SAMPLE_LIST, API_KEY)


def test_a_page_that_fails_once_is_asked_for_again(stand_in: YouTubeStandIn, read: Read) -> None:
    stand_in.fail(Failure.SERVER_ERROR, times=2)
    assert read(SAMPLE_LIST, None).entries


def test_a_rotating_proxy_tries_again_from_another_address(stand_in: YouTubeStandIn) -> None:
    webshare = stand_in.proxy_url.replace("http://", "webshare://user:word@")
    stand_in.fail(Failure.BLOCKED, times=3)
    assert read_playlist(youtube_session(webshare, str(stand_in.ca_file)), SAMPLE_LIST).entries


@both_sources
def test_without_the_ca_file_the_error_names_the_setting(stand_in: YouTubeStandIn, api_key: str | None) -> None:
    with pytest.raises(errors.YouTubeProxyFailed, match="CA_BUNDLE"):
        read_playlist(youtube_session(stand_in.proxy_url), SAMPLE_LIST, api_key=api_key)


@both_sources
def test_a_proxy_that_is_not_there_names_the_setting(stand_in: YouTubeStandIn, read: Read, api_key: str | None) -> None:
    stand_in.stop()
    with pytest.raises(errors.YouTubeProxyFailed, match="YOUTUBE_PROXY_URL"):
        read(SAMPLE_LIST, api_key)


def test_playlists_can_be_added_over_http(stand_in: YouTubeStandIn, read: Read) -> None:
    added = {"PLadded": ["Lighthouse1"]}
    youtube_session().put(f"{stand_in.proxy_url}/playlists", json=added).raise_for_status()
    assert [entry.video_id for entry in read("PLadded", None).entries] == ["Lighthouse1"]
    assert read(SAMPLE_LIST, None).entries
