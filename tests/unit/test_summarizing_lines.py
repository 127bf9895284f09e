"""Captions become numbered lines of running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.models.transcript import Segment
from skimlist.summarizing.lines import caption_lines
from skimlist.text.sentences import as_sentence, is_question
from tests.fakes.summarizing import transcript

CAPTIONS = st.lists(
    st.builds(
        Segment,
        st.text(max_size=300),
        st.floats(0, 50_000, allow_nan=False),
        st.floats(0, 20, allow_nan=False),
    ),
    max_size=30,
)


def texts_of(*captions: str, at_least: int = 0) -> list[str]:
    return [line.text for line in caption_lines(transcript(captions).segments, at_least=at_least)]


def test_sentences_reach_across_captions() -> None:
    assert texts_of("Bread needs time. It", "also needs salt.") == ["Bread needs time.", "It also needs salt."]


def test_a_sentence_starts_where_it_is_spoken_within_its_caption() -> None:
    first, second = caption_lines(transcript(["Bread needs time. It also", "needs salt."], seconds=10).segments)
    assert first.start == 0
    assert second.start == pytest.approx(10 * 18 / 25)


def test_a_full_stop_inside_a_number_or_before_a_small_letter_ends_nothing() -> None:
    assert texts_of("It takes 3.5 hours, e.g. overnight. Then bake.") == [
        "It takes 3.5 hours, e.g. overnight.",
        "Then bake.",
    ]


def test_chinese_sentences_need_no_space_between_them() -> None:
    assert texts_of("今天我们做面包。你需要", "面粉和水。") == ["今天我们做面包。", "你需要面粉和水。"]


def test_captions_without_punctuation_become_windows_that_end_at_a_pause() -> None:
    segments = [
        Segment("we mix the flour", 0, 2),
        Segment("with warm water", 2, 2),
        Segment("the next morning", 9, 2),
        Segment("we shape the dough", 11, 2),
    ]
    assert [line.text for line in caption_lines(segments)] == [
        "we mix the flour with warm water",
        "the next morning we shape the dough",
    ]


def test_sentences_are_found_where_captions_lack_punctuation() -> None:
    text = (
        "the harbor of london lost most of its jobs so the work moved to places far away but nobody in the town had "
        "planned for it now the whole neighborhood is empty and the cranes rust by the river"
    )
    captions = [" ".join(text.split()[start : start + 4]) for start in range(0, len(text.split()), 4)]
    found = [line.text for line in caption_lines(transcript(captions).segments, "en-GB")]
    assert found == [
        "the harbor of london lost most of its jobs.",
        "so the work moved to places far away.",
        "but nobody in the town had planned for it.",
        "now the whole neighborhood is empty.",
        "and the cranes rust by the river.",
    ]


def test_chinese_sentences_are_found_by_what_captions_begin_and_end_with() -> None:
    captions = ["今天要講的是", "怎麼做麵包", "首先把麵粉跟", "水放在一起", "然後等一個晚上"]
    found = [line.text for line in caption_lines(transcript(captions).segments, "zh-TW")]
    assert found == ["今天要講的是，怎麼做麵包。", "首先把麵粉跟，水放在一起。", "然後等一個晚上。"]


def test_a_silence_ends_a_sentence_unless_a_word_wants_another() -> None:
    captions = [
        Segment("the bread rests on the", 0, 2),
        Segment("table until monday morning", 3, 2),
        Segment("flour from the mill is fresh", 6, 2),
    ]
    found = [line.text for line in caption_lines(captions, "en")]
    assert found == ["the bread rests on the table until monday morning.", "flour from the mill is fresh."]


def test_a_capital_begins_a_sentence() -> None:
    captions = ["the dough rests all night We bake it", "in the morning The crust is dark"]
    found = [line.text for line in caption_lines(transcript(captions).segments, "en")]
    assert found == ["the dough rests all night.", "We bake it in the morning.", "The crust is dark."]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_stretches_without_any_sign_are_cut_and_show_it(language: str) -> None:
    lines = caption_lines([Segment("word " * 300, 0, 100)], language)
    assert len(lines) > 3
    assert not any(line.text.endswith(".") for line in lines[:-1])
    assert " ".join(line.text for line in lines).rstrip(".").split() == ["word"] * 300


@pytest.mark.parametrize("language", ["", "tr"])
def test_windows_end_where_a_clause_does_in_languages_that_are_not_known(language: str) -> None:
    text = (
        "the longshoremen lost most of their jobs in the harbor of london and in new york the whole neighborhood lost "
        "its reason to be there because the new ports needed a lot of flat space so the work moved to places far away"
    )
    spoken = text.split()
    captions = [" ".join(spoken[start : start + 4]) for start in range(0, len(spoken), 4)]
    first, *others = [line.text for line in caption_lines(transcript(captions).segments, language)]
    assert all(text.split()[0] in {"and", "because", "so"} for text in others)
    assert " ".join([first, *others]).split() == spoken


def test_chinese_captions_without_punctuation_keep_a_space_where_a_caption_ended() -> None:
    assert texts_of("我們來上課吧", "今天講的是麵包") == ["我們來上課吧 今天講的是麵包"]


def test_sounds_speaker_marks_and_repeated_captions_are_left_out() -> None:
    captions = ["[Music]", "(door creaks) - Good morning.", ">> Good morning.", "♪ ♪", "（掌声）", "How are you?"]
    assert texts_of(*captions) == ["Good morning.", "How are you?"]


def test_the_translation_below_each_caption_is_left_out() -> None:
    captions = ["面团要休息。\nThe dough has to rest.", "然后放进烤箱。\nThen it goes into the oven.", "（音乐）"]
    segments = transcript(captions).segments
    assert [line.text for line in caption_lines(segments, "zh-CN")] == ["面团要休息。", "然后放进烤箱。"]
    english = [line.text for line in caption_lines(segments, "en")]
    assert english == ["The dough has to rest.", "Then it goes into the oven."]


def test_a_line_in_another_script_stays_where_captions_have_one_language() -> None:
    captions = ["面团要休息。", "这个软件叫\nSourdough Timer。", "然后放进烤箱。"]
    lines = caption_lines(transcript(captions).segments, "zh-CN")
    assert "Sourdough Timer" in "".join(line.text for line in lines)


def test_sounds_are_no_translation() -> None:
    captions = ["[Music]", "[Applause]", "这个软件叫\nSourdough Timer"]
    (line,) = caption_lines(transcript(captions).segments, "zh-CN")
    assert "Sourdough Timer" in line.text


def test_songs_and_masked_words_leave_no_hole() -> None:
    assert texts_of("♪ The road is long. ♪", "What the [ __ ] is that?") == [
        "The road is long.",
        "What the [ __ ] is that?",
    ]


def test_entities_and_control_characters_are_made_readable() -> None:
    assert texts_of("Salt &amp; flour\u200b\nmixed\x07 well.") == ["Salt & flour mixed well."]


def test_short_sentences_are_joined_until_a_line_is_long_enough() -> None:
    joined = texts_of(*["Stir it."] * 1, *[f"Step {n} is done." for n in range(40)], at_least=30)
    assert len(joined) < 12
    assert joined[0].startswith("Stir it. Step 0 is done.")


def test_captions_without_words_make_no_line() -> None:
    assert texts_of("[Music]", "...", "♪♪", " ") == []


@given(CAPTIONS, st.sampled_from(["", "en"]), st.sampled_from([0, 30]))
def test_any_captions_become_numbered_lines_in_order(segments: list[Segment], language: str, at_least: int) -> None:
    lines = caption_lines(segments, language, at_least=at_least)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert [line.start for line in lines] == sorted(line.start for line in lines)
    assert all(line.text.strip() == line.text and "\n" not in line.text and line.text for line in lines)


@given(st.sampled_from(["word ", "我們", "ก"]), st.integers(1, 3_000), st.sampled_from(["", "en"]))
def test_no_line_outgrows_a_window_even_if_the_captions_are_one_endless_word(
    piece: str, count: int, language: str
) -> None:
    for line in caption_lines([Segment(piece * count, 0, 60)], language):
        assert line.tokens <= 80


@pytest.mark.parametrize(
    ("piece", "sentence"),
    [
        ("bread needs time.", "Bread needs time."),
        ("and then, of course,", "And then, of course…"),
        ("発酵には時間が、", "発酵には時間が…"),
        ("iPhone users know.", "iPhone users know."),
    ],
)
def test_a_line_that_was_cut_shows_it_as_a_sentence(piece: str, sentence: str) -> None:
    assert as_sentence(piece) == sentence


def test_a_title_or_an_initial_at_the_end_of_a_caption_ends_no_sentence() -> None:
    captions = [
        "It was built by Dr.",
        "Fresnel and Augustin J.",
        "He drew it. The plan was plan B.",
        "Then it was built.",
    ]
    assert [line.text for line in caption_lines(transcript(captions).segments, "en")] == [
        "It was built by Dr. Fresnel and Augustin J.",
        "He drew it.",
        "The plan was plan B.",
        "Then it was built.",
    ]


@pytest.mark.parametrize(("text", "asks"), [("Why?", True), ("なぜ？", True), ("لماذا؟", True), ("Why not.", False)])
def test_a_question_is_recognized_by_the_mark_of_its_script(text: str, asks: bool) -> None:
    assert is_question(text) == asks
