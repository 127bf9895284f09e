"""Whole playlists from both sources, through the fake YouTube's proxy and over TLS, with a user's settings."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from local.youtube import API_KEY, Failure, FakeYouTube
from local.youtube.synthetic import synthetic_id
from skimlist import errors
from skimlist.models.playlist import Playlist
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.playlists import read_playlist
from skimlist.youtube.session import READ_TIMEOUT, youtube_session

SAMPLES = Path(__file__).parents[2] / "local" / "samples"
SAMPLE_LIST = "PLSkimlistSamples"

Read = Callable[..., Playlist]
both_sources = pytest.mark.parametrize("api_key", [None, API_KEY], ids=["pages", "data api"])


def key_of(api_key: str | None) -> DataApiKey | None:
    return DataApiKey(api_key) if api_key else None


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeYouTube]:
    with FakeYouTube(SAMPLES, ca_folder=tmp_path) as fake:
        fake.playlists["PLsecret"] = "private"
        fake.playlists["PLempty"] = []
        yield fake


def reader(fake: FakeYouTube, read_timeout: float = READ_TIMEOUT) -> Read:
    def read(playlist_id: str, api_key: str | None, **options: int) -> Playlist:
        session = youtube_session(fake.proxy_url, str(fake.ca_file), read_timeout=read_timeout)
        return read_playlist(session, playlist_id, api_key=key_of(api_key), **options)

    return read


@pytest.fixture
def read(fake: FakeYouTube) -> Read:
    return reader(fake)


def without_upload_times(playlist: Playlist) -> Playlist:
    return replace(playlist, entries=tuple(replace(entry, uploaded=None) for entry in playlist.entries))


@pytest.mark.parametrize(("count", "api_key"), [*product((1, 100, 255), (None, API_KEY)), (5_000, API_KEY)])
def test_every_video_arrives_in_order(fake: FakeYouTube, read: Read, api_key: str | None, count: int) -> None:
    fake.playlists["PLlong"] = {"title": "All of them", "channel": "A curator", "videos": count}
    playlist = read("PLlong", api_key)
    assert [entry.video_id for entry in playlist.entries] == [synthetic_id(number + 1) for number in range(count)]
    assert all(entry.title and entry.channel and entry.duration_seconds for entry in playlist.entries)
    assert (playlist.title, playlist.channel, playlist.truncated) == ("All of them", "A curator", False)


def test_both_sources_say_the_same_of_the_same_playlist(fake: FakeYouTube, read: Read) -> None:
    gone = {"private": [synthetic_id(3), synthetic_id(99)], "deleted": [synthetic_id(100), synthetic_id(212)]}
    fake.playlists["PLgaps"] = {"title": "With gaps", "channel": "A curator", "videos": 255, **gone}
    playlist, exact = read("PLgaps", None), read("PLgaps", API_KEY)
    assert without_upload_times(playlist) == without_upload_times(exact)
    for shown, known in zip(playlist.entries, exact.entries, strict=True):
        assert (shown.uploaded is None) == (known.uploaded is None) == (shown.unavailable is not None)
        if shown.uploaded and known.uploaded:
            assert known.uploaded.is_exact
            assert shown.uploaded.earliest <= known.uploaded.latest <= shown.uploaded.latest
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
def test_a_video_that_nobody_has_counts_as_deleted(fake: FakeYouTube, read: Read, api_key: str | None) -> None:
    fake.playlists["PLplain"] = ["Lighthouse1", "nowhere_at1"]
    lighthouse, nowhere = read("PLplain", api_key).entries
    assert (lighthouse.unavailable, nowhere.unavailable) == (None, errors.VideoUnavailable.message)


@pytest.mark.parametrize(("api_key", "requests"), [(None, {"playlist": 3}), (API_KEY, {"data_api": 7})])
def test_a_limit_leaves_the_pages_behind_it_unread(
    fake: FakeYouTube, read: Read, api_key: str | None, requests: dict[str, int]
) -> None:
    fake.playlists["PLlong"] = {"videos": 5_000, "first": 1_000}
    playlist = read("PLlong", api_key, limit=120)
    assert [entry.video_id for entry in playlist.entries] == [synthetic_id(1_000 + place) for place in range(120)]
    assert playlist.truncated
    assert {kind: sum(counts.values()) for kind, counts in fake.requests.items() if counts} == requests


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
    fake: FakeYouTube, read: Read, failure: Failure, api_key: str | None, expected: type[Exception]
) -> None:
    fake.playlists["PLlong"] = {"videos": 120}
    fake.fail(failure)
    with pytest.raises(expected) as caught:
        (reader(fake, read_timeout=1.0) if failure is Failure.HANG else read)("PLlong", api_key)
    assert type(caught.value) is expected
    fake.recover()
    assert len(read("PLlong", None).entries) == 120


def test_the_data_api_is_not_blocked(fake: FakeYouTube, read: Read) -> None:
    fake.fail(Failure.BLOCKED)
    assert read(SAMPLE_LIST, API_KEY).entries


def test_a_used_up_quota_leads_to_the_page(fake: FakeYouTube, read: Read) -> None:
    fake.fail(Failure.QUOTA_EXCEEDED)
    assert without_upload_times(read(SAMPLE_LIST, API_KEY)) == without_upload_times(read(SAMPLE_LIST, None))


def test_a_used_up_quota_behind_a_block_says_both(fake: FakeYouTube, read: Read) -> None:
    fake.fail(Failure.QUOTA_EXCEEDED, SAMPLE_LIST)
    fake.fail(Failure.BLOCKED)
    with pytest.raises(errors.DataApiQuotaExceeded, match="blocks this address without it"):
        read(SAMPLE_LIST, API_KEY)


@pytest.mark.parametrize("left", [0, 3])
def test_a_playlist_is_read_from_the_page_if_no_request_to_the_data_api_is_left_for_it(
    fake: FakeYouTube, read: Read, left: int
) -> None:
    fake.playlists["PLlong"] = {"videos": 120}
    units = iter(range(left))

    def take_unit() -> None:
        if next(units, None) is None:
            raise errors.DataApiQuotaExceeded

    session = youtube_session(fake.proxy_url, str(fake.ca_file))
    found = read_playlist(session, "PLlong", api_key=DataApiKey(API_KEY, take_unit))
    assert without_upload_times(found) == without_upload_times(read("PLlong", None))
    assert sum(fake.requests["data_api"].values()) == left


def test_a_page_that_fails_once_is_asked_for_again(fake: FakeYouTube, read: Read) -> None:
    fake.fail(Failure.SERVER_ERROR, times=2)
    assert read(SAMPLE_LIST, None).entries


def test_a_rotating_proxy_tries_again_from_another_address(fake: FakeYouTube) -> None:
    webshare = fake.proxy_url.replace("http://", "webshare://user:word@")
    fake.fail(Failure.BLOCKED, times=3)
    assert read_playlist(youtube_session(webshare, str(fake.ca_file)), SAMPLE_LIST).entries


@both_sources
def test_without_the_ca_file_the_error_tells_of_the_certificate(fake: FakeYouTube, api_key: str | None) -> None:
    with pytest.raises(errors.YouTubeProxyFailed, match="certificate is not trusted"):
        read_playlist(youtube_session(fake.proxy_url), SAMPLE_LIST, api_key=key_of(api_key))


@both_sources
def test_a_proxy_that_is_not_there_is_told(fake: FakeYouTube, read: Read, api_key: str | None) -> None:
    fake.stop()
    with pytest.raises(errors.YouTubeProxyFailed, match="did not let the request through"):
        read(SAMPLE_LIST, api_key)


def test_playlists_can_be_added_over_http(fake: FakeYouTube, read: Read) -> None:
    added = {"PLadded": ["Lighthouse1"]}
    youtube_session().put(f"{fake.proxy_url}/playlists", json=added).raise_for_status()
    assert [entry.video_id for entry in read("PLadded", None).entries] == ["Lighthouse1"]
    assert read(SAMPLE_LIST, None).entries
