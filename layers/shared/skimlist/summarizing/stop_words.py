"""Words of a language that carry no meaning by themselves."""

from __future__ import annotations

from stopwordsiso import stopwords

# The collection knows Chinese in simplified characters only; these are the ones whose traditional form differs.
_TO_TRADITIONAL = str.maketrans(
    "这个们么会来对说还后时为过样里让没从当应给几经将两吗谁无现种总与该虽边间觉较尽据连难谓许则着",
    "這個們麼會來對說還後時為過樣裡讓沒從當應給幾經將兩嗎誰無現種總與該雖邊間覺較盡據連難謂許則著",
)


def stop_words(language: str) -> frozenset[str]:
    """The stop words of a BCP 47 language, in small letters; none for a language that the collection lacks."""
    words = stopwords(language.partition("-")[0].lower())
    return frozenset(words | {word.translate(_TO_TRADITIONAL) for word in words})
