"""Key phrases of a text in any language, by the C-value method.

Frantzi, Ananiadou and Mima: "Automatic recognition of multi-word terms: the C-value/NC-value method" (International
Journal on Digital Libraries 3, 2000): a candidate counts for more the longer it is, and for less where it occurs only
inside longer ones. Candidates are word n-grams without stop words, and character n-grams where words are not spaced.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import zip_longest
from math import log2, sqrt

from skimlist.text.words import SPACELESS, is_spaceless, join, tokens

_LONGEST_IN_WORDS = 3
_LONGEST_IN_CHARACTERS = 8
# Signs between clauses, over which no phrase reaches.
_CLAUSE_BORDER = re.compile(rf"[^\w\s.-]+|\.\s|\n|(?<=[{SPACELESS}])\s+(?=[{SPACELESS}])")
# Japanese particles and endings are written in hiragana, names and terms hardly ever.
_HIRAGANA = re.compile("[\u3041-\u309f]")

# A text of fewer blocks than this is too short to tell words that cluster from words that are strewn.
_FEWEST_BLOCKS = 10
_LINES_A_BLOCK = 8
# What is left of the value of a phrase that is strewn evenly over a text.
_LEAST_CLUSTERING = 0.05
# Words of which so many first letters agree are forms of one word, and those that differ by no more than an ending.
_STEM_LETTERS = 5
_LONGEST_ENDING = 2

# A phrase of the title that is spoken at all, a guest's name for one, is worth so much of the best phrase at least.
_LEAST_OF_A_TITLE = 0.5
# A phrase that begins with a word of less likelihood names nothing.
_LEAST_LIKELY = 0.2
# A second phrase stands in a heading if it is worth so much of the first.
_LEAST_OF_A_SECOND = 0.5
# How much more a phrase of several words is worth as a heading: one word alone seldom tells what it means.
_SEVERAL_WORDS = 2.0

Phrase = tuple[str, ...]


class NounEvidence:
    """How likely phrases of a text name a thing, judged by the words around them: "the rate of", but "to rate it"."""

    def __init__(
        self, lines: Iterable[str], stopwords: Set[str], before_nouns: Set[str], before_verbs: Set[str]
    ) -> None:
        self._nouns: Counter[str] = Counter()
        self._verbs: Counter[str] = Counter()
        self._ends: Counter[str] = Counter()
        self._goes_on: Counter[str] = Counter()
        self._has_evidence = bool(before_nouns and before_verbs)
        for clause in (clause for line in lines for clause in _CLAUSE_BORDER.split(line)):
            words = tokens(clause)
            for word, following in zip_longest(words, words[1:]):
                (self._ends if following is None or following in stopwords else self._goes_on)[word] += 1
                if following and word in before_nouns:
                    self._nouns[following] += 1
                elif following and word in before_verbs:
                    self._verbs[following] += 1

    def likelihood(self, phrase: Phrase) -> float:
        """From 0 to 1: by what stands before its first word, and whether its last word mostly ends such a phrase."""
        if is_spaceless(phrase[0]):
            return 1.0
        begins = _share(self._nouns[phrase[0]], self._verbs[phrase[0]]) if self._has_evidence else 1.0
        ends = _share(self._ends[phrase[-1]], self._goes_on[phrase[-1]])
        return begins * ends if begins >= _LEAST_LIKELY else 0.0


def _share(many: int, others: int) -> float:
    return (many + 0.5) / (many + others + 1)


class KeyPhrases:
    """The phrases that a text keeps coming back to, as a whole and section by section."""

    def __init__(
        self, lines: Sequence[str], sections: Sequence[range], stopwords: Set[str], nouns: NounEvidence, title: str = ""
    ) -> None:
        """`title` is that of the text: what it names counts for more."""
        counts = [phrase_counts(line, stopwords) for line in lines]
        in_title = phrase_counts(title, stopwords)
        self._text = "\n".join([title, *lines])
        self._sections = [_total(counts[section.start : section.stop]) for section in sections]
        spoken = _total(self._sections)
        self._values = c_values(_total([spoken, in_title, in_title]))
        self._steady = {
            phrase: value * nouns.likelihood(phrase) for phrase, value in self._values.items() if _is_several(phrase)
        }
        blocks = [_total(counts[start : start + _LINES_A_BLOCK]) for start in range(0, len(counts), _LINES_A_BLOCK)]
        if len(blocks) >= _FEWEST_BLOCKS:
            self._values = {phrase: sqrt(value) * _clustering(phrase, blocks) for phrase, value in self._values.items()}
        least = max(self._values.values(), default=0.0) * _LEAST_OF_A_TITLE
        for phrase, value in self._values.items():
            named = phrase in in_title and phrase in spoken
            likely = 1.0 if named and _is_several(phrase) else nouns.likelihood(phrase)
            self._values[phrase] = max(value, least if named else 0.0) * likely

    def best(self, count: int) -> list[Phrase]:
        """The key phrases of the whole text."""
        return _unlike(self._values, count)

    def titles(self, count: int) -> list[list[str]]:
        """For each section, up to `count` phrases that set it apart from the others."""
        used: set[Phrase] = set()
        titles = []
        for section in self._sections:
            values = self._distinction(section, used)
            full: list[Phrase] = []
            best = 0.0
            for phrase in _unlike(values, 2 * count):
                longest = self._in_full(phrase, section)
                if full and values[phrase] < _LEAST_OF_A_SECOND * best:
                    break
                if longest not in used and not any(set(longest) & set(other) for other in full):
                    best = values[phrase]
                    full.append(longest)
                used.update((phrase, longest))
                if len(full) == count:
                    break
            titles.append([self.as_spoken(phrase) for phrase in full])
        return titles

    def subjects(self, count: int) -> list[Phrase]:
        """What the whole text is about: phrases of several words, also if they are strewn evenly over it."""
        found = _unlike(self._steady, count)
        return found if len(found) > 1 else self.best(count)

    def _distinction(self, section: Counter[Phrase], used: Set[Phrase]) -> dict[Phrase, float]:
        """Each phrase's count in a section, weighted by its value and by how few sections hold it."""
        values = {}
        for phrase, count in section.items():
            if self._values.get(phrase, 0.0) > 0 and phrase not in used:
                spread = sum(phrase in other for other in self._sections)
                value = self._values[phrase] * (_SEVERAL_WORDS if _is_several(phrase) else 1.0)
                values[phrase] = count * value * log2(1 + len(self._sections) / spread)
        return values

    def _in_full(self, phrase: Phrase, section: Counter[Phrase]) -> Phrase:
        """The longer phrase as which a section mostly says it, if there is one: learning rate for rate."""
        longer = [other for other in self._values if section[other] and phrase in _parts(other)]
        best = max(longer, key=lambda other: (section[other], len(other), other), default=phrase)
        return best if 2 * section[best] > section[phrase] else phrase

    def as_spoken(self, phrase: Phrase) -> str:
        """The phrase in its commonest spelling: GPT, not gpt."""
        spellings = re.findall(re.escape(written(phrase)), self._text, re.IGNORECASE)
        return Counter(spellings).most_common(1)[0][0] if spellings else written(phrase)


def phrase_counts(text: str, stopwords: Set[str]) -> Counter[Phrase]:
    """How often each candidate phrase (its tokens) occurs in the text."""
    clauses = (tokens(clause) for clause in _CLAUSE_BORDER.split(text))
    return Counter(phrase for clause in clauses for run in _runs(clause, stopwords) for phrase in _grams(run))


def c_values(counts: Counter[Phrase]) -> dict[Phrase, float]:
    """Each phrase's C-value; phrases that occur but once are left out."""
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
    """How much more a phrase's count varies between blocks of a text than by chance (variance to mean, less 1).

    Words of a topic cluster and words of grammar do not, whatever the language (Ortuño et al.: "Keyword detection in
    natural texts and DNA", Europhysics Letters 57, 2002).
    """
    counts = [block[phrase] for block in blocks if phrase in block]
    mean = sum(counts) / len(blocks)
    # statistics.pvariance is exact, and takes most of the time that a long talk takes.
    variance = sum(count * count for count in counts) / len(blocks) - mean * mean
    return max(variance / mean - 1, _LEAST_CLUSTERING) if mean else _LEAST_CLUSTERING


def _total(counters: Iterable[Counter[Phrase]]) -> Counter[Phrase]:
    total: Counter[Phrase] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _unlike(values: Mapping[Phrase, float], count: int) -> list[Phrase]:
    """The phrases of the highest values, no two of which share a word or forms of one."""
    best: list[Phrase] = []
    for phrase in sorted(values, key=lambda phrase: (-values[phrase], phrase)):
        if len(best) == count:
            break
        others = (word for other in best for word in other)
        if values[phrase] > 0 and not any(_one_word(word, other) for other in others for word in phrase):
            best.append(phrase)
    return best


def _one_word(left: str, right: str) -> bool:
    """Whether two words are forms of one: box and boxes, Teig and Teige."""
    shorter, longer = sorted((left, right), key=len)
    grown = longer.startswith(shorter) and len(shorter) > 2 and len(longer) - len(shorter) <= _LONGEST_ENDING
    return grown or left == right or (len(shorter) >= _STEM_LETTERS and left[:_STEM_LETTERS] == right[:_STEM_LETTERS])


def written(phrase: Iterable[str]) -> str:
    """The phrase as text, in small letters."""
    text = ""
    for token in phrase:
        text = join(text, token)
    return text


def _runs(clause: Sequence[str], stopwords: Set[str]) -> Iterator[list[str]]:
    """The stretches of a clause that hold neither stop words nor a change of script."""
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
    """Whether a word was just said twice; a character that comes twice may be a word: 媽媽."""
    return previous == token and not is_spaceless(token)


def _grams(run: Sequence[str]) -> Iterator[Phrase]:
    spaceless = is_spaceless(run[0])
    shortest, longest = (2, _LONGEST_IN_CHARACTERS) if spaceless else (1, _LONGEST_IN_WORDS)
    for size in range(shortest, min(longest, len(run)) + 1):
        for start in range(len(run) - size + 1):
            phrase = tuple(run[start : start + size])
            if spaceless or any(len(word) > 2 for word in phrase):
                yield phrase


def _parts(phrase: Phrase) -> Iterator[Phrase]:
    for size in range(1, len(phrase)):
        for start in range(len(phrase) - size + 1):
            yield phrase[start : start + size]
