"""The choice of the caption track, and the cleaning of captions."""

import unicodedata
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.captions import choose_track, clean_segments, has_words
from skimlist.errors import LanguageUnavailable, NoCaptions
from skimlist.models import Segment


@dataclass(frozen=True)
class Language:
    language_code: str


@dataclass(frozen=True)
class Track:
    language_code: str
    is_generated: bool = False
    translation_languages: list[Language] = field(default_factory=list)


def manual(code: str, *translations: str) -> Track:
    return Track(code, False, [Language(t) for t in translations])


def automatic(code: str, *translations: str) -> Track:
    return Track(code, True, [Language(t) for t in translations])


@pytest.mark.parametrize(
    ("tracks", "language", "chosen"),
    [
        pytest.param([manual("de"), manual("en"), automatic("en")], None, 1, id="own language is what YouTube hears"),
        pytest.param([manual("de"), automatic("en")], None, 1, id="own language though another was written by hand"),
        pytest.param([manual("en-GB"), automatic("en")], None, 0, id="manual variant of the own language"),
        pytest.param([manual("fr"), manual("en")], None, 0, id="first track when nothing is automatic"),
        pytest.param([automatic("en")], None, 0, id="automatic is better than nothing"),
        pytest.param([manual("de"), manual("en"), automatic("en")], "de", 0, id="asked language before the own"),
        pytest.param([manual("pt-BR"), automatic("en")], "pt", 0, id="variant serves the language"),
        pytest.param([manual("pt"), automatic("en")], "pt-BR", 0, id="language serves the variant"),
        pytest.param([manual("pt-PT"), manual("pt-BR")], "pt-BR", 1, id="exact variant first"),
        pytest.param([manual("pt-BR"), automatic("pt")], "pt", 0, id="manual variant before exact automatic"),
        pytest.param([manual("EN-us")], "en-US", 0, id="case does not matter"),
        pytest.param([automatic("en"), manual("iw")], "he", 1, id="YouTube's old code for Hebrew"),
        pytest.param([manual("zh-CN"), manual("zh-TW")], "zh-Hant", 1, id="Chinese by script finds its region"),
    ],
)
def test_a_track_is_chosen(tracks: list[Track], language: str | None, chosen: int) -> None:
    choice = choose_track(tracks, language)
    assert (choice.track, choice.translate_to) == (tracks[chosen], None)


@pytest.mark.parametrize(
    ("tracks", "language", "chosen", "target"),
    [
        pytest.param([manual("fr", "de"), automatic("en", "de")], "de", 1, "de", id="the video's own track first"),
        pytest.param([manual("fr", "de"), automatic("en")], "de", 0, "de", id="another if that is not translatable"),
        pytest.param([manual("en", "pt", "zh-Hans", "zh-Hant")], "zh-TW", 0, "zh-Hant", id="script of the region"),
        pytest.param([manual("en", "pt")], "pt-BR", 0, "pt", id="language for the variant"),
    ],
)
def test_a_translation_is_the_last_resort(tracks: list[Track], language: str, chosen: int, target: str) -> None:
    choice = choose_track(tracks, language)
    assert (choice.track, choice.translate_to) == (tracks[chosen], target)


def test_a_language_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(LanguageUnavailable):
        choose_track([manual("en", "de"), automatic("fr")], "ja")


def test_a_video_without_tracks_has_no_captions() -> None:
    with pytest.raises(NoCaptions):
        choose_track([], None)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("two\nlines\r\n", "two lines"),
        ("Q&amp;A &quot;live&quot;", 'Q&A "live"'),
        ('<font color="#fff">red</font> &lt;i&gt;pen&lt;/i&gt;', "red pen"),
        ("a < b and b > c", "a < b and b > c"),
        ("bell\x07 and\u200b gap\ufeff", "bell and gap"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_a_caption_becomes_plain_text_on_one_line(raw: str, plain: str) -> None:
    assert clean_segments([Segment(raw, 1.0, 2.0)]) == (Segment(plain, 1.0, 2.0),)


def test_blank_captions_are_dropped_and_the_others_put_in_order() -> None:
    captions = [Segment("later", 5.0, 1.0), Segment(" \n ", 2.0, 1.0), Segment("<b></b>", 3.0, 1.0), Segment("a", 1, 1)]
    assert [segment.text for segment in clean_segments(captions)] == ["a", "later"]


@given(st.lists(st.builds(Segment, st.text(), st.floats(0, 1e5), st.floats(0, 100))))
def test_no_caption_brings_control_characters_or_blank_edges(captions: list[Segment]) -> None:
    for segment in clean_segments(captions):
        assert segment.text == segment.text.strip() != ""
        assert not [char for char in segment.text if unicodedata.category(char) == "Cc"]


@pytest.mark.parametrize("text", ["[Music]", "(applause)", "（掌聲）", "♪ ♪", "...", "[Musik] -"])
def test_sounds_are_no_words(text: str) -> None:
    assert not has_words([Segment(text, 0, 1)])


@pytest.mark.parametrize("text", ["[Music] hello", "你好", "مرحبا", "7"])
def test_speech_beside_sounds_is_words(text: str) -> None:
    assert has_words([Segment("[Music]", 0, 1), Segment(text, 1, 1)])


def test_a_caption_without_end_becomes_several_with_their_shares_of_the_time() -> None:
    segments = clean_segments([Segment("bread " * 4_900, 10.0, 30.0)])
    assert max(len(segment.text) for segment in segments) <= 10_000
    assert " ".join(segment.text for segment in segments).split() == ["bread"] * 4_900
    assert [segment.start for segment in segments] == pytest.approx([10.0, 20.0, 30.0], abs=0.5)
    assert sum(segment.duration for segment in segments) == pytest.approx(30.0)


def test_the_times_of_a_caption_stay_as_they_were_sent() -> None:
    caption = Segment("The secret was what people put around it.", 21.3, 3.65)
    assert clean_segments([caption]) == (caption,)
