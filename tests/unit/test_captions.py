"""The choice of the caption track, and the cleaning of captions."""

import unicodedata
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.errors import NoCaptions
from skimlist.models.transcript import Segment
from skimlist.youtube.captions import Choice, choose_track, clean_segments, has_words, spoken_words


@dataclass(frozen=True)
class Language:
    language_code: str
    language: str = "as people call it"


@dataclass(frozen=True)
class Track:
    language_code: str
    is_generated: bool = False
    language: str = "as people call it"
    translation_languages: list[Language] = field(default_factory=list)


def manual(code: str, *translations: str) -> Track:
    return Track(code, False, translation_languages=[Language(t) for t in translations])


def automatic(code: str, *translations: str) -> Track:
    return Track(code, True, translation_languages=[Language(t) for t in translations])


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
        pytest.param([manual("zh-TW"), manual("zh-CN")], "zh", 1, id="Chinese by itself is simplified"),
        pytest.param([automatic("en"), manual("no")], "nb", 1, id="the usual form of a language"),
        pytest.param([manual("nn"), manual("no")], "nb", 1, id="the same form of a language first"),
        pytest.param([automatic("en"), manual("tl")], "fil", 1, id="the old code of a language"),
        pytest.param([manual("en"), manual("en")], "en", 0, id="the first of two with one code"),
    ],
)
def test_a_track_is_chosen(tracks: list[Track], language: str | None, chosen: int) -> None:
    choice = choose_track(tracks, language)
    assert (choice.track, choice.translate_to) == (tracks[chosen], None)


@pytest.mark.parametrize(
    ("tracks", "own", "chosen"),
    [
        pytest.param([automatic("ar"), automatic("en"), automatic("es")], "en", 1, id="one of several automatic ones"),
        pytest.param([automatic("ar"), automatic("en"), manual("en-GB")], "en", 2, id="written by a person"),
        pytest.param([manual("zh"), manual("en")], "en", 1, id="nothing automatic"),
    ],
)
def test_the_video_s_own_track_is_in_the_language_that_is_known_to_be_spoken(
    tracks: list[Track], own: str, chosen: int
) -> None:
    assert choose_track(tracks, None, own).track == tracks[chosen]


def test_a_translation_is_made_from_the_language_that_is_known_to_be_spoken() -> None:
    tracks = [automatic("ar", "de"), automatic("en", "de")]
    assert choose_track(tracks, "de", "en", translate=True).track == tracks[1]


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
    choice = choose_track(tracks, language, translate=True)
    assert (choice.track, choice.translate_to) == (tracks[chosen], Language(target))


def test_nothing_is_translated_unless_asked_for() -> None:
    tracks = [manual("fr", "de"), automatic("en", "de")]
    assert choose_track(tracks, "de") == Choice(tracks[1])


def test_without_a_translation_the_captions_are_those_of_what_is_spoken() -> None:
    tracks = [manual("en", "de"), automatic("fr")]
    assert choose_track(tracks, "ja") == Choice(tracks[1])
    assert choose_track(tracks, "ja", own="en") == Choice(tracks[0])


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


@pytest.mark.parametrize(
    ("captions", "said"),
    [
        pytest.param(["A", "A\nB", "B", "B\nC", "C"], [("A", 0), ("B", 1), ("C", 3)], id="one line stays"),
        pytest.param(["A\nB", "B\nC", "C\nD"], [("A B", 0), ("C", 1), ("D", 2)], id="two lines, one moves up"),
        pytest.param(["A\nB\nC", "B\nC\nD"], [("A B C", 0), ("D", 1)], id="three lines, two move up"),
        pytest.param([" \nA", "A\n ", "A\nB"], [("A", 0), ("B", 2)], id="an empty line beside it"),
        pytest.param(["Yes.", "No.", "Yes."], [("Yes.", 0), ("No.", 1), ("Yes.", 2)], id="said again"),
        pytest.param(["so that", "that is it"], [("so that", 0), ("that is it", 1)], id="a word that is repeated"),
    ],
)
def test_a_line_that_stays_on_the_screen_counts_once(captions: list[str], said: list[tuple[str, float]]) -> None:
    segments = clean_segments([Segment(text, float(place), 1.0) for place, text in enumerate(captions)])
    assert [(segment.text, segment.start) for segment in segments] == said


@pytest.mark.parametrize("start", [float("nan"), float("inf"), -1.0, 1e300])
def test_a_time_that_no_video_reaches_counts_as_its_beginning(start: float) -> None:
    assert clean_segments([Segment("a", start, start)]) == (Segment("a", 0.0, 0.0),)


@pytest.mark.parametrize(
    "text", ["[Music]", "(applause)", "（掌聲）", "♪ ♪", "...", "[Musik] -", "♪ [Music] ♪", "[ __ ]"]
)
def test_sounds_are_not_words(text: str) -> None:
    assert not has_words([Segment(text, 0, 1)])


@pytest.mark.parametrize("text", ["[Music] hello", "你好", "مرحبا", "7", "♪ la la ♪", "🎵 song"])
def test_speech_beside_sounds_is_words(text: str) -> None:
    assert has_words([Segment("[Music]", 0, 1), Segment(text, 1, 1)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("♪ words of a song ♪", "words of a song"),
        ("What the [ __ ] is that", "What the [ __ ] is that"),
        ("What the [\u00a0__\u00a0] is that", "What the [ __ ] is that"),
        ("(door creaks) - Good morning.", "Good morning."),
        ("♪ (piano) ♪", ""),
        (">> Hello >> Hi", "Hello Hi"),
        ("It rose (slowly).", "It rose (slowly)."),
        ("Here is a token [CLS], then [SEP].", "Here is a token [CLS], then [SEP]."),
    ],
)
def test_the_spoken_and_sung_words_of_a_caption(text: str, said: str) -> None:
    assert spoken_words(text) == said


def test_a_caption_without_end_becomes_several_with_their_shares_of_the_time() -> None:
    segments = clean_segments([Segment("bread " * 4_900, 10.0, 30.0)])
    assert max(len(segment.text) for segment in segments) <= 10_000
    assert " ".join(segment.text for segment in segments).split() == ["bread"] * 4_900
    assert [segment.start for segment in segments] == pytest.approx([10.0, 20.0, 30.0], abs=0.5)
    assert sum(segment.duration for segment in segments) == pytest.approx(30.0)


def test_the_times_of_a_caption_stay_as_they_were_sent() -> None:
    caption = Segment("The secret was what people put around it.", 21.3, 3.65)
    assert clean_segments([caption]) == (caption,)
