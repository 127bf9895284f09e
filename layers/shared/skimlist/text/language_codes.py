"""Language codes (BCP 47) that are spelled differently and name the same language."""

from __future__ import annotations

# YouTube still uses codes that the IANA Language Subtag Registry has replaced, and both codes of languages that have
# one for the language and one for its usual form. What is only a form of a language is written behind its code.
_CURRENT = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "tl": "fil",
    "nb": "no",
    "nn": "no-nn",
    "sh": "sr-latn",
    "cmn": "zh",
    "yue": "zh-yue",
}
# The script or country that is meant where none is named, and the script in which a region writes (CLDR, "likely
# subtags"). YouTube names Chinese now by region and now by script.
_LIKELY = {
    "pt": "pt-br",
    "sr": "sr-cyrl",
    "no-no": "no",
    "fil-ph": "fil",
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-hans-cn": "zh-hans",
    "zh-hans-sg": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh-hant-tw": "zh-hant",
    "zh-hant-hk": "zh-hant",
    "zh-hant-mo": "zh-hant",
    "zh-yue-hk": "zh-yue",
}


def canonical(code: str) -> str:
    """One spelling, in small letters, for all codes that name the same variant of a language."""
    primary, dash, variant = code.lower().replace("_", "-").partition("-")
    current = f"{_CURRENT.get(primary, primary)}{dash}{variant}"
    return _LIKELY.get(current, current)


def primary_language(code: str) -> str:
    """The language without script and region, in small letters."""
    return canonical(code).partition("-")[0]


def same_language(left: str, right: str) -> bool:
    """Whether two codes name one language, whatever the script or region."""
    return primary_language(left) == primary_language(right)
