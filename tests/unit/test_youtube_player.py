"""What a player's response says about a video, in the shapes that YouTube has sent."""

from typing import Any

import pytest

from skimlist.errors import YouTubeAnswerUnreadable
from skimlist.youtube.player import (
    Language,
    caption_tracks,
    is_live,
    length_seconds,
    own_language,
    title_and_channel,
    was_just_live,
)


def track(code: str, kind: str | None = None) -> dict[str, Any]:
    name = {"runs": [{"text": f"Name of {code}"}]}
    return {"baseUrl": "/api/timedtext", "languageCode": code, "name": name, **({"kind": kind} if kind else {})}


def answer(tracks: list[Any], **beside: Any) -> dict[str, Any]:
    """Returns a player's response; `beside` has the rest of the track list and the audio formats."""
    formats = beside.pop("formats", [])
    listed = {"captionTracks": tracks, **beside}
    return {
        "captions": {"playerCaptionsTracklistRenderer": listed},
        "streamingData": {"adaptiveFormats": [{"audioTrack": each} for each in formats]},
    }


MANY = [track("zh"), track("cs"), track("en"), track("en", "asr"), track("de")]
DUBBED = [track("ar", "asr"), track("en", "asr"), track("es", "asr")]
DUBBED_AUDIO = [{"captionTrackIndices": [place]} for place in range(3)]


@pytest.mark.parametrize(
    ("player", "language"),
    [
        pytest.param(
            answer(MANY, audioTracks=[{"captionTrackIndices": [0, 1, 2, 4, 3], "defaultCaptionTrackIndex": 2}]),
            "en",
            id="one audio track, as YouTube sends it for most videos",
        ),
        pytest.param(answer(DUBBED, audioTracks=DUBBED_AUDIO, defaultAudioTrackIndex=1), "en", id="dubbed"),
        pytest.param(
            answer(
                [track("pt", "asr")],
                audioTracks=[
                    {"captionTrackIndices": [0], "audioTrackId": "en-US.10"},
                    {"captionTrackIndices": [0], "audioTrackId": "pt-BR.4"},
                ],
                defaultAudioTrackIndex=1,
            ),
            "pt-BR",
            id="audio tracks with names",
        ),
        pytest.param(
            answer([track("pt", "asr")], audioTracks=[{"captionTrackIndices": [0], "audioTrackId": "en-US.10"}]),
            "pt",
            id="a dubbed audio track without captions of its own",
        ),
        pytest.param(
            answer(
                [track("en", "asr"), track("ja", "asr")],
                audioTracks=[{"captionTrackIndices": [0]}, {"captionTrackIndices": [1]}],
                formats=[
                    {"id": "en-US.10", "displayName": "English (United States)", "audioIsDefault": True},
                    {"id": "ja.4", "displayName": "Japanese original"},
                ],
            ),
            "ja",
            id="the original rather than the dubbed track that is played by default",
        ),
        pytest.param(
            answer(DUBBED, audioTracks=[{"captionTrackIndices": [0, 1, 2], "defaultCaptionTrackIndex": 1}]),
            "en",
            id="several automatic tracks for one audio track",
        ),
        pytest.param(
            answer([track("zh"), track("en")], audioTracks=[{"defaultCaptionTrackIndex": 1}]),
            "en",
            id="nothing automatic",
        ),
        pytest.param(answer([track("fr"), track("en", "asr")]), "en", id="no audio tracks"),
        pytest.param(answer([track("fr"), track("en")]), None, id="nothing told"),
        pytest.param(
            answer(DUBBED, audioTracks=[{"captionTrackIndices": [7, -1, "1", None]}], defaultAudioTrackIndex="x"),
            "ar",
            id="indices of nothing",
        ),
        pytest.param([], None, id="no answer at all"),
    ],
)
def test_the_spoken_language_is_the_one_that_the_player_names(player: Any, language: str | None) -> None:
    assert own_language(player) == language


def test_every_track_is_listed_also_several_in_one_language() -> None:
    tracks = caption_tracks(answer([track("en"), track("en"), track("en", "asr")]))
    assert [(each.language_code, each.is_generated) for each in tracks] == [("en", False), ("en", False), ("en", True)]


def test_a_track_is_translatable_if_the_player_says_so() -> None:
    languages = [{"languageCode": "de", "languageName": {"simpleText": "German"}}, {"languageCode": "fr"}, None]
    listed = [{**track("en"), "isTranslatable": True}, track("es")]
    translatable, other = caption_tracks(answer(listed, translationLanguages=languages))
    assert translatable.translation_languages == (Language("de", "German"), Language("fr", "fr"))
    assert other.translation_languages == ()


@pytest.mark.parametrize("odd", [None, {}, [], "en", track("../../x"), {**track("en"), "baseUrl": None}])
def test_a_track_of_an_unknown_shape_does_not_hide_the_others(odd: Any) -> None:
    assert [each.language_code for each in caption_tracks(answer([odd, track("en")]))] == ["en"]
    with pytest.raises(YouTubeAnswerUnreadable):
        caption_tracks(answer([odd]))


@pytest.mark.parametrize(
    ("length", "expected"),
    [("316", 316.0), (316, 316.0), ("0", None), ("9" * 400, None), ("NaN", None), (float("nan"), None), (None, None)],
)
def test_only_a_number_of_seconds_is_a_length(length: Any, expected: float | None) -> None:
    assert length_seconds({"videoDetails": {"lengthSeconds": length}}) == expected


def test_a_title_has_a_longest_length() -> None:
    title, channel = title_and_channel({"videoDetails": {"title": "word " * 10_000, "author": ["of no known shape"]}})
    assert title is not None
    assert len(title) < 400
    assert channel is None


@pytest.mark.parametrize(
    ("details", "live", "just_live"),
    [
        ({"isLiveContent": True}, False, False),
        ({"isLive": True, "isLiveContent": True}, True, False),
        ({"isPostLiveDvr": True, "isLiveContent": True}, False, True),
    ],
)
def test_a_broadcast_and_its_recording_are_distinguished(details: dict[str, bool], live: bool, just_live: bool) -> None:
    player = {"videoDetails": details}
    assert (is_live(player), was_just_live(player)) == (live, just_live)
