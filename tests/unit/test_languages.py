"""Which codes stand for one language, and which of its variants is meant."""

import pytest

from skimlist.text.language_codes import canonical, same_language


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("nb", "no"),
        ("nn", "no"),
        ("fil", "tl"),
        ("iw", "he"),
        ("in-ID", "id"),
        ("ji", "yi"),
        ("jw", "jv"),
        ("mo", "ro"),
        ("sh", "sr-Latn"),
        ("zh", "zh-TW"),
        ("zh-Hans", "cmn"),
        ("yue", "zh-HK"),
        ("pt", "pt-BR"),
        ("EN_us", "en-GB"),
    ],
)
def test_codes_of_one_language(left: str, right: str) -> None:
    assert same_language(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("hr", "sr"), ("da", "no"), ("ms", "id"), ("en", "enm"), ("zh", "ja"), ("gl", "pt"), ("in", "hi")],
)
def test_codes_of_neighbouring_languages(left: str, right: str) -> None:
    assert not same_language(left, right)


@pytest.mark.parametrize(
    ("codes", "variant"),
    [
        (("zh", "zh-CN", "zh-Hans", "zh-SG", "zh-Hans-CN", "cmn"), "zh-hans"),
        (("zh-TW", "zh-HK", "zh-Hant", "zh-Hant-HK"), "zh-hant"),
        (("yue", "yue-HK"), "zh-yue"),
        (("no", "nb", "nb-NO"), "no"),
        (("nn",), "no-nn"),
        (("he", "iw"), "he"),
        (("iw-IL",), "he-il"),
        (("pt", "pt-BR"), "pt-br"),
        (("pt-PT",), "pt-pt"),
        (("sh", "sr-Latn"), "sr-latn"),
    ],
)
def test_codes_of_one_variant_have_one_spelling(codes: tuple[str, ...], variant: str) -> None:
    assert {canonical(code) for code in codes} == {variant}
