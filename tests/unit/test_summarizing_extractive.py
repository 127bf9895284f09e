"""The extractive model on small texts in several languages."""

from __future__ import annotations

import re

import pytest

from skimlist.llm.catalogue import catalogue
from skimlist.models.settings import SummaryLength
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.summarizing.lines import caption_lines
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.text.phrases import KeyPhrases, NounEvidence
from skimlist.text.spoken import speech
from skimlist.text.stop_words import stop_words
from tests.fakes.summarizing import NOW, Memory, settings, transcript

BREAD = [
    "In this video we look at how sourdough bread is made at home.",
    "A sourdough starter is only flour and water in which wild yeast lives.",
    "The starter is fed with fresh flour every day until the yeast is strong.",
    "A strong starter doubles its size within a few hours after it was fed.",
    "Then flour, water and salt are mixed with the starter to a rough dough.",
    "The dough rests for a night so that the yeast can raise it slowly.",
    "During the night the dough becomes sour and the gluten becomes strong.",
    "In the morning the dough is folded and shaped into a round loaf.",
]
OVEN = [
    "Now let us turn to the oven, which matters more than most people think.",
    "An oven for bread has to be as hot as it can get, with steam inside.",
    "Steam keeps the crust of the loaf soft, so that the loaf can still rise.",
    "A heavy iron pot with a lid keeps the steam of the loaf inside the oven.",
    "After half an hour the lid of the pot comes off and the crust turns brown.",
    "The crust is ready when it sounds hollow under your knuckles.",
    "Let the loaf cool on a rack before you cut through the crust.",
    "A hot loaf is full of steam, and its crumb would tear under the knife.",
]
GERMAN = [
    "Der Leuchtturm steht seit hundert Jahren auf der kleinen Insel vor der Küste.",
    "Früher musste der Wärter jede Nacht die Lampe im Leuchtturm von Hand anzünden.",
    "Heute schaltet ein Sensor die Lampe des Leuchtturms in der Dämmerung ein.",
    "Die Insel ist nur bei ruhiger See mit einem kleinen Boot zu erreichen.",
    "Im Winter bleibt die Insel oft viele Wochen von der Küste abgeschnitten.",
    "Der Wärter hatte deshalb Vorräte für einen ganzen Winter im Keller.",
]
RUSSIAN = [
    "Осенью перелётные птицы собираются в большие стаи и летят на юг.",
    "Птицы находят дорогу по солнцу, по звёздам и по магнитному полю земли.",
    "Молодые птицы летят вместе со старыми и запоминают дорогу на юг.",
    "Во время перелёта стаи отдыхают на озёрах, где много корма.",
    "Если озёра высыхают, стаи должны искать другую дорогу.",
]
ARABIC = [
    "القهوة تزرع في الجبال العالية حيث المطر كثير والحرارة معتدلة.",
    "يقطف المزارعون حبوب القهوة باليد عندما يصبح لونها أحمر.",
    "ثم تجفف حبوب القهوة تحت الشمس عدة أيام قبل أن تحمص.",
    "كلما طالت مدة التحميص أصبح طعم القهوة أقوى.",
]
CHINESE = [
    "茶树喜欢温暖潮湿的山地。",
    "春天采的茶叶最嫩，味道也最好。",
    "绿茶的茶叶不发酵，所以保持绿色。",
    "红茶的茶叶完全发酵，所以变成红色。",
    "泡绿茶的水不能太热，泡红茶的水要烧开。",
]
JAPANESE = [
    "紅葉は秋になると山の上から始まります。",
    "気温が下がると葉の緑色が消えて赤や黄色が見えます。",
    "紅葉の名所には毎年たくさんの人が訪れます。",
    "紅葉を見るなら朝の早い時間が一番です。",
]
THAI = ["ข้าวปลูกในนาที่มีน้ำมาก ชาวนาปลูกข้าวในฤดูฝน", "เมื่อข้าวสุกเป็นสีทอง ชาวนาจะเกี่ยวข้าว", "ข้าวที่เกี่ยวแล้วต้องตากแดดให้แห้ง"]
LANGUAGES = {"de": GERMAN, "ru": RUSSIAN, "ar": ARABIC, "zh-CN": CHINESE, "ja": JAPANESE, "th": THAI}
LECTURE = [sentence for _ in range(3) for sentence in BREAD] + [sentence for _ in range(3) for sentence in OVEN]


def summarized(source: Transcript, length: SummaryLength = SummaryLength.STANDARD, **options) -> Summary:
    model = open_model(catalogue()["extractive"], api_key=None, answer_cache=Memory(), seconds_left=lambda: 60.0)
    return summarize_video(source, settings(length, **options), model, now=NOW)


def texts(summary: Summary) -> list[str]:
    return [summary.tldr, *summary.text.split("\n\n"), *(point.text for point in summary.key_points)]


@pytest.mark.parametrize(("language", "captions"), LANGUAGES.items(), ids=list(LANGUAGES))
def test_a_summary_is_made_of_what_was_said_in_any_language(language: str, captions: list[str]) -> None:
    summary = summarized(transcript(captions, language))
    spoken = "".join(captions).replace(" ", "")
    assert summary.language == language
    assert summary.tags
    for text in texts(summary):
        for piece in text.rstrip("…").split(" "):
            assert piece.rstrip("…").lower() in spoken.lower()


def test_chapters_begin_where_the_topic_changes() -> None:
    summary = summarized(transcript([*BREAD, *OVEN], seconds=20))
    starts = [chapter.start_seconds for chapter in summary.chapters]
    assert starts[0] == 0
    assert any(abs(start - 20 * len(BREAD)) <= 40 for start in starts[1:])
    assert len({chapter.title for chapter in summary.chapters}) == len(starts)


def test_the_opening_leads_the_summary() -> None:
    assert summarized(transcript([*BREAD, *OVEN])).tldr == " ".join(BREAD[:2])


def test_no_sentence_appears_twice() -> None:
    summary = summarized(transcript([*BREAD, *OVEN]))
    told = [summary.tldr, *(point.text for point in summary.key_points)]
    assert len(set(told)) == len(told)
    assert not any(text in summary.text for text in told)


@pytest.mark.parametrize("length", [SummaryLength.STANDARD, SummaryLength.DETAILED])
def test_the_longest_part_of_a_video_leaves_room_for_the_others(length: SummaryLength) -> None:
    summary = summarized(transcript([*BREAD, *BREAD, *BREAD, *OVEN, *OVEN, *GERMAN]), length)
    told = [*summary.text.split("\n\n"), *(point.text for point in summary.key_points)]
    for part in (BREAD, OVEN, GERMAN):
        assert any(sentence in text for sentence in part for text in told)
    parts = [(point.start_seconds or 0) // (5 * 2 * len(BREAD)) for point in summary.key_points]
    assert len(set(parts)) == 3


def test_the_lengths_differ() -> None:
    source = transcript([f"{sentence[:-1]} ({n})." for n in range(12) for sentence in [*BREAD, *OVEN]], seconds=6)
    brief, standard, detailed = (summarized(source, length) for length in SummaryLength)
    assert len(brief.text) * 1.5 < len(standard.text) < len(detailed.text) / 1.5
    assert len(brief.key_points) < len(standard.key_points) < len(detailed.key_points)


def test_key_points_and_chapters_come_in_the_order_of_the_video() -> None:
    summary = summarized(transcript(LECTURE, seconds=8), SummaryLength.DETAILED)
    for found in (summary.key_points, summary.chapters):
        times = [part.start_seconds for part in found]
        assert times == sorted(times)
        assert 0 <= times[0] <= times[-1] <= 8 * len(LECTURE)


def test_captions_without_punctuation_read_as_sentences_where_they_end_with_one() -> None:
    bare = [sentence.lower().replace(".", "").replace(",", "") for sentence in [*BREAD, *OVEN]]
    summary = summarized(transcript(bare))
    assert summary.tldr.endswith(".")
    assert summary.tldr[0].isupper()


def test_consecutive_captions_are_quoted_as_they_were_spoken() -> None:
    spoken = " ".join(sentence.lower().replace(".", "").replace(",", "") for sentence in BREAD).split()
    bare = [" ".join(spoken[start : start + 5]) for start in range(0, len(spoken), 5)]
    text = summarized(transcript(bare), SummaryLength.DETAILED).text
    for passage in re.split(r"[.…]\s+", text):
        assert passage.rstrip("….").lower() in " ".join(spoken)


def test_greetings_and_advertising_are_not_picked() -> None:
    chatter = [
        "Welcome back to the channel, where we bake bread and loaves in a hot oven with steam.",
        "This loaf of bread is sponsored by an oven company, use the code BREAD for a hot oven.",
        "If you like bread, flour, dough and the oven, subscribe and hit the bell button.",
    ]
    told = " ".join(texts(summarized(transcript([chatter[0], *BREAD, chatter[1], *OVEN, chatter[2]]))))
    assert not [sentence for sentence in chatter if sentence in told]


def test_the_title_read_aloud_is_not_picked() -> None:
    title = "A hot oven, a loaf of bread and the steam that keeps the crust soft"
    summary = summarized(transcript([*BREAD, f"{title}.", *OVEN], title=title), SummaryLength.BRIEF)
    assert f"{title}." not in " ".join([*summary.text.split("\n\n"), *(point.text for point in summary.key_points)])


def test_sentences_read_without_those_before_them() -> None:
    spoken = [f"So basically, {sentence[0].lower()}{sentence[1:]}" for sentence in [*BREAD, *OVEN]]
    leaning = "This is what the starter, the flour, the water and the dough do to the loaf of bread."
    summary = summarized(transcript([spoken[0], leaning, *spoken[1:]]), SummaryLength.BRIEF)
    told = [summary.tldr, *(point.text for point in summary.key_points)]
    assert not any("basically" in text or leaning in text for text in told)


def test_a_sentence_that_says_what_is_to_come_is_the_gist() -> None:
    announced = "Today we will talk about the oven and its steam."
    assert announced in summarized(transcript([BREAD[1], announced, *BREAD[2:], *OVEN], title="Oven and steam")).tldr


def test_a_gist_that_does_not_name_the_subject_follows_the_title() -> None:
    talk = ["This is the best bread that was ever made of sour dough in a hot oven with steam.", *BREAD[3:], *OVEN]
    assert summarized(transcript(talk, title="Nanook 3")).tldr.endswith(talk[0])
    assert summarized(transcript(talk, title="Nanook 3")).tldr.startswith("“Nanook 3”")


def test_a_gist_that_nobody_says_is_composed_of_frequent_phrases() -> None:
    talk = [
        "They saw polar bears.",
        "She saw polar bears on the sea ice.",
        "It was sea ice.",
        "That was a sea ice map.",
        "They ate the seals near polar bears.",
    ]
    assert summarized(transcript(talk, title="Nanook 3")).tldr == "“Nanook 3” covers polar bears and sea ice."
    assert summarized(transcript(talk, title="")).tldr == "This video covers polar bears and sea ice."


def test_a_composed_gist_ends_with_the_conclusion() -> None:
    conclusion = "To summarize, we saw how a hot oven with steam makes the crust of a sourdough loaf soft."
    talk = ["This is the best bread that was ever made of sour dough in a hot oven with steam.", *BREAD[3:], *OVEN]
    tldr = summarized(transcript([*talk, conclusion], title="Nanook 3")).tldr
    assert tldr.startswith("“Nanook 3” covers ")
    assert tldr.endswith(conclusion)


def test_clips_before_a_talk_are_not_taken_for_its_introduction() -> None:
    clips = [
        "Nobody should ever cut a hot loaf with a cold knife.",
        "A cold oven ruins every loaf of the week, whatever you do.",
    ]
    fillers = [f"In chapter {n} we weigh flour number {n} for another recipe of the bakery." for n in range(40)]
    summary = summarized(transcript([*clips, *BREAD, *fillers, *clips, *OVEN], title="Bread"))
    assert summary.tldr.startswith(BREAD[0])
    assert summary.text.count(clips[0]) <= 1


def test_key_points_and_chapters_do_not_ask() -> None:
    questions = [
        "Why does the oven need steam for the crust of the loaf?",
        "How strong must the starter of the dough be?",
    ]
    summary = summarized(transcript([questions[0], *BREAD, questions[1], *OVEN]))
    assert not {point.text for point in summary.key_points}.intersection(questions)
    assert not {chapter.summary for chapter in summary.chapters}.intersection(questions)


def test_a_sentence_that_needs_the_one_before_is_only_quoted_after_it() -> None:
    clear = [*BREAD, *OVEN]
    leaning = [f"This is why bakers keep the steam in oven number {n} and the crust soft." for n in range(len(clear))]
    talk = [sentence for pair in zip(clear, leaning, strict=True) for sentence in pair]
    summary = summarized(transcript(talk))
    quoted = [after for after in leaning if after in summary.text]
    assert quoted
    assert all(f"{clear[leaning.index(after)][10:]} {after}" in summary.text for after in quoted)
    alone = [summary.tldr, *(each.text for each in summary.key_points), *(each.summary for each in summary.chapters)]
    assert not set(leaning).intersection(alone)


def test_a_key_point_or_chapter_is_quoted_with_the_sentence_that_completes_it() -> None:
    oven, result = "An oven for bread needs steam in its first minutes.", "This steam keeps the crust of the loaf soft."
    found = summarized(transcript([*BREAD, *OVEN[:1], oven, result, *OVEN[3:]]))
    quoted = [*(point.text for point in found.key_points), *(chapter.summary for chapter in found.chapters)]
    assert f"{oven} {result}" in quoted
    assert str(found).count(result) == 1


def test_a_sentence_is_not_completed_by_a_question_or_an_advertisement() -> None:
    oven = "An oven for bread needs steam in its first minutes."
    for other in (
        "This steam is so useful for the crust, but why is it?",
        "This steam is made by our sponsor, the oven.",
    ):
        found = str(summarized(transcript([*BREAD, *OVEN[:1], oven, other, *OVEN[3:]])))
        assert oven in found
        assert f"{oven} {other}" not in found


def test_a_section_without_a_clear_sentence_belongs_to_the_chapter_before() -> None:
    vague = [f"And then they did it again with number {n}, and that was it." for n in range(16)]
    chapters = summarized(transcript([*BREAD, *vague, *OVEN], seconds=20)).chapters
    assert all(chapter.summary for chapter in chapters)
    assert not any("that was it" in chapter.summary for chapter in chapters)


def test_a_later_member_of_a_series_is_only_quoted_after_another_sentence() -> None:
    second = "Secondly, steam is the most important reason why the crust of the loaf in a hot oven is better."
    summary = summarized(transcript([*BREAD, "Hello everybody!", second, *OVEN]))
    assert second not in [point.text for point in summary.key_points]
    assert second not in [chapter.summary for chapter in summary.chapters]
    assert second not in summary.text


def test_the_conclusion_is_a_key_point() -> None:
    conclusion = "In the end, bread is only as good as the starter and the oven in which it is baked."
    summary = summarized(transcript([*BREAD, *OVEN, conclusion]))
    assert conclusion in [point.text for point in summary.key_points]


def test_a_chapter_is_not_summarized_by_an_announcement() -> None:
    announcement = "In this section we will talk about the steam, the crust of the loaf and the hot oven."
    summary = summarized(transcript([*BREAD, announcement, *OVEN]))
    assert announcement not in [chapter.summary for chapter in summary.chapters]


def test_a_heading_of_one_word_is_extended_to_the_name_of_the_thing() -> None:
    grains = iter(["rye", "oat", "spelt", "wheat", "barley", "corn", "millet", "rice"])
    talk = [*BREAD, *(re.sub(r"\bloaf\b", lambda _: f"{next(grains)} loaf", line, count=1) for line in OVEN)]
    headings = [chapter.title for chapter in summarized(transcript(talk)).chapters]
    assert any(re.fullmatch(r"\w+ loaf", heading) for heading in headings), headings


def test_a_guest_of_the_title_is_a_tag() -> None:
    talk = ["Our guest is Ada Lovelace.", *BREAD, *OVEN]
    assert "ada lovelace" in summarized(transcript(talk, title="Baking with Ada Lovelace")).tags


def test_headings_name_things() -> None:
    talk = [
        "Bakers add the salt because it keeps the dough firm.",
        "People add the salt to the dough at the end.",
        "A cook adds a salt crust for the taste of the fish.",
        "Without the salt the dough is always too soft.",
    ]
    titles = [chapter.title for chapter in summarized(transcript([*talk, *OVEN, *BREAD], seconds=20)).chapters]
    assert "salt" in titles[0].lower()
    assert not any("add" in title.lower().split() for title in titles)


def test_a_german_word_with_a_small_letter_names_nothing() -> None:
    lines = ["Der Teig braucht Salz.", "Braucht er den Ofen?", "Er braucht den Teig und das Salz im Ofen."]
    for said, is_name in ((lines, False), ([line.lower() for line in lines], True)):
        nouns = NounEvidence(said, stop_words("de"), speech("de"))
        assert (nouns.likelihood(("braucht",)) > 0) is is_name
        assert nouns.likelihood(("teig",)) > 0


@pytest.mark.parametrize(
    ("language", "verbs", "names"),
    [
        (
            "pt",
            "sonhar estudam dedicamos ampliou falavam aprender partir fazer",
            "lugar celular solar container streaming prazer ramos webcam instagram java oitava dólar router",
        ),
        (
            "ru",
            "использовать принимает использует учатся попытаемся оказался получить делаешь",
            "нейросеть память печать путь тридцать кровать ответ бюджет сюжет материал модель речь область",
        ),
        (
            "ar",
            "يخرجوه ينطقو يقنعو يستخدم يجي كيعطيو غتقول نشوفو يدرس يمنح",
            "يوم يوسف يوتيوب يده يمين يهودي الفيديو كتاب كيف كيلو غير غينيا نظام يابانية",
        ),
    ],
)
def test_a_phrase_with_a_verb_names_nothing(language: str, verbs: str, names: str) -> None:
    nouns = NounEvidence([], frozenset(), speech(language))
    assert {word for word in verbs.split() if nouns.likelihood((word,)) > 0} == set()
    assert {word for word in names.split() if nouns.likelihood((word,)) == 0} == set()
    assert {word for word in names.split() if nouns.likelihood((word, verbs.split(maxsplit=1)[0], word)) > 0} == set()


def test_a_heading_is_not_extended_by_a_verb() -> None:
    lines = ["Декодер использует выход.", "Потом декодер использует выход.", "Потом декодер.", "Хлеб.", "Потом хлеб."]
    nouns = NounEvidence(lines, frozenset({"потом"}), speech("ru"))
    phrases = KeyPhrases(lines, [range(3), range(3, 5)], frozenset({"потом"}), nouns)
    assert phrases.headings(0, 5) == [("декодер",)]


def test_a_word_that_could_be_of_any_video_is_a_heading_or_tag_only_if_the_title_has_it() -> None:
    talk = [
        "The first problem of every bakery is the heat.",
        "This problem grows in summer.",
        "A problem of the heat is the dough.",
        "Bakers know this problem from the heat of the oven.",
    ]

    def named(title: str) -> set[str]:
        found = summarized(transcript([*talk, *OVEN, *BREAD], seconds=20, title=title))
        return {*(chapter.title.lower() for chapter in found.chapters), *found.tags}

    assert "problem" not in named("Bread in summer")
    assert "problem" in named("A problem")


def test_a_chapter_is_summarized_by_a_sentence_about_its_heading() -> None:
    talk = [*BREAD, "The harbor was wide.", "Ships came to the harbor.", "A crane stood by the harbor.", *OVEN]
    chapters = summarized(transcript(talk, seconds=40), SummaryLength.BRIEF).chapters
    told = [chapter for chapter in chapters if chapter.summary]
    assert told
    for chapter in told:
        words = set(re.findall(r"\w+", chapter.title.lower())) - {"and"}
        assert words & set(re.findall(r"\w+", chapter.summary.lower()))


def test_a_word_said_twice_is_not_a_phrase() -> None:
    talk = [f"Chunk chunk number {n} of the text goes to the index." for n in range(8)]
    assert "chunk chunk" not in summarized(transcript(talk)).tags


def test_a_chapter_is_named_by_the_whole_phrase() -> None:
    rates = ["The learning rate decides how far a step goes.", "With a high learning rate the model learns nothing."]
    talk = [*rates, "A learning rate that falls makes the last steps small.", "So the learning rate is scheduled."]
    titles = [chapter.title for chapter in summarized(transcript([*talk, *OVEN, *BREAD], seconds=20)).chapters]
    assert any("learning rate" in title.lower() for title in titles)


def test_forms_of_one_word_are_one_tag() -> None:
    talk = [f"Box number {n} stands on other boxes, and every box looks like the boxes below." for n in range(8)]
    tags = summarized(transcript(talk)).tags
    assert not {"box", "boxes"} <= set(tags)


@pytest.mark.parametrize(
    ("text", "language", "phrase"),
    [
        ("人工智慧改變世界。學校需要人工智慧。人工智慧寫出文章。", "zh-TW", "人工智慧"),
        ("這是機器學習。機器學習用資料。我們用機器學習做菜，學會機器學習。", "zh-TW", "機器學習"),
        ("باش غادي نفهمو الفن المصري خصنا نرجعو. باش غادي نشوفو الفن المصري.", "ar", "الفن المصري"),
    ],
)
def test_particles_break_phrases_and_parts_of_words_do_not(text: str, language: str, phrase: str) -> None:
    assert phrase in summarized(transcript([text], language)).tags


def test_a_focus_area_changes_what_is_picked() -> None:
    source = transcript([*BREAD, *OVEN])
    focused = summarized(source, SummaryLength.BRIEF, focus_areas=("rack",))
    assert "rack" in " ".join(texts(focused))
    assert "rack" not in " ".join(texts(summarized(source, SummaryLength.BRIEF)))


def test_each_focus_area_is_reported_on() -> None:
    starter, rockets = summarized(transcript(BREAD), focus_areas=("starter", "space rockets")).focus
    assert starter.found
    assert starter.text in BREAD
    assert starter.start_seconds == 5.0 * BREAD.index(starter.text)
    assert (rockets.found, rockets.text, rockets.start_seconds) == (False, "", None)


def test_a_sentence_that_was_too_long_for_a_line_is_quoted_whole() -> None:
    halves = [
        "Whoever bakes with rye has to wait a good deal longer, because its flour has hardly any gluten for the gas, "
        "because its sugars make the crumb sticky while the loaf is warm,",
        "and because the acids of the starter need their time before they keep the enzymes from eating the starch "
        "of the crumb away during the first minutes in the oven.",
    ]
    source = transcript([*BREAD, *halves, *OVEN])
    assert [line.text for line in caption_lines(source.segments, "en")] == [*BREAD, *halves, *OVEN]
    rye = summarized(source, focus_areas=("rye",)).focus[0]
    assert (rye.text, rye.start_seconds) == (" ".join(halves), 5.0 * len(BREAD))


def test_a_request_for_another_language_is_answered_with_a_remark() -> None:
    summary = summarized(transcript(GERMAN, "de-AT"), language="fr")
    assert summary.language == "de-AT"
    assert "does not translate" in summary.notes[0]
    assert summarized(transcript(GERMAN, "de-AT"), language="de").notes == ()


def test_the_same_captions_make_the_same_summary() -> None:
    assert summarized(transcript(LECTURE)) == summarized(transcript(LECTURE))


def test_it_is_free_and_uses_all_of_the_captions() -> None:
    summary = summarized(transcript(BREAD))
    assert (summary.tokens_in, summary.tokens_out, summary.cost_usd) == (0, 0, 0)
    assert summary.coverage.characters_used == summary.coverage.characters_total


@pytest.mark.parametrize("captions", [["Hello."], ["yes"], ["1 2 3"], ["the and of"], ["好"], ["ok"] * 3])
def test_even_one_word_makes_a_summary(captions: list[str]) -> None:
    summary = summarized(transcript(captions))
    assert summary.tldr
    assert summary.text
    assert summary.title
