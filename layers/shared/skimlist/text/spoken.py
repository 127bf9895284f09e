"""Prepares spoken sentences for quotation: what to cut from them, and whether they make sense by themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from skimlist.text.language_codes import canonical, primary_language
from skimlist.text.words import capitalized, count_words, is_spaceless

_OTHERWISE = "en"
# An opening is not cut if fewer words than this would remain.
_MIN_WORDS = 4
# Languages of the file that are written without spaces between words.
_SPACELESS = frozenset({"zh", "ja"})
# A word that breaks off, and is said again whole after the word before it: "you're ex you're expediting".
_BROKEN_OFF = re.compile(r"(?<!\S)([^\W\d_][\w'’]*) ([^\W\d_]{1,4}) (?=\1 \2\w)", re.IGNORECASE)
_MASKED = "[ __ ]"
# A pattern that never matches.
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The entries of `spoken.toml` for one language, ready to use. For a language that the file lacks, texts stay as
    they are.
    """

    chatter: frozenset[str]
    vague: frozenset[str]
    before_nouns: frozenset[str]
    before_verbs: frozenset[str]
    mostly_begins: frozenset[str]
    often_begins: frozenset[str]
    seldom_begins: frozenset[str]
    wants_another: frozenset[str]
    conjunction: str
    has_capital_nouns: bool
    _is_spaceless: bool
    _about: str
    _untitled: str
    _named: str
    _noise: re.Pattern[str]
    _asides: re.Pattern[str]
    _tags: re.Pattern[str]
    _slips: re.Pattern[str]
    _repeated: re.Pattern[str]
    _opening: re.Pattern[str]
    _backward: re.Pattern[str]
    _series: re.Pattern[str]
    _concludes: re.Pattern[str]
    _housekeeping: re.Pattern[str]
    _announces: re.Pattern[str]
    _personal: frozenset[str]
    _points_back: re.Pattern[str]
    _explains: re.Pattern[str]
    _shows: re.Pattern[str]
    _audience: re.Pattern[str]
    _no_names: re.Pattern[str]
    _verbs: re.Pattern[str]
    _capital: re.Pattern[str]

    def without_hesitations(self, text: str) -> str:
        """Removes hesitations, false starts, words that were said twice in a row, and "right?" at the end."""
        begins_with_capital = text[:1].isupper()
        space = "" if self._is_spaceless else " "
        text = self._asides.sub(space, self._noise.sub(space, text))
        text = self._slips.sub("", _BROKEN_OFF.sub("", self._repeated.sub(r"\1", text)))
        text = self._tags.sub("。" if self._is_spaceless else ".", text)
        text = " ".join(self._capital.sub(lambda found: found[0].capitalize(), text).split())
        return capitalized(text) if begins_with_capital else text

    def without_opening(self, text: str) -> str:
        """Removes opening words that only connect to the sentence before: "so basically", "and yeah"."""
        rest = text[opening.end() :] if (opening := self._opening.match(text)) else text
        return rest if count_words(rest) >= _MIN_WORDS else text

    def needs_context(self, text: str) -> bool:
        """Whether a sentence without its opening begins with a word that refers to the sentence before.

        A lower-case initial is a sign of captions without punctuation: in these, a word that seldom begins a sentence
        shows that this is the middle of one.
        """
        if self._backward.match(text):
            return True
        return text[:1].islower() and text.partition(" ")[0] in self.seldom_begins and not self.announces(text)

    def continues_series(self, text: str) -> bool:
        """Whether a sentence begins like the second or a later member of a series: "Secondly"."""
        return self._series.match(text) is not None

    def concludes(self, text: str) -> bool:
        """Whether a text draws a conclusion: "the point is"."""
        return self._concludes.search(text) is not None

    def is_housekeeping(self, text: str) -> bool:
        """Whether a text is a greeting or an advertisement, or contains a swear word that YouTube has masked."""
        return self._housekeeping.search(text) is not None or _MASKED in text

    def announces(self, text: str) -> bool:
        """Whether a text announces the content of the video."""
        return self._announces.search(text) is not None

    def is_personal(self, words: Iterable[str]) -> bool:
        return not self._personal.isdisjoint(words)

    def points_back(self, text: str) -> int:
        """Counts the words that often stand for something that was said or shown before."""
        return len(self._points_back.findall(text))

    def begins_by_pointing_back(self, text: str) -> bool:
        return self._points_back.match(text) is not None

    def explains(self, text: str) -> int:
        """Counts the words of purpose, cause, contrast and importance."""
        return len(self._explains.findall(text))

    def shows(self, text: str) -> int:
        """Counts the words of somebody who is showing or doing something at this moment."""
        return len(self._shows.findall(text))

    def may_end_a_name(self, word: str) -> bool:
        """Whether the name of a thing may end with a word: not with an adverb or a gerund."""
        return self._no_names.fullmatch(word) is None

    def is_verb(self, word: str) -> bool:
        """Whether a word is a verb by its form, in the languages whose verbs the file has."""
        return self._verbs.fullmatch(word) is not None

    def addresses_audience(self, text: str) -> int:
        """Counts the words with which the audience is addressed."""
        return len(self._audience.findall(text))

    def enumeration(self, phrases: Sequence[str]) -> str:
        """Joins phrases into an enumeration: X, Y and Z."""
        *first, last = phrases
        comma = "、" if is_spaceless(self.conjunction) else "، " if self.conjunction == " و" else ", "
        return f"{comma.join(first)}{self.conjunction}{last}" if first else last

    def about(self, title: str, phrases: Sequence[str]) -> str:
        """Returns a generated sentence on the subjects of a video, whose title may be empty."""
        sentence = self._about if title else self._untitled
        return sentence.format(title=title, phrases=self.enumeration(phrases))

    def named(self, title: str, sentence: str) -> str:
        """Returns a sentence after the title of its video, for one that does not name its subject."""
        return self._named.format(title=title, sentence=sentence)


@cache
def speech(language: str) -> Speech:
    """Returns the speech habits of a BCP 47 language."""
    known = _known()
    primary = primary_language(language)
    habits = {**known.get(primary, {}), **known.get(canonical(language), {})}
    before_nouns = frozenset(habits.get("before_nouns", ()))
    before_verbs = frozenset(habits.get("before_verbs", ()))
    mostly_begins = frozenset(habits.get("mostly_begins", ()))
    border = "" if primary in _SPACELESS else r"\b"

    def any_of(name: str) -> str:
        """Returns a pattern for any of the expressions under a name, as whole words."""
        alternatives = "|".join(habits.get(name, ())) or _NEVER
        return f"{border}(?:{alternatives})(?!\\w)" if border else f"(?:{alternatives})"

    word = r"[^\W\d_]+(?:['’][^\W\d_]+)?"
    repeated = rf"(?<!\S)(?!{any_of('doubled')})((?:{word},?\s+){{0,3}}{word})(?:,?\s+\1(?=[\s,.]|$))+"
    return Speech(
        chatter=frozenset(habits.get("chatter", ())),
        vague=frozenset(habits.get("vague", ())),
        before_nouns=before_nouns,
        before_verbs=before_verbs,
        mostly_begins=mostly_begins,
        often_begins=frozenset(habits.get("often_begins", ())),
        seldom_begins=frozenset(habits.get("seldom_begins", ())),
        wants_another=(before_nouns | before_verbs | mostly_begins) - frozenset(habits.get("ends_too", ())),
        conjunction=habits.get("conjunction", ", "),
        has_capital_nouns=habits.get("capital_nouns", False),
        _is_spaceless=primary in _SPACELESS,
        _about=habits.get("about", known[_OTHERWISE]["about"]),
        _untitled=habits.get("untitled", known[_OTHERWISE]["untitled"]),
        _named=habits.get("named", known[_OTHERWISE]["named"]),
        _noise=_pattern(rf"(?<!\S){any_of('hesitations')}[,.…]*(?!\S)" if border else any_of("hesitations")),
        _asides=_pattern(rf",\s+{any_of('asides')},(?=\s)"),
        _tags=_pattern(rf"[,，、]\s*{any_of('tags')}\s*[.?!。？！]+$"),
        _slips=_pattern(rf"(?<!\S){any_of('slips')}\s+"),
        _repeated=_pattern(repeated if habits and border else f"({_NEVER})"),
        _opening=_pattern(rf"(?:{any_of('openings')}[,.…，、]?\s*|{any_of('set_off')}[,，、]\s*)+"),
        _backward=_pattern(any_of("backward")),
        _series=_pattern(any_of("series")),
        _concludes=_pattern(any_of("concludes")),
        _housekeeping=_pattern(any_of("housekeeping")),
        _announces=_pattern(any_of("announces")),
        _personal=frozenset(habits.get("personal", ())),
        _points_back=_pattern(any_of("points_back")),
        _explains=_pattern(any_of("explains")),
        _shows=_pattern(any_of("shows")),
        _audience=_pattern(any_of("audience")),
        _no_names=_pattern(any_of("no_names")),
        _verbs=_pattern(any_of("verbs")),
        _capital=re.compile(any_of("capital")),
    )


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


@cache
def _known() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("spoken.toml").read_text(encoding="utf-8"))
