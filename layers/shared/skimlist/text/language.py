"""Tells whether a text is in the requested language, by its stop words or its script."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from skimlist.text.language_codes import canonical, primary_language, same_language
from skimlist.text.stop_words import stop_words
from skimlist.text.words import count_words, tokens

# In captions of eleven languages, between 9 % (Arabic) and 86 % (English) of the words of a passage are stop words of
# its own language, and at most half as many are stop words of another.
_MIN_SHARE = 0.09
_MIN_RATIO = 2.0
# The language of a shorter text is uncertain. Of passages of eight words in nine languages, one in 400 was mistaken for
# English, mostly because it quotes English, and one English passage in a hundred was not recognized.
_MIN_WORDS = 25
MIN_SENTENCE_WORDS = 8
# Those in which most videos are described.
_COMMON = (
    "en", "es", "pt", "fr", "de", "it", "nl", "pl", "ru", "uk", "tr", "ar", "he", "fa", "hi", "bn", "id", "vi", "th",
    "ja", "ko", "zh", "sv", "da", "no", "fi", "cs", "hu", "ro", "el",
)  # fmt: skip
# The scripts of languages (CLDR, "likely subtags"), as Unicode names their letters. A language that has a list of stop
# words, but is missing here, is written in Latin letters.
_SCRIPTS: Mapping[str, str | tuple[str, ...]] = {
    **dict.fromkeys(("am", "ti"), "ETHIOPIC"),
    **dict.fromkeys(("ar", "ckb", "fa", "ks", "ps", "sd", "ug", "ur"), "ARABIC"),
    **dict.fromkeys(("ab", "ba", "be", "bg", "kk", "ky", "mk", "mn", "os", "ru", "sr", "tg", "tt", "uk"), "CYRILLIC"),
    **dict.fromkeys(("bho", "hi", "mai", "mr", "ne", "new", "sa"), "DEVANAGARI"),
    **dict.fromkeys(("bo", "dz"), "TIBETAN"),
    **dict.fromkeys(("as", "bn"), "BENGALI"),
    **dict.fromkeys(("he", "yi"), "HEBREW"),
    "dv": "THAANA",
    "el": "GREEK",
    "gu": "GUJARATI",
    "hy": "ARMENIAN",
    "iu": "CANADIAN",
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "ka": "GEORGIAN",
    "km": "KHMER",
    "kn": "KANNADA",
    "ko": "HANGUL",
    "lo": "LAO",
    "ml": "MALAYALAM",
    "my": "MYANMAR",
    "or": "ORIYA",
    "pa": "GURMUKHI",
    "si": "SINHALA",
    "ta": "TAMIL",
    "te": "TELUGU",
    "th": "THAI",
    "zh": "CJK",
}
_LATIN = "LATIN"


def clearly_in(text: str, candidates: Iterable[str], *, wanted: str, fewest_words: int = _MIN_WORDS) -> str:
    """Returns the language of a text: `wanted`, unless it is clearly one of the other candidates (BCP 47).

    Stop words tell two languages apart if both have a list of them. Otherwise the script does, if the two differ in it.
    """
    words = tokens(text)
    if len(words) < fewest_words:
        return wanted
    others = [other for other in candidates if not same_language(other, wanted)]
    listed = [other for other in others if stop_words(other) and stop_words(wanted)]
    written = [other for other in others if other not in listed and _differ_in_script(other, wanted)]
    by_stop_words = _clearly(words, listed, wanted, _share_of_stop_words)
    return by_stop_words or _clearly(words, written, wanted, _share_in_script) or wanted


def _clearly(
    words: Sequence[str], others: Iterable[str], wanted: str, share_of: Callable[[Sequence[str], str], float]
) -> str | None:
    """Returns the language with the largest share of the words if it is far larger than that of the wanted one."""
    shares = {other: share_of(words, other) for other in others}
    likeliest = max(shares, key=shares.__getitem__, default=None)
    if likeliest is None or shares[likeliest] < _MIN_SHARE:
        return None
    return likeliest if shares[likeliest] > _MIN_RATIO * share_of(words, wanted) else None


def likeliest_language(text: str) -> str | None:
    """Returns the code of the common language with the most stop words in a text; None if it has too few of any."""
    words = tokens(text)
    shares = {language: _share_of_stop_words(words, language) for language in _COMMON} if words else {}
    likeliest = max(shares, key=shares.__getitem__, default=None)
    return likeliest if likeliest and shares[likeliest] >= _MIN_SHARE else None


def fields_in_another_language(
    texts: Mapping[str, Sequence[str]], candidates: Iterable[str], *, wanted: str, telling: str
) -> list[str]:
    """Returns the fields of an answer with a text that is clearly in another language. `texts` has those of each field.

    Each text is checked by itself. A field whose texts are too short is assumed to be in the language of the field
    `telling`.
    """
    others = tuple(candidates)
    verdicts = {field: _is_in_another(each, others, wanted) for field, each in texts.items()}
    presumed = bool(verdicts[telling])
    return [
        field
        for field, each in texts.items()
        if any(each) and (presumed if verdicts[field] is None else verdicts[field])
    ]


def _is_in_another(texts: Iterable[str], candidates: Sequence[str], wanted: str) -> bool | None:
    """Whether one of the texts is in another language; None if all are too short to tell."""
    long_enough = [text for text in texts if count_words(text) >= MIN_SENTENCE_WORDS]
    if not long_enough:
        return None
    found = (clearly_in(text, candidates, wanted=wanted, fewest_words=MIN_SENTENCE_WORDS) for text in long_enough)
    return any(not same_language(language, wanted) for language in found)


def _share_of_stop_words(words: Sequence[str], language: str) -> float:
    ignored = stop_words(language)
    return sum(word in ignored for word in words) / len(words)


def _share_in_script(words: Sequence[str], language: str) -> float:
    """Returns the share of the words that begin with a letter of the language's script; 0 if that is not known."""
    script = _script(language) or ()
    return sum(unicodedata.name(word[0], "").startswith(script) for word in words) / len(words)


def _differ_in_script(left: str, right: str) -> bool:
    scripts = {_script(left), _script(right)}
    return len(scripts) > 1 and None not in scripts


def _script(language: str) -> str | tuple[str, ...] | None:
    if "-latn" in canonical(language):
        return _LATIN
    return _SCRIPTS.get(primary_language(language), _LATIN if stop_words(language) else None)
