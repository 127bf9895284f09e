"""Finds the names in a claim, and decides whether they were said, however captions spell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from string import ascii_lowercase, digits

from jellyfish import damerau_levenshtein_distance, metaphone

from skimlist.claim_checks.folding import key, unaccented
from skimlist.claim_checks.known_names import EVERYDAY, heard_name, known_name
from skimlist.claim_checks.months import LIKE_NAMES
from skimlist.claim_checks.nationalities import TWO_WORDS, foreign_country, nation, nationality
from skimlist.claim_checks.numbers import is_roman
from skimlist.claim_checks.units import is_sign_at, is_unit
from skimlist.text.language_codes import primary_language
from skimlist.text.sentences import starts_sentence
from skimlist.text.stop_words import stop_words
from skimlist.text.words import is_spaceless

_WORD = re.compile(r"[^\W_](?:[\w&]|[.'’-](?=\w))*")
_GENITIVE = re.compile(r"['’]s?$")
_APOSTROPHE = re.compile("['’]")

_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "herr", "frau", "sr", "sra", "don", "dona"})
# Capitalized words beside a name or number that are not names themselves.
_NO_NAMES = _TITLES | {"i", "ok", "tv", "celsius", "fahrenheit"}
# Abbreviations that are seldom said as they are written.
_ALSO_SAID = {
    "us": ("america", "unitedstates", "estadosunidos", "etatsunis", "vereinigtestaaten", "statiuniti"),
    "uk": ("british", "britain", "england", "english", "unitedkingdom"),
    "eu": ("europe", "europa", "european"),
    "ue": ("europe", "europa", "uniaoeuropeia", "unioneuropea"),
}
_ALSO_SAID |= dict.fromkeys(("usa", "eeuu", "eua"), _ALSO_SAID["us"])
# Western Australia is in the west of it.
_DIRECTIONS = {name: name.removesuffix("ern") for name in ("northern", "southern", "eastern", "western")}
_DIRECTIONS |= {noun: name for name, noun in _DIRECTIONS.items()}

# German capitalizes every noun, so a name is recognized by another name beside it, or by the word before it.
_GERMAN_BEFORE_NAMES = frozenset({"doktor", "professor", "firma", "stadt", "könig", "kaiser", "präsident"})
# Words other than stop words that begin a sentence before a common noun, and hardly before a name: Mindestens Hefe.
_GERMAN_BEFORE_NOUNS = frozenset({
    "abzüglich", "circa", "fast", "hundert", "höchstens", "knapp", "mangels", "mindestens", "mittels", "nahezu", "pro",
    "tausend", "ungefähr", "zuzüglich", "zwecks",
})  # fmt: skip
# Common nouns for sources and for people in general. Some words begin a sentence before these and before names alike:
# Laut Studien, Laut Merkel; Obwohl Kritiker, Obwohl Putin.
_GERMAN_NOUNS = frozenset({
    "angabe", "angaben", "anleitung", "bericht", "berichte", "berichten", "definition", "forschung", "gesetz",
    "hersteller", "herstellern", "medienberichten", "messungen", "plan", "polizei", "presse", "rezept", "schätzung",
    "schätzungen", "statistik", "statistiken", "studie", "studien", "umfrage", "umfragen", "vertrag", "anfänger",
    "anfängern", "eltern", "experte", "experten", "expertin", "expertinnen", "fachleute", "fachleuten", "forscher",
    "forschern", "forscherin", "forscherinnen", "frauen", "kinder", "kindern", "kritiker", "kritikern", "laien",
    "leute", "leuten", "menschen", "männer", "männern", "nutzer", "nutzern", "profis", "wissenschaftler",
    "wissenschaftlern", "wissenschaftlerin", "wissenschaftlerinnen", "ärzte", "ärzten",
})  # fmt: skip
_ADJECTIVE_ENDINGS = ("e", "en", "em", "er", "es")

_KATAKANA = re.compile(r"[ァ-ヺー・]{3,}")
# Everyday Japanese loanwords, which a summary may use to paraphrase.
_EVERYDAY_KATAKANA = frozenset({
    "メカニズム", "システム", "プロセス", "ポイント", "エネルギー", "バランス", "コスト", "リスク",
    "データ", "モデル", "テーマ", "ルール", "スピード", "タイミング", "レベル", "グループ", "チーム",
    "メンバー", "プロジェクト", "サービス", "ユーザー", "ビジネス", "メリット", "デメリット", "アイデア",
    "イメージ", "コミュニティ", "トレーニング", "テスト", "ツール", "ケース", "ステップ", "シンプル",
    "スムーズ", "パターン", "サイクル", "ストレス", "トラブル", "ニーズ", "スタイル", "ストーリー",
    "メッセージ", "コントロール", "サポート", "アプローチ", "キーワード", "ヒント", "チャンス", "ゴール",
    "スタート", "ダメージ", "カラー",
})  # fmt: skip
_JAPANESE_BODY = re.compile(r"[\u4e00-\u9fff]{1,6}(?:庁|省|大学|銀行|博士|教授|会社)")
_CHINESE_BODY = re.compile(r"[\u4e00-\u9fff]{2,6}(?:大学|大學|公司|银行|銀行|教授|博士)")

_MIN_FUZZY_LENGTH = 4
_SHORT_LENGTH = 5
_VOWEL = re.compile("[aeiou]")
# Spellings of a consonant that sound alike in some language: Bosch and bosh, Bach and back, Pavel and pabel.
_CONSONANTS = ((re.compile("sc?h"), "s"), (re.compile("ph"), "f"), (re.compile("[aeiouwyh]"), ""))
_ALIKE = str.maketrans("cv", "kb")
_DOUBLED = re.compile(r"(.)\1+")
_MIN_SPLIT_LENGTH = 8
_MAX_ENDING_LENGTH = 3
_LETTERS_A_SLIP = 4
_MAX_WORDS = 3
_BITS = {letter: 1 << bit for bit, letter in enumerate(ascii_lowercase + digits)}
_QUARTER = re.compile(r"Q[1-4]")
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
# Words by their length, each with the bits of its letters.
_ByLength = Mapping[int, Sequence[tuple[int, str]]]


def names(text: str, language: str) -> tuple[str, ...]:
    """Returns the words of names as the text spells them. In scripts without capitals, only some names are found."""
    primary = primary_language(language)
    cased = _german(text) if primary == "de" else _capitalized(text)
    return tuple(dict.fromkeys((*cased, *_nationalities(text, primary), *_spaceless(text, primary))))


def _capitalized(text: str) -> Iterator[str]:
    """Yields words with a capital that the grammar does not require."""
    for found in _WORD.finditer(text):
        word = _GENITIVE.sub("", found[0])
        if is_sign_at(found) or not _is_name_like(word):
            continue
        if _is_odd(word) or not starts_sentence(text, found.start()):
            yield word


def _german(text: str) -> Iterator[str]:
    """Yields the words of a German text that cannot be common nouns in their context."""
    before = None
    for found in _WORD.finditer(text):
        word = found[0]
        is_name_like = _is_name_like(word) and not is_sign_at(found)
        if is_name_like and (_is_odd(word) or (before and _leads_to_name(text, before, found))):
            yield word
        before = found


def _leads_to_name(text: str, before: re.Match[str], found: re.Match[str]) -> bool:
    """Whether the word before shows a name: Angela before Merkel, Herr before Lindner; not Die, Viele or Prozent.

    A full stop ends a sentence, except after a title such as Dr.
    """
    word = before[0].lower()
    if text[before.end() : found.start()].strip(". " if word in _TITLES else " "):
        return False
    if word in _TITLES | _GERMAN_BEFORE_NAMES:
        return True
    if not _is_capitalized(before[0]) or is_unit(word) or word in stop_words("de"):
        return False
    is_before_noun = word.endswith(_ADJECTIVE_ENDINGS) or word in _GERMAN_BEFORE_NOUNS
    is_noun = is_before_noun or found[0].lower() in _GERMAN_NOUNS
    return not (is_noun and starts_sentence(text, before.start()))


def _is_capitalized(word: str) -> bool:
    return word[0].isupper() and not is_spaceless(word)


def _is_name_like(word: str) -> bool:
    is_other = (
        word.lower() in _NO_NAMES
        or unaccented(word) in LIKE_NAMES
        or is_roman(word.removesuffix("e"))
        or _QUARTER.fullmatch(word)
    )
    return _is_capitalized(word) and not is_other


def _is_odd(word: str) -> bool:
    """Whether a word has capitals or digits like no common word: OpenAI, NASA, GPT4."""
    return len(word) > 1 and any(letter.isupper() or letter.isdigit() for letter in word[1:])


def _nationalities(text: str, language: str) -> Iterator[str]:
    """Yields the nationalities that a language writes with a small letter, and countries after a small article."""
    for found in _WORD.finditer(text):
        *article, word = _APOSTROPHE.split(found[0])
        is_country = article and article[0].islower() and word[:1].isupper() and foreign_country(key(word), language)
        if is_country or (word[:1].islower() and nationality(key(word), language)):
            yield word


def _spaceless(text: str, language: str) -> Iterator[str]:
    if language == "ja":
        for run in _KATAKANA.findall(text):
            yield from (part for part in run.split("・") if len(part) > 2 and part not in _EVERYDAY_KATAKANA)
        yield from _JAPANESE_BODY.findall(text)
    elif language == "zh":
        yield from _CHINESE_BODY.findall(text)


def is_heard(name: str, heard: Heard) -> bool:
    """Whether a name was said, in any spelling that captions may use for it."""
    if is_spaceless(name):
        tail = name[-4:] if not _KATAKANA.fullmatch(name) else name
        return tail in heard.text or (tail is name and heard.has_like(key(name)))
    if _ACRONYM.fullmatch(name) and heard.has_initials(name.rstrip("s").lower()):
        return True
    wanted = key(name)
    is_said = heard.has_like(wanted) or heard.has_nation(wanted) or heard.has_word(_DIRECTIONS.get(wanted, wanted))
    return is_said or any(said in heard.joined for said in _ALSO_SAID.get(wanted, ()))


class Heard:
    """A text that is searched for names."""

    def __init__(self, text: str, words: Sequence[str]) -> None:
        self.text = text
        # Of ex-president, the second word may be a name's.
        keys = [word for part in words for word in map(key, part.split("-")) if word]
        self.joined = "".join(keys)
        self._initials = "".join(word[0] for word in keys)
        self._words: Set[str] = frozenset(keys)
        # Captions split words that they do not know: micro grad.
        self._runs: Set[str] = frozenset(
            "".join(keys[at : at + size]) for size in range(2, _MAX_WORDS + 1) for at in range(len(keys))
        )
        self._found: dict[str, bool] = {}

    @cached_property
    def _known(self) -> Set[str | None]:
        capitals = (found[0] for found in EVERYDAY.finditer(self.text) if not starts_sentence(self.text, found.start()))
        return frozenset((*map(heard_name, self._words), *map(known_name, map(key, capitals)))) - {None}

    @cached_property
    def _nations(self) -> Set[str | None]:
        return frozenset(map(nation, self._words)) - {None}

    @cached_property
    def _words_by_length(self) -> _ByLength:
        return _by_length(self._words)

    @cached_property
    def _runs_by_length(self) -> _ByLength:
        return _by_length(self._runs)

    def has_initials(self, letters: str) -> bool:
        return letters in self._initials

    def has_word(self, word: str) -> bool:
        return key(word) in self._words

    def has_nation(self, word: str) -> bool:
        """Whether the nation that a word names was said, as a country or by its people."""
        named = nation(word)
        if named is None:
            return False
        return named in self._nations or any(name in self.joined for name in TWO_WORDS.get(named, ()))

    def has_like(self, wanted: str) -> bool:
        """Whether a similar word was said. Results are cached, because names recur."""
        if wanted not in self._found:
            self._found[wanted] = wanted in self._words or wanted in self._runs or self._has_fuzzy(wanted)
        return self._found[wanted]

    def _has_fuzzy(self, wanted: str) -> bool:
        known, of_nation = known_name(wanted), nation(wanted)
        if known in self._known:
            return True
        if (known or of_nation) and len(wanted) <= _SHORT_LENGTH:
            return False
        groups = [self._words_by_length, *([self._runs_by_length] if len(wanted) >= _MIN_SPLIT_LENGTH else [])]
        similar = (said for by_length in groups for said in _with_similar_letters(wanted, by_length))
        return any(
            _is_like(wanted, said) and not (known and known_name(said)) and not (of_nation and nation(said))
            for said in similar
        )


def _by_length(words: Iterable[str]) -> _ByLength:
    found: dict[int, list[tuple[int, str]]] = {}
    for word in words:
        found.setdefault(len(word), []).append((_letters(word), word))
    return found


def _letters(word: str) -> int:
    """Returns a number with a bit for each letter or digit that a key has."""
    bits = 0
    for letter in word:
        bits |= _BITS[letter]
    return bits


def _with_similar_letters(wanted: str, by_length: _ByLength) -> Iterator[str]:
    """Yields the words of a likely length with few other letters; ten hours have 170,000 words and pairs of words."""
    letters = _letters(wanted)
    for length, words in by_length.items():
        shorter, longer = sorted((len(wanted), length))
        if shorter >= _MIN_FUZZY_LENGTH and longer - shorter <= max(longer // _LETTERS_A_SLIP, _MAX_ENDING_LENGTH):
            # A slip takes a letter away and adds another.
            most = 2 * (longer // _LETTERS_A_SLIP + 1)
            yield from (word for bits, word in words if (bits ^ letters).bit_count() <= most)


def _is_like(wanted: str, said: str) -> bool:
    """Whether two words differ only by an ending, by one letter in four, or by a spelling that sounds the same.

    A consonant that sounds otherwise makes another name of a short one: Iran and Iraq.
    """
    shorter, longer = sorted((len(wanted), len(said)))
    if longer - shorter < shorter - 2 and (wanted.startswith(said) or said.startswith(wanted)):
        return True
    slips = damerau_levenshtein_distance(wanted, said)
    allowed = longer // _LETTERS_A_SLIP
    if slips > allowed + 1:
        return False
    # Arabic and Hebrew are written without most vowels, and a letter may be the article or an ending.
    is_long = longer > _SHORT_LENGTH or not _VOWEL.search(wanted)
    if slips <= allowed and (is_long or _consonants(wanted) == _consonants(said)):
        return True
    return metaphone(wanted) == metaphone(said)


def _consonants(word: str) -> str:
    """Returns the consonants of a key, with one spelling for those that sound alike."""
    for spelling, sound in _CONSONANTS:
        word = spelling.sub(sound, word)
    return _DOUBLED.sub(r"\1", word.translate(_ALIKE))
