"""Which playlists can be read, and from which source."""

import pytest

from local.youtube.answers import Answer
from skimlist import errors
from skimlist.links.addresses import is_personal
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.playlists import read_playlist
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
def test_lists_that_are_the_same_for_everybody_are_not_refused(playlist_id: str) -> None:
    assert not is_personal(playlist_id)


def test_a_key_chooses_the_data_api() -> None:
    youtube = FakeYouTube({PLAYLIST_ITEMS: TimeoutError()})
    with pytest.raises(TimeoutError):
        read_playlist(youtube.session(), "PLtalks", api_key=DataApiKey("key"))
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
        read_playlist(youtube.session(), "PLtalks", api_key=DataApiKey("key"))
    assert youtube.paths == [PLAYLIST_ITEMS, PLAYLIST_PAGE]


def playlist_of(video_id: str, title: str) -> FakeYouTube:
    snippet = {"title": title, "videoOwnerChannelTitle": title, "channelTitle": title}
    item = {"snippet": snippet, "contentDetails": {"videoId": video_id}, "status": {"privacyStatus": "public"}}
    video = {"id": video_id, "contentDetails": {"duration": "PT1M"}}
    return FakeYouTube(
        {
            PLAYLIST_ITEMS: Answer.json({"items": [item]}),
            "/youtube/v3/videos": Answer.json({"items": [video]}),
            "/youtube/v3/playlists": Answer.json({"items": [{"snippet": snippet}]}),
        }
    )


def test_titles_hold_nothing_that_would_steer_a_terminal() -> None:
    youtube = playlist_of("a" * 11, "A\x1b]0;talk\x07 \u202ebackwards\x9b")
    playlist = read_playlist(youtube.session(), "PLtalks", api_key=DataApiKey("key"))
    (entry,) = playlist.entries
    assert {playlist.title, playlist.channel, entry.title, entry.channel} == {"A ]0;talk backwards"}


@pytest.mark.parametrize("video_id", ["", "../../exports", "a" * 10 + '"', "a" * 12, "a" * 11 + "\n"])
def test_an_id_that_no_video_has_is_not_taken_into_links_and_keys(video_id: str) -> None:
    with pytest.raises(errors.YouTubeAnswerUnreadable):
        read_playlist(playlist_of(video_id, "A talk").session(), "PLtalks", api_key=DataApiKey("key"))


def test_a_playlist_without_videos_is_an_error() -> None:
    empty = Answer.json({"items": []})
    youtube = FakeYouTube({PLAYLIST_ITEMS: empty, "/youtube/v3/playlists": empty})
    with pytest.raises(errors.PlaylistEmpty):
        read_playlist(youtube.session(), "PLtalks", api_key=DataApiKey("key"))
