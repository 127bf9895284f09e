"""The digest that needs no network: what videos share, where they differ, what to watch, in any language."""

from __future__ import annotations

import re
from typing import Any

import pytest

from skimlist.digesting.drafts import Draft, Request, Task
from skimlist.digesting.extractive_digester import ExtractiveDigester
from skimlist.digesting.outlines import Outline, Source, Statement
from skimlist.digesting.watch_order import watch_order
from skimlist.digesting.wording import wording
from skimlist.llm.catalogue import catalogue
from skimlist.models.settings import SummaryOptions
from tests.fakes.digesting import an_outline

SPEC = catalogue()["extractive"]


def a_talk(position: int, title: str, tags: tuple[str, ...], *texts: str, **changes: Any) -> Outline:
    return an_outline(position, *texts, title=title, tags=tags, **changes)


BREAD = (
    a_talk(
        1,
        "How a sourdough starter works",
        ("sourdough starter", "wild yeast", "flour"),
        "A sourdough starter is a mixture of flour and water in which wild yeast and bacteria live.",
        "The wild yeast makes the gas that lifts the dough of the loaf.",
        "A young starter needs about a week of daily feeding before it can lift a loaf.",
        "Thank you for watching, see you next week.",
    ),
    a_talk(
        2,
        "Rescuing a tired sourdough starter",
        ("sourdough starter", "refrigerator", "rye flour"),
        "A tired sourdough starter smells of acetone because its bacteria have run out of flour.",
        "Feed the sourdough starter twice with rye flour and keep it out of the refrigerator.",
        "A starter needs about a week of daily feeding before it can lift a heavy loaf again.",
        "Thank you for watching, see you next week.",
    ),
    a_talk(
        3,
        "Ovens and steam",
        ("oven", "steam", "crust"),
        "Steam in the oven keeps the crust soft until the loaf has risen to its full size.",
        "A stone stores heat and gives it to the loaf from below.",
    ),
)


def digest(outlines: tuple[Outline, ...], language: str = "en") -> Draft:
    request = Request(
        task=Task.WHOLE, outlines=outlines, findings=(), options=SummaryOptions(digest=True), language=language
    )
    return ExtractiveDigester(SPEC).answer(request)


def test_a_theme_is_named_by_what_videos_share_and_quotes_them() -> None:
    theme = digest(BREAD).themes[0]
    assert "sourdough starter" in theme.title.lower()
    assert {source.position for source in theme.sources} == {1, 2}
    assert theme.text.startswith("“A")
    assert "sourdough starter" in theme.text


@pytest.mark.parametrize(("starters", "title"), [(1, "Sourdough"), (2, "Sourdough starter")])
def test_a_theme_has_a_longer_name_if_many_of_its_sentences_use_it(starters: int, title: str) -> None:
    on_starters = (
        ("Feed a sourdough starter at noon.", "A sourdough starter smells of apples."),
        ("Keep the sourdough starter warm.", "No sourdough starter needs honey."),
    )
    on_sourdough = (
        ("Sourdough takes a day.", "Sourdough came from Egypt.", "Sourdough is chewy."),
        ("Sourdough costs little.", "Sourdough needs salt.", "Sourdough likes patience."),
    )
    talks = [
        a_talk(position, "Sourdough", ("sourdough",), *longer[:starters], *shorter)
        for position, (longer, shorter) in enumerate(zip(on_starters, on_sourdough, strict=True), start=1)
    ]
    assert digest(tuple(talks)).themes[0].title == title


def test_a_video_outside_of_every_shared_theme_has_one_of_its_own() -> None:
    lone = [theme for theme in digest(BREAD).themes if {source.position for source in theme.sources} == {3}]
    assert len(lone) == 1
    assert "steam" in lone[0].title.lower()


def test_sentences_of_two_videos_that_say_much_the_same_are_an_agreement() -> None:
    agreements = digest(BREAD).agreements
    assert any("week of daily feeding" in agreement.text for agreement in agreements)
    for agreement in agreements:
        assert len({source.position for source in agreement.sources}) == 2


def test_a_topic_of_only_one_video_of_a_theme_is_a_difference() -> None:
    difference = digest(BREAD).differences[0]
    assert "“How a sourdough starter works” – " in difference.text
    assert "wild yeast" in difference.text
    assert "rye flour" in difference.text
    # Each place holds something that is named of its video.
    said = {statement.sources[0]: statement.text for outline in BREAD for statement in outline.statements}
    for source, named in zip(difference.sources, re.findall(r"– ([^;]+)", difference.text), strict=True):
        assert any(phrase in said[source] for phrase in named.split(", "))


def test_the_greetings_of_a_series_are_neither_quoted_nor_agreed_on() -> None:
    draft = digest(BREAD)
    texts = [finding.text for finding in (*draft.themes, *draft.agreements)]
    assert not any("Thank you for watching" in text for text in texts)


def test_quotations_read_without_what_was_said_before_them() -> None:
    spoken = [
        f"Yeah, so um, {text[:1].lower()}{text[1:]}" for text in ("Wild yeast lifts the loaf.", "Rye feeds the loaf.")
    ]
    talks = [a_talk(position, "The loaf", ("loaf",), text) for position, text in enumerate(spoken, start=1)]
    texts = [theme.text for theme in digest(tuple(talks)).themes]
    assert texts == ["“Wild yeast lifts the loaf.” “Rye feeds the loaf.”"]


def test_every_video_is_recommended_once_with_a_reason() -> None:
    order = digest(BREAD).watch_order
    assert sorted(pick.position for pick in order) == [1, 2, 3]
    assert order[0].position in {1, 2}
    assert order[0].reason.startswith("A good start; touches: ")
    assert all(pick.reason for pick in order)


def test_a_large_batch_is_recommended_in_part() -> None:
    many = tuple(
        a_talk(n, f"Talk about subject{n}", (f"subject{n}",), f"Nobody knows subject{n}.") for n in range(1, 40)
    )
    order = digest(many).watch_order
    assert 5 < len(order) <= 12
    assert all(pick.reason for pick in order)


def test_videos_without_a_common_subject_have_a_theme_each() -> None:
    draft = digest((BREAD[0], BREAD[2]))
    assert draft.overview == "2 videos, 20 min, each on a different subject."
    assert (draft.agreements, draft.differences) == ((), ())
    assert draft.watch_order == ()  # no order is better than another
    assert len(draft.themes) == 2


def test_every_place_is_one_of_the_request() -> None:
    known = {source for outline in BREAD for said in outline.statements for source in said.sources}
    draft = digest(BREAD)
    findings = (*draft.themes, *draft.agreements, *draft.differences)
    assert {source for finding in findings for source in finding.sources} <= known


def test_the_same_summaries_give_the_same_digest() -> None:
    assert digest(BREAD) == digest(BREAD)


def test_the_overview_speaks_the_language_of_the_batch() -> None:
    assert digest(BREAD, "de").overview.startswith("3 Videos, 30 min. Mehrere sprechen über: ")
    assert digest(BREAD, "tlh").overview == digest(BREAD, "en").overview


def test_themes_are_found_where_words_are_not_spaced() -> None:
    outlines = tuple(
        a_talk(
            position,
            title,
            ("葉緑素", tag),
            f"葉緑素は強い光で少しずつ壊れて、{tag}が残ります。",
            f"秋の木では葉緑素が{tag}と入れ替わります。",
            language="ja",
        )
        for position, title, tag in ((1, "紅葉の仕組み", "色素"), (2, "葉の一年", "養分"))
    )
    draft = digest(outlines, "ja")
    assert "葉緑素" in draft.themes[0].title
    assert {source.position for source in draft.themes[0].sources} == {1, 2}


def test_english_words_within_text_without_spaces_are_not_a_topic() -> None:
    outlines = tuple(
        a_talk(
            position,
            "the attention layer",
            ("attention",),
            f"The attention 层 {position}，是 the layer。",
            language="zh",
        )
        for position in (1, 2)
    )
    titles = [theme.title.lower() for theme in digest(outlines, "zh").themes]
    assert any("attention" in title for title in titles)
    assert not any("the" in title.replace(",", "").split() for title in titles)


def test_forms_of_a_word_count_together_and_names_keep_their_spelling() -> None:
    outlines = (
        a_talk(1, "Training GPT", ("GPT", "tokens"), "GPT reads tokens.", "The tokens of GPT are parts of words."),
        a_talk(2, "A token of GPT", ("GPT", "token"), "GPT writes one token.", "Each token of GPT is a number."),
    )
    titles = " ".join(theme.title for theme in digest(outlines).themes)
    assert "GPT" in titles
    assert titles.lower().count("token") == 1


def test_statements_without_text_are_not_quoted() -> None:
    said = (Statement("", (Source(1, 0.0),), "Sourdough starter"), *BREAD[0].statements)
    draft = digest((a_talk(1, "a", ("sourdough starter",), statements=said), BREAD[1]))
    assert all("“”" not in theme.text for theme in draft.themes)


def test_a_video_of_which_only_the_gist_is_known_is_quoted_as_a_whole() -> None:
    draft = digest((BREAD[0], a_talk(4, "Salt", ("salt",), gist="Salt keeps the salt in the sea.")))
    lone = next(theme for theme in draft.themes if theme.sources == (Source(4),))
    assert lone.text == "“Salt keeps the salt in the sea.”"


# --- Watch order ---


def order_of(titles: list[str], topics: list[dict[tuple[str, ...], float]], seconds: list[float]) -> list[int]:
    outlines = [
        an_outline(n, title=title, duration_seconds=length)
        for n, (title, length) in enumerate(zip(titles, seconds, strict=True))
    ]
    shared = {phrase: 1.0 for each in topics for phrase in each}
    return [step.video for step in watch_order(outlines, topics, shared, 10)]


def test_the_first_video_has_most_topics_and_the_next_adds_most() -> None:
    topics: list[dict[tuple[str, ...], float]] = [
        {("a",): 1.0},
        {("a",): 1.0, ("b",): 1.0, ("c",): 1.0},
        {("d",): 1.0, ("a",): 1.0},
    ]
    assert order_of(["x", "y", "z"], topics, [600.0] * 3) == [1, 2, 0]


def test_a_long_video_has_to_add_more_than_a_short_one() -> None:
    topics: list[dict[tuple[str, ...], float]] = [{("a",): 1.0}, {("b",): 1.0}]
    assert order_of(["long", "short"], topics, [36_000.0, 60.0]) == [1, 0]


def test_parts_of_a_series_keep_their_order() -> None:
    topics: list[dict[tuple[str, ...], float]] = [{("a",): 1.0, ("b",): 1.0}, {("a",): 1.0}, {("c",): 1.0}]
    assert order_of(["Baking, part 10", "Baking, part 9", "Other"], topics, [600.0] * 3) == [1, 0, 2]
    numbers = ["[2025] 第 3 講", "[2025] 第 1 講", "[2024] 第 2 講"]
    assert order_of(numbers, topics, [600.0] * 3).index(1) < order_of(numbers, topics, [600.0] * 3).index(0)


# --- Wording ---


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt", "nl", "ru", "ar", "zh", "zh-TW", "ja", "ko"])
def test_every_language_has_patterns_with_the_same_gaps(language: str) -> None:
    words = wording(language)
    size = {"count": 3, "time": "5 min"}
    assert "5 min" in words.shared.format(**size, themes="T")
    assert "T" in words.shared.format(**size, themes="T")
    assert "3" in words.apart.format(**size)
    for pattern in (words.start, words.adds, words.only):
        assert "P" in pattern.format(phrases="P")
    assert language == "en" or words != wording("en")


@pytest.mark.parametrize(
    ("language", "same"), [("zh-Hant-HK", "zh-TW"), ("zh-CN", "zh"), ("pt-BR", "pt"), ("xx", "en")]
)
def test_a_regional_language_has_the_wording_of_its_language(language: str, same: str) -> None:
    assert wording(language) == wording(same)
