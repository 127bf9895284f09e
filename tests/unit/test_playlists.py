"""Which playlists can be read, and which source tells of them."""

import pytest

from local.youtube.answers import Answer
from skimlist import errors
from skimlist.playlists import read_playlist
from skimlist.urls import is_personal
from tests.fakes.youtube import FakeYouTube

PLAYLIST_ITEMS, PLAYLIST_PAGE = "/youtube/v3/playlistItems", "/playlist"


@pytest.mark.parametrize("playlist_id", ["WL", "LL", "LM", "RDdQw4w9WgXcQ", "RDMM", "LLuAXFkgsw1L7xaCfnd5JJOw"])
def test_lists_that_differ_for_every_viewer_are_refused_without_a_request(playlist_id: str) -> None:
    youtube = FakeYouTube()
    with pytest.raises(errors.PlaylistPersonal):
        read_playlist(youtube.session(), playlist_id)
    assert youtube.paths == []


@pytest.mark.parametrize(
    "playlist_id", ["PLBB231211A4F62143", "UUuAXFkgsw1L7xaCfnd5JJOw", "OLAK5uy_abcdefgh", "RDCLAK5uy_abcdefgh"]
)
def test_lists_that_are_the_same_for_everybody_are_not(playlist_id: str) -> None:
    assert not is_personal(playlist_id)


def test_a_key_chooses_the_data_api() -> None:
    youtube = FakeYouTube({PLAYLIST_ITEMS: TimeoutError()})
    with pytest.raises(TimeoutError):
        read_playlist(youtube.session(), "PLtalks", api_key="key")
    assert youtube.paths == [PLAYLIST_ITEMS]


def test_without_a_key_the_pages_are_read() -> None:
    youtube = FakeYouTube({PLAYLIST_PAGE: TimeoutError()})
    with pytest.raises(TimeoutError):
        read_playlist(youtube.session(), "PLtalks")
    assert youtube.paths == [PLAYLIST_PAGE]


def test_once_the_quota_is_used_up_the_pages_are_read() -> None:
    quota_exceeded = Answer.json({"error": {"errors": [{"reason": "quotaExceeded"}]}}, 403)
    youtube = FakeYouTube({PLAYLIST_ITEMS: quota_exceeded, PLAYLIST_PAGE: TimeoutError()})
    with pytest.raises(TimeoutError):
        read_playlist(youtube.session(), "PLtalks", api_key="key")
    assert youtube.paths == [PLAYLIST_ITEMS, PLAYLIST_PAGE]


def test_a_playlist_without_videos_is_an_error() -> None:
    empty = Answer.json({"items": []})
    youtube = FakeYouTube({PLAYLIST_ITEMS: empty, "/youtube/v3/playlists": empty})
    with pytest.raises(errors.PlaylistEmpty):
        read_playlist(youtube.session(), "PLtalks", api_key="key")
