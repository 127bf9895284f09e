"""Words of a language that carry no meaning by themselves."""

from __future__ import annotations

from functools import cache

from stopwordsiso import stopwords

from skimlist.text.language_codes import primary_language
from skimlist.text.spoken import speech

_CODES_OF_THE_COLLECTION = {"fil": "tl"}
# The collection has Chinese words in simplified characters only; these characters differ in their traditional form.
_TO_TRADITIONAL = str.maketrans(
    "这个们么会来对说还后时为过样里让没从当应给几经将两吗谁无现种总与该虽边间觉较尽据连难谓许则着",
    "這個們麼會來對說還後時為過樣裡讓沒從當應給幾經將兩嗎誰無現種總與該雖邊間覺較盡據連難謂許則著",
)
# Its Chinese list has characters that are also parts of meaningful words: 人工, 多项, 大小, 自然.
_PARTS_OF_CHINESE_WORDS = frozenset("人多大小上下中本自全外内內数數分成")
# Additional particles of Moroccan Arabic, which YouTube labels as Arabic.
_MOROCCAN = frozenset({
    "باش", "غادي", "غدي", "راه", "راها", "راهم", "هاد", "هادا", "هادي", "هادو", "هادوك", "هداك", "هاديك", "داك",
    "ديك", "ديال", "ديالو", "ديالها", "ديالهم", "ديالنا", "ديالك", "تاع", "نتاع", "نتاعهم", "نتاعو", "شي", "واحد",
    "واحدة", "واحدا", "غير", "غي", "تا", "حتى", "ولا", "ماشي", "اللي", "لي", "فاش", "فين", "كيفاش", "علاش", "حيت",
    "عاوتاني", "دابا", "بحال", "هوما", "حنا", "احنا", "نتا", "نتوما", "كان", "كانت", "كانو", "كانوا", "تيكون",
    "كيكون", "يكون", "تكون", "مزيان", "بزاف", "شوية", "خصو", "خصها", "خصنا", "عندو", "عندها", "عندهم", "عندنا",
    "عندي", "كاين", "كاينة", "مكانش", "ماكانش", "ديما", "مرة", "وخا", "يعني", "زعما", "الى", "فهاد", "فديك", "بيه",
    "بيها", "فيه", "فيها", "عليه", "عليها", "ليه", "ليها", "لينا", "معاه", "منو", "منها", "وهو", "وهي", "وكان",
    "وكانت", "او", "انا", "انت", "نتي", "بلي", "راك", "راني", "خصك", "ديالي", "عليهم", "عليك", "ليك", "معاك",
    "كلشي", "كولشي", "حاجة", "الحاجة", "هادشي", "هداكشي", "الساعة", "النهار", "الناس",
})  # fmt: skip
# Arabic writes these conjunctions together with the word after them.
_ARABIC_CONJUNCTIONS = ("و", "ف")
# Its English list has words that are parts of names and terms: New York, United States, backward pass, zero-shot, AI.
_PARTS_OF_ENGLISH_TERMS = frozenset({
    "new", "state", "states", "world", "system", "home", "page", "pages", "member", "members", "problem",
    "problems", "research", "computer", "information", "group", "groups", "million", "billion", "trillion",
    "invention", "microsoft", "site", "text", "test", "website", "web", "webpage", "area", "areas", "young", "old",
    "zero", "backward", "forward", "length", "index", "novel", "value", "empty", "fire", "bill", "room", "rooms",
    "keys", "cases", "caption", "copy", "date", "face", "section", "ai", "tv", "uk", "eu", "ml", "pc", "sql", "ip",
    "io", "id", "html", "http",
})  # fmt: skip


@cache
def stop_words(language: str) -> frozenset[str]:
    """Returns the stop words of a BCP 47 language in lower case; none for a language that the collection lacks."""
    primary = primary_language(language)
    words = stopwords(_CODES_OF_THE_COLLECTION.get(primary, primary))
    if primary == "zh":
        return frozenset(words | {word.translate(_TO_TRADITIONAL) for word in words}) - _PARTS_OF_CHINESE_WORDS
    if primary == "ar":
        words = words | _MOROCCAN
        words = words | {conjunction + word for conjunction in _ARABIC_CONJUNCTIONS for word in words}
    if primary == "en":
        words = words - _PARTS_OF_ENGLISH_TERMS
    return frozenset(words | speech(language).chatter)
