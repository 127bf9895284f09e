"""The language of a text, where that is clear."""

from __future__ import annotations

import json

import pytest

from skimlist.text.language import clearly_in
from skimlist.text.language_codes import same_language
from testkit.template import ROOT

SAMPLES = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "local/samples").glob("*_1.json")
}
TEXTS = {v["language_code"]: " ".join(s["text"] for s in v["snippets"]) for v in SAMPLES.values()}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_text_is_in_its_own_language_whatever_else_it_might_be(language: str) -> None:
    assert clearly_in(TEXTS[language], TEXTS, wanted=language) == language


@pytest.mark.parametrize("wanted", sorted(TEXTS))
@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_text_in_another_language_is_found_out(language: str, wanted: str) -> None:
    assert clearly_in(TEXTS[language], TEXTS, wanted=wanted) == language


def test_a_text_that_is_too_short_to_tell_is_taken_on_trust() -> None:
    assert clearly_in("This is the end of it.", ["en"], wanted="de") == "de"


def test_a_language_without_a_list_of_stop_words_is_taken_on_trust() -> None:
    assert clearly_in(TEXTS["en"], ["en"], wanted="xx") == "xx"


BREAD = {
    "ka": "ეს ვიდეო გვიჩვენებს, როგორ გამოვაცხოთ პური სახლში და რატომ სჭირდება ცომს დრო.",
    "ta": "இந்தக் காணொளி வீட்டில் ரொட்டி சுடுவது எப்படி என்றும் மாவுக்கு ஏன் நேரம் தேவை என்றும் விளக்குகிறது.",
    "am": "ይህ ቪዲዮ በቤት ውስጥ ዳቦ እንዴት እንደሚጋገር እና ሊጡ ለምን ጊዜ እንደሚያስፈልገው ያሳያል።",
    "sr": "Овај видео показује како се код куће пече хлеб и зашто је тесту потребно време.",
    "km": "វីដេអូនេះបង្ហាញពីរបៀបដុតនំប៉័ងនៅផ្ទះ",
}
ENGLISH = "This video shows how to bake bread at home and why the dough needs time."


@pytest.mark.parametrize("language", BREAD)
def test_the_script_tells_a_language_without_a_list_of_stop_words(language: str) -> None:
    others = ("en", "ru")
    assert clearly_in(BREAD[language], others, wanted=language, fewest_words=8) == language
    assert clearly_in(ENGLISH, others, wanted=language, fewest_words=8) == "en"
    assert clearly_in(BREAD[language], ("en", language), wanted="en", fewest_words=8) == language


# Of the languages with one script, at most a few have a list of stop words.
OF_ONE_SCRIPT = (
    {
        "ru": "Это видео показывает, как печь хлеб дома и почему тесту нужно время.",
        "uk": "Це відео показує, як пекти хліб удома і чому тісту потрібен час.",
        "bg": "Това видео показва как се пече хляб у дома и защо тестото има нужда от време.",
        "sr": BREAD["sr"],
        "mk": "Ова видео покажува како се пече леб дома и зошто на тестото му треба време.",
        "be": "Гэта відэа паказвае, як пячы хлеб дома і чаму цесту патрэбны час.",
        "kk": "Бұл бейне үйде нанды қалай пісіруге болатынын және қамырға неге уақыт керек екенін көрсетеді.",
    },
    {
        "hi": "यह वीडियो दिखाता है कि घर पर रोटी कैसे बनाई जाती है और आटे को समय क्यों चाहिए।",
        "ne": "यो भिडियोले घरमा रोटी कसरी पकाउने र पिठोलाई किन समय चाहिन्छ भनेर देखाउँछ।",
    },
    {
        "ar": "يوضح هذا الفيديو كيف نخبز الخبز في البيت ولماذا يحتاج العجين إلى بعض الوقت.",
        "fa": "این ویدیو نشان می‌دهد که چگونه در خانه نان بپزیم و چرا خمیر به زمان نیاز دارد.",
        "ps": "دا ویډیو ښیي چې په کور کې ډوډۍ څنګه پخیږي او خمیره ولې وخت ته اړتیا لري.",
        "ug": "بۇ سىن ئۆيدە ناننى قانداق يېقىشنى ۋە خېمىرغا نېمىشقا ۋاقىت كېرەكلىكىنى كۆرسىتىدۇ.",
    },
    {
        "bn": "এই ভিডিওতে দেখানো হয়েছে কীভাবে বাড়িতে রুটি তৈরি করা যায় এবং কেন ময়দার সময় লাগে।",
        "as": "এই ভিডিঅটোত ঘৰত কেনেকৈ পাউৰুটি বনাব লাগে আৰু আটাক কিয় সময় লাগে সেয়া দেখুওৱা হৈছে।",
    },
    {
        "he": "הסרטון הזה מראה איך אופים לחם בבית ולמה הבצק צריך זמן.",
        "yi": "דער ווידעא ווייזט ווי אזוי מען באקט ברויט אין דער היים און פארוואס דאס טייג דארף צייט.",
    },
)


@pytest.mark.parametrize(
    ("text", "wanted", "other"),
    [(texts[wanted], wanted, other) for texts in OF_ONE_SCRIPT for wanted in texts for other in texts],
)
def test_a_text_is_in_no_other_language_that_is_written_alike(text: str, wanted: str, other: str) -> None:
    assert clearly_in(text, ("en", other), wanted=wanted, fewest_words=8) == wanted
    assert clearly_in(ENGLISH, ("en", other), wanted=wanted, fewest_words=8) == "en"


@pytest.mark.parametrize(("wanted", "other"), [("ru", "ka"), ("hi", "ta"), ("ka", "ru"), ("ja", "sr"), ("sr", "ja")])
def test_two_scripts_tell_languages_apart_if_one_has_no_list_of_stop_words(wanted: str, other: str) -> None:
    texts = BREAD | {language: text for texts in OF_ONE_SCRIPT for language, text in texts.items()} | TEXTS
    assert clearly_in(texts[other], ("en", other), wanted=wanted, fewest_words=8) == other
    assert clearly_in(texts[wanted], ("en", other), wanted=wanted, fewest_words=8) == wanted


def test_a_language_that_is_also_written_in_latin_letters_is_taken_on_trust_there() -> None:
    assert clearly_in(ENGLISH, ["en"], wanted="sr-Latn", fewest_words=8) == "sr-Latn"


def test_a_script_or_a_region_makes_no_other_language() -> None:
    assert same_language("zh-TW", "zh-Hans")
    assert not same_language("pt", "es")
