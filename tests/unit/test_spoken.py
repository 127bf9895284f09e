"""How spoken sentences are cleaned so that they can be quoted alone."""

from __future__ import annotations

import pytest

from skimlist.text.spoken import speech
from skimlist.text.stop_words import stop_words


@pytest.mark.parametrize(
    ("language", "said", "read"),
    [
        ("en", "So basically, the dough has to rest.", "the dough has to rest."),
        ("en", "And yeah, uh, the the oven is, you know, very very hot.", "the oven is very hot."),
        ("en", "So far nobody has baked it.", "So far nobody has baked it."),
        ("en", "Now that the dough has rested, we bake it.", "Now that the dough has rested, we bake it."),
        ("en", "It is a kind of bread that i sort of like.", "It is a kind of bread that I like."),
        ("en", "Well, yes.", "Well, yes."),
        ("en", "More specifically, the yeast eats the sugar.", "the yeast eats the sugar."),
        ("en", "Similarly, rye needs more time.", "rye needs more time."),
        ("en", "When it rises, you when it rises, you wait.", "When it rises, you wait."),
        ("en", "If the if there is steam, the crust stays soft, right?", "If there is steam, the crust stays soft."),
        ("en", "You add a the salt, and so on.", "You add the salt."),
        ("en", "I like the idea of like resting the dough.", "I like the idea of resting the dough."),
        ("en", "An oven is like a dry desert.", "An oven is like a dry desert."),
        (
            "en",
            "What you're likely doing is you're ex you're expecting a miracle.",
            "What you're likely doing is you're expecting a miracle.",
        ),
        ("en", "Is the oven hot, or is it not?", "Is the oven hot, or is it not?"),
        ("pt", "A massa descansa uma noite, né?", "A massa descansa uma noite."),
        ("zh-TW", "酵母呢，會吃掉麵粉裡的糖，對不對？", "酵母會吃掉麵粉裡的糖。"),
        ("zh-TW", "那個時候麵團已經發酵了。", "那個時候麵團已經發酵了。"),
        ("fr", "Par exemple, le pain lève lentement.", "le pain lève lentement."),
        ("ru", "Таким образом, тесто должно отдохнуть ночь.", "тесто должно отдохнуть ночь."),
        ("fr", "Et donc euh le pain lève lentement.", "le pain lève lentement."),
        ("fr", "Nous nous levons très tôt.", "Nous nous levons très tôt."),
        ("de", "Also gut, äh, der Teig muss ruhen.", "der Teig muss ruhen."),
        ("pt", "Então, aí a massa descansa uma noite.", "a massa descansa uma noite."),
        ("ru", "Ну вот тесто должно отдохнуть ночь.", "тесто должно отдохнуть ночь."),
        ("zh-TW", "所以麵團要休息一個晚上", "麵團要休息一個晚上"),
        ("tr", "şey şey hamur dinlenmeli.", "şey şey hamur dinlenmeli."),
    ],
)
def test_openings_hesitations_and_repetitions_are_cut(language: str, said: str, read: str) -> None:
    habits = speech(language)
    assert habits.without_opening(habits.without_hesitations(said)) == read


@pytest.mark.parametrize(
    ("language", "sentence", "leans"),
    [
        ("en", "This is why it fails.", True),
        ("en", "He told them to wait.", True),
        ("en", "This video shows how bread is baked.", False),
        ("en", "Thistles grow near the harbor.", False),
        ("en", "of the dough that rested.", True),
        ("en", "Of all the breads, rye keeps longest.", False),
        ("fr", "C'est pour cela que la pâte lève.", True),
        ("fr", "Cette vidéo parle du pain.", False),
        ("de", "Deshalb muss der Teig ruhen.", True),
        ("es", "Eso no funciona.", True),
        ("ru", "Он приехал поздно.", True),
        ("zh-CN", "它会变成红色。", True),
        ("zh-CN", "如果面团已经醒了一个晚上。", True),
        ("zh-CN", "如果面团醒了一个晚上，就可以烤了。", False),
        ("th", "มันดีมาก", False),
    ],
)
def test_a_sentence_that_depends_on_the_one_before_is_recognized(language: str, sentence: str, leans: bool) -> None:
    assert speech(language).needs_context(sentence) is leans


@pytest.mark.parametrize(
    ("language", "sentence", "continues"),
    [
        ("en", "Secondly, the dough is folded.", True),
        ("en", "The second step is to fold the dough.", True),
        ("en", "A second is enough.", False),
        ("fr", "La deuxième étape est le pliage.", True),
        ("de", "Zweitens ruht der Teig.", True),
        ("zh-CN", "其次，面团要休息。", True),
        ("zh-CN", "面团要休息。", False),
    ],
)
def test_a_later_member_of_a_series_is_recognized(language: str, sentence: str, continues: bool) -> None:
    assert speech(language).continues_series(sentence) is continues


@pytest.mark.parametrize(
    ("language", "sentence", "concludes"),
    [
        ("en", "So the point is that bread needs time.", True),
        ("en", "Bread needs time.", False),
        ("zh-TW", "總之，麵團要休息一個晚上。", True),
    ],
)
def test_a_conclusion_is_recognized(language: str, sentence: str, concludes: bool) -> None:
    assert speech(language).concludes(sentence) is concludes


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Please like and subscribe to the channel."),
        ("en", "Thanks for watching, see you next time!"),
        ("en", "This episode is sponsored by a mattress."),
        ("en", "We covered the dough in another video."),
        ("de", "Herzlich willkommen zu einer neuen Folge."),
        ("fr", "Si tu veux en savoir plus, regarde la vidéo « La pâte »."),
        ("ru", "Мы рекомендуем посмотреть видео о тесте."),
        ("zh-CN", "在其他视频中，我们讨论了面团。"),
        ("es", "No olvides suscribirte al canal."),
        ("pt", "Não esqueça de se inscrever no canal."),
        ("zh-TW", "記得訂閱我們的頻道"),
        ("ja", "チャンネル登録をお願いします。"),
    ],
)
def test_greetings_and_advertising_are_recognized(language: str, sentence: str) -> None:
    assert speech(language).is_housekeeping(sentence)
    assert not speech(language).is_housekeeping("Bread 面包 パン")


def test_words_of_names_and_terms_are_not_stop_words() -> None:
    assert not {"new", "states", "world", "ai"} & stop_words("en")
    assert {"gonna", "yeah", "the"} <= stop_words("en-US")
