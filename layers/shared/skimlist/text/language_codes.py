"""Compares language codes (BCP 47), which can be spelled differently and name the same language."""

from __future__ import annotations

# YouTube still uses codes that the IANA Language Subtag Registry has replaced, and two codes for some languages, one of
# the language and one of its usual form. A form of a language is written as a variant of the language's code.
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
# The script or country that a code without one implies, and the script that is used in a region (CLDR, "likely
# subtags"). YouTube identifies Chinese sometimes by region and sometimes by script.
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
    """Returns the lower-case spelling that all codes of the same variant of a language share."""
    primary, dash, variant = code.lower().replace("_", "-").partition("-")
    current = f"{_CURRENT.get(primary, primary)}{dash}{variant}"
    return _LIKELY.get(current, current)


def primary_language(code: str) -> str:
    """Returns the code of the language without script and region, in lower case."""
    return canonical(code).partition("-")[0]


def same_language(left: str, right: str) -> bool:
    """Whether two codes name the same language, regardless of script and region."""
    return primary_language(left) == primary_language(right)
