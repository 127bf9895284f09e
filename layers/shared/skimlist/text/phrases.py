"""Key phrases of a text in any language, by the C-value method.

Frantzi, Ananiadou and Mima: "Automatic recognition of multi-word terms: the C-value/NC-value method" (International
Journal on Digital Libraries 3, 2000): a candidate counts for more the longer it is, and for less where it occurs only
inside longer ones. Candidates are word n-grams without stop words, and character n-grams where words are not spaced.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice, zip_longest
from math import log2, sqrt

from skimlist.text.spoken import Speech
from skimlist.text.words import SPACELESS, is_spaceless, join, tokens

_MAX_WORDS = 3
_MAX_CHARACTERS = 8
# Characters between clauses; no phrase extends across them.
_CLAUSE_BORDER = re.compile(rf"[^\w\s.-]+|\.\s|\n|(?<=[{SPACELESS}])\s+(?=[{SPACELESS}])")
# Japanese particles and endings are written in hiragana, names and terms almost never.
_HIRAGANA = re.compile("[\u3041-\u309f]")

# A text with fewer blocks is too short to distinguish words that cluster from words that are spread evenly.
_MIN_BLOCKS = 10
_LINES_A_BLOCK = 8
# The factor for the value of a phrase that is spread evenly over a text.
_MIN_CLUSTERING = 0.05
# Two words count as forms of the same word if they have this many initial letters in common, or differ by an ending of
# at most this length.
_STEM_LETTERS = 5
_MAX_ENDING_LENGTH = 2

# A phrase of the title that is spoken, such as a guest's name, has at least this share of the best phrase's value.
_MIN_TITLE_SHARE = 0.5
# A phrase whose first word is less likely than this to begin a name, or its last word to end one, names nothing.
_MIN_LIKELIHOOD = 0.2
# In a text with a smaller share of words with a capital, the nouns of a language that capitalizes them have none.
_MIN_CAPITALS = 0.1
# In a script without spaces, a phrase is part of a longer word if one character is next to it more often than this.
_MAX_SHARE_OF_A_NEIGHBOUR = 0.7
# A phrase that occurs less often is not a subject of the whole text.
_FREQUENT = 3
# In a script without spaces, phrases of as many characters are as specific as several words.
_CHARACTERS_OF_A_TERM = 3
_NUMERALS = frozenset("一二三四五六七八九十百千兩两幾几半每")
# The factor for a phrase of several words in a heading: one word alone is seldom clear.
_SEVERAL_WORDS = 2.0

Phrase = tuple[str, ...]


class NounEvidence:
    """Estimates how likely phrases of a text name a thing, by their context: "the rate of", but "to rate it"."""

    def __init__(self, lines: Iterable[str], stopwords: Set[str], speech: Speech) -> None:
        self._nouns: Counter[str] = Counter()
        self._verbs: Counter[str] = Counter()
        self._ends: Counter[str] = Counter()
        self._goes_on: Counter[str] = Counter()
        self._may_end = speech.may_end_a_name
        self._is_verb = speech.is_verb
        self._has_evidence = bool(speech.before_nouns and speech.before_verbs)
        clauses = [clause for line in lines for clause in _CLAUSE_BORDER.split(line)]
        self._small = _mostly_small(clauses) if speech.has_capital_nouns else frozenset()
        for clause in clauses:
            words = tokens(clause)
            for word, following in zip_longest(words, words[1:]):
                (self._ends if following is None or following in stopwords else self._goes_on)[word] += 1
                if following and word in speech.before_nouns:
                    self._nouns[following] += 1
                elif following and word in speech.before_verbs:
                    self._verbs[following] += 1

    def likelihood(self, phrase: Phrase) -> float:
        """Returns the likelihood (0 to 1) that a phrase names a thing.

        It depends on the words before its first word, and on whether its last word mostly ends such a phrase. None that
        contains a verb does.
        """
        if is_spaceless(phrase[0]):
            return 1.0
        if phrase[-1] in self._small or not self._may_end(phrase[-1]) or any(map(self._is_verb, phrase)):
            return 0.0
        begins = _share(self._nouns[phrase[0]], self._verbs[phrase[0]]) if self._has_evidence else 1.0
        ends = _share(self._ends[phrase[-1]], self._goes_on[phrase[-1]])
        names = begins >= _MIN_LIKELIHOOD and (len(phrase) == 1 or ends >= _MIN_LIKELIHOOD)
        return begins * ends if names else 0.0


def _mostly_small(clauses: Iterable[str]) -> Set[str]:
    """Returns the words that are mostly written without a capital; none if hardly any word has one."""
    words = [word for clause in clauses for word in clause.split()]
    capitals = sum(word[0].isupper() for word in words)
    if capitals < _MIN_CAPITALS * len(words):
        return frozenset()
    surplus: Counter[str] = Counter()
    for word in words:
        surplus[word.lower()] += -1 if word[0].isupper() else 1
    return frozenset(word for word, count in surplus.items() if count > 0)


def _share(many: int, others: int) -> float:
    return (many + 0.5) / (many + others + 1)


class KeyPhrases:
    """The key phrases of a text, as a whole and section by section."""

    def __init__(
        self,
        lines: Sequence[str],
        sections: Sequence[range],
        stopwords: Set[str],
        nouns: NounEvidence,
        *,
        title: str = "",
        vague: Set[str] = frozenset(),
    ) -> None:
        """Finds the phrases of `lines`.

        Phrases that occur in `title` count for more, words that are `vague` for nothing by themselves.
        """
        self._lines = counts = [phrase_counts(line, stopwords) for line in lines]
        in_title = phrase_counts(title, stopwords)
        self._text = "\n".join([title, *lines])
        self._long_stop_words = [word for word in stopwords if len(word) > 1 and is_spaceless(word)]
        self._is_whole: dict[Phrase, bool] = {}
        self._sections = [_total(counts[section.start : section.stop]) for section in sections]
        spoken = _total(self._sections)
        self._values = c_values(_total([spoken, in_title, in_title]))
        self._steady = {
            phrase: value * nouns.likelihood(phrase)
            for phrase, value in self._values.items()
            if _is_several(phrase) or (is_spaceless(phrase[0]) and len(phrase) >= _CHARACTERS_OF_A_TERM)
        }
        blocks = [_total(counts[start : start + _LINES_A_BLOCK]) for start in range(0, len(counts), _LINES_A_BLOCK)]
        if len(blocks) >= _MIN_BLOCKS:
            self._values = {phrase: sqrt(value) * _clustering(phrase, blocks) for phrase, value in self._values.items()}
        least = max(self._values.values(), default=0.0) * _MIN_TITLE_SHARE
        for phrase, value in self._values.items():
            named = phrase in in_title and phrase in spoken
            likely = 1.0 if named and _is_several(phrase) else nouns.likelihood(phrase)
            self._values[phrase] = max(value, least if named else 0.0) * likely
            if as_text(phrase) in vague and not named:
                self._values[phrase] = 0.0

    def best(self, count: int) -> list[Phrase]:
        """Returns the key phrases of the whole text."""
        return self._best_distinct(self._values, count)

    def subjects(self, count: int) -> list[Phrase]:
        """Returns frequent phrases of the whole text: of several words, even if they are spread evenly, then single."""
        several = {phrase: value for phrase, value in self._steady.items() if self._is_frequent(phrase)}
        single = {phrase: value for phrase, value in self._values.items() if self._is_frequent(phrase)}
        found = dict.fromkeys([*self._best_distinct(several, count), *self._best_distinct(single, count)])
        return list(found)[:count]

    def _is_frequent(self, phrase: Phrase) -> bool:
        return sum(section[phrase] for section in self._sections) >= _FREQUENT

    def _best_distinct(self, values: Mapping[Phrase, float], count: int) -> list[Phrase]:
        """Returns the phrases with the highest values, no two of which share a word or forms of one."""
        best: list[Phrase] = []
        for phrase in sorted(values, key=lambda phrase: (-values[phrase], phrase)):
            if len(best) == count or values[phrase] <= 0:
                break
            others = (word for other in best for word in other)
            if not any(_is_same_word(word, other) for other in others for word in phrase) and self._names(phrase):
                best.append(phrase)
        return best

    def of_line(self, index: int) -> Set[Phrase]:
        """Returns the candidate phrases of one of the lines."""
        return self._lines[index].keys()

    def headings(self, section: int, count: int) -> list[Phrase]:
        """Returns up to `count` phrases that distinguish a section from the others: those of several words, then one.

        A single word is one only if at most half of the sections contain it.
        """
        counts = self._sections[section]
        values = self._distinction(counts)
        half = max(len(self._sections) / 2, 1)
        best = (
            phrase
            for phrase in sorted(values, key=lambda phrase: (-values[phrase], phrase))
            if (len(phrase) > 1 or sum(phrase in other for other in self._sections) <= half) and self._names(phrase)
        )
        whole = dict.fromkeys(self._longest_form(phrase, counts) for phrase in islice(best, count))
        return sorted(whole, key=lambda phrase: len(phrase) == 1)

    def _distinction(self, section: Counter[Phrase]) -> dict[Phrase, float]:
        """Returns each phrase's count in a section, weighted by its value and by how few sections contain it."""
        values = {}
        for phrase, count in section.items():
            if self._values.get(phrase, 0.0) > 0:
                spread = sum(phrase in other for other in self._sections)
                value = self._values[phrase] * (_SEVERAL_WORDS if _is_several(phrase) else 1.0)
                values[phrase] = count * value * log2(1 + len(self._sections) / spread)
        return values

    def _longest_form(self, phrase: Phrase, section: Counter[Phrase]) -> Phrase:
        """Returns the longer phrase that a section mostly uses, if there is one: "learning rate" for "rate"."""
        longer = [
            other
            for other in section
            if self._values.get(other, 0.0) > 0 and phrase in _parts(other) and self._names(other)
        ]
        best = max(longer, key=lambda other: (section[other], len(other), other), default=phrase)
        return best if 2 * section[best] > section[phrase] else phrase

    def _names(self, phrase: Phrase) -> bool:
        """Whether a phrase in a script without spaces is a whole word and not a part of one; true for other scripts."""
        if not is_spaceless(phrase[0]):
            return True
        if phrase not in self._is_whole:
            self._is_whole[phrase] = self._is_whole_word(as_text(phrase))
        return self._is_whole[phrase]

    def _is_whole_word(self, word: str) -> bool:
        """Whether different characters are found on both sides of a word (Feng, Chen, Deng and Zheng: "Accessor Variety
        Criteria for Chinese Word Extraction", Computational Linguistics 30, 2004), and not mostly numerals before it.
        """
        if any(word.startswith(stop) or word.endswith(stop) for stop in self._long_stop_words):
            return False
        left: Counter[str] = Counter()
        right: Counter[str] = Counter()
        text = self._text.lower()
        at = text.find(word)
        while at >= 0:
            left[text[at - 1 : at]] += 1
            right[text[at + len(word) : at + len(word) + 1]] += 1
            at = text.find(word, at + 1)
        numerals = sum(left[numeral] for numeral in _NUMERALS)
        return _is_varied(left) and _is_varied(right) and 2 * numerals <= left.total()

    def as_spoken(self, phrase: Phrase) -> str:
        """Returns the phrase in its commonest spelling: GPT, not gpt."""
        spellings = re.findall(re.escape(as_text(phrase)), self._text, re.IGNORECASE)
        return Counter(spellings).most_common(1)[0][0] if spellings else as_text(phrase)


def phrase_counts(text: str, stopwords: Set[str]) -> Counter[Phrase]:
    """Counts the candidate phrases (tuples of tokens) of a text."""
    clauses = (tokens(clause) for clause in _CLAUSE_BORDER.split(text))
    return Counter(phrase for clause in clauses for run in _runs(clause, stopwords) for phrase in _grams(run))


def c_values(counts: Counter[Phrase]) -> dict[Phrase, float]:
    """Returns each phrase's C-value; phrases that occur only once are left out."""
    repeated = {phrase: count for phrase, count in counts.items() if count > 1}
    inside: Counter[Phrase] = Counter()
    longer: Counter[Phrase] = Counter()
    for phrase, count in repeated.items():
        for part in set(_parts(phrase)):
            inside[part] += count
            longer[part] += 1
    return {
        phrase: log2(len(phrase) + 1) * (count - (inside[phrase] / longer[phrase] if longer[phrase] else 0))
        for phrase, count in repeated.items()
    }


def _clustering(phrase: Phrase, blocks: Sequence[Counter[Phrase]]) -> float:
    """Returns how much more a phrase's count varies between blocks of a text than by chance (variance to mean, less 1).

    Words of a topic cluster and words of grammar do not, whatever the language (Ortuño et al.: "Keyword detection in
    natural texts and DNA", Europhysics Letters 57, 2002).
    """
    counts = [block[phrase] for block in blocks if phrase in block]
    mean = sum(counts) / len(blocks)
    # statistics.pvariance is exact, but would take most of the time for a long talk.
    variance = sum(count * count for count in counts) / len(blocks) - mean * mean
    return max(variance / mean - 1, _MIN_CLUSTERING) if mean else _MIN_CLUSTERING


def _total(counters: Iterable[Counter[Phrase]]) -> Counter[Phrase]:
    total: Counter[Phrase] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _is_varied(neighbours: Counter[str]) -> bool:
    """Whether no single character is next to a word too often; spaces, punctuation and ends of the text may be."""
    most = max((count for character, count in neighbours.items() if character.isalnum()), default=0)
    return most <= neighbours.total() * _MAX_SHARE_OF_A_NEIGHBOUR


def _is_same_word(left: str, right: str) -> bool:
    """Whether two words are forms of the same word: box and boxes, Teig and Teige."""
    shorter, longer = sorted((left, right), key=len)
    grown = longer.startswith(shorter) and len(shorter) > 2 and len(longer) - len(shorter) <= _MAX_ENDING_LENGTH
    return grown or left == right or (len(shorter) >= _STEM_LETTERS and left[:_STEM_LETTERS] == right[:_STEM_LETTERS])


def as_text(phrase: Iterable[str]) -> str:
    """Returns a phrase as text, in lower case."""
    text = ""
    for token in phrase:
        text = join(text, token)
    return text


def _runs(clause: Sequence[str], stopwords: Set[str]) -> Iterator[list[str]]:
    """Yields the runs of tokens in a clause without stop words or a change of script."""
    run: list[str] = []
    for token in clause:
        breaks = token in stopwords or token.isdecimal() or _HIRAGANA.match(token) is not None
        if run and (breaks or is_spaceless(run[-1]) != is_spaceless(token) or _stammers(run[-1], token)):
            yield run
            run = []
        if not breaks:
            run.append(token)
    if run:
        yield run


def _is_several(phrase: Phrase) -> bool:
    return len(phrase) > 1 and not is_spaceless(phrase[0])


def _stammers(previous: str, token: str) -> bool:
    """Whether a word was repeated by a slip of the tongue. A repeated character is not, as it may be a word: 媽媽."""
    return previous == token and not is_spaceless(token)


def _grams(run: Sequence[str]) -> Iterator[Phrase]:
    spaceless = is_spaceless(run[0])
    shortest, longest = (2, _MAX_CHARACTERS) if spaceless else (1, _MAX_WORDS)
    for size in range(shortest, min(longest, len(run)) + 1):
        for start in range(len(run) - size + 1):
            phrase = tuple(run[start : start + size])
            if spaceless or any(len(word) > 2 for word in phrase):
                yield phrase


def _parts(phrase: Phrase) -> Iterator[Phrase]:
    for size in range(1, len(phrase)):
        for start in range(len(phrase) - size + 1):
            yield phrase[start : start + size]
