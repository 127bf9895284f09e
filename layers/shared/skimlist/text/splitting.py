"""Splits text into sentences. A full stop may also belong to an abbreviation, an initial, an ordinal or an item."""

from __future__ import annotations

import re

from skimlist.text.language_codes import primary_language
from skimlist.text.ordinals import is_date, is_ordinal
from skimlist.text.sentences import TITLE

# Where a sentence may end: at a mark before a space, at a mark of Chinese and Japanese, or with a line.
_BORDER = re.compile(r"(?<=[.!?…؟।۔])[\"'”’»)\]]*\s+|(?<=[。！？])(?![。！？」』”])|\n\s*")
_NEXT_WORD = re.compile(r"[\"'“”„«»‘(\[¿¡]{0,3}([^\W_]+)(\.)?")
# Letters belong together (U.S., e.g.) or to a name, which may begin with the first one (George W. Bush, J. Smith). A
# letter after another word is what something is called: plan B, the rows of W. É is a word.
_LETTER = r"[^\W\d_À-ÿ]"
_LETTERS = re.compile(rf"(?<![\w'’])(?:{_LETTER}\.\s?{_LETTER}|([A-Z])\1)\.$")
# Abbreviations before a number: Chanel No. 5, S. 25, рис. 3. No and art are words too, and so is No at the beginning.
_BEFORE_NUMBER = re.compile(
    r"(?<![\w'’])(?:(?<=\S )No|(?<=et )al|N[or]s|[Nn]r|[Nn]úm|Arts?|Abs|Abb|Fig|Vol|[Kk]ap|Ch|Sec|pp?|S|Bd|Tel|Ziff"
    r"|[Pp][aá]g|[Ss]tr|[Oo]br|[Rr]ys|[Bb]lz|[Nn]ro|[čČ]|[Сс]тр|[Рр]ис|[Гг]л|[Сс]т|[гдпстч])\.$"
)
# More of them, where they are no words: s. 12 is a page, and no. 5 a number.
_PAGE = re.compile(r"(?<![\w'’])s\.$")
_BEFORE_NUMBER_IN = {
    **dict.fromkeys(("cs", "da", "fi", "nb", "nn", "no", "pl", "sk", "sv", "tr"), (_PAGE,)),
    "fr": (re.compile(r"(?<![\w'’])no\.$"),),
}
# E.g., z. B. and the like may stand before one as well.
_EXAMPLE = re.compile(
    r"(?<![\w'’])(?:e\.\s?g|i\.\s?e|z\.\s?b|d\.\s?h|[uv]\.\s?a|p\.\s?e[jsx]|т\.\s?е)\.$", re.IGNORECASE
)
_INITIAL = re.compile(rf"(?:^|[(\[\"“„«]|\b(?:by|von|par|por) ){_LETTER}\.$|(?<!\w)([^\W\d_])[^\W\d_]+ {_LETTER}\.$")
_LONE_LETTER = re.compile(rf"(?<![\w'’]){_LETTER}\.$")
_SHORT_WORD = re.compile(r"(?<!\w)(?:St|Sr|Jr|et al|г|им|ул)\.$")
# German ones before a noun: 5 Mio. Euro, inkl. Brot.
_GERMAN_SHORT_WORD = re.compile(r"(?<!\w)(?:Mio|Mrd|Tsd|[Vv]gl|[Ii]nkl|[Zz]zgl|[Ee]vtl|[Gg]gf|[Ss]og|[Bb]spw)\.$")
_MONSIEUR = re.compile(r"(?<!\w)MM?\.$")
_NUMBER_OF_ITEM = re.compile(r"(\d{1,3})\.")
# An abbreviation is looked for in as many characters before a border, and a date in as many after it.
_NEAR = 40


def sentences(text: str, language: str) -> list[str]:
    """Returns the sentences of a text in a BCP 47 language, without the spaces around them."""
    return [sentence.strip() for sentence in with_spaces(text, language) if sentence.strip()]


def with_spaces(text: str, language: str) -> list[str]:
    """Returns the sentences of a text with the spaces between them, so that together they are the text."""
    found = []
    start = items = 0
    for border in _BORDER.finditer(text):
        end, after = border.span()
        before = text[max(start, end - _NEAR) : end]
        is_line = "\n" in border[0]
        goes_on = _begins_small(text, after) or (not is_line and _abbreviates(before, text, after, language))
        # Items are numbered in order; a line of captions may begin with any number.
        item = _NUMBER_OF_ITEM.fullmatch(text, start, end)
        if item and int(item[1]) == items + 1:
            items += 1
        elif not goes_on:
            found.append(text[start:after])
            start = after
    return [*found, text[start:]]


def abbreviates(before: str, after: str, language: str) -> bool:
    """Whether the full stop at the end of a text abbreviates its last word, if another text follows."""
    return _abbreviates(before[-_NEAR:], after, 0, language)


def _begins_small(text: str, start: int) -> bool:
    """Whether a word without any capitals begins at an index of a text; iPhone may begin a sentence."""
    word = _NEXT_WORD.match(text, start)
    return word is not None and word[1][0].islower() and word[1].islower()


def _abbreviates(before: str, text: str, start: int, language: str) -> bool:
    """Whether the full stop at the end of `before` abbreviates a word, if `text` follows from `start` on."""
    word = _NEXT_WORD.match(text, start) if before.endswith(".") else None
    if word is None:
        return False
    primary = primary_language(language)
    if TITLE.search(before) or (primary == "fr" and _MONSIEUR.search(before)):
        return True
    if word[1][0].isdigit():
        patterns = (_BEFORE_NUMBER, _EXAMPLE, *_BEFORE_NUMBER_IN.get(primary, ()))
        number = text[word.start(1) : word.start(1) + _NEAR]
        return any(pattern.search(before) for pattern in patterns) or is_date(before, number, primary)
    if len(word[1]) == 1 and word[2]:
        return _LONE_LETTER.search(before) is not None
    is_short = (
        _LETTERS.search(before)
        or _is_initial(before)
        or _SHORT_WORD.search(before)
        or (primary == "de" and _GERMAN_SHORT_WORD.search(before))
        or is_ordinal(before, word[1], primary)
    )
    return bool(is_short) and not _begins_sentence(word[1], language)


def _is_initial(before: str) -> bool:
    """Whether a text ends with an initial, at its beginning or after a first name."""
    initial = _INITIAL.search(before)
    return initial is not None and (initial[1] is None or initial[1].isupper())


def _begins_sentence(word: str, language: str) -> bool:
    """Whether a word with a capital is none of a name."""
    # It takes long to load, and few texts have such a word after an abbreviation.
    from skimlist.text.stop_words import stop_words  # noqa: PLC0415

    return word.lower() in stop_words(language)
