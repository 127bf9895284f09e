"""Tells whether a text is in the requested language, by its stop words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

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
# The scripts of languages without a list of stop words (CLDR, "likely subtags"), as Unicode names their letters. A
# language in Latin letters cannot be recognized by them.
_SCRIPTS = {
    **dict.fromkeys(("am", "ti"), "ETHIOPIC"),
    **dict.fromkeys(("ckb", "ks", "ps", "sd", "ug"), "ARABIC"),
    **dict.fromkeys(("ab", "ba", "be", "kk", "ky", "mk", "mn", "os", "sr", "tg", "tt"), "CYRILLIC"),
    **dict.fromkeys(("bho", "mai", "ne", "new", "sa"), "DEVANAGARI"),
    **dict.fromkeys(("bo", "dz"), "TIBETAN"),
    "as": "BENGALI",
    "dv": "THAANA",
    "iu": "CANADIAN",
    "ka": "GEORGIAN",
    "km": "KHMER",
    "kn": "KANNADA",
    "lo": "LAO",
    "ml": "MALAYALAM",
    "my": "MYANMAR",
    "or": "ORIYA",
    "pa": "GURMUKHI",
    "si": "SINHALA",
    "ta": "TAMIL",
    "te": "TELUGU",
    "yi": "HEBREW",
}


def clearly_in(text: str, candidates: Iterable[str], *, wanted: str, fewest_words: int = _MIN_WORDS) -> str:
    """Returns the language of a text: `wanted`, unless it is clearly one of the other candidates (BCP 47)."""
    words = tokens(text)
    if len(words) < fewest_words or not (stop_words(wanted) or _script(wanted)):
        return wanted
    others = {other: _share(words, other) for other in candidates if not same_language(other, wanted)}
    likeliest = max(others, key=others.__getitem__, default=wanted)
    share = others.get(likeliest, 0.0)
    return likeliest if share >= _MIN_SHARE and share > _MIN_RATIO * _share(words, wanted) else wanted


def likeliest_language(text: str) -> str | None:
    """Returns the code of the common language with the most stop words in a text; None if it has too few of any."""
    words = tokens(text)
    shares = {language: _share(words, language) for language in _COMMON} if words else {}
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


def _share(words: list[str], language: str) -> float:
    """Returns the share of stop words of a language, or else that of words in its script; 0 if neither is known."""
    if ignored := stop_words(language):
        return sum(word in ignored for word in words) / len(words)
    script = _script(language)
    return sum(unicodedata.name(word[0], "").startswith(script) for word in words) / len(words) if script else 0.0


def _script(language: str) -> str | None:
    return None if "-latn" in canonical(language) else _SCRIPTS.get(primary_language(language))
